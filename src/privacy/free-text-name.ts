/**
 * Finds names of persons in running text: by surname and given characters, weighed with both sides.
 */

import {
  AFTER_NAME,
  EVERYDAY_SURNAMES,
  NAME_CUES,
  SURNAME_WORDS,
  WEAK_NAME_CUES,
  WORDS_BEFORE,
  WORDS_INSIDE,
} from "./free-text-word.ts";
import {
  GIVEN_CHARACTERS,
  HONORIFICS,
  SOUND_CHARACTERS,
  UNNAMELIKE_CHARACTERS,
} from "./name-word.ts";
import { surnameOf, type Surname, type SurnameTier } from "./surname.ts";

export type TextRange = readonly [start: number, end: number];

const GIVEN: ReadonlySet<string> = new Set(GIVEN_CHARACTERS);
const UNNAMELIKE: ReadonlySet<string> = new Set(UNNAMELIKE_CHARACTERS);
const SOUND: ReadonlySet<string> = new Set(SOUND_CHARACTERS);
const WORDS: ReadonlySet<string> = new Set(SURNAME_WORDS.split(" "));
const BEFORE: ReadonlySet<string> = new Set(WORDS_BEFORE.split(" "));
const INSIDE: ReadonlySet<string> = new Set(WORDS_INSIDE.split(" "));
const INSIDE_HEADS: ReadonlySet<string> = new Set([...INSIDE].map((word) => word.charAt(0)));
const EVERYDAY: ReadonlySet<string> = new Set(EVERYDAY_SURNAMES);
const CUES: ReadonlySet<string> = new Set(NAME_CUES.split(" "));
const WEAK_CUES: ReadonlySet<string> = new Set(WEAK_NAME_CUES.split(" "));
const AFTER: ReadonlySet<string> = new Set(AFTER_NAME.split(" "));
/** Titles of two characters and more, and the few single ones that stand alone in speech. */
const TITLES: ReadonlySet<string> = new Set([
  ...HONORIFICS.split(" ").filter((title) => title.length > 1),
  "总",
  "哥",
  "姐",
  "叔",
  "姨",
]);
/** Titles that make a name of any surname before them, whatever stands further left. */
const POLITE: ReadonlySet<string> = new Set(["先生", "女士", "小姐", "阿姨", "师傅"]);
const TITLE_HEADS: ReadonlySet<string> = new Set([...TITLES].map((title) => title.charAt(0)));
const CUE_TAILS: ReadonlySet<string> = new Set([...CUES].map((cue) => cue.slice(-1)));
const CUE_MAX_CHARS = 4;
const DOTS: ReadonlySet<string> = new Set("·•・‧");

/*
 * Weights of the evidence for one candidate; a candidate of THRESHOLD and more is a name. They were
 * set by judgement: a usual surname and two usual given characters need one side that speaks for
 * them, a name of two characters needs both sides.
 */
const THRESHOLD = 5.2;
const TIER: Readonly<Record<SurnameTier, number>> = {
  compound: 3.5,
  common: 2.6,
  usual: 2.2,
  rare: 0.3,
};
const WEIGHT = {
  given: 1.3,
  otherGiven: 0.2,
  unnamelike: -3.5,
  word: -4,
  everyday: -1.4,
  twoCharacters: -0.4,
  cue: 3.5,
  weakCue: 1.2,
  edge: 1.1,
  listed: 1.6,
  title: 3.5,
  after: 1.4,
} as const;
/** A phone straight after a name is how people write whom to call. */
const PHONE_AHEAD = /^[ :：,，]{0,2}[+0-9]\d{6}/;
const PHONE_AHEAD_MAX_CHARS = 10;
const GIVEN_MAX = 2 * WEIGHT.given;
const SIDES_MAX = WEIGHT.cue + WEIGHT.title;

/** Ranges of names in `text`, left to right, not overlapping. Linear; never throws. */
export function findNames(text: string): readonly TextRange[] {
  const found: TextRange[] = [];
  let at = 0;
  while (at < text.length) {
    const end = nameEnd(text, at);
    if (end !== null) found.push([at, end]);
    at = end ?? at + 1;
  }
  return found;
}

function nameEnd(text: string, at: number): number | null {
  if (!isHan(text.charCodeAt(at))) return null;
  const foreign = isSound(text, at) ? foreignEnd(text, at) : null;
  if (foreign !== null) return foreign;
  const surname = surnameOf(text.slice(at, at + 4));
  if (surname === null) return null;
  return (
    titledEnd(text, at, surname) ?? receivedEnd(text, at, surname) ?? bestEnd(text, at, surname)
  );
}

const SOUND_PART_MAX_CHARS = 8;
const SOUND_NAME_MIN_CHARS = 3;

/** 艾山·吐尔洪: parts of sound characters joined by a middle dot; or one such part after a title. */
function foreignEnd(text: string, at: number): number | null {
  if (isSound(text, at - 1)) return null;
  let end = soundEnd(text, at);
  const single = end - at >= SOUND_NAME_MIN_CHARS && leftEvidence(text, at) >= WEIGHT.cue;
  let parts = 1;
  while (DOTS.has(text.charAt(end)) && isSound(text, end + 1)) {
    end = soundEnd(text, end + 1);
    parts += 1;
  }
  return parts > 1 || single ? end : null;
}

