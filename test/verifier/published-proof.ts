/** The published cases of Merkle proofs, and what the verifier says of each. */
import { holdsSubtree, isGrowth, isIncluded } from "../../src/verifier/merkle.ts";
import { PLATFORM } from "./node-platform.ts";

export interface ProofCase {
  readonly id: string;
  readonly kind: "inclusion" | "consistency" | "subtreeinclusion" | "subtreeconsistency";
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
  readonly leafHash?: string;
  readonly leafIdx?: number;
  readonly treeSize?: number;
  readonly root?: string;
  readonly size1?: number;
  readonly size2?: number;
  readonly start?: number;
  readonly end?: number;
  readonly size?: number;
  readonly root1?: string;
  readonly root2?: string;
}

const bytes = (text: string | null | undefined): Buffer => Buffer.from(text ?? "", "base64");

function isConsistent(given: ProofCase, path: readonly Uint8Array[]): boolean {
  const sizes = { oldSize: given.size1 ?? -1, size: given.size2 ?? -1 };
  const claim = { ...sizes, oldRoot: bytes(given.root1), root: bytes(given.root2), path };
  return isGrowth(PLATFORM, claim);
}

export function verdictOf(given: ProofCase): boolean {
  const path = (given.proof ?? []).map(bytes);
  const { start = 0, end = 0, leafIdx = -1 } = given;
  const leaf = bytes(given.leafHash);
  const root = bytes(given.root);
  switch (given.kind) {
    case "inclusion":
      return isIncluded(PLATFORM, { leaf, index: leafIdx, size: given.treeSize ?? 0, path, root });
    case "consistency":
      return isConsistent(given, path);
    case "subtreeinclusion":
      return isIncluded(PLATFORM, { leaf, index: leafIdx - start, size: end - start, path, root });
    case "subtreeconsistency": {
      const roots = { subtreeRoot: bytes(given.root1), root: bytes(given.root2) };
      return holdsSubtree(PLATFORM, { start, end, size: given.size ?? 0, path, ...roots });
    }
  }
}
