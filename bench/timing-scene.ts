/**
 * Two tenants in one installation, with accounts of each kind at the door of the first, and parcels
 * of invented people: at one branch of it, at another, at none, and in the second tenant.
 */
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { playedActor } from "../src/access/actor.ts";
import type { Actor } from "../src/access/actor.ts";
import { foundHeadquarters } from "../src/access/organisation.ts";
import { parseConfig } from "../src/config.ts";
import { newApiKey, readApiKey } from "../src/crypto/api-key.ts";
import { suiteOf } from "../src/crypto/suites.ts";
import { encodeToken, TOKEN_RANDOM_BYTES } from "../src/crypto/token.ts";
import { totpCode, totpStep } from "../src/crypto/totp.ts";
import { createAccount, endAccount } from "../src/identity/account.ts";
import { createApiKey, endKey } from "../src/identity/api-key.ts";
import { acceptInvitation, invite, openInvitation } from "../src/identity/invitation.ts";
import { actorOfAccount } from "../src/identity/session.ts";
import { openVault } from "../src/main.ts";
import { readOrders } from "../src/orders/read.ts";
import { dayOf } from "../src/rules/calendar.ts";
import type { Role } from "../src/rules/role.ts";
import { connected } from "../src/store/pool.ts";
import { execute } from "../src/store/query.ts";
import { findAccountByName } from "../src/store/staff-account.ts";
import { erase } from "../src/vault/erase.ts";
import { recordState } from "../src/vault/parcel-state.ts";
import { seal } from "../src/vault/seal.ts";
import type { Vault } from "../src/vault/vault.ts";
import { HEADINGS, orderCells, WORDS } from "./order-file.ts";

export const PASSWORD = "seven blue tractors sing";
export const WRONG_PASSWORD = "seven blue tractors sink";
const HERE = "甲快递一号网点";
const THERE = "甲快递二号网点";
const PHONE_CELL = 5;
/** Phones of one list have tails of their own as long as no list is longer. */
export const LIST_MAX = 1_000;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The n-th phone of a list: every list has its own, and so have their last four digits. */
export function phoneAt(list: number, n: number): string {
  const { PREFIXES } = WORDS;
  const tail = String(list * LIST_MAX + n).padStart(4, "0");
  return `${PREFIXES[n % PREFIXES.length] ?? ""}0000${tail}`;
}

/** Which list of phones is whose; nobody has those of the first two. */
export const LISTS = {
  nobody: 0,
  nobodyElse: 1,
  here: 2,
  there: 3,
  nowhere: 4,
  theirs: 5,
} as const;

export interface TimingScene {
  readonly vault: Vault;
  /** Keys and sessions by what they are for. */
  readonly machine: string;
  readonly officer: string;
  readonly branchOfficer: string;
  readonly branchActor: Actor;
  readonly branch: string;
  /** Keys, sessions and tokens that open nothing, by what they are. */
  readonly keys: Readonly<Record<"unknown" | "known" | "ended", string>>;
  readonly sessions: Readonly<Record<"unknown" | "ended" | "theirs", string>>;
  readonly tokens: Readonly<Record<"unknown" | "theirs" | "theirsDead", string>>;
}

async function sealList(vault: Vault, list: number, count: number): Promise<string[]> {
  const actor = await playedActor(vault, { name: "bench-owner", role: "owner" });
  const lines = [...orderCells({ rows: count, seed: 7_000 + list })].map((cells, n) =>
    cells.with(PHONE_CELL, phoneAt(list, n)).join(","),
  );
  const csv = `${[HEADINGS.join(","), ...lines].join("\n")}\n`;
  const tokens: string[] = [];
  const stream = Readable.from([Buffer.from(csv, "utf8")]);
  await seal(vault, readOrders({ kind: "stdin", stream }), {
    actor,
    sink: {
      committed: async (rows) => {
        tokens.push(...rows.map(({ token }) => token));
        return Promise.resolve();
      },
    },
  });
  if (tokens.length !== count) throw new RangeError(`${tokens.length} of ${count} were sealed`);
  return tokens;
}

async function arrive(vault: Vault, branch: string, tokens: readonly string[]): Promise<void> {
  const actor = await playedActor(vault, { name: "bench-officer", role: "privacy-officer" });
  const on = dayOf(vault.now(), vault.timeZone);
  for (const token of tokens)
    await recordState(vault, { token, state: "arrived", on, organisation: branch, actor });
}

/** The bytes of a secret as authenticators take it (RFC 4648 section 6). */
function secretBytes(text: string): Buffer {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0"));
  const octets = bits.join("").match(/.{8}/g) ?? [];
  return Buffer.from(octets.map((octet) => Number.parseInt(octet, 2)));
}

interface PersonPlan {
  readonly name: string;
  readonly role?: Role;
  readonly organisation?: string | null;
  readonly guarded?: boolean;
}