function soundEnd(text: string, at: number): number {
  let end = at;
  while (end - at < SOUND_PART_MAX_CHARS && isSound(text, end)) end += 1;
  return end;
}

function isSound(text: string, at: number): boolean {
  return SOUND.has(text.charAt(at));
}

/** 陈女士, 欧阳老师: a surname and a title, where the surname begins no everyday word. */
function titledEnd(text: string, at: number, surname: Surname): number | null {
  const first = text.charAt(at);
  if (surname.tier === "rare" || WORDS.has(text.slice(at, at + 2))) return null;
  const end = at + surname.length;
  if (!TITLE_HEADS.has(text.charAt(end))) return null;
  for (const size of [3, 2, 1]) {
    const title = text.slice(end, end + size);
    if (!TITLES.has(title)) continue;
    const everyday = EVERYDAY.has(first);
    const enough = everyday && !POLITE.has(title) ? WEIGHT.weakCue : WEIGHT.edge;
    if ((POLITE.has(title) && !everyday) || leftEvidence(text, at) >= enough) return end + size;
  }
  return null;
}

const RECEIPT = /^ ?(?:(?:亲|签|代|查)?收|亲启|启)(?![\u3400-\u9fff])/;
const RECEIPT_MAX_CHARS = 4;

/** 张三丰收 at an edge: what is received by somebody names that somebody, whatever the characters. */
function receivedEnd(text: string, at: number, surname: Surname): number | null {
  const from = at + surname.length;
  const isWord = surnameEvidence(text, at) <= WEIGHT.word;
  if (surname.tier === "rare" || isWord || leftEvidence(text, at) <= 0) return null;
  for (const size of [2, 1]) {
    const end = from + size;
    if (!RECEIPT.test(text.slice(end, end + RECEIPT_MAX_CHARS))) continue;
    if (!isHan(text.charCodeAt(end - 1)) || !isHan(text.charCodeAt(from))) return null;
    return EVERYDAY.has(text.charAt(at)) && !GIVEN.has(text.charAt(from)) ? null : end;
  }
  return null;
}

function bestEnd(text: string, at: number, surname: Surname): number | null {
  const from = at + surname.length;
  const base = TIER[surname.tier] + surnameEvidence(text, at);
  if (base + GIVEN_MAX + SIDES_MAX < THRESHOLD) return null;
  const pair = base + givenEvidence(text, from, 2);
  const lone = base + givenEvidence(text, from, 1);
  if (Math.max(pair, lone) + SIDES_MAX < THRESHOLD) return null;
  const left = leftEvidence(text, at);
  const pairScore = pair + left + rightEvidence(text, from + 2);
  const loneScore = lone + left + rightEvidence(text, from + 1);
  if (Math.max(pairScore, loneScore) < THRESHOLD) return null;
  return pairScore >= loneScore ? from + 2 : from + 1;
}

/** Against the candidate: an everyday surname, a word that begins with it, a word that it ends. */
function surnameEvidence(text: string, at: number): number {
  const head = text.slice(at, at + 2);
  const isWord =
    WORDS.has(head) || CUES.has(head) || (at > 0 && BEFORE.has(text.slice(at - 1, at + 1)));
  return (isWord ? WEIGHT.word : 0) + (EVERYDAY.has(text.charAt(at)) ? WEIGHT.everyday : 0);
}

function givenEvidence(text: string, from: number, size: 1 | 2): number {
  let score = size === 1 ? WEIGHT.twoCharacters : 0;
  for (let i = from; i < from + size; i += 1) {
    const character = text.charAt(i);
    if (!isHan(text.charCodeAt(i))) return Number.NEGATIVE_INFINITY;
    if (GIVEN.has(character)) score += WEIGHT.given;
    else score += UNNAMELIKE.has(character) ? WEIGHT.unnamelike : WEIGHT.otherGiven;
    if (INSIDE_HEADS.has(character) && INSIDE.has(text.slice(i, i + 2))) score += WEIGHT.word;
  }
  return score;
}

function leftEvidence(text: string, at: number): number {
  const before = text.charAt(at - 1);
  if (before === "、" || before === "@") return WEIGHT.listed;
  const from = /[:： ]/.test(before) ? at - 1 : at;
  const mayCue = CUE_TAILS.has(text.charAt(from - 1));
  for (let size = CUE_MAX_CHARS; mayCue && size >= 2; size -= 1) {
    if (from >= size && CUES.has(text.slice(from - size, from))) return WEIGHT.cue;
  }
  if (!isHan(text.charCodeAt(at - 1))) return WEIGHT.edge;
  return WEAK_CUES.has(before) ? WEIGHT.weakCue : 0;
}

function rightEvidence(text: string, end: number): number {
  const after = text.charAt(end);
  if (after === "、") return WEIGHT.listed;
  if (PHONE_AHEAD.test(text.slice(end, end + PHONE_AHEAD_MAX_CHARS))) return WEIGHT.listed;
  if (!isHan(text.charCodeAt(end))) return WEIGHT.edge;
  if (TITLES.has(text.slice(end, end + 2))) return WEIGHT.title;
  const follows = AFTER.has(text.slice(end, end + 2)) || AFTER.has(after);
  return follows ? WEIGHT.after : 0;
}

function isHan(unit: number): boolean {
  return unit >= 0x3400 && unit <= 0x9fff;
}
