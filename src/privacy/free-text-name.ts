/** Finds names of persons in running text: by surname and given characters, weighed with both sides. */

import { AFTER_NAME, NAME_CUES, SURNAME_WORDS, WEAK_NAME_CUES } from "./free-text-word.ts";
import {
  GIVEN_CHARACTERS,
  HONORIFICS,
  SOUND_CHARACTERS,
  UNNAMELIKE_CHARACTERS,
} from "./name-word.ts";
import { surnameOf, type SurnameTier } from "./surname.ts";

export type TextRange = readonly [start: number, end: number];

const GIVEN: ReadonlySet<string> = new Set(GIVEN_CHARACTERS);
const UNNAMELIKE: ReadonlySet<string> = new Set(UNNAMELIKE_CHARACTERS);
const SOUND: ReadonlySet<string> = new Set(SOUND_CHARACTERS);
const WORDS: ReadonlySet<string> = new Set(SURNAME_WORDS.split(" "));
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
const CUE_MAX_CHARS = 4;
const HAN = /[\u3400-\u9fff]/;
const DOTS = "·•・‧";

/*
 * Weights of the evidence for one candidate; a candidate of THRESHOLD and more is a name. They were
 * set by judgement so that a surname and two usual given characters need one clear side, and a name of
 * two characters needs both.
 */
const THRESHOLD = 5.5;
const TIER: Readonly<Record<SurnameTier, number>> = {
  compound: 3.5,
  common: 2.6,
  usual: 2,
  rare: 0.2,
};
const WEIGHT = {
  given: 1.3,
  otherGiven: 0.1,
  unnamelike: -3.5,
  word: -5,
  twoCharacters: -0.4,
  cue: 3.5,
  weakCue: 1.2,
  edge: 1.1,
  listed: 1.6,
  title: 3.5,
  after: 1.4,
} as const;

/** Ranges of names in `text`, left to right, not overlapping. Linear; never throws. */
export function findNames(text: string): readonly TextRange[] {
  const found: TextRange[] = [];
  let at = 0;
  while (at < text.length) {
    const end = foreignEnd(text, at) ?? titledEnd(text, at) ?? bestEnd(text, at);
    if (end !== null) found.push([at, end]);
    at = end ?? at + 1;
  }
  return found;
}

/** 艾山·吐尔洪: parts of sound characters joined by a middle dot. */
function foreignEnd(text: string, at: number): number | null {
  if (isSound(text, at - 1) || !isSound(text, at)) return null;
  let end = soundEnd(text, at);
  let parts = 1;
  while (end > at && DOTS.includes(text.charAt(end) || " ") && isSound(text, end + 1)) {
    end = soundEnd(text, end + 1);
    parts += 1;
  }
  return parts > 1 ? end : null;
}

const SOUND_PART_MAX_CHARS = 8;

function soundEnd(text: string, at: number): number {
  let end = at;
  while (end - at < SOUND_PART_MAX_CHARS && isSound(text, end)) end += 1;
  return end;
}

function isSound(text: string, at: number): boolean {
  return SOUND.has(text.charAt(at));
}

/** 陈女士, 欧阳老师: a surname and a title, where the surname begins no everyday word. */
function titledEnd(text: string, at: number): number | null {
  const surname = surnameOf(text.slice(at, at + 4));
  if (surname === null || surname.tier === "rare") return null;
  if (WORDS.has(text.slice(at, at + 2))) return null;
  const end = at + surname.length;
  for (const size of [3, 2, 1]) {
    const title = text.slice(end, end + size);
    const stands = title.length > 1 || !HAN.test(text.charAt(at - 1));
    if (TITLES.has(title) && stands) return end + size;
  }
  return null;
}

function bestEnd(text: string, at: number): number | null {
  const surname = surnameOf(text.slice(at, at + 3));
  if (surname === null) return null;
  const before = leftEvidence(text, at);
  let best: number | null = null;
  let bestScore = THRESHOLD;
  for (const size of [2, 1]) {
    const end = at + surname.length + size;
    if (end > text.length) continue;
    const score =
      TIER[surname.tier] +
      before +
      givenEvidence(text, at, end - size, end) +
      rightEvidence(text, end);
    if (score >= bestScore) {
      best = end;
      bestScore = score + 0.001;
    }
  }
  return best;
}

function givenEvidence(text: string, at: number, from: number, end: number): number {
  let score = end - at === 2 ? WEIGHT.twoCharacters : 0;
  if (WORDS.has(text.slice(at, at + 2))) score += WEIGHT.word;
  for (let i = from; i < end; i += 1) {
    const character = text.charAt(i);
    if (!HAN.test(character)) return Number.NEGATIVE_INFINITY;
    if (GIVEN.has(character)) score += WEIGHT.given;
    else score += UNNAMELIKE.has(character) ? WEIGHT.unnamelike : WEIGHT.otherGiven;
  }
  return score;
}

function leftEvidence(text: string, at: number): number {
  const before = text.charAt(at - 1);
  if (before === "、" || before === "@") return WEIGHT.listed;
  const from = /[:： ]/.test(before) ? at - 1 : at;
  for (let size = CUE_MAX_CHARS; size >= 2; size -= 1) {
    if (from >= size && CUES.has(text.slice(from - size, from))) return WEIGHT.cue;
  }
  if (!HAN.test(before)) return WEIGHT.edge;
  return WEAK_CUES.has(before) ? WEIGHT.weakCue : 0;
}

function rightEvidence(text: string, end: number): number {
  const after = text.charAt(end);
  if (after === "、") return WEIGHT.listed;
  if (!HAN.test(after)) return WEIGHT.edge;
  if (TITLES.has(text.slice(end, end + 2))) return WEIGHT.title;
  const follows = AFTER.has(text.slice(end, end + 2)) || AFTER.has(after);
  return follows ? WEIGHT.after : 0;
}
