/**
 * A process of its own that takes in what waits and may kill itself at a step, or works beside
 * others until it is told to stop. Words: database URL, base folder, `die N` or `work N`, and the
 * tenant if the log is its own.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../src/store/pool.ts";
import { openIn, sequencerOf, writeLeaves } from "./fresh-log.ts";

const [url = "", base = "", what = "", count = "0", id] = process.argv.slice(2);
const database = openDatabase({ url }, { connectionsMax: 4 });
const log = await openIn(base, database, id);

async function die(at: number): Promise<void> {
  let step = 0;
  const sequencer = sequencerOf(log, (name) => {
    step += 1;
    if (step !== at) return;
    process.stdout.write(`${name}\n`);
    process.kill(process.pid, "SIGKILL");
  });
  await sequencer.integrate();
}

/** Writes leaves and takes them in, as a server does, against others that do the same. */
async function work(rounds: number): Promise<void> {
  const sequencer = sequencerOf(log);
  for (let round = 0; round < rounds; round += 1) {
    const ids = await writeLeaves(database, 1 + (round % 7), id);
    process.stdout.write(`${ids.join("\n")}\n`);
    await sequencer.integrate().catch(() => undefined);
    await sleep(Math.random() * 5);
  }
}

await (what === "die" ? die(Number(count)) : work(Number(count)));
await database.close();
await log.keys.close();
