/**
 * Requests that carry a key of the caller's own (Idempotency-Key,
 * draft-ietf-httpapi-idempotency-key-header-07): sent again, they are done once. Of key and request
 * the database holds keyed digests only, and the answer sealed; a day later nothing is left.
 */
import { timingSafeEqual } from "node:crypto";
import { aeadOpen, aeadSeal } from "../crypto/aead.ts";
import { prfMessage } from "../crypto/prf.ts";
import { NONCE_BYTES, suiteOf, TAG_BYTES } from "../crypto/suites.ts";
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

const KEPT_MS = 86_400_000;

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

async function sealingKey(desk: Desk): Promise<Uint8Array> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const suite = suiteOf(desk.tenant.suite);
  const input = { label: "midan.answer", message: desk.tenant.id } as const;
  return prfMessage(suite, pseudonym, input).slice(0, suite.keyBytes);
}

function associatedOf(desk: Desk, { accountId, digest }: IdempotencyPlace): Buffer {
  const where = `midan.answer1:${desk.tenant.id}:${accountId}:`;
  return Buffer.concat([Buffer.from(where, "latin1"), digest]);
}

async function seal(desk: Desk, place: IdempotencyPlace, body: string): Promise<Uint8Array> {
  const plaintext = Buffer.from(body, "utf8");
  const sealed = Buffer.alloc(NONCE_BYTES + plaintext.length + TAG_BYTES);
  const nonce = desk.randomBytes(NONCE_BYTES);
  sealed.set(nonce, 0);
  const input = { key: await sealingKey(desk), nonce, associated: associatedOf(desk, place) };
  aeadSeal(suiteOf(desk.tenant.suite), input, { plaintext, target: sealed.subarray(NONCE_BYTES) });
  return sealed;
}

async function unseal(desk: Desk, place: IdempotencyPlace, sealed: Uint8Array): Promise<string> {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const input = { key: await sealingKey(desk), nonce, associated: associatedOf(desk, place) };
  const body = aeadOpen(suiteOf(desk.tenant.suite), input, sealed.subarray(NONCE_BYTES));
  if (body === null) throw new Failure("ROW_UNREADABLE", { column: "answer" });
  return Buffer.from(body).toString("utf8");
}

async function foundBefore(
  desk: Desk,
  place: IdempotencyPlace,
  { status, answer }: IdempotencyKeyRow,
): Promise<Begun> {
  if (status === null) return { kind: "pending", place };
  const body = answer === null ? null : await unseal(desk, place, answer);
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
    await clearIdempotencyKeys(connection, after);
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
  const answer = body === null ? null : await seal(desk, place, body);
  await connected(desk.database, async (connection) =>
    answerIdempotencyKey(connection, place, { status, answer }),
  );
}

/** Gives the key back after a refusal, so that the same request may be tried again. */
export async function giveBack(desk: Desk, place: IdempotencyPlace): Promise<void> {
  await connected(desk.database, async (connection) => dropIdempotencyKey(connection, place));
}
