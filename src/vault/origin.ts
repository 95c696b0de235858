/**
 * The waybill that another was sealed out of, by a return or a split: shown under the new one to
 * whoever may see both, with the entry that links them.
 */
import { keyedDigest } from "../access/about.ts";
import type { Actor } from "../access/actor.ts";
import { isFailure } from "../rules/failure.ts";
import { ownershipFor } from "./ownership.ts";
import { findRecord } from "./record.ts";
import type { Vault } from "./vault.ts";
import type { Origin, View } from "./view.ts";

export interface ShownOrigin extends Origin {
  /** Id of the entry about the old waybill, hex. */
  readonly entry: string;
}

/** The id of the entry that links two waybills: the same, however often it is asked for. */
export async function resealEntry(
  vault: Pick<Vault, "keys" | "tenant">,
  before: string,
  after: string,
): Promise<Uint8Array> {
  return keyedDigest(vault, "midan.about", `reseal ${before} ${after}`);
}

async function maySee(vault: Vault, actor: Actor, token: string): Promise<boolean> {
  try {
    const { shell } = await findRecord(vault, token);
    return (await ownershipFor(vault, actor, [shell]))(shell).place === "own";
  } catch (error) {
    // The older one may be gone with its week.
    if (isFailure(error, "TOKEN_UNKNOWN")) return false;
    throw error;
  }
}

/** Where the waybill came from; null for one that was ordered, and for whoever may not see both. */
export async function originOf(
  vault: Vault,
  { view, token }: { readonly view: View | null; readonly token: string },
  actor: Actor | null,
): Promise<ShownOrigin | null> {
  const origin = view?.origin;
  if (origin === undefined) return null;
  if (actor !== null && !(await maySee(vault, actor, origin.token))) return null;
  const entry = await resealEntry(vault, origin.token, token);
  return { ...origin, entry: Buffer.from(entry).toString("hex") };
}
