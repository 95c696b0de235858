/**
 * Requests that carry a key of the caller's own (Idempotency-Key,
 * draft-ietf-httpapi-idempotency-key-header-07): sent again, they are done once. Of key and request
 * the database holds keyed digests only, and the answer sealed; a day later nothing is left.
 */
import { timingSafeEqual } from "node:crypto";
import { prfMessage } from "../crypto/prf.ts";
import { suiteOf } from "../crypto/suites.ts";
import { Failure } from "../rules/failure.ts";
import {
  answerIdempotencyKey,
  clearIdempotencyKeys,
  dropIdempotencyKey,
  takeIdempotencyKey,
} from "../store/idempotency-key.ts";
import type { IdempotencyKeyRow, IdempotencyPlace } from "../store/idempotency-key.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Desk } from "./desk.ts";
import { openValue, sealValue } from "./sealed-value.ts";
import type { ValuePlace } from "./sealed-value.ts";

const KEPT_MS = 86_400_000;
/** What a request clears beside its own work, and what a pass of the jobs does. */
const CLEARED_BESIDE_MAX = 200;
const CLEARED_MAX = 10_000;

export interface KeyedRequest {
  readonly accountId: string;
  /** 1 to 255 printable ASCII characters. */
  readonly key: string;
  /** Method, address and body, as one text. */
  readonly request: string;
}

export interface KeptAnswer {
  readonly status: number;
  /** Null where the answer was not kept. */
  readonly body: string | null;
}

/** Where the answer of a request that is being done will be kept, or what was answered before. */
export type Begun =
  | { readonly kind: "new"; readonly place: IdempotencyPlace }
  | { readonly kind: "answered"; readonly answer: KeptAnswer }
  | { readonly kind: "pending"; readonly place: IdempotencyPlace };

async function digestOf(desk: Desk, words: readonly string[]): Promise<Uint8Array> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const input = { label: "midan.once", message: JSON.stringify(words) } as const;
  return prfMessage(suiteOf(desk.tenant.suite), pseudonym, input);
}

function placeOf({ accountId, digest }: IdempotencyPlace): ValuePlace {
  return {
    label: "midan.answer",
    belongsTo: `${accountId}:${Buffer.from(digest).toString("hex")}`,
  };
}

async function foundBefore(
  desk: Desk,
  place: IdempotencyPlace,
  { status, answer }: IdempotencyKeyRow,
): Promise<Begun> {
  if (status === null) return { kind: "pending", place };
  if (answer === null) return { kind: "answered", answer: { status, body: null } };
  const body = Buffer.from(await openValue(desk, placeOf(place), answer)).toString("utf8");
  return { kind: "answered", answer: { status, body } };
}

/**
 * Takes a key for a request. "pending" when the same request has it and was not answered yet, or
 * was cut off. Throws IDEMPOTENCY_KEY_REUSED for another request under a key of the last day.
 */
export async function beginOnce(desk: Desk, asked: KeyedRequest): Promise<Begun> {
  const { accountId } = asked;
  const digest = await digestOf(desk, ["key", accountId, asked.key]);
  const request = await digestOf(desk, ["request", asked.request]);
  const at = desk.now();
  const after = new Date(at.getTime() - KEPT_MS);
  const taken = { tenantId: desk.tenant.id, accountId, digest, request, at };
  const found = await transaction(desk.database, async (connection) => {
    await clearIdempotencyKeys(connection, after, CLEARED_BESIDE_MAX);
    return takeIdempotencyKey(connection, taken, after);
  });
  const place = { accountId, digest };
  if (found === null) return { kind: "new", place };
  if (!timingSafeEqual(found.request, request)) throw new Failure("IDEMPOTENCY_KEY_REUSED");
  return foundBefore(desk, place, found);
}

/** Keeps how the request was answered; `body` null where it holds what is shown once. */
export async function keepAnswer(
  desk: Desk,
  place: IdempotencyPlace,
  { status, body }: KeptAnswer,
): Promise<void> {
  const answer =
    body === null ? null : await sealValue(desk, placeOf(place), Buffer.from(body, "utf8"));
  await connected(desk.database, async (connection) =>
    answerIdempotencyKey(connection, place, { status, answer }),
  );
}

/** Gives the key back after a refusal, so that the same request may be tried again. */
export async function giveBack(desk: Desk, place: IdempotencyPlace): Promise<void> {
  await connected(desk.database, async (connection) => dropIdempotencyKey(connection, place));
}

/** Takes away keys and answers of every tenant that are older than a day, in steps; how many. */
export async function clearOldKeys(desk: Desk): Promise<number> {
  const before = new Date(desk.now().getTime() - KEPT_MS);
  for (let cleared = 0; ;) {
    const step = await transaction(desk.database, async (connection) =>
      clearIdempotencyKeys(connection, before, CLEARED_MAX),
    );
    cleared += step;
    if (step < CLEARED_MAX) return cleared;
  }
}
