/** Tickets out of pictures: what a camera or a scanner saw of a label's 2-D code. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
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
 * The texts of all tickets in a PNG or JPEG picture, whichever way up it is. None when there is no
 * code of ours in it. Throws PICTURE_UNREADABLE when it is no picture, or larger than 32 MiB.
 */
export async function ticketsIn(picture: Uint8Array): Promise<readonly string[]> {
  if (picture.length > PICTURE_BYTES_MAX) throw new Failure("PICTURE_UNREADABLE");
  await prepare();
  try {
    const found = await readBarcodes(picture, { formats: ["QRCode"], tryHarder: true });
    return found.map(({ text }) => text).filter((text) => text.startsWith(TICKET_MARK));
  } catch {
    throw new Failure("PICTURE_UNREADABLE");
  }
}
