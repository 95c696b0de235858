/** Counting failed sign-ins, and what that asks of the next (src/rules/sign-in-brake.ts). */
import type { Desk } from "../access/desk.ts";
import { prfMessage } from "../crypto/prf.ts";
import { suiteOf } from "../crypto/suites.ts";
import { Failure } from "../rules/failure.ts";
import { brakeMs, BRAKES, failuresAt } from "../rules/sign-in-brake.ts";
import type { BrakeHead } from "../rules/sign-in-brake.ts";
import { connected, transaction } from "../store/pool.ts";
import { dropBrakes, forgiveBrake, lockBrake, setBrake } from "../store/sign-in-brake.ts";
import type { BrakeKey } from "../store/sign-in-brake.ts";

export interface Attempt {
  /** As it was typed; only a keyed digest of it is kept. */
  readonly name: string;
  /** Where the attempt comes from: an address, or `local`. */
  readonly source: string;
  /** What tells a browser from which the account was signed in to before; null for others. */
  readonly known: string | null;
}

const SECOND_MS = 1000;
const KEPT_MS = 172_800_000;

/** The heads under which an attempt is counted, in an order that is the same for all. */
async function keysOf(desk: Desk, attempt: Attempt): Promise<BrakeKey[]> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const suite = suiteOf(desk.tenant.suite);
  const { name, source, known } = attempt;
  const of = (head: BrakeHead, ...parts: readonly string[]): BrakeKey => {
    const message = [head, desk.tenant.id, ...parts].join("\0");
    return { head, digest: prfMessage(suite, pseudonym, { label: "midan.brake", message }) };
  };
  if (known !== null) return [of("known", name, known)];
  return [of("pair", name, source), of("source", source), of("account", name), of("tenant")];
}

export interface Admitted {
  /** How long the answer has to wait. */
  readonly holdMs: number;
  /** Takes the attempt back: it was right. */
  readonly forgive: () => Promise<void>;
}

/**
 * Counts an attempt as failed before it is looked at, so that many at once are no way round. Throws
 * SIGN_IN_SLOWED, whose `retryAfterSeconds` says how long to wait, when it comes too early; that
 * attempt is then neither counted nor looked at.
 */
export async function admit(desk: Desk, attempt: Attempt): Promise<Admitted> {
  const keys = await keysOf(desk, attempt);
  const now = desk.now();
  const holdMs = await transaction(desk.database, async (connection) => {
    let [refusedMs, heldMs] = [0, 0];
    const counts = [];
    for (const key of keys) {
      const count = await lockBrake(connection, key, now);
      const ms = brakeMs(key.head, count, now);
      if (BRAKES[key.head].how === "refuse") refusedMs = Math.max(refusedMs, ms);
      else heldMs = Math.max(heldMs, ms);
      counts.push([key, count] as const);
    }
    if (refusedMs > 0) {
      const retryAfterSeconds = Math.ceil(refusedMs / SECOND_MS);
      throw new Failure("SIGN_IN_SLOWED", { retryAfterSeconds });
    }
    for (const [key, count] of counts) {
      await setBrake(connection, key, { failures: failuresAt(count, now) + 1, at: now });
    }
    return heldMs;
  });
  const forgive = async (): Promise<void> =>
    connected(desk.database, async (connection) => {
      for (const key of keys) await forgiveBrake(connection, key);
      // What is days old counts for nothing any more.
      await dropBrakes(connection, new Date(now.getTime() - KEPT_MS));
    });
  return { holdMs, forgive };
}

const KNOWN = /^([\w-]{22})\.([\w-]{43})$/;
const NONCE_BYTES = 16;

async function knownMac(desk: Desk, accountId: string, nonce: string): Promise<string> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const message = `${desk.tenant.id}\0${accountId}\0${nonce}`;
  const mac = prfMessage(suiteOf(desk.tenant.suite), pseudonym, { label: "midan.known", message });
  return Buffer.from(mac).toString("base64url");
}

/** What a browser keeps so that it is known again for this account. It signs nobody in. */
export async function newKnown(desk: Desk, accountId: string): Promise<string> {
  const nonce = Buffer.from(desk.randomBytes(NONCE_BYTES)).toString("base64url");
  return `${nonce}.${await knownMac(desk, accountId, nonce)}`;
}

/** What tells the browser that gave `known`, if the account was signed in to from it; else null. */
export async function knownOf(
  desk: Desk,
  accountId: string,
  known: string | null,
): Promise<string | null> {
  const [, nonce, mac] = KNOWN.exec(known ?? "") ?? [];
  if (nonce === undefined) return null;
  return (await knownMac(desk, accountId, nonce)) === mac ? nonce : null;
}
