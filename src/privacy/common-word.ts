/** Whether two characters that stand together are an everyday word rather than part of a name. */

import { COMMON_WORDS } from "./common-word-table.ts";

const SECONDS: ReadonlyMap<string, string> = new Map(
  COMMON_WORDS.split(" ").map((group) => [group.charAt(0), group.slice(1)] as const),
);

/** True when the characters at `at` and after it are a common word; false outside the text. */
export function isCommonWordAt(text: string, at: number): boolean {
  const second = text.charAt(at + 1);
  return second !== "" && (SECONDS.get(text.charAt(at))?.includes(second) ?? false);
}
