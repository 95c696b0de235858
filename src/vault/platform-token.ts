/**
 * A platform's token back out (取平台令牌): what a shop platform handed out of a recipient whom it
 * withholds, for the machine that fetches the platform's label or virtual number with it. No person
 * is in it, and no person of ours gets it; that it left is an entry before it leaves (P11).
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { newEntry } from "../access/entry.ts";
import { isExternal } from "../privacy/external.ts";
import type { ExternalParty } from "../privacy/external.ts";
import { Failure } from "../rules/failure.ts";
import { findRecord, openRecord, subjectOf } from "./record.ts";
import { authoriseOver } from "./ownership.ts";
import { accessGate } from "./standing.ts";
import type { Vault } from "./vault.ts";

export interface GivenToken extends Pick<ExternalParty, "platform" | "token" | "ciphers"> {
  /** The platform asks for it beside its token. */
  readonly orderNumber: string;
  /** Id of the audit entry, hex. */
  readonly entry: string;
  readonly receipt: string;
}

/**
 * Gives what the platform handed out. Throws MACHINE_REQUIRED for a person, ACCESS_DENIED for a
 * machine that may not print, ACCESS_CLOSED, PLATFORM_TOKEN_NONE where the recipient is sealed
 * here, DATA_DEAD, or as `findRecord`; when the entry cannot be written nothing is given.
 */
export async function platformToken(
  vault: Vault,
  { token: text, actor }: { readonly token: string; readonly actor: Actor },
): Promise<GivenToken> {
  if (actor.kind !== "machine") throw new Failure("MACHINE_REQUIRED");
  await authorise(vault, { actor, verb: "print" }, { place: "own" });
  const record = await findRecord(vault, text);
  const { supplied } = await authoriseOver(vault, { actor, verb: "print" }, record.shell);
  // A platform's token of a merchant's customer is no part of what a supplier needs to pack.
  if (supplied !== null)
    await authorise(vault, { actor, verb: "print" }, { place: "other-branch" });
  if ((await accessGate(vault))(record.shell)) throw new Failure("ACCESS_CLOSED");
  const opened = await openRecord(vault, record);
  const { recipient } = opened.parties();
  if (!isExternal(recipient)) throw new Failure("PLATFORM_TOKEN_NONE");
  const { orderNumber } = opened.view();
  const leaf = newEntry(vault, {
    type: "platform-token-given",
    actor,
    about: subjectOf(opened.key),
  });
  const receipt = await vault.log.groups.append(leaf);
  const { platform, token, ciphers } = recipient;
  return {
    platform,
    token,
    ciphers,
    orderNumber,
    receipt,
    entry: Buffer.from(leaf.id).toString("hex"),
  };
}
