/** Which compartments a run destroys, and which wait for another day or for a person (P7). */
import { LANES } from "../keystore/compartment-record.ts";
import type { CompartmentRecord } from "../keystore/compartment-record.ts";
import type { Tombstone } from "../keystore/tombstone.ts";
import { isLate, portionOf, weightOf } from "../rules/brake.ts";
import type { Weight } from "../rules/brake.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { dyingIn, livingIn } from "./tally.ts";
import type { Tallies } from "./tally.ts";
import type { Vault } from "./vault.ts";

/** Late ones that a run leaves. */
export interface Waiting {
  readonly compartments: number;
  readonly waybills: number;
  /** Whether the oldest of a tenant is too large for any day's portion: a person has to say so. */
  readonly needsPerson: boolean;
}

export interface RunPortion {
  readonly dying: ReadonlySet<number>;
  readonly waiting: Waiting;
}

export interface PortionAsked {
  readonly on: Day;
  readonly records: readonly CompartmentRecord[];
  readonly tallies: Tallies;
  readonly tombstones: readonly Tombstone[];
  /** What a person allows for this run, 1 to 100; null for the share that is set, once a day. */
  readonly allowed: number | null;
}

interface Weighed extends Weight {
  readonly record: CompartmentRecord;
}

function keysOf({ ceiling }: CompartmentRecord): number {
  return ceiling * LANES;
}

/** Whether the tenant's portion of today has died already: the key store itself knows. */
function isUsedUp(vault: Vault, tombstones: readonly Tombstone[], today: Day): boolean {
  return tombstones.some(
    ({ destroyedAt, dayOfDeath }) =>
      dayOf(destroyedAt, vault.timeZone) === today && isLate(dayOfDeath, today),
  );
}

/** One tenant's part of the run. */
function portionOfTenant(vault: Vault, asked: PortionAsked): RunPortion {
  const { on, records, tallies, tombstones, allowed } = asked;
  const today = dayOf(vault.now(), vault.timeZone);
  const due = records.filter(({ dayOfDeath }) => dayOfDeath <= on);
  const late: Weighed[] = due
    .filter(({ dayOfDeath }) => isLate(dayOfDeath, today))
    .toSorted((a, b) => (a.dayOfDeath < b.dayOfDeath ? -1 : 1))
    .map((record) => ({
      record,
      waybills: dyingIn(tallies, record.serial),
      keys: keysOf(record),
    }));
  const living = weightOf(
    records.map((record) => ({ waybills: livingIn(tallies, record.serial), keys: keysOf(record) })),
  );
  const isOver = allowed === null && isUsedUp(vault, tombstones, today);
  const portion = isOver ? [] : portionOf(late, living, allowed ?? vault.brakes.sharePercent);
  const left = late.slice(portion.length);
  const waits = new Set(left.map(({ record }) => record.serial));
  return {
    dying: new Set(due.map(({ serial }) => serial).filter((serial) => !waits.has(serial))),
    waiting: {
      compartments: left.length,
      waybills: weightOf(left).waybills,
      needsPerson: !isOver && left.length > 0 && portion.length === 0,
    },
  };
}

/** What a run on `on` destroys of every tenant; each has a share of its own. */
export function portionOfRun(vault: Vault, asked: PortionAsked): RunPortion {
  const tenants = new Set(asked.records.map(({ tenant }) => tenant));
  const parts = [...tenants].map((tenant) => {
    const isOwn = (one: { readonly tenant: string }): boolean => one.tenant === tenant;
    const records = asked.records.filter(isOwn);
    const tombstones = asked.tombstones.filter(isOwn);
    return portionOfTenant(vault, { ...asked, records, tombstones });
  });
  const waiting = parts.map((part) => part.waiting);
  return {
    dying: new Set(parts.flatMap(({ dying }) => [...dying])),
    waiting: {
      compartments: waiting.reduce((sum, { compartments }) => sum + compartments, 0),
      waybills: waiting.reduce((sum, { waybills }) => sum + waybills, 0),
      needsPerson: waiting.some(({ needsPerson }) => needsPerson),
    },
  };
}
