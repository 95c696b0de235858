/**
 * Finds names of persons in running text: by surname and given characters, weighed with what stands
 * on both sides. Running text is full of characters that are surnames too, so a name needs a cue or
 * two clear sides; a guess without either would flag every other sentence.
 */

import { isCommonWordAt } from "./common-word.ts";
import {
  AFTER_NAME,
  CONTACT_CUES,
  EVERYDAY_SURNAMES,
  ROLE_CUES,
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
import type { TextRange } from "./free-text-place.ts";
import { surnameOf, type Surname, type SurnameTier } from "./surname.ts";

/** Why a run was taken for a name; the strongest reason where there are several. */
export type NameReason = "cue" | "role" | "phone" | "receipt" | "title" | "dot" | "context";

export interface NameMention {
  readonly start: number;
  readonly end: number;
  /** 0..1: the score of the evidence, not a measured frequency. */
  readonly confidence: number;
  readonly reason: NameReason;
  /** A surname and a title (张女士) name a person without a given name. */
  readonly isTitled: boolean;
}

const GIVEN: ReadonlySet<string> = new Set(GIVEN_CHARACTERS);
const UNNAMELIKE: ReadonlySet<string> = new Set(UNNAMELIKE_CHARACTERS);
const SOUND: ReadonlySet<string> = new Set(SOUND_CHARACTERS);
const WORDS: ReadonlySet<string> = new Set(
  [SURNAME_WORDS, WORDS_BEFORE, WORDS_INSIDE, AFTER_NAME].join(" ").split(" "),
);
/** Surnames that join words: after an office they do so, and begin no name. */
const JOINING: ReadonlySet<string> = new Set("和及与向由任会同从于暨");
const EVERYDAY: ReadonlySet<string> = new Set(EVERYDAY_SURNAMES);
const CONTACTS: ReadonlySet<string> = new Set(CONTACT_CUES.split(" "));
const ROLES: ReadonlySet<string> = new Set(ROLE_CUES.split(" "));
const WEAK_CUES: ReadonlySet<string> = new Set(WEAK_NAME_CUES.split(" "));
const AFTER: ReadonlySet<string> = new Set(AFTER_NAME.split(" "));
/** Titles of two characters and more, and the few single ones that stand alone in speech. */
const TITLES: ReadonlySet<string> = new Set([
  ...HONORIFICS.split(" ").filter((title) => title.length > 1),
  ..."总哥姐叔姨",
]);
/** Titles that make a name of any surname before them, whatever stands further left. */
const POLITE: ReadonlySet<string> = new Set(["先生", "女士", "小姐", "阿姨", "师傅"]);
const TITLE_HEADS: ReadonlySet<string> = new Set([...TITLES].map((title) => title.charAt(0)));
const CUE_TAILS: ReadonlySet<string> = new Set([...CONTACTS, ...ROLES].map((cue) => cue.slice(-1)));
const CUE_MAX_CHARS = 4;
const DOTS: ReadonlySet<string> = new Set("·•・‧");
/** Titles of works and quoted words begin here; what follows is no mention of a person. */
const QUOTES: ReadonlySet<string> = new Set('《“‘「『〈"');
const CLOSING: ReadonlySet<string> = new Set("》”’」』〉");

/*
 * Weights of the evidence for one candidate; a candidate of THRESHOLD and more is a name. They were
 * set by judgement and checked against running text: a usual surname and two usual given characters
 * need a cue, or clear signs on both sides.
 */
const THRESHOLD = 5.5;
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
  word: -8,
  givenWord: -1.6,
  everyday: -1.4,
  twoCharacters: -0.9,
  foreign: -3,
  quoted: -4,
  contact: 4,
  role: 3.2,
  weakCue: 1.2,
  edge: 1.1,
  listed: 1.2,
  title: 3.2,
  phone: 3.2,
  after: 1.6,
  wordEnd: 0.6,
} as const;
/** A phone straight after a name is how people write whom to call. */
const PHONE_AHEAD = /^[ :：,，]{0,2}(?:电话|手机|tel)?[ :：,，]{0,2}[+0-9](?:[ -]?\d){6}/i;
const PHONE_AHEAD_MAX_CHARS = 18;
const GIVEN_MAX = 2 * WEIGHT.given;
const SIDES_MAX = WEIGHT.contact + WEIGHT.title;
const SURE = 10;

