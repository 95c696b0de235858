/** Reads the vector files beside this folder; every line is parsed into text fields only. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const FOLDER = new URL("../vectors/", import.meta.url);

/** The objects of a JSON Lines file; fails when there is none. */
export function linesOf<Row>(name: string): readonly Row[] {
  const text = readFileSync(new URL(name, FOLDER), "utf8");
  const rows = text
    .trim()
    .split("\n")
    // The files are part of this repository; their shape is stated in SOURCES.md.
    .map((line) => JSON.parse(line) as Row);
  assert.ok(rows.length > 0, `${name} is empty`);
  return rows;
}

/** The document of a JSON file. */
export function documentOf<Shape>(name: string): Shape {
  // As above.
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Shape;
}

export const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
