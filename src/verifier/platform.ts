/**
 * What the verifier needs from where it runs: a hash, a signature check, a clock, and a way to read
 * files. Node and a browser each give it in their own way; everything else here is plain
 * arithmetic on bytes and imports nothing from the rest of the project, so that whoever checks the
 * log shares no code with whoever writes it (P13).
 */

export interface Platform {
  /** SHA-256 (FIPS 180-4), 32 bytes. */
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** Ed25519 (RFC 8032); false for anything that does not hold. */
  readonly verifyEd25519: (
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ) => Promise<boolean>;
  readonly now: () => Date;
}

/** The files of one log, wherever they lie. */
export interface Source {
  /** The bytes of the file at a path such as `tile/0/000`, or null when there is none. */
  readonly read: (path: string) => Promise<Uint8Array | null>;
}
