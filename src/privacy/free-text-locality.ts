/**
 * Places named without a number: a road, a village or a building after the name of a division, two
 * such places in a row, or a building with a name of its own. Running text is full of 道路 and 农村,
 * so each needs a second sign that a certain place is meant.
 */

import { isCommonWordAt } from "./common-word.ts";
import type { Gazetteer } from "./gazetteer.ts";

export interface Locality {
  readonly start: number;
  readonly end: number;
  /** 0..1: the weight of the rule that found it. */
  readonly confidence: number;
  readonly reason: "division" | "places" | "building" | "crossing" | "named";
}

const HAN = "[\\u3400-\\u9fff]";
/** Words that end the name of a road, a settlement or a building; the longer of two first. */
const ROAD = "(?:大道|大街|公路|环线|环路|胡同|步行街|路|街(?!道)|巷|弄)";
const SETTLEMENT = "(?:街道办事处|街道|社区|村|镇|乡|屯|庄)";
const BUILDING = "(?:写字楼|大厦|大楼|教学楼|电子城|商务楼|科技园|创业园|产业园|度假村)";
const VENUE = "(?:文化市场|批发市场|市场|步行街|广场|球场|药房|立交桥|大桥|交叉路口|路口|商城)";
/** Characters that join sentences: a name holds none of them. */
const STOP =
  "的了是在与和及或把被让就都也并而但以之各这那其某每该于从由对向为因所有个们着过给等将能会要可不似如谁几条到至往送寄去放";
const NAME = `(?:(?![${STOP}])${HAN})`;

const LONG_ENDINGS =
  "大道|大街|公路|环线|环路|胡同|步行街|街道|街道办事处|社区|写字楼|大厦|大楼|教学楼|电子城|商务楼|科技园|" +
  "创业园|产业园|度假村|市场|广场|球场|药房|立交桥|大桥|路口|商城|艺术村";

interface LocalityForm {
  readonly reason: Locality["reason"];
  readonly confidence: number;
  readonly pattern: RegExp;
}

const FORMS: readonly LocalityForm[] = [
  {
    reason: "places",
    confidence: 0.75,
    pattern: new RegExp(
      `${NAME}{2,8}?(?:${SETTLEMENT}${NAME}{1,8}?(?:${ROAD}|${SETTLEMENT}|${BUILDING})` +
        `|${ROAD}${NAME}{0,6}?(?:${ROAD}|${VENUE}|${BUILDING}))` +
        `|${NAME}{2,6}?[市县]${NAME}{1,6}?(?:公路|大道|大街|路|街)` +
        `|${NAME}{2,3}区${NAME}{2,6}?(?:街道|镇|路|大街|大道)`,
      "g",
    ),
  },
  {
    reason: "crossing",
    confidence: 0.7,
    pattern: new RegExp(
      `${NAME}{2,6}?(?:[东南西北中]|[一二三四五六七八九十])(?:路|街|大道|大街|马路)(?![上下边口程面费人子途飙走向来顺狂跟])` +
        `|${NAME}{2,8}?路(?=[东西南北](?:侧|延|段|口|头)|靠|附近|路边|以[东西南北])` +
        "|(?<![0-9A-Za-z])[A-Za-z]?[0-9]{2,4}(?:公路|国道|省道|县道)",
      "g",
    ),
  },
  {
    reason: "named",
    confidence: 0.6,
    pattern: new RegExp(
      `(?<=^|[^\\p{L}\\p{N}]|[在到至于靠经沿往])${NAME}{2,4}?(?:路|大街|街道|横街|胡同|大道|通道)` +
        "(?=[^\\p{L}\\p{N}]|[的上路某东西南北附]|$)",
      "gu",
    ),
  },
  {
    reason: "building",
    confidence: 0.65,
    pattern: new RegExp(
      `(?<=[的在于到至])${NAME}{2}(?:写字楼|大厦)|${NAME}{3,10}?(?:写字楼|大厦|商务楼|电子城)` +
        `|${NAME}{3,8}?(?:国际|民俗|生态|影视|文化)(?:艺术|文化|度假)?村|${NAME}{3,8}?艺术村` +
        `|${NAME}{1,5}[街城地业][·•]${NAME}{1,7}?(?:林|园|苑|湾|府|庭|郡|墅|居|里|公馆)`,
      "g",
    ),
  },
];
const AFTER_DIVISION = new RegExp(
  `${NAME}{1,10}?(?:${ROAD}|${SETTLEMENT}|${BUILDING}|${VENUE})`,
  "y",
);
/** Special administrative regions; the table of divisions holds the mainland and Taiwan. */
const SPECIAL = ["香港", "澳门", "澳門"] as const;
const RUN_MAX_CHARS = 40;

