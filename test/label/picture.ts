/** Pictures in tests: PNG to dots, and what poppler and librsvg make of a page. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

export interface Grey {
  readonly width: number;
  readonly height: number;
  /** A byte a dot, 0 is black. */
  readonly dots: Uint8Array;
}

/** PNG colour types and their samples a dot. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

function chunks(png: Buffer): { header: Buffer; data: Buffer } {
  let header: Buffer = Buffer.alloc(0);
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    const type = png.toString("latin1", at + 4, at + 8);
    if (type === "IHDR") header = body;
    if (type === "IDAT") parts.push(body);
  }
  return { header, data: inflateSync(Buffer.concat(parts)) };
}

/** PNG, third edition, 9.4: Paeth. */
function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [guess - left, guess - up, guess - corner].map(Math.abs);
  if (a === undefined || b === undefined || c === undefined) return 0;
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function unfilter(data: Buffer, rowBytes: number, step: number): Uint8Array {
  const rows = data.length / (rowBytes + 1);
  const out = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row += 1) {
    const kind = data[row * (rowBytes + 1)];
    for (let at = 0; at < rowBytes; at += 1) {
      const to = row * rowBytes + at;
      const left = at < step ? 0 : (out[to - step] ?? 0);
      const up = row === 0 ? 0 : (out[to - rowBytes] ?? 0);
      const corner = at < step || row === 0 ? 0 : (out[to - rowBytes - step] ?? 0);
      const guesses = [0, left, up, (left + up) >> 1, paeth(left, up, corner)];
      out[to] = (data[row * (rowBytes + 1) + 1 + at] ?? 0) + (guesses[kind ?? 0] ?? 0);
    }
  }
  return out;
}

/** A PNG of one bit or of whole bytes as shades; transparent counts as white. */
export function readPng(bytes: Uint8Array): Grey {
  const { header, data } = chunks(Buffer.from(bytes));
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colour = 0] = [header[8], header[9]];
  const samples = SAMPLES[colour] ?? assert.fail(`colour type ${colour}`);
  const rowBytes = Math.ceil((width * samples * depth) / 8);
  const raw = unfilter(data, rowBytes, Math.max(1, (samples * depth) >> 3));
  const dots = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * rowBytes;
      if (depth === 1) dots[y * width + x] = ((raw[at + (x >> 3)] ?? 0) << (x & 7)) & 128 ? 255 : 0;
      else {
        const isClear = samples % 2 === 0 && raw[at + x * samples + samples - 1] === 0;
        dots[y * width + x] = isClear ? 255 : (raw[at + x * samples] ?? 0);
      }
    }
  }
  return { width, height, dots };
}

/** Puts `bytes` into a file, runs a program on it and gives back what it prints. */
export function runOn(bytes: Uint8Array, program: string, words: readonly string[]): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "midan-picture-"));
  try {
    const file = join(directory, "in");
    writeFileSync(file, bytes);
    return execFileSync(
      program,
      words.map((word) => (word === "FILE" ? file : word)),
      {
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The first page of a PDF in shades of grey at that resolution. */
export function pdfPicture(pdf: Uint8Array, dpi: number): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), "midan-picture-"));
  try {
    const file = join(directory, "in.pdf");
    writeFileSync(file, pdf);
    const out = join(directory, "page");
    execFileSync("pdftoppm", ["-gray", "-png", "-singlefile", "-r", String(dpi), file, out]);
    return readFileSync(`${out}.png`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
