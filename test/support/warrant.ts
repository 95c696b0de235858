/** A warrant over some waybills or records, filed and confirmed. */
import type { Actor } from "../../src/access/actor.ts";
import { confirmWarrant, fileWarrant } from "../../src/access/warrant.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "./actor.ts";

export const SECOND_OFFICER = signedIn("第二人员", "security-officer");

/** Filed by `officer`, confirmed by another, good for 30 days; gives its id. */
export async function warrantOver(
  vault: Vault,
  about: readonly string[],
  officer: Actor,
): Promise<string> {
  const document = { authority: "某市公安局", document: "调证字 2026-17", days: 30 };
  const { id } = await fileWarrant(vault, { ...document, about, actor: officer });
  await confirmWarrant(vault, { id, actor: SECOND_OFFICER });
  return id;
}
