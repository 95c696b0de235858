/**
 * Entries of the log to be taken away (导出日志): each with the proof that leads it to a signed
 * checkpoint, so that anybody can check it without us, one by one or all of them.
 */
import { proofText } from "../audit/proof-file.ts";
import { inclusionProof, rememberedNodes } from "../audit/proof.ts";
import { nodesIn } from "../log/tile-reader.ts";
import { startOfDay } from "../rules/calendar.ts";
import { EXPORT_ROWS_MAX } from "../rules/export.ts";
import { Failure } from "../rules/failure.ts";
import { connected } from "../store/pool.ts";
import { bundleScope, sorter } from "./bundle-scope.ts";
import type { BundleScope, ScopedLeaf } from "./bundle-scope.ts";
import type { ExportOrder } from "./export-asked.ts";
import type { ExportParts, WrittenFile } from "./export-parts.ts";
import { lastCheckpoint } from "./last-checkpoint.ts";
import type { SignedTree } from "./last-checkpoint.ts";
import { LOG_QUESTIONS } from "./log-query.ts";
import { requireHeld, scopePages } from "./scope-pages.ts";
import type { Vault } from "./vault.ts";

/** Lines that were written as a file. */
export interface MadeLines {
  readonly file: WrittenFile;
  readonly rows: number;
  /** Id of the organisation that it is about; null for the whole tenant. */
  readonly organisation: string | null;
}

/** What the leaves of an export are taken from, all as of one checkpoint. */
export interface LoggedPeriod {
  readonly scope: BundleScope;
  readonly tree: SignedTree;
  readonly logNodes: ReturnType<typeof rememberedNodes>;
}

/** The period of `order` as the log has it now. Throws ORGANISATION_UNKNOWN, LOG_FILES_BROKEN. */
export async function loggedPeriod(vault: Vault, order: ExportOrder): Promise<LoggedPeriod> {
  const { organisation, from, to } = order;
  const { timeZone } = vault;
  const period = { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) };
  const scope = await connected(vault.database, async (connection) =>
    bundleScope(vault, connection, { organisation, ...period }),
  );
  const tree = await lastCheckpoint(vault);
  const logNodes = rememberedNodes(nodesIn(vault.log.folder, tree.checkpoint.size));
  return { scope, tree, logNodes };
}

/** A leaf of the period, as the log's own files hold it. */
export interface PeriodLeaf {
  readonly index: number;
  readonly body: Uint8Array;
  readonly leaf: ScopedLeaf;
}

/** The leaves of those types, or of all where `types` is null. Throws LOG_FILES_BROKEN. */
export async function* periodLeaves(
  vault: Vault,
  { scope, tree, logNodes }: LoggedPeriod,
  types: readonly string[] | null,
): AsyncGenerator<PeriodLeaf> {
  const sort = sorter(scope);
  const { size } = tree.checkpoint;
  for await (const page of scopePages(vault, scope, { always: [], size })) {
    for (const { index, body } of page) {
      // Leaves are canonical JSON objects with these members (LEAF-1).
      const leaf = JSON.parse(Buffer.from(body).toString("utf8")) as ScopedLeaf;
      const isWanted = types === null || types.includes(leaf.type);
      if (!isWanted || !sort(leaf).isOfPeriod) continue;
      requireHeld(body, { held: await logNodes({ height: 0, index }), index });
      yield { index, body, leaf };
    }
  }
}

/** Writes one line of JSON after the other. */
export class JsonLines {
  readonly #parts: ExportParts;
  #rows = 0;

  constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  /** Throws EXPORT_TOO_LARGE. */
  async add(line: Readonly<Record<string, unknown>>): Promise<void> {
    this.#rows += 1;
    if (this.#rows > EXPORT_ROWS_MAX)
      throw new Failure("EXPORT_TOO_LARGE", { rowsMax: EXPORT_ROWS_MAX });
    await this.#parts.write(Buffer.from(`${JSON.stringify(line)}\n`, "utf8"));
  }

  async end({ scope }: LoggedPeriod): Promise<MadeLines> {
    const file = await this.#parts.end();
    return { file, rows: this.#rows, organisation: scope.organisation };
  }
}

/**
 * Writes the entries of a period, oldest first: index in the log, the leaf, and its C2SP tlog-proof
 * under the last checkpoint. Throws as `loggedPeriod`, and EXPORT_TOO_LARGE.
 */
export async function makeEntries(
  vault: Vault,
  order: ExportOrder,
  parts: ExportParts,
): Promise<MadeLines> {
  const period = await loggedPeriod(vault, order);
  const { tree, logNodes } = period;
  const checkpoint = Buffer.from(tree.note).toString("utf8");
  const { question } = order;
  const lines = new JsonLines(parts);
  const types = question === null ? null : LOG_QUESTIONS[question];
  for await (const { index, leaf } of periodLeaves(vault, period, types)) {
    const path = await inclusionProof(logNodes, index, tree.checkpoint.size);
    await lines.add({ index, leaf, proof: proofText({ index, path, checkpoint }) });
  }
  return lines.end(period);
}
