/**
 * Hostile strings through everything that reads text: no throw, the same length, masks that are
 * stable, and time that grows with the length and no faster.
 */

import { maskAddress } from "../src/privacy/address.ts";
import { maskTextWith } from "../src/privacy/free-text.ts";
import { resolveDivision } from "../src/privacy/gazetteer.ts";
import type { Gazetteer } from "../src/privacy/gazetteer.ts";
import { maskLine } from "../src/privacy/line.ts";
import { gradeLabel } from "../src/privacy/lint-verdict.ts";
import { lintPrintable } from "../src/privacy/lint.ts";
import { PROFILES } from "../src/privacy/mask-profile.ts";
import { maskName } from "../src/privacy/name.ts";
import { maskPhone, maskPhoneField, normalisePhone } from "../src/privacy/phone.ts";
import { parseParty } from "../src/privacy/plain.ts";
import { carrierCandidates } from "../src/privacy/waybill-number.ts";
import type { Random } from "./fuzz-random.ts";

/** What breaks readers of text: halves of pairs, marks that reorder, invisible and wide signs. */
const HOSTILE = [
  "\ud800",
  "\udc00",
  "\u{20bb7}",
  "😀",
  "👨‍👩‍👧",
  "\u202e",
  "\u200f",
  "\u200b",
  "\u200d",
  "\ufeff",
  "\u2066",
  "\u0000",
  "\u0007",
  "\u0301",
  "\ufe0f",
  "\u00ad",
  "\u3000",
  "\u2028",
  "\uffff",
  "１３８",
  "①",
  "㏕",
  "𝟏",
  "٠١",
  "*",
  "＊",
] as const;
const PIECES = [
  ...(
    "陈 小满 女士 13800001234 138 0000 1234 +86 0571- 转 # ( ) （ ） [ ] 【 】 《 》 - / 、 ， : 。 · " +
    "省 市 区 县 镇 街道 路 弄 号 栋 幢 座 单元 室 层 楼 户 东 一 十二 0 1 00 501 A B 收 联系 电话 " +
    "有限公司 店 @ . a@b.cn 微信 QQ 620000 X 1990 \\ ' \" < > & % null"
  ).split(" "),
  " ",
  "\n",
  "\t",
] as const;
const PIECES_MAX = 24;

/** A string of pieces, hostile ones among them; one in eight is of any units. */
export function hostileText(random: Random): string {
  const count = random.below(PIECES_MAX);
  const isAny = random.below(8) === 0;
  let text = "";
  for (let at = 0; at < count; at += 1) {
    if (isAny) text += String.fromCharCode(random.below(0x1_0000));
    else text += random.below(5) === 0 ? random.pick(HOSTILE) : random.pick(PIECES);
  }
  return random.below(16) === 0 ? nested(text, random) : text;
}

function nested(text: string, random: Random): string {
  const [open, close] = random.pick(["()", "（）", "[]", "【】", "《》"]);
  const depth = random.int(1, 40);
  return `${(open ?? "").repeat(depth)}${text}${(close ?? "").repeat(random.int(0, depth))}`;
}

interface Reader {
  readonly name: string;
  readonly read: (text: string, gazetteer: Gazetteer) => string | undefined;
  /** Whether the mask of a mask is the mask; only of readers that give a mask. */
  readonly isStable: boolean;
}

const { gb41833, strict } = PROFILES;

/** Those that give a text give a mask of the same length. */
export const READERS: readonly Reader[] = [
  { name: "name", read: (text) => maskName(text, gb41833).masked, isStable: true },
  { name: "phone", read: (text) => maskPhone(text, gb41833), isStable: false },
  { name: "phone field", read: (text) => maskPhoneField(text, strict).masked, isStable: true },
  {
    name: "address",
    read: (text, table) => maskAddress(text, gb41833, table).masked,
    isStable: false,
  },
  { name: "line", read: (text, table) => maskLine(text, gb41833, table).masked, isStable: false },
  { name: "text", read: (text, gazetteer) => free(text, gazetteer, false), isStable: false },
  { name: "scanned text", read: (text, gazetteer) => free(text, gazetteer, true), isStable: false },
  {
    name: "division",
    read: (text, table) => nothing(resolveDivision(text, table)),
    isStable: false,
  },
  {
    name: "party",
    read: (text) => nothing(parseParty({ name: text, phone: text, address: text })),
    isStable: false,
  },
  {
    name: "number",
    read: (text) => nothing([normalisePhone(text), carrierCandidates(text)]),
    isStable: false,
  },
  { name: "lint", read: lint, isStable: false },
];

