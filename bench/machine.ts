/** What a figure needs beside it: the machine, its versions and how busy it was. */
import { cpus, loadavg, release, totalmem } from "node:os";
import process from "node:process";

const GIB = 1024 ** 3;

/** One line each for machine, versions and load, ready to stand in docs/performance.md. */
export function machineLines(): string[] {
  const cores = cpus();
  const memory = (totalmem() / GIB).toFixed(0);
  const load = loadavg().map((value) => value.toFixed(2));
  return [
    `date     ${new Date().toISOString()}`,
    `command  npm run bench -- ${process.argv.slice(2).join(" ")}`,
    `machine  ${cores[0]?.model.trim() ?? "unknown"}, ${cores.length} cores, ${memory} GiB`,
    `system   ${process.platform} ${release()}, Node ${process.version}`,
    `load     ${load.join(" ")} (1, 5, 15 minutes) before the run`,
  ];
}

/** The middle one, or the mean of the two in the middle. RangeError when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError("nothing was measured");
  return (upper + lower) / 2;
}
