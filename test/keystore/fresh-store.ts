/** A key store in a folder of its own, removed with the test. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { fileRootKey } from "../../src/keystore/file-root-key.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { parseDay } from "../../src/rules/calendar.ts";
import type { Day } from "../../src/rules/calendar.ts";

export const TENANT = "00000000-0000-4000-8000-000000000001";
export const OTHER_TENANT = "00000000-0000-4000-8000-000000000002";
export const NOW = new Date("2026-11-23T08:00:00.000Z");

/** A day that the caller knows to exist. */
export function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null) throw new RangeError("no such day");
  return parsed;
}

export const DEATH: Day = day("2027-03-24");
/** The Monday of the week of `DEATH`. */
export const WEEK: Day = day("2027-03-22");
export const REQUEST = { tenant: TENANT, dayOfDeath: DEATH, suite: 1 } as const;

const random = (count: number): Uint8Array => randomBytes(count);

/** Where the root key of the store in `base` lies. */
export function rootKeyFileIn(base: string): string {
  return path.join(base, "midan-root", "root.key");
}

export function optionsIn(base: string): OpenOptions {
  return {
    folder: path.join(base, "midan-keys"),
    rootKey: fileRootKey(rootKeyFileIn(base), random),
    randomBytes: random,
    now: () => NOW,
  };
}

/** A folder in which nothing is yet. */
export function freshBase(context: TestContext): string {
  const base = mkdtempSync(path.join(tmpdir(), "midan-keystore-"));
  context.after(() => rmSync(base, { recursive: true, force: true }));
  return base;
}

export function freshOptions(context: TestContext): OpenOptions {
  return optionsIn(freshBase(context));
}

/** For `assert.rejects`: a Failure with this code. */
export function failure(code: string): { name: string; code: string } {
  return { name: "Failure", code };
}