/** Ranges that read as a certain place, left to right, not overlapping. Linear; never throws. */
export function findLocalities(folded: string, gazetteer: Gazetteer): readonly Locality[] {
  const found = [...afterDivisions(folded, gazetteer)];
  for (const { reason, confidence, pattern } of FORMS) {
    for (const match of folded.matchAll(pattern)) {
      const end = match.index + match[0].length;
      if (reason === "named" && holdsWord(folded, match.index, end)) continue;
      if (isCrossing(reason) || !endsInWord(folded, end))
        found.push({ start: match.index, end, confidence, reason });
    }
  }
  return found.toSorted((one, other) => one.start - other.start || other.end - one.end);
}

/** Long endings say enough by themselves; 路, 街, 村 and the like end many everyday words. */
const LONG_ENDING = new RegExp(`(?:${LONG_ENDINGS})$`);
const ENDING_MAX_CHARS = 5;

/** 思路, 农村: the last two characters are a word, or the last begins one (路上, 街头). */
function endsInWord(folded: string, end: number): boolean {
  if (LONG_ENDING.test(folded.slice(Math.max(0, end - ENDING_MAX_CHARS), end))) return false;
  return isCommonWordAt(folded, end - 2) || isCommonWordAt(folded, end - 1);
}

/** 繁华街道: what stands before the ending is a word, not a name. */
function holdsWord(folded: string, start: number, end: number): boolean {
  for (let at = start; at + 2 < end; at += 1) if (isCommonWordAt(folded, at)) return true;
  return false;
}

/** A compass word, an ordinal or what lies beside it already says which road is meant. */
function isCrossing(reason: Locality["reason"]): boolean {
  return reason === "crossing";
}

/** 长沙黄兴路, 辛集市安古城村: a known division, then a place in the same run of characters. */
function* afterDivisions(folded: string, gazetteer: Gazetteer): Generator<Locality> {
  let from = 0;
  for (let at = 0; at < folded.length; at += 1) {
    const end = at < from ? 0 : divisionEnd(folded, at, gazetteer);
    if (end === 0) continue;
    let last = end;
    // Further divisions belong to the chain; a chain is short.
    for (let next = end; next > 0 && next - at < RUN_MAX_CHARS;) {
      last = next;
      next = divisionEnd(folded, next, gazetteer);
    }
    AFTER_DIVISION.lastIndex = last;
    if (!AFTER_DIVISION.test(folded)) continue;
    from = AFTER_DIVISION.lastIndex;
    if (endsInWord(folded, from)) continue;
    yield { start: at, end: from, confidence: 0.75, reason: "division" };
  }
}

/** Where a division named at `at` ends, or 0. */
function divisionEnd(folded: string, at: number, gazetteer: Gazetteer): number {
  if (SPECIAL.some((name) => folded.startsWith(name, at))) return at + 2;
  for (const length of gazetteer.lengths.get(folded.charCodeAt(at)) ?? []) {
    if (gazetteer.names.has(folded.slice(at, at + length))) return at + length;
  }
  return 0;
}
