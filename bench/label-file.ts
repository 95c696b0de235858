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
const STEPS = 10;

interface Making {
  readonly fonts: Fonts;
  readonly stop: AbortSignal;
  readonly make: (cells: OrderCells) => PrintableLabel;
}

/** The labels one by one, telling at each tenth what the process holds. */
function* labelsOf(
  count: number,
  { stop, make }: Making,
  tell: (done: number) => void,
): Generator<PrintableLabel> {
  const step = Math.max(1, Math.floor(count / STEPS));
  let done = 0;
  for (const cells of orderCells({ rows: count, seed: 9 })) {
    stop.throwIfAborted();
    yield make(cells);
    done += 1;
    if (done % step === 0) tell(done);
  }
}

async function measureFile(
  what: string,
  count: number,
  making: Making & { readonly write: (labels: Labels) => Promise<number> },
): Promise<void> {
  const held: number[] = [];
  const began = performance.now();
  const tell = (): void => void held.push(process.memoryUsage().rss / MIB);
  const bytes = await making.write(labelsOf(count, making, tell));
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${what}: ${count} labels, ${(bytes / MIB).toFixed(0)} MiB, ${seconds.toFixed(0)} s; ` +
      `MiB held at each tenth: ${held.map((value) => value.toFixed(0)).join(" ")}`,
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
