/**
 * The cipher suites, one row each. A suite fixes every algorithm at once, so that no code
 * downstream asks which algorithm it is: it reads the row.
 */
import { Failure } from "../rules/failure.ts";

export interface Suite {
  /** The number that stands in envelopes, compartments and tenants. */
  readonly id: number;
  readonly name: "intl" | "gm";
  readonly cipher: "aes-256-gcm" | "sm4-gcm";
  readonly keyBytes: 32 | 16;
  /** The hash under the PRF (prf.ts). */
  readonly hash: "sha256" | "sm3";
}

/** AEAD parameters that all suites share: NIST SP 800-38D section 8.2.1, RFC 8998 section 2. */
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

export const SUITES = {
  /** AES-256-GCM (NIST SP 800-38D) and SHA-256 (FIPS 180-4). */
  intl: { id: 1, name: "intl", cipher: "aes-256-gcm", keyBytes: 32, hash: "sha256" },
  /** SM4-GCM (GB/T 32907, RFC 8998) and SM3 (GB/T 32905). */
  gm: { id: 2, name: "gm", cipher: "sm4-gcm", keyBytes: 16, hash: "sm3" },
} as const satisfies Record<string, Suite>;

/** The row of a suite number read from storage. Throws SUITE_UNKNOWN: refuse the record. */
export function suiteOf(id: number): Suite {
  for (const suite of Object.values(SUITES)) if (suite.id === id) return suite;
  throw new Failure("SUITE_UNKNOWN", { suite: id });
}
