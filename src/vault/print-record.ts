/**
 * What is written of a batch before its labels leave (P14): statements, the entry with the root of
 * their tree, and that the waybills are printed; all of it commits together.
 */
import type { Actor } from "../access/actor.ts";
import { newEntry } from "../access/entry.ts";
import { tellWebhooks } from "../access/webhook.ts";
import { LEAF_ID_BYTES } from "../audit/leaf.ts";
import { merkleRoot } from "../audit/merkle.ts";
import type { PrintableLabel } from "../label/gate.ts";
import { insertLeaves } from "../store/audit-leaf.ts";
import { transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { setShellState } from "../store/shell.ts";
import { copyStatements } from "../store/statement.ts";
import type { StatementRow } from "../store/statement.ts";
import type { OpenedView } from "./open-views.ts";
import { lockPrinted } from "./print-lock.ts";
import { countSupplied } from "./print-supplier.ts";
import type { Printable } from "./print-supplier.ts";
import { batchEvent } from "./told-event.ts";
import type { Vault } from "./vault.ts";

/** A label that passed gate and layout, and the bytes of its statement. */
export interface Ready {
  readonly printing: OpenedView;
  readonly label: PrintableLabel;
  readonly printNumber: number;
  readonly statement: Uint8Array;
}

export interface ReadyBatch {
  readonly ready: readonly Ready[];
  /** Those that a supplier prints, whose prints are counted. */
  readonly supplied: Printable["supplied"];
  readonly printer: Parameters<typeof countSupplied>[2]["printer"];
  readonly actor: Actor;
  readonly at: Date;
}

function statementRows({ ready, at }: ReadyBatch, batchLeaf: Uint8Array): StatementRow[] {
  return ready.map(({ printing: { shell }, printNumber, statement }, batchIndex) => ({
    shellWeek: shell.shellWeek,
    compartment: shell.compartment,
    slot: shell.slot,
    bucket: shell.bucket,
    printNo: printNumber,
    batchLeaf,
    batchIndex,
    body: statement,
    printedAt: at,
  }));
}

function entryOf(vault: Vault, { ready, actor }: ReadyBatch) {
  const first = ready[0]?.label;
  return newEntry(vault, {
    type: "print-batch",
    actor,
    id: vault.randomBytes(LEAF_ID_BYTES),
    count: ready.length,
    root: Buffer.from(merkleRoot(ready.map(({ statement }) => statement))).toString("hex"),
    ...(first === undefined ? {} : { profile: first.profile, rule: first.ruleVersion }),
  });
}

async function markPrinted(
  connection: Connection,
  printings: readonly OpenedView[],
): Promise<void> {
  const shells = printings.map(({ shell }) => shell);
  for (const [compartment, group] of Map.groupBy(shells, (shell) => shell.compartment)) {
    const shellWeek = group[0]?.shellWeek;
    if (shellWeek === undefined) continue;
    const slots = group.map(({ slot }) => slot);
    await setShellState(connection, { shellWeek, compartment, slots }, "printed");
  }
}

/**
 * Writes down a batch and returns the id of its entry, hex. Throws WAYBILL_MOVING, or
 * DATABASE_FAILED with `sqlstate` 23505, where one of them moved or was printed meanwhile, and what
 * `countSupplied` throws; nothing is written then.
 */
export async function recordBatch(vault: Vault, batch: ReadyBatch): Promise<string> {
  const { ready, supplied, printer } = batch;
  const printings = ready.map(({ printing }) => printing);
  const leaf = entryOf(vault, batch);
  await transaction(vault.database, async (connection) => {
    await lockPrinted(connection, printings);
    const counted = printings.filter((one) => supplied.includes(one));
    await countSupplied(vault, connection, { printer, supplied: counted });
    await insertLeaves(connection, [leaf]);
    await copyStatements(connection, statementRows(batch, leaf.id));
    await markPrinted(connection, printings);
    const tokens = printings.map(({ token }) => token);
    const data = batchEvent(tokens, leaf.id);
    await tellWebhooks(vault, connection, { event: "waybill.printed", data });
  });
  return Buffer.from(leaf.id).toString("hex");
}
