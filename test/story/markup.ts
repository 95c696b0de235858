/** Reads a page of ours back: pieces of text with the elements around them. */
import assert from "node:assert/strict";

export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Piece {
  readonly text: string;
  /** From the outermost in. */
  readonly around: readonly Element[];
}

export interface Markup {
  readonly pieces: readonly Piece[];
  readonly elements: readonly Element[];
}

const VOID = new Set(["meta", "br", "!doctype"]);
const TOKEN = /<(style|script)>[^]*?<\/\1>|<(\/?)([!a-z][a-z0-9]*)((?:\s[^<>]*?)?)(\/?)>|([^<]+)/gi;

const SIGNS: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};

function plain(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (sign) => SIGNS[sign] ?? "");
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/([a-z][\w-]*)="([^"]*)"/gi)];
  return Object.fromEntries(found.map(([, name = "", value = ""]) => [name, plain(value)]));
}

/** Fails the test when tags do not close in order or a sign stands where no page has one. */
export function read(page: string): Markup {
  const pieces: Piece[] = [];
  const elements: Element[] = [];
  const open: Element[] = [];
  let end = 0;
  for (const match of page.matchAll(TOKEN)) {
    assert.equal(match.index, end, `unreadable at ${page.slice(end, end + 80)}`);
    end = match.index + match[0].length;
    const [, block, closing, tag, attributes = "", self, text] = match;
    if (block !== undefined) continue;
    if (text !== undefined) {
      pieces.push({ text: plain(text), around: [...open] });
    } else if (closing === "/") {
      assert.equal(open.pop()?.tag, tag);
    } else {
      const element = { tag: tag ?? "", attributes: attributesOf(attributes) };
      elements.push(element);
      if (self !== "/" && !VOID.has(element.tag.toLowerCase())) open.push(element);
    }
  }
  assert.equal(end, page.length);
  assert.deepEqual(open, []);
  return { pieces, elements };
}
