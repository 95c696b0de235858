/** Small values that the database keeps sealed under a key of the tenant, each use with its own. */
import { aeadOpen, aeadSeal } from "../crypto/aead.ts";
import { prfMessage } from "../crypto/prf.ts";
import type { Label } from "../crypto/prf.ts";
import { NONCE_BYTES, suiteOf, TAG_BYTES } from "../crypto/suites.ts";
import { Failure } from "../rules/failure.ts";
import type { Desk } from "./desk.ts";

export interface ValuePlace {
  /** Which use; its key opens nothing of another. */
  readonly label: Label;
  /** What the value belongs to: it opens nowhere else. */
  readonly belongsTo: string;
}

async function keyOf(desk: Desk, label: Label): Promise<Uint8Array> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const suite = suiteOf(desk.tenant.suite);
  return prfMessage(suite, pseudonym, { label, message: desk.tenant.id }).slice(0, suite.keyBytes);
}

function associatedOf(desk: Desk, { label, belongsTo }: ValuePlace): Buffer {
  return Buffer.from(`${label}1:${desk.tenant.id}:${belongsTo}`, "latin1");
}

/** `plaintext` sealed: nonce, ciphertext, tag. */
export async function sealValue(
  desk: Desk,
  place: ValuePlace,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const nonce = desk.randomBytes(NONCE_BYTES);
  const sealed = Buffer.alloc(NONCE_BYTES + plaintext.length + TAG_BYTES);
  sealed.set(nonce, 0);
  const input = {
    key: await keyOf(desk, place.label),
    nonce,
    associated: associatedOf(desk, place),
  };
  aeadSeal(suiteOf(desk.tenant.suite), input, { plaintext, target: sealed.subarray(NONCE_BYTES) });
  return sealed;
}

/** What `sealValue` sealed; ROW_UNREADABLE when it belongs elsewhere or was altered. */
export async function openValue(
  desk: Desk,
  place: ValuePlace,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const input = {
    key: await keyOf(desk, place.label),
    nonce,
    associated: associatedOf(desk, place),
  };
  const value = aeadOpen(suiteOf(desk.tenant.suite), input, sealed.subarray(NONCE_BYTES));
  if (value === null) throw new Failure("ROW_UNREADABLE", { column: place.label });
  return value;
}
