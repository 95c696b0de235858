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

/** The same thing in both languages; the style sheet shows the reader's. */
export function both({ zh, en }: Both): Html {
  if (zh === en) return html`${zh}`;
  return html`<span lang="zh">${zh}</span><span lang="en">${en}</span>`;
}

/** In one line, for accessible names, which no style sheet can hide half of. */
export function bothPlain({ zh, en }: Both): string {
  return zh === en ? zh : `${zh} / ${en}`;
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
  return html`<span lang="zh">${fill(zh, values)}</span><span lang="en">${fill(en, values)}</span>`;
}

/** A text of the page without values, in one line. */
export function plain(key: StoryText): string {
  return bothPlain(STORY_TEXTS[key]);
}
