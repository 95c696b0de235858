/** The composition root: the one file that may import everything, and puts it together. */
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { applyLogged } from "./access/logged-decision.ts";
import { printProfile } from "./access/print-profile.ts";
import type { CliContext, ExitCode } from "./cli/context.ts";
import { reportFailure } from "./cli/failure-report.ts";
import { runProgram } from "./cli/program.ts";
import { parseConfig, readConfig, toldSettings } from "./config.ts";
import type { Config } from "./config.ts";
import { passphraseSettingOf } from "./root-setting.ts";
import type { NewRootKey } from "./root-setting.ts";
import { requireOwnFolder } from "./story/sandbox-folder.ts";
import { RETENTION } from "./rules/retention.ts";
import { say } from "./rules/catalogue.ts";
import { DEFAULT_TIME_ZONE } from "./rules/calendar.ts";
import { KNOWN_ANSWERS, requireAnswers } from "./crypto/known-answer.ts";
import type { KnownAnswer } from "./crypto/known-answer.ts";
import { SUITES, suiteOf } from "./crypto/suites.ts";
import { fileRootKey } from "./keystore/file-root-key.ts";
import { folderMedium } from "./keystore/folder-medium.ts";
import { KeyStore } from "./keystore/key-store.ts";
import { movingRootKey } from "./keystore/moving-root-key.ts";
import { passphraseRootKey } from "./keystore/passphrase-root-key.ts";
import { pkcs11KeyWrapper } from "./keystore/pkcs11-root-key.ts";
import { PostgresMedium } from "./keystore/postgres-medium.ts";
import { remoteRootKey } from "./keystore/remote-root-key.ts";
import type { RootKey } from "./keystore/root-key.ts";
import { isRotationDue, rotateGeneration } from "./keystore/rotation.ts";
import { tracedMedium } from "./keystore/traced-medium.ts";
import { transitKeyWrapper } from "./keystore/transit-root-key.ts";
import { Logs } from "./log/logs.ts";
import { witnessAddresses } from "./log/witnesses.ts";
import { FONT_FILES, loadFonts } from "./label/font.ts";
import type { Fonts } from "./label/font.ts";
import { buildGazetteer } from "./privacy/gazetteer.ts";
import type { Gazetteer } from "./privacy/gazetteer.ts";
import { profileOf } from "./privacy/mask-profile.ts";
import { Failure } from "./rules/failure.ts";
import { CLUSTER_NAME } from "./store/base-backup.ts";
import { openEmbedded } from "./store/embedded.ts";
import { logSharing } from "./store/log.ts";
import { migrate } from "./store/migrate.ts";
import { connected, openDatabase } from "./store/pool.ts";
import type { Database, DatabaseAddress } from "./store/pool.ts";
import { clusterOf } from "./store/server-version.ts";
import { findTenantByName, insertTenant } from "./store/tenant.ts";
import type { TenantRow } from "./store/tenant.ts";
import type { World, WorldRequest } from "./story/world.ts";
import { answerForClock, witnessClock } from "./vault/clock.ts";
import { tellConfiguration } from "./vault/configuration.ts";
import { requireKeys } from "./vault/key-check.ts";
import { tellRestored } from "./vault/restored.ts";
import { settle } from "./vault/settle.ts";
import type { Vault } from "./vault/vault.ts";

const GAZETTEER_FILE = fileURLToPath(new URL("../assets/divisions/divisions.tsv", import.meta.url));

/** What a caller may put in place of the real thing: the demo and tests set the clock. */
export interface Overrides {
  readonly now?: () => Date;
  readonly clockTrusted?: boolean;
  /** The algorithms' known answers; tests break one. */
  readonly answers?: readonly KnownAnswer[];
  /** Opens what `restoreKeys` needs and nothing else may use: it is not checked that keys fit. */
  readonly restoresKeys?: boolean;
}

