/** Which blind indexes nothing that lives needs any more, and their end (P18). */
import type { CompartmentRecord } from "../keystore/compartment-record.ts";
import { addDays, dayOf, mondayOf, parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { connected } from "../store/pool.ts";
import { daysEverSaid } from "../store/retention-term.ts";
import { seasonOf } from "./placement.ts";
import type { Vault } from "./vault.ts";

/** A week is over when its Sunday has passed and none of its compartments lives. */
function deadWeeks(epochs: readonly string[], living: ReadonlySet<Day>, today: Day): Day[] {
  return epochs
    .map(parseDay)
    .filter((week) => week !== null)
    .filter((week) => !living.has(week) && addDays(week, 7) <= today);
}

/**
 * Seasons before this one in which nothing that lives was sealed. A compartment that lives was
 * sealed one of the tenant's terms, of today or earlier, before its day of death.
 */
async function deadSeasons(
  vault: Vault,
  records: readonly CompartmentRecord[],
  epochs: string[],
): Promise<string[]> {
  const said = await connected(vault.database, async (connection) =>
    daysEverSaid(connection, vault.tenant.id, "persons"),
  );
  const living = records.flatMap(({ dayOfDeath }) =>
    [vault.tenant.personsDays, ...said].map((term) => seasonOf(addDays(dayOfDeath, -term))),
  );
  const needed = new Set([...living, seasonOf(dayOf(vault.now(), vault.timeZone))]);
  return epochs.filter((epoch) => parseDay(epoch) === null && !needed.has(epoch));
}

async function ownRecords(vault: Vault): Promise<CompartmentRecord[]> {
  return (await vault.keys.list()).filter((record) => record.tenant === vault.tenant.id);
}

/** Destroys the tenant's index keys of weeks and seasons that nothing living needs. */
export async function dropIndexes(vault: Vault, today: Day): Promise<void> {
  const records = await ownRecords(vault);
  const living = new Set(records.map((record) => mondayOf(record.dayOfDeath)));
  const epochs = await vault.keys.indexEpochs(vault.tenant.id);
  const dead = [
    ...deadWeeks(epochs, living, today),
    ...(await deadSeasons(vault, records, epochs)),
  ];
  for (const epoch of dead) await vault.keys.destroyIndexKey(vault.tenant.id, epoch);
}
