/**
 * What a short text in or near a name field is: a person, an organisation, or how likely a name.
 */

import {
  GIVEN_CHARACTERS,
  HONORIFICS,
  JAPANESE_SURNAMES,
  LATIN_ORGANISATION,
  ORGANISATION_FORMS,
  ORGANISATION_ENDINGS,
  ORGANISATION_WORDS,
  SOUND_CHARACTERS,
  UNNAMELIKE_CHARACTERS,
} from "./name-word.ts";
import { surnameOf, type SurnameTier } from "./surname.ts";

export type NameKind = "person" | "org" | "unsure";

const GIVEN: ReadonlySet<string> = new Set(GIVEN_CHARACTERS);
const UNNAMELIKE: ReadonlySet<string> = new Set(UNNAMELIKE_CHARACTERS);
const SOUND: ReadonlySet<string> = new Set(SOUND_CHARACTERS);
const ENDINGS: ReadonlySet<string> = new Set(ORGANISATION_ENDINGS);
const TITLES: ReadonlySet<string> = new Set(HONORIFICS.split(" "));
const JAPANESE: ReadonlySet<string> = new Set(JAPANESE_SURNAMES.split(" "));
const ORGANISATION: ReadonlySet<string> = new Set(ORGANISATION_WORDS.split(" "));
/** 1 where a word begins with the unit: nearly no character of a name does, and this is quick. */
const ORGANISATION_HEADS = new Uint8Array(0x1_00_00);
for (const word of ORGANISATION) ORGANISATION_HEADS[word.charCodeAt(0)] = 1;

