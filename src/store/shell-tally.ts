/** How many waybills of a compartment die with it, and how many die by themselves (P7). */
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { wholeNumber } from "./row.ts";
import type { SlotsByCompartment } from "./slots.ts";
import { int4Array, int8Array } from "./wire.ts";

/** What the shells of one compartment come to; a waybill is in one of the three only. */
export interface ShellTally {
  /** They die, or died, when their compartment does. */
  readonly dying: number;
  /** They were erased before it. */
  readonly erased: number;
  /** A hold keeps them past it, or kept them. */
  readonly kept: number;
}

/** Slots that do not die with the rest, as the key store tells them (`singleLeaves`). */
export interface SingleSlots {
  readonly erased: SlotsByCompartment;
  readonly kept: SlotsByCompartment;
}

const NONE: ShellTally = { dying: 0, erased: 0, kept: 0 };

/** The places as two arrays of one length. */
function placeArrays(places: SlotsByCompartment): [Buffer, Buffer] {
  const pairs = [...places].flatMap(([serial, slots]) => slots.map((slot) => [serial, slot]));
  return [
    int8Array(pairs.map(([serial = 0]) => serial)),
    int4Array(pairs.map(([, slot = 0]) => slot)),
  ];
}

/**
 * Counts the shells of `compartments`; each is in the map, also an empty one. This is the one count
 * of what a death takes: plan, entries, reports, certificates and status agree by it. A shell that
 * says that it was erased counts so also where the key store is an older one and forgot it.
 */
export async function tallyShells(
  connection: Connection,
  compartments: readonly number[],
  { erased, kept }: SingleSlots,
): Promise<ReadonlyMap<number, ShellTally>> {
  const rows = await query(connection, {
    text: `
      select shell.compartment, count(*) as shells, count(kept.slot) as kept,
        count(*) filter (where kept.slot is null
          and (erased.slot is not null or shell.state = 'erased')) as erased
      from shell
        left join unnest($2::bigint[], $3::integer[]) as erased (compartment, slot)
          on erased.compartment = shell.compartment and erased.slot = shell.slot
        left join unnest($4::bigint[], $5::integer[]) as kept (compartment, slot)
          on kept.compartment = shell.compartment and kept.slot = shell.slot
      where shell.compartment = any($1::bigint[])
      group by shell.compartment`,
    values: [int8Array(compartments), ...placeArrays(erased), ...placeArrays(kept)],
  });
  const tallies = new Map(compartments.map((serial) => [serial, NONE]));
  for (const row of rows) {
    const one = { erased: wholeNumber(row, "erased"), kept: wholeNumber(row, "kept") };
    const dying = wholeNumber(row, "shells") - one.erased - one.kept;
    tallies.set(wholeNumber(row, "compartment"), { dying, ...one });
  }
  return tallies;
}
