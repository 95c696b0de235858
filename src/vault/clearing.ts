/** Clearing (P8): what is left of dead waybills goes at the end of its own, longer term. */
import { addDays } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { dropDeadEvidence } from "../store/break-glass.ts";
import { dropDeadRealNames } from "../store/real-name.ts";
import { isFailure } from "../rules/failure.ts";
import { purgeIntake } from "../store/intake.ts";
import { dropShellWeek, weeksOf } from "../store/partition.ts";
import { connected } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

const INTAKE_ROWS_AT_ONCE = 20_000;

/** A week of which a compartment still lives, since its shred was braked, waits for a later run. */
async function dropIfDead(vault: Vault, week: Day, today: Day): Promise<void> {
  try {
    await dropShellWeek(vault.database, week, { today });
  } catch (error) {
    if (!isFailure(error, "WEEK_ALIVE")) throw error;
  }
}

async function clearShells(vault: Vault, today: Day): Promise<void> {
  const weeks = await connected(vault.database, async (connection) => weeksOf(connection, "shell"));
  for (const week of weeks.filter((monday) => addDays(monday, 7) <= today)) {
    await dropIfDead(vault, week, today);
  }
}

async function clearIntake(vault: Vault, today: Day): Promise<void> {
  for (;;) {
    const gone = await connected(vault.database, async (connection) =>
      purgeIntake(connection, today, INTAKE_ROWS_AT_ONCE),
    );
    if (gone < INTAKE_ROWS_AT_ONCE) return;
  }
}

/**
 * Drops shells and statements of weeks that are over, intake rows past their last day, copies of
 * evidence whose waybill is dead, and real-name records past their day.
 */
export async function clearExpired(vault: Vault, today: Day): Promise<void> {
  await clearShells(vault, today);
  await clearIntake(vault, today);
  await connected(vault.database, async (connection) => {
    await dropDeadEvidence(connection, today);
    await dropDeadRealNames(connection, today);
  });
}
