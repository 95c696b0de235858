/** One-time codes: made, kept as a keyed hash, and compared in constant time. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Vault } from "./vault.ts";

const DIGITS = 6;
const CODES = 10 ** DIGITS;
/** The largest multiple of the number of codes in 32 bits: above it a code would be likelier. */
const DRAW_MAX = Math.floor(2 ** 32 / CODES) * CODES;
const DRAW_BYTES = 4;
const CODE = /^\d{6}$/;

/** Six digits, each code as likely as any other. */
export function newCode(randomBytes: (count: number) => Uint8Array): string {
  for (;;) {
    const drawn = Buffer.from(randomBytes(DRAW_BYTES)).readUInt32BE(0);
    if (drawn < DRAW_MAX) return String(drawn % CODES).padStart(DIGITS, "0");
  }
}

/** A code of one request as it is kept: 32 bytes under the tenant's key, of no use elsewhere. */
export async function codeHash(
  vault: Pick<Vault, "keys" | "tenant">,
  request: string,
  code: string,
): Promise<Uint8Array> {
  const { pseudonym } = await vault.keys.tenantKeys(vault.tenant.id);
  return createHmac("sha256", pseudonym).update(`midan.code\0${request}\0${code}`).digest();
}

/** Whether `code` is the one that is kept. */
export async function isCode(
  vault: Pick<Vault, "keys" | "tenant">,
  kept: { readonly request: string; readonly hash: Uint8Array },
  code: string,
): Promise<boolean> {
  if (!CODE.test(code)) return false;
  return timingSafeEqual(await codeHash(vault, kept.request, code), kept.hash);
}
