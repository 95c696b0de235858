/** What webhooks are told of waybills: tokens, never a person. */
import type { EventData } from "../access/webhook.ts";
import type { Day } from "../rules/calendar.ts";
import { WEBHOOK_TOKENS_MAX } from "../rules/webhook.ts";
import type { Connection } from "../store/query.ts";
import { findShell } from "../store/shell.ts";
import { tokenOf } from "./record.ts";
import type { Vault } from "./vault.ts";

/** Of a batch: the entry that tells of it, how many there are, and which, unless they are many. */
export function batchEvent(tokens: readonly string[], entry: Uint8Array): EventData {
  const told = tokens.length <= WEBHOOK_TOKENS_MAX ? { tokens } : {};
  return { count: tokens.length, ...told, entry: Buffer.from(entry).toString("hex") };
}

/** The token of the waybill at that place; null once its shell is gone. */
export async function tokenAt(
  vault: Vault,
  connection: Connection,
  place: { readonly shellWeek: Day; readonly compartment: number; readonly slot: number },
): Promise<string | null> {
  const shell = await findShell(connection, place);
  return shell === null ? null : tokenOf(vault, shell);
}
