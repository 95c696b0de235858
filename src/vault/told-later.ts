/** What is told when an installation is opened, and must not keep it from opening. */
import { isFailure } from "../rules/failure.ts";

/**
 * Does `tell`, unless the log takes no entries for the moment (LOG_LATE): then it is told at the
 * next opening, because nothing was remembered as told.
 */
export async function toldOrLater(tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (error) {
    if (!isFailure(error, "LOG_LATE")) throw error;
  }
}
