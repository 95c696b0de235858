/**
 * `npm run bench -- label-read`: how many labels a scanner still reads when they are printed at 203
 * dpi, photographed and harmed. Bars and 2-D code are counted apart; a wrong text counts as worse
 * than none.
 */
import { parseArgs } from "node:util";
import { encode } from "uqr";
import { openFonts } from "../src/main.ts";
import type { DisplayList } from "../src/label/display-list.ts";
import { LABEL_SIZES } from "../src/label/label-size.ts";
import { burn } from "../src/label/page.ts";
import { printedList } from "../src/label/printed-list.ts";
import { readCodes } from "../test/label/codes.ts";
import type { Picture, ReadCode } from "../test/label/codes.ts";
import { labelMaker, ticketOf } from "./label-maker.ts";
import { machineLines } from "./machine.ts";
import { orderCells } from "./order-file.ts";
import { blurred, HARMS, normalised, photograph, rotated, seeded, sharpened } from "./photo.ts";
import type { Photo } from "./photo.ts";

const ROWS = 60;
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

/** Where the mask of the 2-D code is tried both ways. */
const MASKS_TRIED: readonly string[] = ["print", "blur", "crease"];

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

async function readWithRescue(
  photo: Photo,
  want: Want,
  passes: number,
): Promise<readonly Verdict[]> {
  const codes: ReadCode[] = [];
  for (const pass of PASSES.slice(0, passes)) {
    codes.push(...(await readCodes(imageOf(pass(photo)))));
    const got = [verdict(codes, "bars", want.bars), verdict(codes, "2-D", want.ticket)];
    if (got.every((each) => each === "read")) return got;
  }
  return [verdict(codes, "bars", want.bars), verdict(codes, "2-D", want.ticket)];
}

function empty(): Record<Verdict, number> {
  return { read: 0, missed: 0, wrong: 0 };
}

function line(what: string, { bars, ticket }: Tally, count: number): string {
  const share = (tally: Record<Verdict, number>): string =>
    `${((100 * tally.read) / count).toFixed(1).padStart(5)} % (${tally.read}/${count}, ` +
    `wrong ${tally.wrong})`;
  return `${what.padEnd(22)} Code 128 ${share(bars)}   2-D code ${share(ticket)}`;
}

/** The list with its 2-D code under the mask that the standard's procedure would choose. */
function withChosenMask(list: DisplayList): DisplayList {
  const ops = list.ops.map((op) => {
    if (op.kind !== "qr") return op;
    const { data } = encode(op.text, { ecc: "M", boostEcc: false, border: 0, maxVersion: 12 });
    return { ...op, modules: data };
  });
  return { ...list, ops };
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
  run: { readonly fonts: ReturnType<typeof openFonts>; readonly passes: number },
): Promise<Tally> {
  const tally = { bars: empty(), ticket: empty() };
  for (const [index, { list, ...want }] of printed.entries()) {
    const printer = { dotsPerMm: 8, random: seeded(1000 + index) };
    const photo = photograph(burn(list, DPI, run.fonts), harm, printer);
    const [bars = "missed", ticket = "missed"] = await readWithRescue(photo, want, run.passes);
    tally.bars[bars] += 1;
    tally.ticket[ticket] += 1;
  }
  return tally;
}

/** Prints the read rates for each harm: read once, read with the rescue passes. */
export async function benchLabelRead(words: readonly string[], stop: AbortSignal): Promise<void> {
  const options = { rows: { type: "string" }, harm: { type: "string" } } as const;
  const { values } = parseArgs({ args: [...words], options });
  const count = Math.min(Number(values.rows ?? ROWS), ROWS_MAX);
  for (const text of machineLines()) console.log(text);
  const fonts = openFonts();
  const printed = printedLabels(count, fonts);
  // The keys of the table are its names.
  for (const harm of Object.keys(HARMS) as (keyof typeof HARMS)[]) {
    if (values.harm !== undefined && values.harm !== harm) continue;
    for (const [how, passes] of [
      ["once", 1],
      ["rescued", PASSES.length],
    ] as const) {
      stop.throwIfAborted();
      console.log(line(`${harm}, ${how}`, await measure(printed, harm, { fonts, passes }), count));
    }
    if (!MASKS_TRIED.includes(harm)) continue;
    const chosen = printed.map((label) => ({ ...label, list: withChosenMask(label.list) }));
    const plain = await measure(chosen, harm, { fonts, passes: 1 });
    console.log(line(`${harm}, mask chosen`, plain, count));
  }
}
