/**
 * The page tree of a long PDF (ISO 32000-1, 7.7.3.2). pdfkit hangs all pages on one node and keeps
 * every page's dictionary to the end; here each hundred has a node of its own, which is written and
 * emptied when it is full, so that a page costs no memory beyond its three places in the file.
 */
import type PDFDocument from "pdfkit";

const PAGES_PER_NODE = 100;

interface Reference {
  data: Record<string, unknown>;
  end(): void;
}

interface PageNode extends Reference {
  data: { Type?: "Pages"; Parent?: Reference; Count: number; Kids: unknown[] };
}

/** What pdfkit has and its published types leave out. */
interface Inside {
  readonly page: { readonly dictionary: Reference };
  readonly _root: { readonly data: { readonly Pages: PageNode } };
  ref(data: PageNode["data"]): PageNode;
  push(piece: Uint8Array | null): boolean;
}

function inside(doc: InstanceType<typeof PDFDocument>): Inside {
  // The version of pdfkit is pinned, and the tests read the tree with poppler.
  return doc as unknown as Inside;
}

export interface PageTree {
  /** Takes the page that was just added from pdfkit's one node into the tree. */
  adopt(): void;
  /** Writes the last node; call once before the document ends. */
  close(): void;
}

/** The tree of `doc`, which must have no page yet. */
export function pageTree(doc: InstanceType<typeof PDFDocument>): PageTree {
  const pdf = inside(doc);
  const root = pdf._root.data.Pages;
  let node: PageNode | null = null;
  const close = (): void => {
    if (node === null) return;
    node.end();
    // The root goes on holding the node by its number; what it said is in the file.
    node.data = { Count: 0, Kids: [] };
    node = null;
  };
  const open = (): PageNode => {
    const opened = pdf.ref({ Type: "Pages", Parent: root, Count: 0, Kids: [] });
    root.data.Kids.push(opened);
    return opened;
  };
  return {
    close,
    adopt() {
      const page = root.data.Kids.pop();
      node ??= open();
      pdf.page.dictionary.data["Parent"] = node;
      node.data.Kids.push(page);
      node.data.Count += 1;
      if (node.data.Count === PAGES_PER_NODE) close();
    },
  };
}

const PIECE_BYTES = 64 * 1024;

/**
 * Has `doc` hand out pieces of 64 KiB. pdfkit hands out every line by itself, at the end one for
 * each object of the file, which took ten times the memory of what it says.
 */
export function inLargePieces(doc: InstanceType<typeof PDFDocument>): void {
  const pdf = inside(doc);
  const push = pdf.push.bind(doc);
  let held = Buffer.allocUnsafe(PIECE_BYTES);
  let used = 0;
  const flush = (): void => {
    if (used > 0) push(held.subarray(0, used));
    held = Buffer.allocUnsafe(PIECE_BYTES);
    used = 0;
  };
  pdf.push = (piece) => {
    if (piece === null || used + piece.length > PIECE_BYTES) flush();
    if (piece === null || piece.length > PIECE_BYTES) return push(piece);
    held.set(piece, used);
    used += piece.length;
    return true;
  };
}
