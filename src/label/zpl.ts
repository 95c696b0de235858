/**
 * A label in ZPL II (Zebra Programming Language, command ^GF): the whole page as one picture, so
 * that it does not depend on the fonts of the printer.
 */
import { deflateSync } from "node:zlib";
import type { Bitmap } from "./bitmap.ts";
import type { Fonts } from "./font.ts";
import type { PrintableLabel } from "./gate.ts";
import type { Dpi } from "./page.ts";
import { printedPage } from "./printed-page.ts";

/**
 * How the picture travels. `z64` is the smallest; some printers that are only compatible do not
 * know it, most of those know `acs` (run lengths), all know `hex`.
 */
export const ZPL_CODINGS = ["z64", "acs", "hex"] as const;
export type ZplCoding = (typeof ZPL_CODINGS)[number];

/** Labels are mostly white: level 3 loses a tenth in size against 6 and takes half the time. */
const DEFLATE_LEVEL = 3;

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021);
  return crc & 0xffff;
});

/** CRC-16/XMODEM (polynomial 1021, start 0) of the letters, as Z64 wants it. */
function crc16(text: string): string {
  let crc = 0;
  for (let at = 0; at < text.length; at += 1)
    crc = ((crc << 8) ^ (CRC_TABLE[(crc >> 8) ^ text.charCodeAt(at)] ?? 0)) & 0xffff;
  return crc.toString(16).toUpperCase().padStart(4, "0");
}

function z64({ bits }: Bitmap): string {
  const text = deflateSync(bits, { level: DEFLATE_LEVEL }).toString("base64");
  return `:Z64:${text}:${crc16(text)}`;
}

function hex({ bits }: Bitmap): string {
  return Buffer.from(bits).toString("hex").toUpperCase();
}

/** Letters G to Y stand for 1 to 19 times, g to z for 20 to 400 times in steps of 20. */
const ONES = "GHIJKLMNOPQRSTUVWXY";
const TWENTIES = "ghijklmnopqrstuvwxyz";
const RUN_MAX = 419;

function run(digit: string, length: number): string {
  let left = length;
  let text = "";
  while (left > 0) {
    const now = Math.min(left, RUN_MAX);
    const [twenties, ones] = [Math.floor(now / 20), now % 20];
    const count = `${TWENTIES[twenties - 1] ?? ""}${ONES[ones - 1] ?? ""}`;
    text += now === 1 ? digit : `${count}${digit}`;
    left -= now;
  }
  return text;
}

/**
 * One row: runs of digits; a comma fills the rest with white. The mark that fills it with black is
 * left alone, since not every reader of the language knows it.
 */
function acsRow(row: string): string {
  const kept = row.replace(/0+$/, "");
  const runs = kept.match(/(.)\1*/g) ?? [];
  const text = runs.map((digits) => run(digits[0] ?? "", digits.length)).join("");
  return kept.length === row.length ? text : `${text},`;
}

/** Rows one after another; a colon repeats the row above. */
function acs(page: Bitmap): string {
  const text = hex(page);
  const width = page.rowBytes * 2;
  let above = "";
  let coded = "";
  for (let at = 0; at < text.length; at += width) {
    const row = text.slice(at, at + width);
    coded += row === above ? ":" : acsRow(row);
    above = row;
  }
  return coded;
}

const CODINGS: Readonly<Record<ZplCoding, (page: Bitmap) => string>> = { z64, acs, hex };

/**
 * The page as one ZPL format, from ^XA to ^XZ; several after one another print one after another.
 */
export function encodeZpl(page: Bitmap, coding: ZplCoding): Uint8Array {
  const total = page.bits.length;
  return Buffer.from(
    `^XA^PW${page.widthDots}^LL${page.heightDots}^LH0,0^FO0,0` +
      `^GFA,${total},${total},${page.rowBytes},${CODINGS[coding](page)}^FS^XZ\n`,
    "latin1",
  );
}

/** The label for a Zebra printer of `dpi`. Fails as `printedList` does. */
export function toZpl(
  label: PrintableLabel,
  dpi: Dpi,
  options: { readonly fonts: Fonts; readonly coding?: ZplCoding },
): Uint8Array {
  return encodeZpl(printedPage(label, dpi, options.fonts), options.coding ?? "z64");
}
