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

export interface ReadCode {
  readonly kind: "bars" | "2-D";
  readonly text: string;
}

/** Points of four bytes, as a canvas has them. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Everything that a thorough look at a picture finds. */
export async function readCodes(picture: Picture): Promise<readonly ReadCode[]> {
  // Its types want what browsers call a picture; it reads these three fields of it.
  const found = await readBarcodes(picture as Parameters<typeof readBarcodes>[0], {
    formats: ["Code128", "QRCode"],
    tryHarder: true,
    tryRotate: true,
    tryDownscale: true,
  });
  return found
    .filter(({ isValid }) => isValid)
    .map(({ format, text }) => ({ kind: format === "Code128" ? "bars" : "2-D", text }));
}

/** What Debian's zbar reads, each code once, sorted. */
export function zbarCodesIn(picture: Uint8Array): readonly string[] {
  const words = ["--raw", "--quiet", "-Sdisable", "-Scode128.enable", "-Sqrcode.enable", "FILE"];
  return runOn(picture, "zbarimg", words).toString("utf8").trim().split("\n").toSorted();
}
