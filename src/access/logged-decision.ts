/**
 * A database that was put back from an older backup has forgotten what was decided since: a lock, a
 * shorter term, a move. The log has not. What it tells is applied again before anything is served,
 * so that restoring a backup loosens nothing (P10).
 */
import { transaction } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import {
  adoptMoves,
  adoptRevocations,
  adoptSettings,
  adoptTerms,
} from "../store/logged-decision.ts";

/** The words are not in the log, only their digest. */
const LOST_REASON = "据日志恢复,原文已随旧库遗失 / restored from the log, words lost";

/** Applies what only the log has; how many settings, terms, scopes and places that were. */
export async function applyLogged(database: Database): Promise<number> {
  return transaction(database, async (connection) => {
    const settings = await adoptSettings(connection, LOST_REASON);
    const terms = await adoptTerms(connection, LOST_REASON);
    const revoked = await adoptRevocations(connection);
    return settings + terms + revoked + (await adoptMoves(connection));
  });
}