/** Characters as Japan simplified or made them. */
const JAPANESE_FORMS = /[沢浜斎斉恵広亜渡辺豊桜黒宮辻畑込鉄竜毎戸稲薗郎]/;
const TITLE_MAX_CHARS = 3;
const HAN_RUN = /^[\u3400-\u9fff\uf900-\ufaff々〇]+$/;
const LATIN = /^[\p{Script=Latin}\p{M} .'’-]+$/u;
const MIDDLE_DOT = /[·•・‧∙•．.]/;
const NAME_MAX_CHARS = 20;

/** How strongly a surname of each tier speaks for a name of two or three characters. */
const TIER_WEIGHT: Readonly<Record<SurnameTier, number>> = {
  compound: 0.9,
  common: 0.72,
  usual: 0.6,
  rare: 0.3,
};

/** The title at the end of `text` (女士, 总 …), or the empty string; never the whole text. */
export function honorificOf(text: string): string {
  for (let size = Math.min(TITLE_MAX_CHARS, text.length - 1); size > 0; size -= 1) {
    const tail = text.slice(-size);
    if (TITLES.has(tail)) return tail;
  }
  return "";
}

/** 0..1, by surname, given characters, title, length and words that no name holds. */
export function nameLikeness(text: string): number {
  const run = text.trim();
  if (run.length < 2 || run.length > NAME_MAX_CHARS) return 0;
  if (!HAN_RUN.test(run)) return foreignShape(run);
  if (holdsOrganisationWord(run)) return 0.03;
  const title = honorificOf(run);
  if (title !== "" && run.length <= 5) return titledShape(run, title);
  return hanShape(run);
}

/**
 * Person or organisation, for the summary of a masked name; unsure when nothing speaks for either.
 */
export function nameKind(text: string): NameKind {
  const run = text.trim();
  if (holdsOrganisationWord(run) || LATIN_ORGANISATION.test(run)) return "org";
  if (!HAN_RUN.test(run)) return nonHanKind(run);
  if (honorificOf(run).length >= 2 || isJapanese(run)) return "person";
  if (run.length >= 5) return soundShare(run) >= 0.8 ? "person" : "org";
  return shortHanKind(run);
}

/** 青**有限公司: a mask that left the form of business readable. */
const MASKED_FORM = new RegExp(`[*]{2}(?:${ORGANISATION_FORMS.split(" ").join("|")})$`);

function nonHanKind(run: string): NameKind {
  if (MASKED_FORM.test(run)) return "org";
  if (MIDDLE_DOT.test(run.slice(1, -1)) || LATIN.test(run)) return "person";
  return "unsure";
}

/** What a shop of three characters ends with and a given name does not. */
const SHOP_ENDING = /[店厂社馆局坊网铺厅库吧监]$|[千大宝万天百]\S堂$/;
/** 恒达, 鑫源: two characters of trade in a row, where a given name would stand. */
const BRAND_PAIR =
  /^.[达祥盛隆鑫佳康尔特诺通汇联科创裕恒聚][达祥盛隆鑫佳康尔特诺通汇联科创裕恒聚源]$/;

/**
 * Two or three characters after any surname are a person's; shops without one are named otherwise.
 */
function shortHanKind(run: string): NameKind {
  if (honorificOf(run) !== "" || isPetName(run)) return "person";
  if (run.length >= 4 && ENDINGS.has(run.slice(-1))) return "org";
  if (run.length === 3 && SHOP_ENDING.test(run)) return "org";
  if (run.length === 3 && BRAND_PAIR.test(run)) return "org";
  const surname = surnameOf(run);
  if (surname !== null && run.length - surname.length <= 2) return "person";
  return hanShape(run) >= 0.3 ? "person" : "org";
}

/** 长谷川, 小野塚, 中村: a family name of Japan, or a place-like one before a given name. */
function isJapanese(run: string): boolean {
  if (run.length < 3 || run.length > 6 || ENDINGS.has(run.slice(-1))) return false;
  if (JAPANESE_FORMS.test(run) || JAPANESE.has(run.slice(0, 2))) return true;
  return run.length >= 4 && /^..?[田山川村野原島岛崎井木沢泽澤藤橋桥谷津塚岡冈]/.test(run);
}

/** 老张, 小雨, 阿明, 圆圆, 东东哥. */
function isPetName(run: string): boolean {
  return /^[小老阿大]|[儿子仔妹宝]$/.test(run) || /^(.)\1/.test(run) || /(.)\1$/.test(run);
}

function titledShape(run: string, title: string): number {
  const bare = run.slice(0, run.length - title.length);
  const surname = surnameOf(`${bare}  `);
  if (surname === null) return title.length >= 2 ? 0.5 : Math.min(0.3, hanShape(run));
  if (title.length >= 2) return bare.length === surname.length ? 0.95 : 0.85;
  return Math.max(bare.length === 1 ? 0.6 : 0.4, hanShape(run));
}

function hanShape(run: string): number {
  const surname = surnameOf(run);
  if (run.length === 4 && JAPANESE.has(run.slice(0, 2))) return 0.6;
  if (surname === null) return run.length >= 4 && soundShare(run) >= 0.8 ? 0.4 : 0.08;
  const given = run.slice(surname.length);
  if (given.length > 2) return fourCharacterShape(run);
  let score = TIER_WEIGHT[surname.tier];
  for (const character of given) {
    if (GIVEN.has(character)) score += 0.12;
    else if (UNNAMELIKE.has(character)) score *= 0.3;
  }
  return Math.min(1, score);
}

/** 范徐丽泰: two surnames before a given name of two; or a transliteration such as 安东尼奥. */
function fourCharacterShape(run: string): number {
  if (run.length !== 4) return soundShare(run) >= 0.8 ? 0.3 : 0.05;
  const [first, second] = [surnameOf(run), surnameOf(run.slice(1))];
  const both = [first, second].every((one) => one?.tier === "common" || one?.tier === "usual");
  if (both) return 0.5;
  return soundShare(run) >= 0.75 ? 0.4 : 0.15;
}

function foreignShape(run: string): number {
  if (/\d/.test(run)) return 0;
  const parts = run.split(MIDDLE_DOT);
  if (parts.length > 1 && parts.every((part) => part.length > 1 && HAN_RUN.test(part))) return 0.85;
  return LATIN.test(run) && !LATIN_ORGANISATION.test(run) ? 0.3 : 0;
}

function soundShare(run: string): number {
  let sounds = 0;
  for (const character of run) sounds += SOUND.has(character) ? 1 : 0;
  return sounds / run.length;
}

function holdsOrganisationWord(run: string): boolean {
  for (let i = 0; i + 2 <= run.length; i += 1) {
    if (ORGANISATION_HEADS[run.charCodeAt(i)] !== 1) continue;
    if (ORGANISATION.has(run.slice(i, i + 2)) || ORGANISATION.has(run.slice(i, i + 3))) return true;
  }
  return false;
}