/** Reads the table of divisions. */
export function openGazetteer(): Gazetteer {
  return buildGazetteer(readFileSync(GAZETTEER_FILE, "utf8"));
}

/** Reads the three faces of labels. */
export function openFonts(): Fonts {
  const { resolve } = createRequire(import.meta.url);
  const face = (weight: keyof typeof FONT_FILES): Uint8Array =>
    readFileSync(resolve(FONT_FILES[weight]));
  return loadFonts({ regular: face("regular"), bold: face("bold"), black: face("black") });
}

interface OpenedDatabase {
  readonly database: Database;
  readonly address: DatabaseAddress;
  readonly close: () => Promise<void>;
}

async function addressOf(
  config: Config,
): Promise<{ address: DatabaseAddress; close: () => Promise<void> }> {
  if (config.databaseUrl !== null) {
    return { address: { url: config.databaseUrl }, close: async () => Promise.resolve() };
  }
  const server = await openEmbedded({ dataDir: config.dataDir });
  return { address: server.address, close: async () => server.close() };
}

async function openStore(config: Config): Promise<OpenedDatabase> {
  const { address, close } = await addressOf(config);
  const told = `${say(config.language, "migrate.waiting")}\n`;
  const database = openDatabase(address);
  const closeAll = async (): Promise<void> => {
    await database.close();
    await close();
  };
  try {
    await migrate(database, { waiting: () => process.stderr.write(told) });
    return { database, address, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const DEFAULT_PROFILE = "gb41833";

/**
 * A setting that a tenant was not made with is refused: it must not look as if it had an effect.
 */
function requireSame(config: Config, tenant: TenantRow): void {
  const sameSuite = config.suite === null || SUITES[config.suite].id === tenant.suite;
  const sameProfile = config.profile === null || config.profile === tenant.profile;
  if (!sameSuite) throw new Failure("TENANT_DIFFERS", { setting: "MIDAN_SUITE" });
  if (!sameProfile) throw new Failure("TENANT_DIFFERS", { setting: "MIDAN_PROFILE" });
}

/** The tenant of that name, made with the settings of the moment when it is first asked for. */
async function openTenant(config: Config, database: Database): Promise<TenantRow> {
  requireOwnFolder(config);
  return connected(database, async (connection) => {
    await insertTenant(connection, {
      id: randomUUID(),
      name: config.tenantName,
      suite: SUITES[config.suite ?? "intl"].id,
      profile: profileOf(config.profile ?? DEFAULT_PROFILE).name,
      personsDays: RETENTION.persons.defaultDays,
      shellDays: RETENTION.shell.defaultDays,
    });
    const tenant = await findTenantByName(connection, config.tenantName);
    if (tenant === null) throw new Failure("DATABASE_FAILED");
    requireSame(config, tenant);
    return tenant;
  });
}

interface Opened {
  readonly config: Config;
  readonly now: () => Date;
  readonly clockTrusted: boolean;
  /** Whether the time is the machine's, and not one that a caller put in its place. */
  readonly ownClock: boolean;
  readonly answers: readonly KnownAnswer[];
  readonly keys: KeyStore;
  readonly keyOptions: Parameters<typeof rotateGeneration>[0];
  readonly database: Database;
  readonly logs: Logs;
  readonly gazetteer: Gazetteer;
  readonly restoresKeys?: boolean;
}

/** The vault of the tenant that `config` names, with what a crash left half done finished. */
async function vaultOf(opened: Opened, close: () => Promise<void>): Promise<Vault> {
  const { config, now, clockTrusted, keys, keyOptions, database, logs, gazetteer } = opened;
  await requireOtherCluster(opened);
  const tenant = await openTenant(config, database);
  requireAnswers(opened.answers, suiteOf(tenant.suite).name);
  const vault: Vault = {
    tenant,
    database,
    keys,
    log: logs.of(tenant.id),
    gazetteer,
    profile: await connected(database, async (connection) => printProfile(connection, tenant)),
    timeZone: DEFAULT_TIME_ZONE,
    now,
    clockTrusted,
    brakes: config.brakes,
    randomBytes: random,
    gazetteerFile: GAZETTEER_FILE,
    rotateKeysIfDue: async () => {
      if (!isRotationDue(keys.generationMadeAt, now())) return false;
      await rotateGeneration(keyOptions);
      return true;
    },
    rotateKeys: async (request) => rotateGeneration(keyOptions, request),
    [Symbol.asyncDispose]: close,
  };
  // A restoration is what brings the two together; until then nothing may be read from either.
  if (opened.restoresKeys === true) return vault;
  await requireKeys(vault);
  await settle({ ...vault, isOpening: true });
  if (opened.ownClock) await (clockTrusted ? answerForClock(vault) : witnessClock(vault));
  await tellConfiguration(vault, toldSettings(config, witnessPolicy(config)));
  return vault;
}

const TRANSIT_TIMEOUT_MS = 10_000;

const random = (count: number): Uint8Array => randomBytes(count);

/** A root key where it is kept. */
function rootKeyIn({ choice, file }: NewRootKey, present = choice): RootKey {
  switch (choice.kind) {
    case "file":
      return fileRootKey(file, random);
    case "passphrase": {
      const { passphraseFile } = choice;
      const setting = passphraseSettingOf(choice, present);
      return passphraseRootKey({ file, passphraseFile, setting, randomBytes: random });
    }
    case "pkcs11":
      return remoteRootKey(pkcs11KeyWrapper(choice), random);
    case "transit":
      return remoteRootKey(transitKeyWrapper({ ...choice, timeoutMs: TRANSIT_TIMEOUT_MS }), random);
  }
}

/** The root key that the settings name, on its way to another one if they name that too. */
function rootKeyOf({ rootKey, rootKeyFile, newRoot }: Config): RootKey {
  const present = rootKeyIn({ choice: rootKey, file: rootKeyFile });
  return newRoot === null ? present : movingRootKey(present, rootKeyIn(newRoot, rootKey));
}

async function openKeys(
  config: Config,
  now: () => Date,
  putsBack = false,
): Promise<Pick<Opened, "keys" | "keyOptions">> {
  const medium =
    config.keysUrl === null
      ? tracedMedium(folderMedium(config.keysDir))
      : tracedMedium(new PostgresMedium({ url: config.keysUrl, serverId: randomUUID() }));
  const place = { folder: config.keysDir, medium, rootKey: rootKeyOf(config) };
  const keyOptions = { ...place, randomBytes: random, now, putsBack };
  try {
    return { keys: await KeyStore.open(keyOptions), keyOptions };
  } catch (error) {
    await medium.close();
    throw error;
  }
}

/** Keys and data in one cluster would share every backup of it, and its WAL (P6). */
async function requireOtherCluster({ keyOptions, database }: Opened): Promise<void> {
  const { medium } = keyOptions;
  if (!(medium instanceof PostgresMedium)) return;
  const [keys, data] = [await medium.cluster(), await connected(database, clusterOf)];
  if (keys === data) throw new Failure("PLACES_OVERLAP");
}

/** The policy file with the witnesses; "" when none is named. */
function witnessPolicy(config: Config): string {
  if (config.witnessesFile === null) return "";
  try {
    return readFileSync(config.witnessesFile, "utf8");
  } catch {
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_WITNESSES" });
  }
}

/** The logs, as the installation chose them when the first began. Throws LOG_SHARING. */
async function logsOf(opened: Pick<Opened, "config" | "keys" | "database" | "now">): Promise<Logs> {
  const { config, keys, database, now } = opened;
  const sharing = await connected(database, async (connection) =>
    logSharing(connection, config.logSharing ?? "shared"),
  );
  if (config.logSharing !== null && config.logSharing !== sharing) throw new Failure("LOG_SHARING");
  return new Logs({
    sharing,
    database,
    keys,
    folder: config.logDir,
    origin: config.logOrigin,
    witnesses: witnessAddresses(witnessPolicy(config)),
    now,
    randomBytes: random,
  });
}

/**
 * Opens database and key store and finishes what a crash left half done, before the first request
 * is served. Throws the failures of `KeyStore.open`, `openEmbedded` and `migrate`; nothing stays
 * open then.
 */
export async function openVault(config: Config, overrides: Overrides = {}): Promise<Vault> {
  const now = overrides.now ?? (() => new Date());
  const clockTrusted = overrides.now !== undefined || overrides.clockTrusted === true;
  const { restoresKeys = false } = overrides;
  const answers = overrides.answers ?? KNOWN_ANSWERS;
  // The key store's own cipher, whatever the tenant's.
  requireAnswers(answers, "intl");
  const opened = await openKeys(config, now, restoresKeys);
  const { database, close: closeStore } = await openStore(config);
  let logs: Logs | null = null;
  const close = async (): Promise<void> => {
    await logs?.close();
    await closeStore();
    await opened.keys.close();
  };
  try {
    logs = await logsOf({ ...opened, config, database, now });
    const gazetteer = openGazetteer();
    const ownClock = overrides.now === undefined;
    const asked = { config, now, clockTrusted, ownClock, answers, restoresKeys };
    const vault = await vaultOf({ ...asked, ...opened, database, logs, gazetteer }, close);
    // A store that is about to be restored stays empty: keeping the log would put its key there.
    // What a restoration tells stands in the database, and the next start takes it into the log.
    if (!restoresKeys) {
      await logs.start([vault.tenant.id]);
      const cluster = config.databaseUrl === null ? path.join(config.dataDir, CLUSTER_NAME) : null;
      const applied = await applyLogged(database);
      await tellRestored(vault, { cluster, recovered: vault.log.keeper.recovered, applied });
    }
    return vault;
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Opens one installation of its own in `home` with a vault for each tenant, all over one embedded
 * database, one key store and one clock. Fails as `openVault` does.
 */
export async function openWorld(request: WorldRequest): Promise<World> {
  const { home, tenants, now } = request;
  const base = parseConfig({ MIDAN_HOME: home }, home);
  requireAnswers(KNOWN_ANSWERS, "intl");
  const keys = await openKeys(base, now);
  const { database, address, close: closeStore } = await openStore(base);
  let logs: Logs | null = null;
  const close = async (): Promise<void> => {
    await logs?.close();
    await closeStore();
  };
  try {
    logs = await logsOf({ ...keys, config: base, database, now });
    const opened = {
      now,
      clockTrusted: true,
      ownClock: false,
      answers: KNOWN_ANSWERS,
      ...keys,
      database,
      logs,
      gazetteer: openGazetteer(),
    };
    const vaults: Vault[] = [];
    for (const tenantName of tenants) {
      const config = { ...base, tenantName };
      vaults.push(await vaultOf({ ...opened, config }, async () => Promise.resolve()));
    }
    await logs.start(vaults.map(({ tenant }) => tenant.id));
    return { vaults, address, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function contextOf(config: Config): CliContext {
  return {
    config,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    openVault: async (overrides) => openVault(overrides?.config ?? config, overrides),
    openWorld,
    gazetteer: once(openGazetteer),
    fonts: once(openFonts),
  };
}

/**
 * Runs the command line `words` (without `node` and script) and returns the exit code; never
 * throws.
 */
export async function main(words: readonly string[]): Promise<ExitCode> {
  try {
    return await runProgram(contextOf(readConfig()), words);
  } catch (error) {
    // Only the settings themselves can fail here, so the language is not known either.
    const context = contextOf(parseConfig({}, "."));
    return reportFailure(context, error, { json: words.includes("--json"), language: "en" });
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
