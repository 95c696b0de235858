/**
 * Keyed digests of what something is about (waybill, record): equal for the same thing of the same
 * tenant, and nothing to anybody without the tenant's key.
 */
import { prfMessage } from "../crypto/prf.ts";
import type { Label } from "../crypto/prf.ts";
import { suiteOf } from "../crypto/suites.ts";
import { parseToken } from "../crypto/token.ts";
import type { Desk } from "./desk.ts";
import { UUID } from "../rules/uuid.ts";

export const ABOUT_BYTES = 16;

/** 16 bytes under the tenant's pseudonym key; `label` keeps uses apart. */
export async function keyedDigest(
  desk: Pick<Desk, "keys" | "tenant">,
  label: Label,
  message: string,
): Promise<Uint8Array> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const suite = suiteOf(desk.tenant.suite);
  return prfMessage(suite, pseudonym, { label, message }).slice(0, ABOUT_BYTES);
}

/** The digest of a waybill (its token) or a real-name record (its id). Throws as `parseToken`. */
export async function aboutOf(
  desk: Pick<Desk, "keys" | "tenant">,
  text: string,
): Promise<Uint8Array> {
  const trimmed = text.trim();
  const message = UUID.test(trimmed) ? `record ${trimmed}` : `token ${parseToken(trimmed)}`;
  return keyedDigest(desk, "midan.about", message);
}
