/** Tickets out of pictures: what a camera or a scanner saw of a label's 2-D code. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import type { ReaderOptions } from "zxing-wasm/reader";
import { Failure } from "../rules/failure.ts";

/** A photograph of a label has a tenth of it. */
export const PICTURE_BYTES_MAX = 32 * 1024 * 1024;
const TICKET_MARK = "MDT";

let ready: Promise<unknown> | null = null;

/** Hands the decoder its own file; left alone it would look for it on the network. */
async function prepare(): Promise<void> {
  const file = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  const wasm = readFileSync(file);
  // The loader takes a whole ArrayBuffer.
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
  ready ??= prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  await ready;
}

/**
 * Looks that are taken in turn until one finds a ticket: as it is; with closed-up holes and breaks,
 * for creases; one threshold for the whole picture, for poor light; at half the size, for noise.
 */
const LOOKS: readonly ReaderOptions[] = [
  {},
  { tryDenoise: true },
  { binarizer: "GlobalHistogram" },
  { downscaleFactor: 2, downscaleThreshold: 300 },
];

async function look(picture: Uint8Array, options: ReaderOptions): Promise<readonly string[]> {
  const asked = { formats: ["QRCode"], tryHarder: true, ...options } satisfies ReaderOptions;
  const found = await readBarcodes(picture, asked).catch(() => null);
  // Errors of codes are not asked for: what is told as one is that it is no picture.
  if (found === null || found.some(({ error }) => error !== ""))
    throw new Failure("PICTURE_UNREADABLE");
  const texts = found.filter(({ isValid }) => isValid).map(({ text }) => text);
  return texts.filter((text) => text.startsWith(TICKET_MARK));
}

/**
 * The texts of all tickets in a PNG or JPEG picture, whichever way up it is. None when there is no
 * code of ours in it. Throws PICTURE_UNREADABLE when it is no picture, or larger than 32 MiB.
 */
export async function ticketsIn(picture: Uint8Array): Promise<readonly string[]> {
  if (picture.length > PICTURE_BYTES_MAX) throw new Failure("PICTURE_UNREADABLE");
  await prepare();
  for (const options of LOOKS) {
    const found = await look(picture, options);
    if (found.length > 0) return found;
  }
  return [];
}
