/** How tests damage a bundle: each change fails when it changes nothing. */
import assert from "node:assert/strict";
import type { MadeBundle } from "./made-bundle.ts";

export const bytes = (text: string): Buffer => Buffer.from(text, "utf8");
export const textOf = ({ files }: MadeBundle, name: string): string =>
  Buffer.from(files.get(name) ?? []).toString("utf8");

export function put({ files }: MadeBundle, name: string, content: string | Uint8Array): void {
  files.set(name, typeof content === "string" ? bytes(content) : content);
}

/** Puts `to` where `from` stood first; the test fails when it stands nowhere. */
export function swap(
  bundle: MadeBundle,
  name: string,
  [from, to]: readonly [string | RegExp, string],
): void {
  const before = textOf(bundle, name);
  const after = before.replace(from, () => to);
  assert.notEqual(after, before, `nothing to change in ${name}`);
  put(bundle, name, after);
}

export function flip(bundle: MadeBundle, name: string, at: number): void {
  const changed = Buffer.from(bundle.files.get(name) ?? []);
  assert.ok(at < changed.length);
  changed[at] = (changed[at] ?? 0) ^ 1;
  put(bundle, name, changed);
}

export function lines(bundle: MadeBundle): string[] {
  return textOf(bundle, "leaves.ndjson").split("\n").slice(0, -1);
}

export function putLines(bundle: MadeBundle, changed: readonly string[]): void {
  put(bundle, "leaves.ndjson", changed.map((line) => `${line}\n`).join(""));
}

export function json(bundle: MadeBundle, name: string): Record<string, unknown> {
  return JSON.parse(textOf(bundle, name)) as Record<string, unknown>;
}

export interface Damage {
  readonly name: string;
  readonly reason: string;
  readonly damage: (bundle: MadeBundle) => void;
}