/** A person with the password of the bench; the session that the invitation began. */
async function person(vault: Vault, actor: Actor, plan: PersonPlan): Promise<string> {
  const { name, role = "clerk", organisation = null, guarded = false } = plan;
  await createAccount(vault, { actor, name, role, organisation, kind: "person" });
  const { token } = await invite(vault, { name, actor });
  const { secret } = await openInvitation(vault, token);
  const code = guarded ? totpCode(secretBytes(secret), totpStep(vault.now())) : null;
  return (await acceptInvitation(vault, { token, password: PASSWORD, code })).token;
}

async function actorNamed(vault: Vault, name: string): Promise<Actor> {
  return connected(vault.database, async (connection) => {
    const account = await findAccountByName(connection, vault.tenant.id, name);
    if (account === null) throw new RangeError("the account is not there");
    return actorOfAccount(vault, connection, { account });
  });
}

/** A key with the id of `text` and another secret; it reads as a key does. */
function otherSecret(text: string): string {
  const reading = readApiKey(text);
  if (reading.kind !== "key") throw new RangeError("no key to begin with");
  const { id, secret } = reading.key;
  const turned = `${secret.startsWith("0") ? "1" : "0"}${secret.slice(1)}`;
  const letters = "0123456789abcdefghjkmnpqrstvwxyz";
  return newApiKey(Buffer.from([...id, ...turned].map((letter) => letters.indexOf(letter)))).text;
}

async function keysOf(vault: Vault, actor: Actor) {
  const account = { name: "erp", role: "erp-machine", organisation: null } as const;
  await createAccount(vault, { ...account, actor, kind: "machine" });
  const made = { name: "erp", scopes: ["seal"], days: 30, actor };
  const [machine, ended] = [await createApiKey(vault, made), await createApiKey(vault, made)];
  await endKey(vault, { id: ended.id, actor });
  return {
    machine: machine.key,
    keys: {
      unknown: newApiKey(randomBytes(48)).text,
      known: otherSecret(machine.key),
      ended: ended.key,
    },
  };
}

async function endedSession(vault: Vault, owner: Actor): Promise<string> {
  const token = await person(vault, owner, { name: "gone" });
  const actor = await actorNamed(vault, "gone");
  await connected(vault.database, async (connection) =>
    execute(connection, {
      text: "update staff_session set ended_at = now() where account_id = $1::uuid",
      values: [actor.accountId],
    }),
  );
  return token;
}

function unknownToken(vault: Vault): string {
  const parts = { serial: 5, slot: 5, random: randomBytes(TOKEN_RANDOM_BYTES) };
  return encodeToken(parts, { suite: suiteOf(vault.tenant.suite), key: randomBytes(32) });
}

/** Opens the second tenant for as long as it takes to fill it. */
async function fillOther(folder: string, rounds: number) {
  const config = parseConfig({ MIDAN_HOME: folder, MIDAN_TENANT: "another" }, folder);
  await using vault = await openVault(config);
  const owner = await playedActor(vault, { name: "bench-owner", role: "owner" });
  const [theirs = "", theirsDead = ""] = await sealList(vault, LISTS.theirs, rounds);
  const actor = await playedActor(vault, { name: "bench-officer", role: "privacy-officer" });
  await erase(vault, { token: theirsDead, reason: "客户要求", actor });
  const session = await person(vault, owner, { name: "stranger" });
  return { theirs, theirsDead, session };
}

/** Everything that the bench asks about; `rounds` phones in each list. */
export async function timingScene(
  vault: Vault,
  folder: string,
  rounds: number,
): Promise<TimingScene> {
  if (rounds > LIST_MAX) throw new RangeError(`at most ${LIST_MAX} rounds`);
  const owner = await playedActor(vault, { name: "bench-owner", role: "owner" });
  await foundHeadquarters(vault, { name: "甲快递总部", outlets: [HERE, THERE], actor: owner });
  await arrive(vault, HERE, await sealList(vault, LISTS.here, rounds));
  await arrive(vault, THERE, await sealList(vault, LISTS.there, rounds));
  await sealList(vault, LISTS.nowhere, rounds);
  const other = await fillOther(folder, rounds);
  for (const plan of [{ name: "bare" }, { name: "guarded", guarded: true }, { name: "left" }])
    await person(vault, owner, plan);
  await endAccount(vault, { name: "left", actor: owner });
  const officer = await person(vault, owner, { name: "officer", role: "privacy-officer" });
  const below = { name: "below", role: "privacy-officer", organisation: HERE } as const;
  const branchOfficer = await person(vault, owner, below);
  return {
    ...(await keysOf(vault, owner)),
    vault,
    officer,
    branchOfficer,
    branchActor: await actorNamed(vault, "below"),
    branch: HERE,
    sessions: {
      unknown: `mds1${randomBytes(32).toString("base64url")}`,
      ended: await endedSession(vault, owner),
      theirs: other.session,
    },
    tokens: {
      unknown: unknownToken(vault),
      theirs: other.theirs,
      theirsDead: other.theirsDead,
    },
  };
}
