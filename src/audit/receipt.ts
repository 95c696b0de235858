/**
 * Receipts (回执): the log's signed word that a leaf is durable and will have its index by a stated
 * time. One signature serves all leaves that were committed together: it stands under the Merkle
 * root over their hashes, and each leaf's receipt holds the path to that root. The form is fixed in
 * docs/formats/audit-log.md.
 */
import { signedNote } from "./note.ts";
import type { NoteSigner } from "./note.ts";
import { merkleRootOfHashes } from "./merkle.ts";
import { inclusionProof, nodesInMemory } from "./proof.ts";

/** First line of file and note: no checkpoint begins with it and goes on as a receipt does. */
export const RECEIPT_HEADER = "midan-receipt/1";
/** The log promises every leaf an index within this time. */
export const INCLUSION_SECONDS_MAX = 300;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** The text that is signed for one commit group. */
function groupText(origin: string, at: Date, leaves: readonly Uint8Array[]): string {
  const root = base64(merkleRootOfHashes(leaves));
  const lines = [
    RECEIPT_HEADER,
    origin,
    at.toISOString(),
    INCLUSION_SECONDS_MAX,
    leaves.length,
    root,
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * The receipts of leaves that were committed together, in their order. `leaves` are their hashes
 * (32 bytes, RFC 6962), `at` is the moment of the commit; the signer's name is the log's origin.
 */
export async function receiptsOf(
  signer: NoteSigner,
  at: Date,
  leaves: readonly Uint8Array[],
): Promise<string[]> {
  const note = signedNote(groupText(signer.name, at, leaves), [signer]);
  const read = nodesInMemory(leaves);
  return Promise.all(
    leaves.map(async (leaf, index) => {
      const path = await inclusionProof(read, index, leaves.length);
      const lines = [`leaf ${base64(leaf)}`, `index ${index}`, ...path.map(base64)];
      return `${RECEIPT_HEADER}\n${lines.join("\n")}\n\n${note}`;
    }),
  );
}
