/** `npm run bench -- label`: labels a second in every format, and the same drawn plainly. */
import process from "node:process";
import { parseArgs } from "node:util";
import { openFonts } from "../src/main.ts";
import type { Fonts } from "../src/label/font.ts";
import { drawLabel } from "../src/label/format.ts";
import type { DrawnFormat } from "../src/label/format.ts";
import type { PrintableLabel } from "../src/label/gate.ts";
import type { Dpi } from "../src/label/page.ts";
import { writePdf } from "../src/label/pdf.ts";
import { printedList } from "../src/label/printed-list.ts";
import { plainCanvas, plainPdf } from "./label-rival.ts";
import { measureMany } from "./label-file.ts";
import { labelMaker, ticketOf } from "./label-maker.ts";
import { machineLines } from "./machine.ts";
import { byteSink } from "./byte-sink.ts";
import { orderCells } from "./order-file.ts";
import type { OrderCells } from "./order-file.ts";

const ROWS = 1000;
const ROWS_MAX = 100_000;
const WARM_UP = 200;
const CREATED_AT = new Date("2026-01-01T00:00:00Z");
const DRAWN: readonly DrawnFormat[] = ["png", "svg", "zpl", "tspl", "cpcl"];

interface Figure {
  readonly what: string;
  readonly count: number;
  readonly bytes?: number;
}

/** Prints rates by the clock, and by the seconds of a core, which load does not stretch. */
async function timed(measure: () => Promise<Figure> | Figure): Promise<number> {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const { what, count, bytes } = await measure();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const core = (user + system) / 1e6;
  const size = bytes === undefined ? "" : `${(bytes / 1024 / count).toFixed(1)} KiB a label`;
  const rates = [count / seconds, count / core].map((rate) => rate.toFixed(0).padStart(7));
  console.log(`${what.padEnd(24)}${rates.join(" /s")} /core-s  ${size}`);
  return count / core;
}

async function pdfFigure(
  what: string,
  labels: readonly PrintableLabel[],
  fonts: Fonts,
): Promise<Figure> {
  const sink = byteSink();
  await writePdf(labels, sink.out, { fonts, createdAt: CREATED_AT });
  return { what, count: labels.length, bytes: sink.bytes() };
}

function drawnFigure(
  what: string,
  labels: readonly PrintableLabel[],
  drawing: { format: DrawnFormat; dpi: Dpi; fonts: Fonts },
): Figure {
  let bytes = 0;
  for (const label of labels) bytes += drawLabel(label, drawing).length;
  return { what, count: labels.length, bytes };
}

/** How long the first label of a fresh process takes, fonts and templates included. */
function firstLabel(cells: OrderCells): Fonts {
  const began = performance.now();
  const fonts = openFonts();
  const opened = performance.now();
  const label = labelMaker()(cells, "");
  const made = performance.now();
  drawLabel(label, { format: "png", dpi: 203, fonts });
  const [toOpen, toMake, toDraw] = [opened - began, made - opened, performance.now() - made];
  console.log(
    `first label             ${(toOpen + toMake + toDraw).toFixed(0)} ms: fonts ` +
      `${toOpen.toFixed(0)}, places and mask ${toMake.toFixed(0)}, PNG ${toDraw.toFixed(0)}`,
  );
  return fonts;
}

async function everyFormat(
  fonts: Fonts,
  make: (ticket: boolean) => PrintableLabel[],
  dpis: readonly Dpi[],
): Promise<Map<string, number>> {
  const rates = new Map<string, number>();
  for (const hasTicket of [false, true]) {
    const mark = hasTicket ? " with 2-D code" : "";
    const pdf = `pdf${mark}`;
    // Labels are made anew for each format, since a label is laid out only once.
    const forPdf = make(hasTicket);
    rates.set(pdf, await timed(() => pdfFigure(pdf, forPdf, fonts)));
    for (const dpi of dpis) {
      for (const format of DRAWN) {
        const what = `${format} ${dpi}${mark}`;
        const labels = make(hasTicket);
        rates.set(what, await timed(() => drawnFigure(what, labels, { format, dpi, fonts })));
      }
    }
  }
  return rates;
}

/** The same lists drawn plainly, and how many times as fast ours are, by seconds of a core. */
async function besidePlain(
  labels: readonly PrintableLabel[],
  fonts: Fonts,
  rates: ReadonlyMap<string, number>,
): Promise<void> {
  const lists = labels.map((label) => printedList(label, fonts));
  const rivals = [
    { ours: "pdf", draw: plainPdf },
    { ours: "png 203", draw: plainCanvas },
  ];
  for (const { ours, draw } of rivals) {
    const tried = await draw(lists.slice(0, 1));
    if (tried === null) {
      console.log(`  beside ${ours}: not installed: npm ci --prefix bench/rival`);
      continue;
    }
    const plain = await timed(async () => {
      const drawn = await draw(lists);
      return { what: `  plain ${tried.by}`, count: lists.length, bytes: drawn?.bytes ?? 0 };
    });
    console.log(`  ${ours} is ${((rates.get(ours) ?? 0) / plain).toFixed(1)} times as fast`);
  }
}

/** Prints the rates of masking with the gate and of every format, and of the rivals. */
export async function benchLabels(words: readonly string[], stop: AbortSignal): Promise<void> {
  const options = { rows: { type: "string" }, many: { type: "string" } } as const;
  const { values } = parseArgs({ args: [...words], options });
  const count = Math.min(Number(values.rows ?? ROWS), ROWS_MAX);
  const rows = [...orderCells({ rows: count, seed: 9 })];
  for (const line of machineLines()) console.log(line);
  const fonts = firstLabel(rows[0] ?? []);
  const maker = labelMaker();
  const make = (hasTicket: boolean): PrintableLabel[] =>
    rows.map((cells, index) => maker(cells, hasTicket ? ticketOf(index) : ""));
  if (values.many !== undefined) {
    const many = Math.min(Number(values.many), ROWS_MAX);
    return measureMany(many, { fonts, stop, make: (cells) => maker(cells, "") });
  }
  // The compiler of the runtime takes a while to find what is worth its time.
  for (const format of DRAWN)
    for (const label of make(true).slice(0, WARM_UP)) drawLabel(label, { format, dpi: 203, fonts });
  await writePdf(make(true).slice(0, WARM_UP), byteSink().out, { fonts, createdAt: CREATED_AT });
  await timed(() => ({ what: "mask and gate", count: make(false).length }));
  const rates = await everyFormat(fonts, make, [203, 300]);
  await besidePlain(make(false).slice(0, 300), fonts, rates);
}
