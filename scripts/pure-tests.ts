/**
 * Loads the pure tests (those beside the code they test) into one process: a process of its own for
 * each would cost more than the tests themselves. Started by scripts/test.ts as one "test file".
 */

import { test } from "node:test";
import { pathToFileURL } from "node:url";

/** The files to load, as a JSON list of paths; set by scripts/test.ts. */
export const PURE_TESTS = "MIDAN_PURE_TESTS";

async function load(path: string): Promise<void> {
  try {
    await import(pathToFileURL(path).href);
  } catch (error) {
    // One file that cannot be loaded must not hide the results of the others.
    test(`${path} loads`, () => {
      throw error;
    });
  }
}

if (import.meta.main) {
  // The list was written by scripts/test.ts a moment ago.
  const paths = JSON.parse(process.env[PURE_TESTS] ?? "[]") as string[];
  for (const path of paths) await load(path);
}
