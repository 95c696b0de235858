/** The second factor: secrets of authenticators, sealed in the database, and recovery codes. */
import { hash } from "node:crypto";
import type { Desk } from "../access/desk.ts";
import { aeadOpen, aeadSeal } from "../crypto/aead.ts";
import { textOf } from "../crypto/base32.ts";
import { prfMessage } from "../crypto/prf.ts";
import { NONCE_BYTES, suiteOf, TAG_BYTES } from "../crypto/suites.ts";
import { TOTP_SECRET_BYTES } from "../crypto/totp.ts";
import { Failure } from "../rules/failure.ts";

async function keyOf(desk: Desk): Promise<Uint8Array> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const suite = suiteOf(desk.tenant.suite);
  const key = prfMessage(suite, pseudonym, { label: "midan.totp", message: desk.tenant.id });
  return key.slice(0, suite.keyBytes);
}

function associatedOf(desk: Desk, accountId: string): Buffer {
  return Buffer.from(`midan.totp1:${desk.tenant.id}:${accountId}`, "latin1");
}

/** A new secret for an authenticator of that account, sealed: nonce, ciphertext, tag. */
export async function newSealedSecret(desk: Desk, accountId: string): Promise<Uint8Array> {
  const plaintext = desk.randomBytes(TOTP_SECRET_BYTES);
  const nonce = desk.randomBytes(NONCE_BYTES);
  const sealed = Buffer.alloc(NONCE_BYTES + TOTP_SECRET_BYTES + TAG_BYTES);
  sealed.set(nonce, 0);
  const input = { key: await keyOf(desk), nonce, associated: associatedOf(desk, accountId) };
  const target = sealed.subarray(NONCE_BYTES);
  aeadSeal(suiteOf(desk.tenant.suite), input, { plaintext, target });
  return sealed;
}

/** The secret in `sealed`; ROW_UNREADABLE when it is another account's or was altered. */
export async function openSecret(
  desk: Desk,
  accountId: string,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const input = { key: await keyOf(desk), nonce, associated: associatedOf(desk, accountId) };
  const secret = aeadOpen(suiteOf(desk.tenant.suite), input, sealed.subarray(NONCE_BYTES));
  if (secret === null) throw new Failure("ROW_UNREADABLE", { column: "totp" });
  return secret;
}

const RECOVERY_CODES = 10;
/** Of five bits each: 80 bits, which need no slow hash. */
const RECOVERY_LETTERS = 16;
const SYMBOL_MASK = 31;
const GROUP = /.{4}/g;

/** Codes for who lost the phone: shown once, each good for one sign-in. */
export function newRecoveryCodes(desk: Desk): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = textOf(desk.randomBytes(RECOVERY_LETTERS).map((byte) => byte & SYMBOL_MASK));
    return (letters.match(GROUP) ?? []).join("-");
  });
}

/** What the database keeps of a recovery code, however it was typed. */
export function recoveryDigest(code: string): Uint8Array {
  const typed = code.toLowerCase().replaceAll(/[^0-9a-z]/g, "");
  return hash("sha256", `midan.recovery:${typed}`, "buffer");
}
