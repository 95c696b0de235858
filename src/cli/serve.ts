/** `midan serve`: sign-in, the API and the log, until it is told to stop. */
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { resourcesOf } from "../http/resources.ts";
import { listen } from "../http/server.ts";
import type { Listening } from "../http/server.ts";
import { serverLog } from "../http/server-log.ts";
import { readTls } from "../http/tls-files.ts";
import type { Serving } from "../http/serving.ts";
import { LogFolder } from "../log/log-folder.ts";
import { logRoutes } from "../http/static-log.ts";
import { openidClient } from "../identity/openid.ts";
import type { OpenidClient } from "../identity/openid.ts";
import { OwnNetworks } from "../access/webhook-address.ts";
import { localOperator } from "../access/actor.ts";
import type { Config } from "../config.ts";
import { foundOwner } from "../identity/invitation.ts";
import { CodeDesk } from "../vault/code-desk.ts";
import { ExportDesk } from "../vault/export-job.ts";
import { SealingDesk } from "../vault/sealing-desk.ts";
import type { Vault } from "../vault/vault.ts";
import { deliverUntil } from "../jobs/deliver.ts";
import { watchClockUntil } from "../jobs/watch-clock.ts";
import type { Delivering } from "../access/webhook-delivery.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { isSandbox } from "../rules/sandbox.ts";
import { openTracing } from "../trace/tracing.ts";
import type { Tracing } from "../trace/tracing.ts";
import { kitOf } from "./bundle-kit.ts";
import { typed } from "./command.ts";
import type { CommandRow } from "./command.ts";
import { isTerminal, languageOf, print, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { senderOf } from "./request.ts";
import { untilStopped } from "./stop.ts";

export interface PlaceOptions extends SharedOptions {
  readonly host: string;
  readonly port: string;
}

interface ServeOptions extends PlaceOptions {
  readonly check?: boolean;
}

const PORT_MAX = 65_535;

/** The place that the options name. Fails with USAGE for what is no port. */
export function placeOf(options: PlaceOptions): { readonly host: string; readonly port: number } {
  const port = wholeOption("--port", options.port, { min: 0, max: PORT_MAX });
  return { host: options.host, port };
}

/** Says where it listens, and the key that it signs with where it has one. */
export function tellListening(
  context: CliContext,
  options: SharedOptions,
  listening: { readonly address: string; readonly key?: string },
): void {
  if (options.json === true) printJson(context, listening);
  else {
    const { address, key } = listening;
    print(context, say(languageOf(context, options), "serve.listening", { address }));
    if (key !== undefined) print(context, key);
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);
const SECRET_BYTES_MAX = 4096;
const OTHERS = 0o077;

/** The client's secret at the provider; null where there is none. */
async function openidSecret({ openid }: Config): Promise<string | null> {
  if (openid === null) return null;
  const { secretFile } = openid;
  const found = await stat(secretFile).catch(() => null);
  if (found === null || (found.mode & OTHERS) !== 0 || found.size > SECRET_BYTES_MAX)
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_OPENID_SECRET_FILE" });
  return (await readFile(secretFile, "utf8")).trim();
}

async function openidOf(config: Config, origin: string): Promise<OpenidClient | null> {
  const { openid } = config;
  const clientSecret = await openidSecret(config);
  if (openid === null || clientSecret === null) return null;
  const { issuer, clientId } = openid;
  return openidClient({ issuer, clientId, clientSecret, origin });
}

/**
 * How people sign in here: by TLS under the public address, or from this machine. Null elsewhere,
 * where passwords would cross a network in the clear.
 */
async function servingOf(
  context: CliContext,
  vault: Vault,
  place: { readonly host: string; readonly port: number },
): Promise<Serving | null> {
  const { config } = context;
  const { host, port } = place;
  const scheme = config.serve.tls === null ? "http" : "https";
  const origin = config.publicUrl ?? (LOOPBACK.has(host) ? `${scheme}://${host}:${port}` : null);
  if (origin === null) return null;
  const secure = origin.startsWith("https:");
  const openid = await openidOf(config, origin);
  const { requestsPerMinute } = config.serve;
  return { desk: vault, origin, secure, requestsPerMinute, openid };
}

const OWNER_LINK_FILE = "owner-link";

/**
 * Gives the owner's one-time link to whoever sits at the terminal; else it lies in a file for the
 * owner of this installation alone, and only the place of it is told: standard error is collected.
 */
async function tellOwner(
  context: CliContext,
  options: SharedOptions,
  { vault, origin }: { readonly vault: Vault; readonly origin: string },
): Promise<void> {
  const first = await foundOwner(vault, await localOperator(vault));
  if (first === null) return;
  const { language, outboxDir } = context.config;
  const until = first.expiresAt.toISOString();
  // Only the page reads what is behind the hash.
  const link = `${origin}/#${first.token}`;
  const { name } = first;
  if (options.json !== true && isTerminal(context.stdout)) {
    print(context, `\n${say(language, "login.invited", { name, until })}\n\n  ${link}\n`);
    return;
  }
  const place = path.join(outboxDir, OWNER_LINK_FILE);
  await mkdir(outboxDir, { recursive: true, mode: 0o700 });
  await rm(place, { force: true });
  await writeFile(place, `${link}\n`, { mode: 0o600, flag: "wx" });
  context.stderr.write(`${say(language, "serve.owner-link", { name, until, place })}\n`);
}

/** The port that the server has where it was asked for any. */
function ownOrigin(origin: string, place: { readonly port: number }, address: string): string {
  if (place.port !== 0 || !origin.endsWith(":0")) return origin;
  return `${origin.slice(0, -1)}${new URL(address).port}`;
}

/** Traces, where the settings name a collector; by the machine's clock, to the microsecond. */
function tracingOf({ config: { trace } }: CliContext, vault: Vault): Tracing | null {
  if (trace === null) return null;
  const nowMs = (): number => performance.timeOrigin + performance.now();
  const resource = { ...trace.resource, "midan.tenant": vault.tenant.id };
  return openTracing({ ...trace, resource }, { nowMs, randomBytes: vault.randomBytes });
}

/**
 * Tells webhooks until `stopped`, then ends both at once; a fault of the program ends the server
 * too: what still listens would be taken for one that is well.
 */
async function untilOver(
  {
    vault,
    server,
    how,
  }: {
    readonly vault: Vault;
    readonly server: Listening;
    readonly how: Delivering;
  },
  stopped: Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const delivery = deliverUntil(vault, how, stop.signal);
  const watch = watchClockUntil(vault, stop.signal);
  try {
    await Promise.race([stopped, delivery, watch]);
  } finally {
    stop.abort();
    await server.close();
  }
  await Promise.all([delivery, watch]);
}

interface Announced {
  readonly vault: Vault;
  readonly server: Listening;
  /** Null where nobody signs in here; told its origin once the port is known. */
  readonly serving: (Serving & { origin: string }) | null;
  readonly place: { readonly port: number };
}

/** Says that nobody signs in here, or gives the first owner's link. */
async function announce(
  context: CliContext,
  options: SharedOptions,
  { vault, server, serving, place }: Announced,
): Promise<void> {
  if (serving === null) {
    context.stderr.write(`${say(context.config.language, "serve.no-tls")}\n`);
    return;
  }
  serving.origin = ownOrigin(serving.origin, place, server.address);
  await tellOwner(context, options, { vault, origin: serving.origin });
}

/**
 * Serves sign-in, the API and the log of this installation, and keeps the log going; `tell` is told
 * the address once it listens.
 */
export async function runServe(
  context: CliContext,
  options: PlaceOptions,
  tell: (address: string) => void = (address) => tellListening(context, options, { address }),
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const folder = new LogFolder(context.config.logDir);
  const place = placeOf(options);
  const found = await servingOf(context, vault, place);
  await using sealing = new SealingDesk(vault);
  const { fonts } = context;
  await using exporting = new ExportDesk(vault, kitOf(context));
  const { logLevel, ...served } = context.config.serve;
  const { tenant, now } = vault;
  const log = serverLog({ output: context.stderr, from: logLevel, tenant: tenant.id, now });
  const unsent = (): void => log.tell("warn", { event: "code-unsent" });
  await using codeSender = new CodeDesk(senderOf(context), unsent);
  const ownNetworks = new OwnNetworks(context.config.serve.webhookNetworks);
  const tracing = tracingOf(context, vault);
  const counted = tracing === null ? {} : { spanCounts: tracing.counts };
  const desks = { vault, sealing, exporting, fonts, codeSender, ownNetworks, ...counted };
  // Requests look at the origin anew each time: of a port that was not named it is known later.
  const serving = found === null ? null : { ...found, ...desks };
  const tracer = tracing?.tracer ?? null;
  const server = await listen({ ...place, ...served, log, tracer, isSandbox: isSandbox(tenant) }, [
    (app) => logRoutes(app, folder),
    ...(serving === null ? [] : resourcesOf(serving)),
  ]);
  const stopped = untilStopped(server.reload);
  try {
    tell(server.address);
    await announce(context, options, { vault, server, serving, place });
  } catch (error) {
    await server.close();
    throw error;
  }
  await untilOver({ vault, server, how: { own: ownNetworks, tracer } }, stopped);
  await tracing?.close();
  return 0;
}

/** Names every setting that is given, and where, without a value; then what is wrong with them. */
async function checkSettings(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  const { sources, serve } = context.config;
  if (serve.tls !== null) await readTls(serve.tls);
  await openidSecret(context.config);
  const { environment, file, unknown } = sources;
  const language = languageOf(context, options);
  if (options.json === true) printJson(context, { environment, file, unknown });
  else
    for (const [key, names] of [
      ["serve.given.environment", environment],
      ["serve.given.file", file],
      ["serve.given.unknown", unknown],
    ] as const)
      for (const name of names) print(context, `${name}  ${say(language, key)}`);
  return unknown.length === 0 ? 0 : 2;
}

/** Where to listen. */
export const PLACE_OPTIONS = [
  { flags: "--host <host>", text: "cli.serve.host", unset: "127.0.0.1" },
  { flags: "--port <port>", text: "cli.serve.port", unset: "8480" },
] as const;

export const SERVE: CommandRow = typed<ServeOptions>({
  usage: "serve",
  text: "cli.serve",
  options: [...PLACE_OPTIONS, { flags: "--check", text: "cli.serve.check" }],
  run: async (context, _words, options) =>
    options.check === true ? checkSettings(context, options) : runServe(context, options),
});
