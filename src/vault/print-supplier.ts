/** What a merchant may print: its own, and what was handed to it as a supplier, on those terms. */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { USUAL_SIZE } from "../label/label-size.ts";
import type { LabelSize } from "../label/label-size.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure, isLasting } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { countSupplierPrints } from "../store/drop-ship.ts";
import type { Connection } from "../store/query.ts";
import type { OpenedView } from "./open-views.ts";
import { ownershipFor } from "./ownership.ts";
import type { Ownership } from "./ownership.ts";
import type { Vault } from "./vault.ts";

export interface Printer {
  readonly actor: Actor;
  readonly size?: LabelSize;
}

/** What may be printed, and which of it is another merchant's. */
export interface Printable {
  readonly printings: readonly OpenedView[];
  readonly supplied: readonly OpenedView[];
}

async function requirePrintable(
  vault: Vault,
  { actor, size = USUAL_SIZE }: Printer,
  { place, supplied }: Ownership,
): Promise<void> {
  if (place !== "own") await authorise(vault, { actor, verb: "print" }, { place });
  if (supplied === null) return;
  if (supplied.isPickedUp) throw new Failure("DROP_SHIP_LATE");
  if (supplied.size !== size) throw new Failure("LABEL_SIZE_NOT_ALLOWED");
  if (supplied.prints >= supplied.printsMax) throw new Failure("DROP_SHIP_SPENT");
}

/** Those of `opened` that the printer may print; of each other one `refuse` is told why. */
export async function printableBy(
  vault: Vault,
  printer: Printer,
  asked: {
    readonly opened: readonly OpenedView[];
    readonly refuse: (refused: { readonly token: string; readonly code: FailureCode }) => void;
  },
): Promise<Printable> {
  const { opened, refuse } = asked;
  const shells = opened.map(({ shell }) => shell);
  const owned = await ownershipFor(vault, printer.actor, shells);
  const printings: OpenedView[] = [];
  const supplied: OpenedView[] = [];
  for (const one of opened) {
    const terms = owned(one.shell);
    try {
      await requirePrintable(vault, printer, terms);
      printings.push(one);
      if (terms.supplied !== null) supplied.push(one);
    } catch (error) {
      if (!isLasting(error)) throw error;
      refuse({ token: one.token, code: error.code });
    }
  }
  return { printings, supplied };
}

/**
 * Counts the prints of what was handed to a supplier, in the transaction that records them. Throws
 * WAYBILL_MOVING where one was withdrawn, or printed elsewhere, since it was looked up.
 */
export async function countSupplied(
  vault: Vault,
  connection: Connection,
  printed: { readonly printer: Printer; readonly supplied: readonly OpenedView[] },
): Promise<void> {
  const { actor, size = USUAL_SIZE } = printed.printer;
  const { organisationId: supplierId } = actor;
  if (supplierId === null) return;
  const today = dayOf(vault.now(), vault.timeZone);
  const groups = Map.groupBy(printed.supplied, ({ shell }) => shell.compartment);
  for (const [compartment, group] of [...groups].toSorted(([a], [b]) => a - b)) {
    const slots = group.map(({ shell }) => shell.slot);
    const within = { compartment, supplierId, size, today };
    const counted = await countSupplierPrints(connection, within, slots);
    if (counted !== slots.length) throw new Failure("WAYBILL_MOVING");
  }
}
