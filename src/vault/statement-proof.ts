/**
 * Proofs for a single label (P14): how one label was printed, or that one waybill was sealed, led
 * up to the signed log, to be checked by anybody without us. The tree of the batch is built again
 * from what is stored and must give the root that was logged.
 */
import { leafHash, merkleRootOfHashes } from "../audit/merkle.ts";
import { inclusionProof, nodesInMemory, rememberedNodes } from "../audit/proof.ts";
import type { NodeReader } from "../audit/proof.ts";
import { statementProofText } from "../audit/statement-proof.ts";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { nodesIn } from "../log/tile-reader.ts";
import { Failure } from "../rules/failure.ts";
import { findLeaf } from "../store/audit-leaf.ts";
import type { LeafRow } from "../store/audit-leaf.ts";
import type { WaybillPlace } from "../store/hold.ts";
import { indexOfLeaf } from "../store/log-query.ts";
import { connected, transaction } from "../store/pool.ts";
import { sealBatchOf } from "../store/seal-batch.ts";
import { statementsOf, statementsOfBatch } from "../store/statement.ts";
import { lastCheckpoint } from "./last-checkpoint.ts";
import type { SignedTree } from "./last-checkpoint.ts";
import { ownRecord } from "./own-record.ts";
import type { WaybillRecord } from "./record.ts";
import { tokensAt } from "./waybill-place.ts";
import type { Vault } from "./vault.ts";

export interface StatementRequest {
  readonly token: string;
  readonly actor: Actor;
  /** Which print of the label, from 1; null for the last one; `seal` for the sealing itself. */
  readonly which: number | "seal" | null;
}

export interface StatementProof {
  readonly kind: "print" | "seal";
  /** Number of the print; null for a sealing. */
  readonly printNumber: number | null;
  /** Place in the batch, and how many it has. */
  readonly place: { readonly index: number; readonly count: number };
  /** Index of the batch's entry in the log. */
  readonly index: number;
  /** The file. */
  readonly text: string;
  /** Id of the entry that tells of this question, hex. */
  readonly entry: string;
}

interface Batch {
  readonly items: readonly Uint8Array[];
  readonly index: number;
  readonly leafId: Uint8Array;
  readonly printNumber: number | null;
}

async function printBatch(
  vault: Vault,
  { shell }: WaybillRecord,
  which: number | null,
): Promise<Batch> {
  return connected(vault.database, async (connection) => {
    const own = await statementsOf(connection, shell);
    const chosen = which === null ? own.at(-1) : own.find(({ printNo }) => printNo === which);
    if (chosen === undefined) throw new Failure("STATEMENT_UNKNOWN");
    const { batchLeaf, batchIndex, printNo } = chosen;
    const all = await statementsOfBatch(connection, batchLeaf);
    const items = all.map(({ body }) => body);
    return { items, index: batchIndex, leafId: batchLeaf, printNumber: printNo };
  });
}

async function sealBatch(vault: Vault, { shell }: WaybillRecord): Promise<Batch> {
  const batch = await connected(vault.database, async (connection) =>
    sealBatchOf(connection, shell),
  );
  if (batch === null) throw new Failure("STATEMENT_UNKNOWN");
  const { places, batchLeaf } = batch;
  const tokens = await tokensAt(vault, places);
  const items = tokens.flatMap((token) => (token === null ? [] : [Buffer.from(token, "latin1")]));
  const isOurs = ({ compartment, slot }: WaybillPlace): boolean =>
    compartment === shell.compartment && slot === shell.slot;
  return { items, index: places.findIndex(isOurs), leafId: batchLeaf, printNumber: null };
}

interface Logged {
  readonly leaf: LeafRow;
  readonly index: number;
}

async function loggedLeaf(vault: Vault, id: Uint8Array): Promise<Logged> {
  return connected(vault.database, async (connection) => {
    const leaf = await findLeaf(connection, id);
    const index = leaf === null ? null : await indexOfLeaf(connection, leaf.position);
    if (leaf === null || index === null) throw new Failure("LOG_ENTRY_UNKNOWN");
    return { leaf, index };
  });
}

