/**
 * Bounds of break-glass (应急查看): what a person may open for some minutes though no rule gave it to
 * them. All figures are house rules; PIPL article 13(1)(4) is what an emergency may rest on.
 */

export const BREAK_GLASS_MINUTES_MAX = 60;
export const EVIDENCE_BYTES_MAX = 2 * 1024 * 1024;
/** Within so many days the privacy officer says what is thought of it. */
export const ACKNOWLEDGE_DAYS = 7;

export const FINDINGS = {
  justified: { zh: "有理由", en: "justified" },
  unjustified: { zh: "无理由", en: "unjustified" },
} as const;
export type Finding = keyof typeof FINDINGS;
// The keys of the table are the names of its rows.
export const FINDING_NAMES = Object.keys(FINDINGS) as readonly Finding[];

/** First bytes of what counts as evidence: a photo (JPEG, PNG) or a document (PDF). */
const SIGNATURES = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x25, 0x50, 0x44, 0x46],
] as const;

/** Whether `bytes` begin like a photo or a document and are no longer than allowed. */
export function isEvidence(bytes: Uint8Array): boolean {
  if (bytes.length > EVIDENCE_BYTES_MAX) return false;
  return SIGNATURES.some((signature) => signature.every((byte, at) => bytes[at] === byte));
}
