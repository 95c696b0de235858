/**
 * A process that kills itself with SIGKILL while it clears a week: `node week-guest.ts URL WEEK
 * TODAY BATCH`, after that many transactions of 40 rows.
 */
import { parseDay } from "../../src/rules/calendar.ts";
import { dropShellWeek } from "../../src/store/partition.ts";
import { openDatabase } from "../../src/store/pool.ts";

const [, , url = "", week = "", until = "", batch = ""] = process.argv;
const [shellWeek, today] = [parseDay(week), parseDay(until)];
if (shellWeek === null || today === null) throw new RangeError("a week and a day");

let left = Number(batch);
const committed = async (): Promise<void> => {
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
  return Promise.resolve();
};
const database = openDatabase({ url });
await dropShellWeek(database, shellWeek, { today, batches: { rowsAtOnce: 40, committed } });
await database.close();
