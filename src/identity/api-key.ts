/**
 * Keys of machines (接口密钥): made for an account of a machine, with scopes, shown once, rotated
 * with an overlap. None of them opens a person (P10).
 */
import { timingSafeEqual } from "node:crypto";
import { staffPseudonym } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import type { Desk } from "../access/desk.ts";
import { writeEntry } from "../access/entry.ts";
import { pathTo } from "../access/place.ts";
import {
  API_KEY_ID_LETTERS,
  API_KEY_SECRET_LETTERS,
  newApiKey,
  readApiKey,
  secretDigest,
} from "../crypto/api-key.ts";
import { Failure } from "../rules/failure.ts";
import { parseScope } from "../rules/scope.ts";
import type { Scope } from "../rules/scope.ts";
import { callerByKey } from "../store/caller.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { accountsOf, findAccount } from "../store/staff-account.ts";
import type { AccountRow } from "../store/staff-account.ts";
import {
  apiKeysOf,
  endApiKey,
  findApiKey,
  insertApiKey,
  shortenApiKey,
  touchApiKey,
} from "../store/staff-api-key.ts";
import type { ApiKeyRow } from "../store/staff-api-key.ts";
import { managedAccount } from "./account.ts";
import { manageable, managing, requireManager, requireMayManage } from "./management.ts";
import { actorOfCaller } from "./session.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const TOUCH_MS = 60_000;
const LIST_MAX = 10_000;
const ACCOUNTS_MAX = 100_000;
export const API_KEY_DAYS_MAX = 366;
export const OVERLAP_HOURS_MAX = 168;