interface Side {
  readonly score: number;
  readonly reason: NameReason;
}

/** Names in `text`, left to right, not overlapping. Linear; never throws. */
export function findNames(text: string): readonly NameMention[] {
  const found: NameMention[] = [];
  let at = 0;
  while (at < text.length) {
    const mention = isHan(text.charCodeAt(at)) ? mentionAt(text, at) : null;
    if (mention !== null) found.push(mention);
    at = mention?.end ?? at + 1;
  }
  return found;
}

function mentionAt(text: string, at: number): NameMention | null {
  const foreign = isSound(text, at) ? foreignAt(text, at) : null;
  if (foreign !== null) return foreign;
  const surname = surnameOf(text.slice(at, at + 4));
  if (surname === null) return null;
  return (
    titledAt(text, at, surname) ??
    receiverAt(text, at, surname) ??
    numberedAt(text, at, surname) ??
    likeliest(text, at, surname)
  );
}

const SOUND_PART_MAX_CHARS = 8;
const SOUND_NAME_MIN_CHARS = 3;

/** 艾山·吐尔洪: parts of sound characters joined by a middle dot; or one such part after a cue. */
function foreignAt(text: string, at: number): NameMention | null {
  if (isSound(text, at - 1) || QUOTES.has(text.charAt(at - 1))) return null;
  let end = soundEnd(text, at);
  const left = leftOf(text, at);
  const isNamed =
    end - at >= SOUND_NAME_MIN_CHARS && left.score >= WEIGHT.role && !isWordAt(text, at);
  let parts = 1;
  while (DOTS.has(text.charAt(end)) && end - at > 1 && soundEnd(text, end + 1) - end > 2) {
    end = soundEnd(text, end + 1);
    parts += 1;
  }
  if (parts === 1 && !isNamed) return null;
  const reason = parts > 1 ? "dot" : left.reason;
  return { start: at, end, confidence: 0.8, reason, isTitled: false };
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
function titledAt(text: string, at: number, surname: Surname): NameMention | null {
  const end = at + surname.length;
  if (surname.tier === "rare" || !TITLE_HEADS.has(text.charAt(end))) return null;
  const isWord = WORDS.has(text.slice(at, at + 2)) || isCommonWordAt(text, at);
  if (isWord || isCommonWordAt(text, at - 1)) return null;
  const left = leftOf(text, at);
  for (const size of [3, 2, 1]) {
    const title = text.slice(end, end + size);
    if (!TITLES.has(title)) continue;
    const isEveryday = EVERYDAY.has(text.charAt(at));
    const isPolite = POLITE.has(title);
    const enough = isEveryday && !isPolite ? WEIGHT.weakCue : WEIGHT.edge;
    if ((!isPolite || isEveryday) && left.score < enough) continue;
    return titled(text, [at, end + size], left);
  }
  return null;
}

/** With a cue of the note, a receipt or a phone beside it, the person gets the parcel. */
function titled(text: string, [start, end]: TextRange, left: Side): NameMention {
  const right = rightOf(text, end);
  const isReceiver = RECEIPT.test(text.slice(end, end + RECEIPT_MAX_CHARS));
  const reason = isReceiver ? "receipt" : left.reason === "cue" ? "cue" : right.reason;
  const isTitled = !(isReceiver || reason === "cue" || reason === "phone");
  return { start, end, confidence: 0.9, reason: isTitled ? "title" : reason, isTitled };
}

const RECEIPT = /^ ?(?:(?:亲|签|代|查)?收|亲启|启)(?![\u3400-\u9fff])/;
const RECEIPT_MAX_CHARS = 4;

/** 张三丰收 at an edge: what is received by somebody names that somebody, whatever the characters. */
function receiverAt(text: string, at: number, surname: Surname): NameMention | null {
  const from = at + surname.length;
  const isWord = surnameEvidence(text, at) <= WEIGHT.word;
  if (surname.tier === "rare" || isWord || leftOf(text, at).score <= 0) return null;
  for (const size of [2, 1]) {
    const end = from + size;
    if (!RECEIPT.test(text.slice(end, end + RECEIPT_MAX_CHARS))) continue;
    if (!isHan(text.charCodeAt(end - 1)) || !isHan(text.charCodeAt(from))) return null;
    if (EVERYDAY.has(text.charAt(at)) && !GIVEN.has(text.charAt(from))) return null;
    return { start: at, end, confidence: 0.9, reason: "receipt", isTitled: false };
  }
  return null;
}

const NUMERALS: ReadonlySet<string> = new Set("一二三四五六七八九十");

/** 联系人张三, 李四 13…: a numeral names nobody by itself, but after a cue or before a phone it does. */
function numberedAt(text: string, at: number, surname: Surname): NameMention | null {
  const end = at + surname.length + 1;
  const isOver = !isHan(text.charCodeAt(end));
  if (surname.tier === "rare" || !isOver || !NUMERALS.has(text.charAt(end - 1))) return null;
  if (surnameEvidence(text, at) < 0) return null;
  const left = leftOf(text, at);
  const right = rightOf(text, end);
  const isCued = left.score >= WEIGHT.contact && right.score > 0;
  const isCalled = left.score > 0 && right.score >= WEIGHT.phone;
  if (!isCued && !isCalled) return null;
  return { start: at, end, confidence: 0.8, reason: isCued ? "cue" : "phone", isTitled: false };
}

function likeliest(text: string, at: number, surname: Surname): NameMention | null {
  const from = at + surname.length;
  const base = TIER[surname.tier] + surnameEvidence(text, at);
  if (base + GIVEN_MAX + SIDES_MAX < THRESHOLD) return null;
  const pair = base + givenEvidence(text, from, 2);
  const lone = base + givenEvidence(text, from, 1);
  if (Math.max(pair, lone) + SIDES_MAX < THRESHOLD) return null;
  const left = leftOf(text, at);
  const ends = [
    { end: from + 2, score: pair + left.score, right: rightOf(text, from + 2) },
    { end: from + 1, score: lone + left.score, right: rightOf(text, from + 1) },
  ]
    .filter((each) => hasSides(left, each.right))
    .map((each) => ({ ...each, score: each.score + each.right.score + across(text, at, each.end) }))
    .toSorted((one, other) => other.score - one.score);
  const best = ends[0];
  if (best === undefined || best.score < THRESHOLD) return null;
  const reason = best.right.score > left.score ? best.right.reason : left.reason;
  const confidence = Math.min(0.99, best.score / SURE);
  return { start: at, end: best.end, confidence, reason, isTitled: false };
}

/** Without a cue on one side, both sides have to show that the run ends there. */
function hasSides(left: Side, right: Side): boolean {
  return (
    left.score >= WEIGHT.title || right.score >= WEIGHT.title || (left.score > 0 && right.score > 0)
  );
}

/** Against the candidate: an everyday surname, a word that begins with it, a word that it ends. */
function surnameEvidence(text: string, at: number): number {
  if (isCompoundAt(text, at)) return 0;
  const isWord =
    isWordAt(text, at) || ROLES.has(text.slice(at, at + 2)) || (at > 0 && isWordAt(text, at - 1));
  return (isWord ? WEIGHT.word : 0) + (EVERYDAY.has(text.charAt(at)) ? WEIGHT.everyday : 0);
}

function isCompoundAt(text: string, at: number): boolean {
  return surnameOf(text.slice(at, at + 4))?.tier === "compound";
}

function isWordAt(text: string, at: number): boolean {
  return WORDS.has(text.slice(at, at + 2)) || isCommonWordAt(text, at);
}

function givenEvidence(text: string, from: number, size: 1 | 2): number {
  let score = size === 1 ? WEIGHT.twoCharacters : 0;
  for (let i = from; i < from + size; i += 1) {
    const character = text.charAt(i);
    if (!isHan(text.charCodeAt(i))) return Number.NEGATIVE_INFINITY;
    if (GIVEN.has(character)) score += WEIGHT.given;
    else score += UNNAMELIKE.has(character) ? WEIGHT.unnamelike : WEIGHT.otherGiven;
  }
  return score + (size === 2 && isWordAt(text, from) ? WEIGHT.givenWord : 0);
}

/** Against the candidate: a word over its end, a run of sounds that goes on, a title of a work. */
function across(text: string, start: number, end: number): number {
  let score = isWordAt(text, end - 1) ? WEIGHT.word : 0;
  const goesOn = (isSound(text, start - 1) && isSound(text, start)) || isSoundRun(text, start, end);
  if (goesOn) score += WEIGHT.foreign;
  const isQuoted = QUOTES.has(text.charAt(start - 1)) || CLOSING.has(text.charAt(end));
  return score + (isQuoted ? WEIGHT.quoted : 0);
}

/** 夏威夷 and longer: as likely a place or a firm in another language. */
function isSoundRun(text: string, start: number, end: number): boolean {
  for (let at = start; at < Math.max(end, start + SOUND_NAME_MIN_CHARS); at += 1)
    if (!isSound(text, at)) return false;
  return true;
}

const NOTHING: Side = { score: 0, reason: "context" };

function leftOf(text: string, at: number): Side {
  if (JOINING.has(text.charAt(at))) return NOTHING;
  const before = text.charAt(at - 1);
  const from = /[:： ]/.test(before) ? at - 1 : at;
  const mayCue = CUE_TAILS.has(text.charAt(from - 1));
  for (let size = Math.min(CUE_MAX_CHARS, from); mayCue && size >= 1; size -= 1) {
    const cue = text.slice(from - size, from);
    if (CONTACTS.has(cue)) return { score: WEIGHT.contact, reason: "cue" };
    if (ROLES.has(cue)) return { score: WEIGHT.role, reason: "role" };
  }
  if (before === "、" || before === "@") return { score: WEIGHT.listed, reason: "context" };
  if (isEdge(before)) return { score: WEIGHT.edge, reason: "context" };
  if (WEAK_CUES.has(before)) return { score: WEIGHT.weakCue, reason: "context" };
  return isCommonWordAt(text, at - 2) ? { score: WEIGHT.wordEnd, reason: "context" } : NOTHING;
}

function rightOf(text: string, end: number): Side {
  const after = text.charAt(end);
  if (PHONE_AHEAD.test(text.slice(end, end + PHONE_AHEAD_MAX_CHARS)))
    return { score: WEIGHT.phone, reason: "phone" };
  if (after === "、") return { score: WEIGHT.listed, reason: "context" };
  if (isEdge(after)) return { score: WEIGHT.edge, reason: "context" };
  if (TITLES.has(text.slice(end, end + 2))) return { score: WEIGHT.title, reason: "title" };
  const follows = AFTER.has(text.slice(end, end + 2)) || AFTER.has(after);
  if (follows) return { score: WEIGHT.after, reason: "context" };
  return isCommonWordAt(text, end) ? { score: WEIGHT.wordEnd, reason: "context" } : NOTHING;
}

/** A sign, a blank or an end of the text; letters and digits go on with what they stand beside. */
function isEdge(character: string): boolean {
  return !/[\p{L}\p{N}]/u.test(character);
}

function isHan(unit: number): boolean {
  return unit >= 0x3400 && unit <= 0x9fff;
}
