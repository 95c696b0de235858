/**
 * The seasons in which waybills were sealed, and when their keys are due: the key of a season tags
 * the fingerprints of whole recipients (blind-index.md), and dies when nothing lives any more that
 * was sealed in that quarter.
 */
import { addDays, dayOf, parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import type { Connection } from "../store/query.ts";
import { daysEverSaid } from "../store/retention-term.ts";
import { sealedSpan } from "../store/shell.ts";
import { seasonOf } from "./placement.ts";
import type { Vault } from "./vault.ts";

const NAME = /^season-(\d{4})Q([1-4])$/;
const MONTHS = 3;

/** The first day of the quarter after `season`. Throws RangeError for what is no season. */
function dayAfter(season: string): Day {
  const [, year = "", quarter = ""] = NAME.exec(season) ?? [];
  const month = Number(quarter) * MONTHS + 1;
  const text =
    month > 12 ? `${Number(year) + 1}-01-01` : `${year}-${String(month).padStart(2, "0")}-01`;
  const day = parseDay(text);
  if (day === null) throw new RangeError("a season is named by year and quarter");
  return day;
}

/** All terms that the tenant's persons ever had, in days. */
async function termsOf(vault: Vault, connection: Connection): Promise<readonly number[]> {
  return [
    vault.tenant.personsDays,
    ...(await daysEverSaid(connection, vault.tenant.id, "persons")),
  ];
}

/**
 * The day on which the key of `season` is due: the last waybill sealed in it, with the longest of
 * the terms there ever were, dies on that day.
 */
export async function seasonDueOn(
  vault: Vault,
  connection: Connection,
  season: string,
): Promise<Day> {
  const terms = await termsOf(vault, connection);
  return addDays(dayAfter(season), Math.max(...terms) - 1);
}

export interface SealedIn {
  readonly serial: number;
  /** One waybill of the compartment; all of them when it is not given. */
  readonly slot?: number;
  readonly dayOfDeath: Day;
  readonly shellWeek: Day;
}

/**
 * The seasons in which the waybills of a compartment were sealed, or one of them; by the terms that
 * there were, where no shell is left.
 */
export async function seasonsOf(
  vault: Vault,
  connection: Connection,
  place: SealedIn,
): Promise<string[]> {
  const span = await sealedSpan(connection, place);
  const days =
    span === null
      ? (await termsOf(vault, connection)).map((term) => addDays(place.dayOfDeath, -term))
      : daysFrom(dayOf(span.first, vault.timeZone), dayOf(span.last, vault.timeZone));
  return [...new Set(days.map(seasonOf))].toSorted();
}

/** Every day of a span; a compartment is sealed within one term, which has an end. */
function daysFrom(first: Day, last: Day): Day[] {
  const days = [first];
  for (let day = first; day < last;) days.push((day = addDays(day, 1)));
  return days;
}
