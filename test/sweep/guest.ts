/** A sweep in a process of its own, which a test ends in the middle; a line for each chunk. */
import { openOutside } from "../../src/sweep/outside.ts";
import { runSweep } from "../../src/sweep/run.ts";
import { target, VEIL } from "./table.ts";

const [, , url = "", table = ""] = process.argv;
const database = openOutside(url);
await runSweep(database, target(table), {
  veil: VEIL,
  pace: {
    chunkRows: 500,
    pauseMs: 20,
    onRows: (rows) => process.stdout.write(`${rows}\n`),
  },
  record: async () => Promise.resolve("never"),
});
await database.close();
