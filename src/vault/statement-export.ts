/**
 * Statements (合规声明) of the labels of a period, to be taken away: each with the proof that
 * `midan statement verify` checks without us (P14).
 */
import { isFailure } from "../rules/failure.ts";
import { connected } from "../store/pool.ts";
import { statementsOfBatch } from "../store/statement.ts";
import type { StatementRow } from "../store/statement.ts";
import type { ExportOrder } from "./export-asked.ts";
import type { ExportParts } from "./export-parts.ts";
import { JsonLines, loggedPeriod, periodLeaves } from "./log-export.ts";
import type { LoggedPeriod, MadeLines, PeriodLeaf } from "./log-export.ts";
import { provenBatch, statementProofOf } from "./statement-proof.ts";
import type { ProvenBatch } from "./statement-proof.ts";
import type { Vault } from "./vault.ts";

/** Null where a part of the batch is gone with the shells of its waybills. */
function batchOf(
  period: LoggedPeriod,
  entry: PeriodLeaf,
  rows: readonly StatementRow[],
): ProvenBatch | null {
  try {
    const items = rows.map(({ body }) => body);
    return provenBatch(period, entry, items);
  } catch (error) {
    if (isFailure(error, "STATEMENT_INCOMPLETE")) return null;
    throw error;
  }
}

async function* linesOf(vault: Vault, period: LoggedPeriod, entry: PeriodLeaf) {
  const { index, leaf } = entry;
  const rows = await connected(vault.database, async (connection) =>
    statementsOfBatch(connection, Buffer.from(leaf.id, "hex")),
  );
  const batch = batchOf(period, entry, rows);
  const told = { index, entry: leaf.id };
  if (batch === null) {
    yield { ok: false, ...told, code: "STATEMENT_INCOMPLETE" };
    return;
  }
  for (const [at, { body, printNo: printNumber }] of rows.entries()) {
    // Statements are canonical JSON objects; those of version 1 name no token.
    const statement = JSON.parse(Buffer.from(body).toString("utf8")) as { readonly token?: string };
    const { token = null } = statement;
    const proof = await statementProofOf(batch, at);
    yield { ok: true, ...told, token, printNumber, statement, proof };
  }
}

/**
 * Writes the statements of the labels that were printed in a period from the organisation or below,
 * in the order of the log. A batch of which a part is gone is one line that says so. Throws as
 * `loggedPeriod`, and EXPORT_TOO_LARGE.
 */
export async function makeStatements(
  vault: Vault,
  order: ExportOrder,
  parts: ExportParts,
): Promise<MadeLines> {
  const period = await loggedPeriod(vault, order);
  const lines = new JsonLines(parts);
  for await (const entry of periodLeaves(vault, period, ["print-batch"]))
    for await (const line of linesOf(vault, period, entry)) await lines.add(line);
  return lines.end(period);
}
