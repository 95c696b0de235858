/** What came of something that may be refused. */
import assert from "node:assert/strict";
import { isFailure } from "../../src/rules/failure.ts";

/** The code of the failure that `work` ends with, or `done`; what is no failure fails the test. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    assert.ok(isFailure(error), String(error));
    return error.code;
  }
}
