/** A server with the API over one installation, and those who ask it. */
import { createAccount } from "../../src/identity/account.ts";
import { createApiKey } from "../../src/identity/api-key.ts";
import { acceptInvitation, invite } from "../../src/identity/invitation.ts";
import type { Actor } from "../../src/access/actor.ts";
import { bundleKit } from "../../src/cli/bundle-kit.ts";
import { OwnNetworks } from "../../src/access/webhook-address.ts";
import { resourcesOf } from "../../src/http/resources.ts";
import { listen } from "../../src/http/server.ts";
import type { Resource } from "../../src/http/server.ts";
import type { ServerLog } from "../../src/http/server-log.ts";
import { openFonts } from "../../src/main.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";
import type { Role } from "../../src/rules/role.ts";
import { ExportDesk } from "../../src/vault/export-job.ts";
import { SealingDesk } from "../../src/vault/sealing-desk.ts";
import type { Tracer } from "../../src/trace/span.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { accountActor } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { inventOrder } from "../support/orders.ts";
import { PASSWORD } from "../support/login.ts";

export interface Asked {
  readonly as?: string | null;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiServer {
  readonly home: Home;
  readonly vault: Vault;
  readonly address: string;
  /** Key of a machine that may do all that machines may. */
  readonly machine: string;
  /** Key of a machine that may record states only. */
  readonly stateMachine: string;
  /** Session of a privacy officer. */
  readonly person: string;
  /** Session of a courier, who may decide nothing. */
  readonly courier: string;
  /** Session of an owner, who opens nobody. */
  readonly owner: string;
  /** Every route that is served, as `POST /v1/waybills`, but for HEAD, which follows GET. */
  readonly routes: readonly string[];
  /** The codes that were sent to people who make a request, oldest first. */
  readonly codes: readonly string[];
  /** Session of a new person in that role and organisation. */
  readonly signIn: (role: Role, organisation: string | null) => Promise<string>;
  readonly ask: (path: string, asked?: Asked) => Promise<Response>;
}

async function keyOf(vault: Vault, owner: Actor, scopes: readonly string[]): Promise<string> {
  const name = `erp-${scopes.join("-")}`;
  const account = { actor: owner, name, role: "erp-machine", organisation: null } as const;
  await createAccount(vault, { ...account, kind: "machine" });
  return (await createApiKey(vault, { name, scopes, days: 30, actor: owner })).key;
}

async function personOf(
  vault: Vault,
  owner: Actor,
  { role, organisation = null }: { readonly role: Role; readonly organisation?: string | null },
): Promise<string> {
  const name = `the-${role}`;
  const asked = { actor: owner, name, role, organisation } as const;
  // Of a role that needs a place and has none it is an account from before places were asked for.
  if (organisation === null) await accountActor(vault, name, role);
  else await createAccount(vault, { ...asked, kind: "person" });
  const { token } = await invite(vault, { name, actor: owner });
  return (await acceptInvitation(vault, { token, password: PASSWORD, code: null })).token;
}

/** Writes down every route that is added after it. */
function listRoutes(routes: string[]): Resource {
  return (app) => {
    app.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) if (one !== "HEAD") routes.push(`${one} ${url}`);
    });
  };
}

export interface ApiOptions {
  readonly requestsPerMinute?: number;
  /** Where the server tells of itself. */
  readonly log?: ServerLog;
  /** What makes a span of each request. */
  readonly tracer?: Tracer;
  /** Own networks to which webhooks may lead. */
  readonly networks?: readonly string[];
  /** Of an installation that is there already; one of its own without it. */
  readonly tenant?: { readonly home: Home; readonly name: string };
}

type Within = (home: Home) => Promise<void>;

/** Runs `work` with a server that is gone afterwards. */
export async function withApi(
  work: (api: ApiServer) => Promise<void>,
  { requestsPerMinute = 60_000, log, tracer, networks = [], tenant }: ApiOptions = {},
): Promise<void> {
  const within = tenant === undefined ? withHome : async (at: Within) => at(tenant.home);
  await within(async (home) => {
    await using vault = await home.open(tenant === undefined ? {} : { tenant: tenant.name });
    await using sealing = new SealingDesk(vault);
    await using exporting = new ExportDesk(
      vault,
      bundleKit({ fonts: openFonts, witnessesFile: null }),
    );
    const owner = await accountActor(vault, "founder", "owner");
    const fonts = openFonts();
    const origin = "http://127.0.0.1:8480";
    const codeSender = {
      send: async ({ code }: { readonly code: string }) => {
        codes.push(code);
        return Promise.resolve();
      },
    };
    const ownNetworks = new OwnNetworks(networks);
    const desks = { desk: vault, vault, sealing, exporting };
    const desk = { ...desks, fonts: () => fonts, codeSender, ownNetworks };
    const serving = { ...desk, origin, secure: false, requestsPerMinute, openid: null };
    const routes: string[] = [];
    const codes: string[] = [];
    const told = log === undefined ? {} : { log };
    const traced = tracer === undefined ? {} : { tracer };
    const place = { host: "127.0.0.1", port: 0, bodyTimeoutMs: 1_500, ...told, ...traced };
    const server = await listen(place, [listRoutes(routes), ...resourcesOf(serving)]);
    const ask = async (path: string, asked: Asked = {}): Promise<Response> => {
      const { as = null, method = "GET", body, headers = {} } = asked;
      return fetch(`${server.address}${path}`, {
        method,
        headers: {
          ...(as === null ? {} : { authorization: `Bearer ${as}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    };
    try {
      await work({
        home,
        vault,
        address: server.address,
        machine: await keyOf(vault, owner, ["seal", "print", "state", "flow"]),
        stateMachine: await keyOf(vault, owner, ["state"]),
        person: await personOf(vault, owner, { role: "privacy-officer" }),
        courier: await personOf(vault, owner, { role: "courier" }),
        owner: await personOf(vault, owner, { role: "owner" }),
        routes,
        codes,
        signIn: async (role, organisation) => personOf(vault, owner, { role, organisation }),
        ask,
      });
    } finally {
      await server.close();
    }
  });
}

/** The day `days` after today, as a hold says it. */
export function dayAhead({ vault }: Pick<ApiServer, "vault">, days: number): Day {
  return addDays(dayOf(vault.now(), vault.timeZone), days);
}

/** The n-th invented order as the API takes it. */
export function orderBody(index: number) {
  const { number, name, phone, address } = inventOrder(index);
  const recipient = { name, phone, address };
  return { merchant: "青禾布艺", carrier: "北辰物流", orderNumber: number, recipient };
}
