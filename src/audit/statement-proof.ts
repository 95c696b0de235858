/**
 * Proofs for a single label (P14): its statement, or its token, stands in the Merkle tree of a
 * batch, whose root stands in an entry, which stands in the log under a signed checkpoint. The form
 * is fixed in docs/formats/statement-proof.md.
 */
import { proofText } from "./proof-file.ts";
import type { InclusionProof } from "./proof-file.ts";

const HEADER = "midan.statement.proof/1";

export interface BatchProof {
  /** What is proven: the canonical JSON of a statement, or a token. */
  readonly item: Uint8Array;
  readonly index: number;
  readonly count: number;
  /** From the item up to the root of its batch, 32 bytes each. */
  readonly path: readonly Uint8Array[];
  /** The entry with the root, canonical JSON. */
  readonly leaf: Uint8Array;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** The whole proof as a file: the batch first, then the entry's own proof (C2SP tlog-proof). */
export function statementProofText(batch: BatchProof, entry: InclusionProof): string {
  const { item, index, count, path, leaf } = batch;
  const lines = [
    HEADER,
    `item ${text(item)}`,
    `index ${index}`,
    `count ${count}`,
    ...path.map((hash) => `path ${Buffer.from(hash).toString("base64")}`),
    `leaf ${text(leaf)}`,
  ];
  return `${lines.join("\n")}\n\n${proofText(entry)}`;
}
