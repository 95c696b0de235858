/** `midan/audit`: what an auditor needs to check entries of the log that were handed over. */
export { canonicalJson } from "../audit/canonical-json.ts";
export type { CanonicalValue } from "../audit/canonical-json.ts";
export { LEAF_BYTES_MAX, LEAF_TYPES, LEAF_VERSION } from "../audit/leaf.ts";
export type { HandlingVerb, LeafBody, LeafType } from "../audit/leaf.ts";
export { leafHash, merkleRoot, nodeHash } from "../audit/merkle.ts";
