/** What may be read in a masked name: a first letter or a compound surname, a title, a form. */

import { foldMasks } from "./lint-fold.ts";
import type { MaskProfile } from "./mask-profile.ts";
import { ORGANISATION_FORMS } from "./name-word.ts";
import { surnameOf } from "./surname.ts";

const READABLE = /[\p{L}\p{N}]/u;
const TITLE = /(?:先生|女士|小姐|老师|老師|师傅|師傅|太太|阿姨|医生|醫生|经理|經理)$/;
const FORM = new RegExp(`(?:${ORGANISATION_FORMS.split(" ").join("|")})$`);
/** A form of business may stay where two characters before it are hidden. */
const HIDDEN_BEFORE_FORM = /\*\s*\*\s*$/;
const COMPOUND = /^[\u3400-\u9fff\uf900-\ufaff]{2}/;
/** Longest name that begins with a compound surname. */
const COMPOUND_MAX_CHARS = 4;

/** True when the name shows no more than `profile` does and hides something. Never throws. */
export function isNameHidden(text: string, profile: MaskProfile): boolean {
  const name = foldMasks(text).trim();
  if (!READABLE.test(name)) return true;
  if (!name.includes("*") || profile.nameRule === "none") return false;
  const untitled = name.replace(TITLE, "");
  if (profile.nameRule === "honorific") return !READABLE.test(untitled);
  const body = untitled === name ? withoutForm(name) : untitled;
  return !READABLE.test(body.slice(headLength(body)));
}

const HAN_RUN = /^[\u3400-\u9fff\uf900-\ufaff]+$/;

/** 张女士, 欧阳老师: a surname and a title, and nothing of a given name. */
export function isTitledOnly(text: string): boolean {
  const name = foldMasks(text).trim();
  const surname = name.replace(TITLE, "");
  if (surname === name || !HAN_RUN.test(surname)) return false;
  return (surnameOf(`${surname}  `)?.length ?? 0) === surname.length;
}

function withoutForm(name: string): string {
  const body = name.replace(FORM, "");
  return HIDDEN_BEFORE_FORM.test(body) ? body : name;
}

function headLength(body: string): number {
  if (COMPOUND.test(body) && body.length > 2 && body.length <= COMPOUND_MAX_CHARS)
    return surnameOf(body)?.length ?? 1;
  const first = String.fromCodePoint(body.codePointAt(0) ?? 0);
  return /\p{L}/u.test(first) ? first.length : 0;
}
