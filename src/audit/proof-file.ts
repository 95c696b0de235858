/** Proof files (C2SP tlog-proof): everything that an entry's inclusion needs, in one text. */

const HEADER = "c2sp.org/tlog-proof@v1";

export interface InclusionProof {
  readonly index: number;
  /** From the entry upwards, 32 bytes each. */
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint with its cosignatures. */
  readonly checkpoint: string;
}

/** The text of a proof file. */
export function proofText(proof: InclusionProof): string {
  const path = proof.path.map((hash) => `${Buffer.from(hash).toString("base64")}\n`).join("");
  return `${HEADER}\nindex ${proof.index}\n${path}\n${proof.checkpoint}`;
}
