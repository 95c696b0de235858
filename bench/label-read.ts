/**
 * `npm run bench -- label-read`: how many labels a scanner still reads when they are printed at 203
 * dpi, photographed and harmed. Bars and 2-D code are counted apart; a wrong text counts as worse
 * than none.
 */
import { parseArgs } from "node:util";
import { openFonts } from "../src/main.ts";
import type { DisplayList } from "../src/label/display-list.ts";
import { LABEL_SIZES } from "../src/label/label-size.ts";
import { burn } from "../src/label/page.ts";
import { printedList } from "../src/label/printed-list.ts";
import { percentOf } from "../src/rules/coverage.ts";
import { wilson } from "../src/rules/interval.ts";
import { readCodes } from "../test/label/codes.ts";
import type { Picture, ReadCode } from "../test/label/codes.ts";
import { labelMaker, ticketOf } from "./label-maker.ts";
import { machineLines } from "./machine.ts";
import { orderCells } from "./order-file.ts";
import { blurred, HARMS, normalised, photograph, rotated, seeded, sharpened } from "./photo.ts";
import type { Photo } from "./photo.ts";

const ROWS = 300;
const ROWS_MAX = 10_000;
const DPI = 203;

/** What is tried in turn until both codes are read. */
const PASSES: readonly ((photo: Photo) => Photo)[] = [
  (photo) => photo,
  normalised,
  (photo) => normalised(blurred(photo, 1)),
  (photo) => sharpened(photo, 2),
  ...[20, -20, 32, -32].map((degrees) => (photo: Photo) => rotated(photo, -degrees)),
];

interface Want {
  readonly bars: string;
  readonly ticket: string;
}

type Verdict = "read" | "missed" | "wrong";

interface Tally {
  readonly bars: Record<Verdict, number>;
  readonly ticket: Record<Verdict, number>;
}

function imageOf({ width, height, grey }: Photo): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  grey.forEach((value, index) => data.set([value, value, value, 255], index * 4));
  return { width, height, data };
}

function verdict(codes: readonly ReadCode[], kind: ReadCode["kind"], wanted: string): Verdict {
  const texts = codes.filter((code) => code.kind === kind).map(({ text }) => text);
  if (texts.includes(wanted)) return "read";
  // A number of another shape is refused by its carrier's list; the same length could be believed.
  return texts.some((text) => text.length === wanted.length) ? "wrong" : "missed";
}

type Verdicts = readonly [bars: Verdict, ticket: Verdict];

/** What the first look reads, and what is read when more passes are tried while any is needed. */
async function readWithRescue(
  photo: Photo,
  want: Want,
): Promise<{ readonly once: Verdicts; readonly rescued: Verdicts }> {
  const codes: ReadCode[] = [];
  const verdicts: Verdicts[] = [];
  for (const pass of PASSES) {
    codes.push(...(await readCodes(imageOf(pass(photo)))));
    const got: Verdicts = [verdict(codes, "bars", want.bars), verdict(codes, "2-D", want.ticket)];
    verdicts.push(got);
    if (got.every((each) => each === "read")) break;
  }
  const nothing: Verdicts = ["missed", "missed"];
  return { once: verdicts[0] ?? nothing, rescued: verdicts.at(-1) ?? nothing };
}

function empty(): Tally {
  const none = (): Record<Verdict, number> => ({ read: 0, missed: 0, wrong: 0 });
  return { bars: none(), ticket: none() };
}

function tallied({ bars, ticket }: Tally, [ofBars, ofTicket]: Verdicts): void {
  bars[ofBars] += 1;
  ticket[ofTicket] += 1;
}

function line(what: string, { bars, ticket }: Tally): string {
  const share = ({ read, missed, wrong }: Record<Verdict, number>): string => {
    const n = read + missed + wrong;
    const low = percentOf(wilson(read, n).lower, "down");
    return `${read}/${n} ${percentOf(read / n)}, at least ${low}, wrong ${wrong}`;
  };
  return `${what.padEnd(20)} Code 128 ${share(bars)}   2-D code ${share(ticket)}`;
}

interface Printed extends Want {
  readonly list: DisplayList;
}

function printedLabels(count: number, fonts: ReturnType<typeof openFonts>): readonly Printed[] {
  const make = labelMaker();
  return [...orderCells({ rows: count, seed: 11 })].map((cells, index) => {
    const [ticket, size] = [ticketOf(index), LABEL_SIZES[index % LABEL_SIZES.length] ?? "76x130"];
    const list = printedList(make(cells, ticket, size), fonts);
    return { list, ticket, bars: cells[2] ?? "" };
  });
}

async function measure(
  printed: readonly Printed[],
  harm: keyof typeof HARMS,
  fonts: ReturnType<typeof openFonts>,
): Promise<{ readonly once: Tally; readonly rescued: Tally }> {
  const tallies = { once: empty(), rescued: empty() };
  for (const [index, { list, ...want }] of printed.entries()) {
    const printer = { dotsPerMm: 8, random: seeded(1000 + index) };
    const photo = photograph(burn(list, DPI, fonts), harm, printer);
    const { once, rescued } = await readWithRescue(photo, want);
    tallied(tallies.once, once);
    tallied(tallies.rescued, rescued);
  }
  return tallies;
}

/** Prints the read rates for each harm, with n and bounds: read once, read with the passes. */
export async function benchLabelRead(words: readonly string[], stop: AbortSignal): Promise<void> {
  const options = { rows: { type: "string" }, harm: { type: "string" } } as const;
  const { values } = parseArgs({ args: [...words], options });
  const rows = Math.min(Number(values.rows ?? ROWS), ROWS_MAX);
  for (const text of machineLines()) console.log(text);
  const fonts = openFonts();
  const printed = printedLabels(rows, fonts);
  // The keys of the table are its names.
  for (const harm of Object.keys(HARMS) as (keyof typeof HARMS)[]) {
    if (values.harm !== undefined && values.harm !== harm) continue;
    stop.throwIfAborted();
    const began = performance.now();
    const { once, rescued } = await measure(printed, harm, fonts);
    console.log(line(`${harm}, once`, once));
    console.log(line(`${harm}, rescued`, rescued));
    console.log(`  ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}
