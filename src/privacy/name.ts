/**
 * Masks the name field. GB/T 41833-2022: 收寄件人姓名应隐藏1个汉字以上. The default leaves the first
 * character (or a compound surname) and hides everything else, so that no part of a given name
 * shows.
 */

import type { MaskProfile } from "./mask-profile.ts";
import { honorificOf, nameKind, nameLikeness, type NameKind } from "./name-shape.ts";
import { ORGANISATION_FORMS } from "./name-word.ts";
import { surnameOf } from "./surname.ts";

const MASK = "*";
const FORMS: readonly string[] = ORGANISATION_FORMS.split(" ");
const LETTER = /\p{L}/u;
const BLANK = /\s/;

/**
 * Masks one name; the same length in UTF-16 units, `*` for each hidden unit. Never throws; what is
 * no name is hidden whole but for its first letter. `kind` is a guess for display and never
 * loosens.
 */
export function maskName(plain: string, profile: MaskProfile): { masked: string; kind: NameKind } {
  const kind = nameKind(plain);
  const text = plain.trimEnd();
  const start = text.length - text.trimStart().length;
  const run = plain.slice(start, text.length);
  const { head, tail } = keptParts(run, { profile, kind });
  const end = text.length - tail;
  const hidden = plain.slice(start + head, end).replace(/\S/gs, MASK);
  return { masked: plain.slice(0, start + head) + hidden + plain.slice(end), kind };
}

/** 0..1: may this short run be a person's name? Callers choose their own threshold. */
export function looksLikeName(text: string): number {
  return nameLikeness(text);
}

interface KeptParts {
  readonly head: number;
  readonly tail: number;
}

const NOTHING: KeptParts = { head: 0, tail: 0 };
const HAN = /\p{Script=Han}/u;
/** Stars count as characters, so that a mask that is masked again keeps its compound surname. */
const SURNAME_RUN = /^[\u3400-\u9fff\uf900-\ufaff]{2}[\u3400-\u9fff\uf900-\ufaff*]{1,2}$/;

/** Titles that are never part of a given name, so that `strict` may leave them readable. */
const PLAIN_TITLES: ReadonlySet<string> = new Set(
  "先生 女士 小姐 老师 老師 师傅 師傅 太太 阿姨 医生 醫生 经理 經理".split(" "),
);

function keptParts(
  run: string,
  { profile, kind }: { profile: MaskProfile; kind: NameKind },
): KeptParts {
  if (profile.nameRule === "none") return NOTHING;
  const head = headLength(run);
  // A title stays only where a given name goes, in every profile alike: 陈**女士, ***女士.
  const title = plainTitleLength(run);
  const titleTail = run.length - title > head ? title : 0;
  const isForm = profile.nameRule !== "honorific" && kind === "org" && isOrgWhenMasked(run, head);
  const tail = isForm ? formLength(run, head) : titleTail;
  const shown = profile.nameRule === "honorific" ? 0 : head;
  return hidesEnough(run, run.slice(shown, run.length - tail)) ? { head: shown, tail } : NOTHING;
}

/** Words apart may read otherwise as stars; a form that would be hidden then is hidden now. */
function isOrgWhenMasked(run: string, head: number): boolean {
  if (!BLANK.test(run)) return true;
  const stars = run.slice(head, run.length - formLength(run, head)).replace(/\S/gs, MASK);
  return nameKind(run.slice(0, head) + stars + run.slice(head + stars.length)) === "org";
}

function plainTitleLength(run: string): number {
  const title = honorificOf(run);
  return PLAIN_TITLES.has(title) ? title.length : 0;
}

/** Units of the first letter, or of a compound surname; 0 when the field begins with no letter. */
function headLength(run: string): number {
  const first = String.fromCodePoint(run.codePointAt(0) ?? 0);
  if (!LETTER.test(first) || BLANK.test(first)) return 0;
  return SURNAME_RUN.test(run) ? (surnameOf(run)?.length ?? 1) : first.length;
}

/** 有限公司, 店 and the like say nothing of a person; they stay when two characters before them hide. */
function formLength(run: string, head: number): number {
  const form = FORMS.find((ending) => run.endsWith(ending)) ?? "";
  const isApart = BLANK.test(run.charAt(run.length - form.length - 1));
  return !isApart && run.length - head - form.length >= 2 ? form.length : 0;
}

/**
 * At least one Chinese character must be hidden; where the name has none, one letter. A star is one
 * that was hidden before.
 */
function hidesEnough(run: string, hidden: string): boolean {
  if (hidden.includes(MASK)) return true;
  return HAN.test(run) ? HAN.test(hidden) : LETTER.test(hidden);
}
