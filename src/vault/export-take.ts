/** The download of an export, once the entry that tells of it is durable (P11). */
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import type { ExportFormat } from "../rules/export.ts";
import { Failure } from "../rules/failure.ts";
import { setExportTaken } from "../store/export.ts";
import { transaction } from "../store/pool.ts";
import { openExport } from "./export-own.ts";
import type { SeenExport, WhichExport } from "./export-own.ts";
import { readParts } from "./export-parts.ts";
import { drawMaskedList } from "./masked-list.ts";
import type { DrawnList } from "./masked-list.ts";
import type { Vault } from "./vault.ts";

/** A file that is kept. */
export interface KeptFile {
  readonly bytes: number;
  readonly sha256: Uint8Array;
  /** Id of the entry that tells of the first download, hex. */
  readonly entry: string;
  /** The bytes from `from` up to `to`; throws EXPORT_UNKNOWN when it is taken away meanwhile. */
  readonly read: (from: number, to: number) => AsyncGenerator<Uint8Array>;
}

/** What is downloaded: a file that is kept, or one that is made while it is read. */
export type TakenExport =
  | { readonly format: ExportFormat; readonly kept: KeptFile }
  | { readonly format: ExportFormat; readonly drawn: DrawnList };

async function takenEntry(vault: Vault, row: SeenExport, actor: Actor): Promise<string> {
  if (row.takenEntry !== null) return row.takenEntry;
  const digest = Buffer.from(row.sha256 ?? []).toString("hex");
  const { id: request, kind: mode, purpose } = row;
  return transaction(vault.database, async (connection) => {
    const about = { request, mode, digest, purpose: purpose ?? "inspection" };
    const entry = await writeEntry(vault, connection, { type: "export", actor, ...about });
    await setExportTaken(connection, row.id, entry);
    return entry;
  });
}

/**
 * What is downloaded. Of a file that is kept the first download is an entry, of a list that is
 * drawn each. Throws as `openExport`, EXPORT_NOT_READY while it is being made or when making it
 * failed, and as `drawMaskedList`.
 */
export async function takeExport(vault: Vault, which: WhichExport): Promise<TakenExport> {
  const { actor } = which;
  const row = await openExport(vault, which);
  const { id, state, bytes, sha256, format } = row;
  if (state !== "ready") throw new Failure("EXPORT_NOT_READY", { state });
  if (bytes === null || sha256 === null) {
    // No list is written as an archive.
    if (format === "zip") throw new Failure("EXPORT_NOT_READY", { state });
    return { format, drawn: await drawMaskedList(vault, { ...row, format }, actor) };
  }
  const entry = await takenEntry(vault, row, actor);
  const read = (from: number, to: number) => readParts(vault, id, { from, to });
  return { format, kept: { bytes, sha256, entry, read } };
}
