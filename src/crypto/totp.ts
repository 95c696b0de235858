/** Time-based one-time passwords (RFC 6238: SHA-1, 30 seconds, 6 digits) of authenticators. */
import { createHmac, timingSafeEqual } from "node:crypto";

export const TOTP_SECRET_BYTES = 20;
const STEP_SECONDS = 30;
const DIGITS = 6;
/** How far a phone's clock may be off, in steps on either side (RFC 6238 section 5.2: one). */
const SKEW_STEPS = 1;
const CODE = /^\d{6}$/;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BITS_PER_LETTER = 5;
const SECOND_MS = 1000;

/** The code of one step, of `digits` digits (RFC 4226 section 5.3). */
export function totpCode(secret: Uint8Array, step: number, digits: number = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  // The last half byte says where the number stands; a SHA-1 has 20 bytes.
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

/** The step in which the moment lies. */
export function totpStep(at: Date): number {
  return Math.floor(at.getTime() / SECOND_MS / STEP_SECONDS);
}

/**
 * The step whose code `code` is, at `at` or one step beside it and after `usedStep`, which nothing
 * may repeat (RFC 6238 section 5.2); null when there is none. Compares in constant time.
 */
export function matchingStep(
  secret: Uint8Array,
  code: string,
  moment: { readonly at: Date; readonly usedStep: number | null },
): number | null {
  if (!CODE.test(code)) return null;
  const now = totpStep(moment.at);
  let found: number | null = null;
  for (let step = now - SKEW_STEPS; step <= now + SKEW_STEPS; step += 1) {
    const isSame = timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code));
    if (isSame && (moment.usedStep === null || step > moment.usedStep)) found = step;
  }
  return found;
}

/** The secret as people type it into an authenticator (RFC 4648 section 6, without padding). */
export function totpSecretText(secret: Uint8Array): string {
  let bits = "";
  for (const byte of secret) bits += byte.toString(2).padStart(8, "0");
  const groups = bits.match(new RegExp(`.{1,${BITS_PER_LETTER}}`, "g")) ?? [];
  return groups
    .map((group) => BASE32.charAt(Number.parseInt(group.padEnd(BITS_PER_LETTER, "0"), 2)))
    .join("");
}

/** The link that authenticators read (Google Authenticator's key URI format). */
export function totpLink(secret: Uint8Array, name: string): string {
  const label = `${encodeURIComponent("Midan")}:${encodeURIComponent(name)}`;
  return `otpauth://totp/${label}?secret=${totpSecretText(secret)}&issuer=Midan`;
}
