/**
 * Receipts (docs/formats/audit-log.md): the log's signed word that a leaf has its index by a stated
 * time. Held against a log they turn into a proof of inclusion, or into evidence that it broke its
 * word.
 */
import { fromBase64, sameBytes, textOf, utf8 } from "./bytes.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { HASH_BYTES, isIncluded } from "./merkle.ts";
import { parseNote, signersOf } from "./note.ts";
import type { VerifierKey } from "./note.ts";
import { TrustedTiles } from "./part-log.ts";
import type { Platform, Source } from "./platform.ts";
import { Refused } from "./reason.ts";
import { WIDTH } from "./tiles.ts";

const HEADER = "midan-receipt/1";
const PATH_MAX = 20;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export interface Receipt {
  readonly leaf: Uint8Array;
  readonly origin: string;
  readonly at: Date;
  /** When the leaf has to be in the log at the latest. */
  readonly due: Date;
}

function wholeNumber(text: string): number | null {
  return /^(?:0|[1-9]\d{0,9})$/.test(text) ? Number(text) : null;
}

interface Group {
  readonly origin: string;
  readonly at: Date;
  readonly seconds: number;
  readonly count: number;
  readonly root: Uint8Array;
}

function groupOf(text: string): Group | null {
  const [header, origin = "", instant = "", delay = "", leaves = "", base64 = "", ...rest] =
    text.split("\n");
  const [seconds, count, root] = [wholeNumber(delay), wholeNumber(leaves), fromBase64(base64)];
  if (header !== HEADER || origin === "" || !INSTANT.test(instant)) return null;
  if (seconds === null || count === null || root === null || rest.join("") !== "") return null;
  return { origin, at: new Date(instant), seconds, count, root };
}

interface Place {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

function placeOf(lines: readonly string[]): Place | null {
  const [header, leafLine = "", indexLine = "", ...pathLines] = lines;
  const leaf = leafLine.startsWith("leaf ") ? fromBase64(leafLine.slice("leaf ".length)) : null;
  const index = indexLine.startsWith("index ")
    ? wholeNumber(indexLine.slice("index ".length))
    : null;
  const path = pathLines.map(fromBase64).filter((hash) => hash !== null);
  if (header !== HEADER || leaf?.length !== HASH_BYTES || index === null) return null;
  return path.length === pathLines.length && path.length <= PATH_MAX ? { leaf, index, path } : null;
}

/** The receipt in `bytes`, signed by `key` or another of its line. Throws RECEIPT_MALFORMED,
 * RECEIPT_WRONG, SIGNATURE_WRONG or KEY_RETIRED. */
export async function readReceipt(
  platform: Platform,
  bytes: Uint8Array,
  key: VerifierKey,
): Promise<Receipt> {
  const file = "receipt";
  const text = textOf(bytes) ?? "";
  const split = text.indexOf("\n\n");
  const place = split < 0 ? null : placeOf(text.slice(0, split).split("\n"));
  if (place === null) throw new Refused("RECEIPT_MALFORMED", { file });
  const note = parseNote(utf8(text.slice(split + 2)), file);
  const group = groupOf(note.text);
  if (group === null) throw new Refused("RECEIPT_MALFORMED", { file });
  if (group.origin !== key.name) throw new Refused("ORIGIN_WRONG", { file });
  const signers = await signersOf(platform, note, { key, file });
  if (signers.length === 0) throw new Refused("RECEIPT_WRONG", { file });
  if (signers.every(({ end }) => end !== null && group.at > end.at))
    throw new Refused("KEY_RETIRED", { file, detail: key.name });
  const { leaf, index, path } = place;
  if (!isIncluded(platform, { leaf, index, size: group.count, path, root: group.root }))
    throw new Refused("RECEIPT_WRONG", { file });
  const due = new Date(group.at.getTime() + group.seconds * 1000);
  return { leaf, origin: group.origin, at: group.at, due };
}

export type ReceiptVerdict =
  | { readonly state: "included"; readonly index: number }
  /** The log is not known to be past the time that it promised. */
  | { readonly state: "open"; readonly seenUntil: Date | null }
  /** The log went on past that time without the leaf. */
  | { readonly state: "broken"; readonly seenUntil: Date };

/**
 * Looks for the receipt's leaf in the whole log. `witnessed` is the latest time at which a witness
 * cosigned the checkpoint; the log's own last leaf counts as well.
 */
export async function checkReceipt(
  platform: Platform,
  source: Source,
  asked: {
    readonly receipt: Receipt;
    readonly checkpoint: Checkpoint;
    readonly witnessed: Date | null;
  },
): Promise<ReceiptVerdict> {
  const { receipt, checkpoint, witnessed } = asked;
  const tiles = new TrustedTiles(platform, source, checkpoint);
  await tiles.open();
  const bundles = Math.ceil(checkpoint.size / WIDTH);
  // A leaf that has a receipt lies near the end.
  for (let bundle = bundles - 1; bundle >= 0; bundle -= 1) {
    const { hashes } = await tiles.tile(0, bundle);
    const at = hashes.findIndex((hash) => sameBytes(hash, receipt.leaf));
    if (at >= 0) return { state: "included", index: bundle * WIDTH + at };
  }
  const last = bundles === 0 ? undefined : (await tiles.leaves(bundles - 1)).at(-1);
  const times = [witnessed?.getTime(), last === undefined ? undefined : Date.parse(last.at)];
  const latest = Math.max(...times.filter((time) => time !== undefined), Number.NEGATIVE_INFINITY);
  const seenUntil = Number.isFinite(latest) ? new Date(latest) : null;
  if (seenUntil !== null && seenUntil > receipt.due) return { state: "broken", seenUntil };
  return { state: "open", seenUntil };
}