function free(text: string, gazetteer: Gazetteer, isScanned: boolean): string {
  return maskTextWith(text, { profile: gb41833, gazetteer, options: { isScanned } }).masked;
}

function nothing(_value: unknown): undefined {
  return undefined;
}

function lint(text: string, gazetteer: Gazetteer): undefined {
  const kinds = ["name", "phone", "address", "text", "code"] as const;
  lintPrintable(
    kinds.map((kind) => ({ zone: "other", kind, text })),
    gb41833,
    gazetteer,
  );
  gradeLabel([{ name: text, phone: text, address: text }], gazetteer);
}

export interface TextTally {
  texts: number;
  characters: number;
  readings: number;
  readonly faults: Map<string, number>;
  /** The first text of each fault, as JSON. */
  readonly examples: Map<string, string>;
}

/** Every so many strings go through all readers; the others through one, each in turn. */
const ALL_EVERY = 64;

/** Sends `count` strings through the readers. */
export function fuzzTexts(count: number, random: Random, gazetteer: Gazetteer): TextTally {
  const tally: TextTally = {
    texts: 0,
    characters: 0,
    readings: 0,
    faults: new Map(),
    examples: new Map(),
  };
  for (let at = 0; at < count; at += 1) {
    const text = hostileText(random);
    tally.texts += 1;
    tally.characters += text.length;
    const one = READERS[at % READERS.length];
    const readers = at % ALL_EVERY === 0 || one === undefined ? READERS : [one];
    for (const reader of readers) readOne(text, reader, { gazetteer, tally });
  }
  return tally;
}

function readOne(
  text: string,
  { name, read, isStable }: Reader,
  { gazetteer, tally }: { gazetteer: Gazetteer; tally: TextTally },
): void {
  tally.readings += 1;
  try {
    const masked = read(text, gazetteer);
    if (masked === undefined) return;
    if (masked.length !== text.length) note(tally, `${name}: another length`, text);
    else if (isStable && read(masked, gazetteer) !== masked)
      note(tally, `${name}: not stable`, text);
  } catch (error) {
    note(tally, `${name}: ${error instanceof Error ? error.name : "threw"}`, text);
  }
}

function note(tally: TextTally, fault: string, text: string): void {
  tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + 1);
  if (!tally.examples.has(fault)) tally.examples.set(fault, JSON.stringify(text));
}

const LINE_PIECES = [
  "1",
  "陈",
  "(",
  "【",
  "路1号",
  "13800001234-",
  "+86",
  "a@",
  "*",
  "\u200b",
  "\ud800",
  "一",
  "公司",
  " ",
] as const;
const LINE_BYTES = 10 * 2 ** 20;
/** Twice the length may take this many times the time: twice, and the collector's share. */
const GROWTH_MAX = 3;
/** Below this a measurement is noise. */
const MICROS_MIN = 50_000;

const GROWTH_TRIES = 4;

/**
 * How many times as long `texts[1]` takes as `texts[0]`. A collection in between makes any one
 * measurement too large and none too small, so a large one is taken again and the least counts.
 */
function leastGrowth(
  texts: readonly [string, string],
  reader: Reader,
  context: { gazetteer: Gazetteer; tally: TextTally },
): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < GROWTH_TRIES && least > GROWTH_MAX; at += 1) {
    const short = microsOf(texts[0], reader, context);
    const long = microsOf(texts[1], reader, context);
    least = Math.min(least, long / Math.max(short, MICROS_MIN));
  }
  return least;
}

/** Lines of ten megabytes, whole and by half: the whole may take no more than thrice the half. */
export function fuzzLines(gazetteer: Gazetteer): TextTally {
  const tally: TextTally = {
    texts: 0,
    characters: 0,
    readings: 0,
    faults: new Map(),
    examples: new Map(),
  };
  for (const piece of LINE_PIECES) {
    const whole = piece.repeat(Math.floor(LINE_BYTES / Buffer.byteLength(piece)));
    const half = whole.slice(0, whole.length / 2);
    tally.texts += 2;
    tally.characters += whole.length + half.length;
    for (const reader of READERS) {
      const growth = leastGrowth([half, whole], reader, { gazetteer, tally });
      if (growth > GROWTH_MAX)
        note(tally, `${reader.name}: ${growth.toFixed(1)} times for twice the length`, piece);
    }
  }
  return tally;
}

function microsOf(
  text: string,
  reader: Reader,
  context: { gazetteer: Gazetteer; tally: TextTally },
): number {
  const began = process.cpuUsage();
  readOne(text, { ...reader, isStable: false }, context);
  const spent = process.cpuUsage(began);
  return spent.user + spent.system;
}
