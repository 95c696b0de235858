/** Reads codes with two decoders that share nothing with the encoders. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runOn } from "./picture.ts";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const wasm = readFileSync(
  createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"),
);
// The loader takes a whole ArrayBuffer; without one it would look on the network.
const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });

/** The texts of all Code 128 barcodes in a picture, from top to bottom. */
export async function codesIn(picture: Uint8Array): Promise<readonly string[]> {
  const found = await readBarcodes(picture, { formats: ["Code128"], tryHarder: true });
  return found
    .toSorted((a, b) => a.position.topLeft.y - b.position.topLeft.y)
    .map((code) => code.text);
}

/** The texts of all QR codes in a picture. */
export async function qrCodesIn(picture: Uint8Array): Promise<readonly string[]> {
  const found = await readBarcodes(picture, { formats: ["QRCode"], tryHarder: true });
  return found.map((code) => code.text);
}

/** What Debian's zbar reads, each code once, sorted. */
export function zbarCodesIn(picture: Uint8Array): readonly string[] {
  const words = ["--raw", "--quiet", "-Sdisable", "-Scode128.enable", "-Sqrcode.enable", "FILE"];
  return runOn(picture, "zbarimg", words).toString("utf8").trim().split("\n").toSorted();
}