export interface MadeApiKey {
  readonly id: string;
  /** The whole key, which nobody sees again. */
  readonly key: string;
  readonly expiresAt: Date;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

function scopesOf(words: readonly string[]): readonly Scope[] {
  const scopes = words.map((word) => {
    const scope = parseScope(word);
    if (scope === null) throw new Failure("SCOPE_UNKNOWN");
    return scope;
  });
  if (scopes.length === 0) throw new Failure("SCOPE_UNKNOWN");
  return [...new Set(scopes)].toSorted();
}

async function addKey(
  desk: Desk,
  connection: Connection,
  of: {
    readonly account: AccountRow;
    readonly scopes: readonly Scope[];
    readonly days: number;
    readonly actor: Actor;
    readonly mode: "created" | "rotated";
  },
): Promise<MadeApiKey> {
  const { account, scopes, days, actor, mode } = of;
  const letters = API_KEY_ID_LETTERS + API_KEY_SECRET_LETTERS;
  const { text, key } = newApiKey(desk.randomBytes(letters));
  const madeAt = desk.now();
  const expiresAt = new Date(madeAt.getTime() + days * DAY_MS);
  await insertApiKey(connection, {
    id: key.id,
    accountId: account.id,
    tenantId: desk.tenant.id,
    scopes,
    madeAt,
    expiresAt,
    digest: secretDigest(key.secret),
  });
  const entry = await writeEntry(desk, connection, {
    type: "api-key-changed",
    actor: actor.pseudonym,
    account: await staffPseudonym(desk, account.name),
    apiKey: key.id,
    fields: scopes,
    mode,
  });
  return { id: key.id, key: text, expiresAt, entry };
}

/**
 * Makes a key for an account of a machine. Throws ACCOUNT_UNKNOWN, ACCOUNT_FORBIDDEN (also for an
 * account of a person) or SCOPE_UNKNOWN.
 */
export async function createApiKey(
  desk: Desk,
  asked: {
    readonly name: string;
    readonly scopes: readonly string[];
    readonly days: number;
    readonly actor: Actor;
  },
): Promise<MadeApiKey> {
  const scopes = scopesOf(asked.scopes);
  const { days, actor } = asked;
  return managing(desk, asked.actor, async (connection) => {
    const account = await managedAccount(desk, connection, asked);
    if (account.kind !== "machine") throw new Failure("ACCOUNT_FORBIDDEN");
    return addKey(desk, connection, { account, scopes, days, actor, mode: "created" });
  });
}

async function keyFor(
  desk: Desk,
  connection: Connection,
  asked: { readonly id: string; readonly actor: Actor },
): Promise<{ readonly key: ApiKeyRow; readonly account: AccountRow }> {
  const key = await findApiKey(connection, desk.tenant.id, asked.id.trim().toLowerCase());
  const account =
    key === null ? null : await findAccount(connection, desk.tenant.id, key.accountId);
  if (key === null || account === null || key.endedAt !== null || key.expiresAt <= desk.now())
    throw new Failure("API_KEY_UNKNOWN");
  const { organisationId, role } = account;
  const path = await pathTo(connection, organisationId);
  await requireMayManage(desk, asked.actor, { role, path });
  return { key, account };
}

/**
 * A new key in place of an old one, which goes on for `overlapHours` so that nothing stops. Throws
 * API_KEY_UNKNOWN or ACCOUNT_FORBIDDEN.
 */
export async function rotateApiKey(
  desk: Desk,
  asked: {
    readonly id: string;
    readonly overlapHours: number;
    readonly days: number;
    readonly actor: Actor;
  },
): Promise<MadeApiKey> {
  const { days, actor } = asked;
  return managing(desk, asked.actor, async (connection) => {
    const { key, account } = await keyFor(desk, connection, asked);
    const until = new Date(desk.now().getTime() + asked.overlapHours * HOUR_MS);
    await shortenApiKey(connection, key.id, until);
    const { scopes } = key;
    return addKey(desk, connection, { account, scopes, days, actor, mode: "rotated" });
  });
}

/** Ends a key now. Throws API_KEY_UNKNOWN or ACCOUNT_FORBIDDEN. */
export async function endKey(
  desk: Desk,
  asked: { readonly id: string; readonly actor: Actor },
): Promise<string> {
  return managing(desk, asked.actor, async (connection) => {
    const { key, account } = await keyFor(desk, connection, asked);
    await endApiKey(connection, key.id, desk.now());
    return writeEntry(desk, connection, {
      type: "api-key-changed",
      actor: asked.actor.pseudonym,
      account: await staffPseudonym(desk, account.name),
      apiKey: key.id,
      mode: "ended",
    });
  });
}

/**
 * Keys of the accounts that the actor may manage, the newest first; never what opens them. Throws
 * ACCOUNT_FORBIDDEN, with an entry, for whoever may manage none.
 */
export async function listApiKeys(
  desk: Desk,
  actor: Actor,
): Promise<readonly (Omit<ApiKeyRow, "digest"> & { readonly account: string })[]> {
  await requireManager(desk, actor);
  const { keys, accounts } = await connected(desk.database, async (connection) => ({
    keys: await apiKeysOf(connection, desk.tenant.id, LIST_MAX),
    accounts: await accountsOf(connection, desk.tenant.id, ACCOUNTS_MAX),
  }));
  const own = new Map([...(await manageable(desk, actor, accounts))].map((row) => [row.id, row]));
  const listed = [];
  for (const { digest: _, ...key } of keys) {
    const account = own.get(key.accountId);
    if (account !== undefined) listed.push({ ...key, account: account.name });
  }
  return listed;
}

const READING_FAILURE = {
  cut: "API_KEY_CUT",
  altered: "API_KEY_ALTERED",
  none: "API_KEY_REFUSED",
} as const;

/**
 * The machine whose key it is, and writes down its use once a minute. Throws API_KEY_CUT,
 * API_KEY_ALTERED or API_KEY_REFUSED.
 */
export async function openApiKey(desk: Desk, given: string): Promise<Actor> {
  const reading = readApiKey(given);
  if (reading.kind !== "key") throw new Failure(READING_FAILURE[reading.kind]);
  const { id, secret } = reading.key;
  const now = desk.now();
  const caller = await callerByKey(desk.database, desk.tenant.id, id);
  if (caller === null || !timingSafeEqual(caller.key.digest, secretDigest(secret)))
    throw new Failure("API_KEY_REFUSED");
  const { key, account, mark } = caller;
  if (key.endedAt !== null || key.expiresAt <= now || account.disabledAt !== null)
    throw new Failure("API_KEY_REFUSED");
  if (key.usedAt === null || now.getTime() - key.usedAt.getTime() >= TOUCH_MS)
    await connected(desk.database, async (connection) => touchApiKey(connection, id, now));
  return actorOfCaller(desk, { account, mark, scopes: key.scopes });
}
