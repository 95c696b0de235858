/** What webhooks are told of waybills: tokens, never a person. */
import type { EventData } from "../access/webhook.ts";
import { WEBHOOK_TOKENS_MAX } from "../rules/webhook.ts";

/** Of a batch: the entry that tells of it, how many there are, and which, unless they are many. */
export function batchEvent(tokens: readonly string[], entry: Uint8Array): EventData {
  const told = tokens.length <= WEBHOOK_TOKENS_MAX ? { tokens } : {};
  return { count: tokens.length, ...told, entry: Buffer.from(entry).toString("hex") };
}
