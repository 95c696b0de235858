/** What a long file of labels costs in memory: `npm run bench -- label --many 100000`. */
import process from "node:process";
import type { Fonts } from "../src/label/font.ts";
import type { PrintableLabel } from "../src/label/gate.ts";
import { writePdf } from "../src/label/pdf.ts";
import type { Labels } from "../src/label/pdf.ts";
import { writePrinterFile } from "../src/label/printer-file.ts";
import { byteSink } from "./byte-sink.ts";
import { orderCells } from "./order-file.ts";
import type { OrderCells } from "./order-file.ts";

const MIB = 1024 ** 2;
/** Memory is looked at after so many labels, and the peaks up to these two are compared. */
const LOOK_EVERY = 500;
const EARLY = 10_000;

interface Making {
  readonly fonts: Fonts;
  readonly stop: AbortSignal;
  readonly make: (cells: OrderCells) => PrintableLabel;
}

/** The labels one by one, telling every so many that it is time to look at the memory. */
function* labelsOf(
  count: number,
  { stop, make }: Making,
  tell: (done: number) => void,
): Generator<PrintableLabel> {
  let done = 0;
  for (const cells of orderCells({ rows: count, seed: 9 })) {
    stop.throwIfAborted();
    yield make(cells);
    done += 1;
    if (done % LOOK_EVERY === 0 || done === count) tell(done);
  }
}

async function measureFile(
  what: string,
  count: number,
  making: Making & { readonly write: (labels: Labels) => Promise<number> },
): Promise<void> {
  const early = Math.min(EARLY, Math.ceil(count / 10));
  const peak = { early: 0, all: 0 };
  const look = (): number => process.memoryUsage().rss / MIB;
  const began = performance.now();
  const tell = (done: number): void => {
    peak.all = Math.max(peak.all, look());
    if (done <= early) peak.early = peak.all;
  };
  const bytes = await making.write(labelsOf(count, making, tell));
  // What the end of the file takes counts as well.
  peak.all = Math.max(peak.all, look());
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${what}: ${count} labels, ${(bytes / MIB).toFixed(0)} MiB, ${seconds.toFixed(0)} s; peak of ` +
      `the process ${peak.early.toFixed(0)} MiB up to ${early}, ${peak.all.toFixed(0)} to the end`,
  );
}

/** Writes a file of that many labels as ZPL and as PDF, and prints what the process held. */
export async function measureMany(count: number, making: Making): Promise<void> {
  const { fonts } = making;
  await measureFile("ZPL", count, {
    ...making,
    write: async (labels) => {
      let bytes = 0;
      const take = async (job: Uint8Array): Promise<void> => void (bytes += job.length);
      await writePrinterFile(labels, take, { format: "zpl", dpi: 203, fonts });
      return bytes;
    },
  });
  await measureFile("PDF", count, {
    ...making,
    write: async (labels) => {
      const sink = byteSink();
      await writePdf(labels, sink.out, { fonts, createdAt: new Date(0) });
      return sink.bytes();
    },
  });
}
