/**
 * Pieces of a page that cannot be forgotten to be escaped: a text becomes HTML only through `html`,
 * which escapes whatever is not HTML already.
 */
import { STORY_TEXTS } from "./text.ts";
import type { StoryText } from "./text.ts";

const MADE = Symbol("html");

/** Safe to put into a page as it is. Only `html`, `join` and `raw` make one. */
export interface Html {
  readonly [MADE]: true;
  readonly text: string;
}

export type Piece = Html | string | number | readonly Html[];

export interface Both {
  readonly zh: string;
  readonly en: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? "");
}

/** Takes the text as HTML; only for constants of ours (style sheet, script). */
export function raw(text: string): Html {
  return { [MADE]: true, text };
}

export function join(pieces: readonly Html[], between = ""): Html {
  return raw(pieces.map(({ text }) => text).join(between));
}

function isList(piece: Piece): piece is readonly Html[] {
  return Array.isArray(piece);
}

function shown(piece: Piece): string {
  if (typeof piece === "string" || typeof piece === "number") return escape(String(piece));
  return isList(piece) ? join(piece, "\n").text : piece.text;
}

/** A template whose strings are HTML and whose values are escaped, unless they are HTML too. */
export function html(parts: TemplateStringsArray, ...values: readonly Piece[]): Html {
  const text = parts.map((part, at) => part + shown(values[at] ?? "")).join("");
  return raw(text);
}

const FULL_WIDTH: Readonly<Record<string, string>> = {
  ",": "，",
  ":": "：",
  ";": "；",
  "(": "（",
  ")": "）",
};

/** Punctuation beside Chinese characters, or beside a value in a Chinese text, as wide as they. */
function typeset(zh: string): string {
  const wide = /(?<=[\p{Script=Han}。」》”}）])[,:;()]|[,:;()](?=[\p{Script=Han}《“{])/gu;
  return zh.replaceAll(wide, (sign) => FULL_WIDTH[sign] ?? sign);
}

function span(lang: "zh" | "en", inner: Piece): Html {
  return html`<span lang="${lang}">${inner}</span>`;
}

/** The same thing in both languages; the style sheet shows the reader's. */
export function both({ zh, en }: Both): Html {
  return zh === en ? html`${zh}` : join([span("zh", typeset(zh)), span("en", en)]);
}

/** Like `both`, inside a drawing. */
export function bothDrawn({ zh, en }: Both): Html {
  if (zh === en) return html`${zh}`;
  const drawn = (lang: string, words: string): Html => html`<tspan lang="${lang}">${words}</tspan>`;
  return join([drawn("zh", `${typeset(zh)} `), drawn("en", en)]);
}

/** In one line, for accessible names, which no style sheet can hide half of. */
export function bothPlain({ zh, en }: Both): string {
  return zh === en ? zh : `${typeset(zh)} / ${en}`;
}

export type Values = Readonly<Record<string, Piece>>;

function fill(text: string, values: Values): Html {
  const parts = text.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? html`${part}` : html`${values[name] ?? ""}`;
  });
  return join(parts);
}

/** A text of the page; `{name}` stands for the value of that name, which may hold links. */
export function t(key: StoryText, values: Values = {}): Html {
  const { zh, en } = STORY_TEXTS[key];
  return join([span("zh", fill(typeset(zh), values)), span("en", fill(en, values))]);
}

/** A text of the page without values, in one line. */
export function plain(key: StoryText): string {
  return bothPlain(STORY_TEXTS[key]);
}
