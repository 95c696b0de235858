/**
 * Work that is prepared for waybills as they stand, and held against them when it is stored: where
 * they moved meanwhile it is prepared anew.
 */

/** Whoever meets somebody else each time is told so. */
const ATTEMPTS_MAX = 5;

/**
 * Does `work` until it was not outdated, five times at the most; throws its failure then, and any
 * other at once. What was thrown must have left nothing behind.
 */
export async function anewWhile<T>(
  isOutdated: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isOutdated(error)) throw error;
    }
  }
}