/** What the statements of one batch are proven with. */
export interface ProvenBatch {
  /** The batch's items in their order, and their hashes. */
  readonly items: readonly Uint8Array[];
  readonly hashes: readonly Uint8Array[];
  /** The entry that holds the root, canonical JSON, and its index in the log. */
  readonly body: Uint8Array;
  readonly index: number;
  /** Nodes of the batch's tree and of the log's. */
  readonly batchNodes: NodeReader;
  readonly logNodes: NodeReader;
  readonly tree: SignedTree;
}

/**
 * The batch under the entry of that index. Throws STATEMENT_INCOMPLETE unless the items make the
 * root that the entry holds, and LOG_ENTRY_UNKNOWN where the tree does not reach so far.
 */
export function provenBatch(
  { tree, logNodes }: Pick<ProvenBatch, "tree" | "logNodes">,
  { body, index }: Pick<ProvenBatch, "body" | "index">,
  items: readonly Uint8Array[],
): ProvenBatch {
  const hashes = items.map((item) => leafHash(item));
  // Leaves are canonical JSON objects, those of batches with a root (LEAF-1).
  const { root } = JSON.parse(Buffer.from(body).toString("utf8")) as { root?: string };
  if (Buffer.from(merkleRootOfHashes(hashes)).toString("hex") !== root)
    throw new Failure("STATEMENT_INCOMPLETE");
  if (index >= tree.checkpoint.size) throw new Failure("LOG_ENTRY_UNKNOWN");
  const batchNodes = rememberedNodes(nodesInMemory(hashes));
  return { items, hashes, body, index, batchNodes, logNodes, tree };
}

/** The proof file of the item at `at` (docs/formats/statement-proof.md). */
export async function statementProofOf(batch: ProvenBatch, at: number): Promise<string> {
  const { items, hashes, body, index, batchNodes, logNodes, tree } = batch;
  const within = { item: items[at] ?? new Uint8Array(0), index: at, count: hashes.length };
  const path = await inclusionProof(batchNodes, at, hashes.length);
  const entry = {
    index,
    path: await inclusionProof(logNodes, index, tree.checkpoint.size),
    checkpoint: Buffer.from(tree.note).toString("utf8"),
  };
  return statementProofText({ ...within, leaf: body, path }, entry);
}

async function proofOf(vault: Vault, batch: Batch): Promise<{ text: string; index: number }> {
  const tree = await lastCheckpoint(vault);
  const { leaf, index } = await loggedLeaf(vault, batch.leafId);
  const logNodes = nodesIn(vault.log.folder, tree.checkpoint.size);
  const proven = provenBatch({ tree, logNodes }, { body: leaf.body, index }, batch.items);
  return { text: await statementProofOf(proven, batch.index), index };
}

/**
 * The proof for one label or one sealed waybill. The entry `log-queried` is durable before this
 * resolves. Throws as `findRecord`; STATEMENT_UNKNOWN when there is no such print, or when it was
 * sealed before batches were remembered; STATEMENT_INCOMPLETE when a part of the batch is gone;
 * LOG_ENTRY_UNKNOWN while the log has not taken the batch in.
 */
export async function proveStatement(
  vault: Vault,
  { token, actor, which }: StatementRequest,
): Promise<StatementProof> {
  const record = await ownRecord(vault, { actor, verb: "prove-statement" }, token);
  const batch =
    which === "seal" ? await sealBatch(vault, record) : await printBatch(vault, record, which);
  const { text, index } = await proofOf(vault, batch);
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, {
      type: "log-queried",
      actor,
      fields: [which === "seal" ? "proof.seal" : "proof.print"],
      count: 1,
    }),
  );
  const place = { index: batch.index, count: batch.items.length };
  const { printNumber } = batch;
  return { kind: which === "seal" ? "seal" : "print", printNumber, place, index, text, entry };
}
