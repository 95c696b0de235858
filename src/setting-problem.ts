/** Settings are told of all at once: who mends one must not meet the next at the next start. */
import { Failure, isFailure } from "./rules/failure.ts";

const BETWEEN = ", ";

/**
 * Reads every part, also after one that cannot be read. Throws SETTING_INVALID naming each variable
 * that is wrong, never a value.
 */
export function readAll<T extends object>(parts: { readonly [K in keyof T]: () => T[K] }): T {
  const found: Partial<T> = {};
  const wrong = new Set<string>();
  // The keys of an object of that type are its keys.
  for (const key of Object.keys(parts) as (keyof T)[]) {
    try {
      found[key] = parts[key]();
    } catch (error) {
      if (!isFailure(error, "SETTING_INVALID")) throw error;
      for (const name of String(error.details["setting"]).split(BETWEEN)) wrong.add(name);
    }
  }
  if (wrong.size > 0) throw new Failure("SETTING_INVALID", { setting: [...wrong].join(BETWEEN) });
  // Every part was found, or it would have been wrong.
  return found as T;
}
