/** What entries of the log say of a hold. */
import { digestOf } from "../access/setting.ts";
import { isFailure } from "../rules/failure.ts";
import type { HoldRow } from "../store/hold.ts";
import type { Connection } from "../store/query.ts";
import { findShell } from "../store/shell.ts";
import { openKey, subjectOf } from "./record.ts";
import type { Vault } from "./vault.ts";

/** What the log says of a hold; the document and the authority as a digest. */
export function holdDraft(hold: HoldRow) {
  const { id, reason, untilDay, authority, document } = hold;
  const digest = digestOf(JSON.stringify([authority, document]));
  return { request: id, value: reason, validUntil: untilDay, digest } as const;
}

/** The commitment to the waybill, as long as its key can be derived. */
export async function subjectIfAlive(
  vault: Vault,
  connection: Connection,
  hold: HoldRow,
): Promise<{ readonly about?: Uint8Array }> {
  const shell = await findShell(connection, hold);
  if (shell === null) return {};
  try {
    return { about: subjectOf(await openKey(vault, shell)) };
  } catch (error) {
    if (isFailure(error)) return {};
    throw error;
  }
}
