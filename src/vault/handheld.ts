/** Which handhelds (手持终端) may be given the keys of a shift. Each act is an entry. */
import { randomUUID } from "node:crypto";
import { suiteOf, SUITES } from "../crypto/suites.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { writeEntry } from "../access/entry.ts";
import { Failure } from "../rules/failure.ts";
import { UUID } from "../rules/uuid.ts";
import { endHandheld, findHandheld, insertHandheld, listHandhelds } from "../store/handheld.ts";
import type { HandheldRow } from "../store/handheld.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Vault } from "./vault.ts";

const NAME_CHARACTERS_MAX = 64;
const KEY_TEXT = /^midan-handheld (intl|gm) ([0-9a-f]{64}|04[0-9a-f]{128})\s*$/;
const KEY_DIGITS = { intl: 64, gm: 130 } as const;

interface HandheldKey {
  readonly suite: number;
  readonly publicKey: Buffer;
}

function keyOf(text: string): HandheldKey {
  const [, name, hex = ""] = KEY_TEXT.exec(text) ?? [];
  if ((name !== "intl" && name !== "gm") || hex.length !== KEY_DIGITS[name])
    throw new Failure("HANDHELD_KEY_UNREADABLE");
  return { suite: SUITES[name].id, publicKey: Buffer.from(hex, "hex") };
}

/**
 * Registers a handheld by the text of its public key; its id. Throws HANDHELD_KEY_UNREADABLE,
 * ACCESS_DENIED, and USAGE for a name that is empty or longer than 64 characters.
 */
export async function registerHandheld(
  vault: Vault,
  actor: Actor,
  asked: { readonly name: string; readonly key: string },
): Promise<string> {
  const name = asked.name.trim();
  if (name === "" || name.length > NAME_CHARACTERS_MAX)
    throw new Failure("USAGE", { option: "--name" });
  const key = keyOf(asked.key);
  // Whoever puts parcels on routes says which handhelds carry their keys.
  await authorise(vault, { actor, verb: "assign" }, { place: "own" });
  const id = randomUUID();
  const row = { id, tenantId: vault.tenant.id, registeredAt: vault.now(), name };
  await transaction(vault.database, async (connection) => {
    await insertHandheld(connection, { ...row, ...key });
    const draft = { type: "device-registered", actor, device: id, mode: "handheld" } as const;
    await writeEntry(vault, connection, draft);
  });
  return id;
}

/** The handheld of that id, ended or not. Throws HANDHELD_UNKNOWN. */
export async function findOwnHandheld(vault: Vault, id: string): Promise<HandheldRow> {
  const found = UUID.test(id)
    ? await connected(vault.database, async (c) => findHandheld(c, vault.tenant.id, id))
    : null;
  if (found === null) throw new Failure("HANDHELD_UNKNOWN");
  suiteOf(found.suite);
  return found;
}

/** Lost, broken or handed in: it is given no keys from now on. HANDHELD_UNKNOWN, HANDHELD_ENDED. */
export async function endOwnHandheld(vault: Vault, actor: Actor, id: string): Promise<void> {
  const { id: device } = await findOwnHandheld(vault, id);
  await authorise(vault, { actor, verb: "assign" }, { place: "own" });
  await transaction(vault.database, async (connection) => {
    if (!(await endHandheld(connection, device, vault.now()))) throw new Failure("HANDHELD_ENDED");
    const draft = { type: "device-registered", actor, device, mode: "handheld-ended" } as const;
    await writeEntry(vault, connection, draft);
  });
}

/** The tenant's handhelds in the order registered; for those who assign. Throws ACCESS_DENIED. */
export async function handheldsOf(vault: Vault, actor: Actor): Promise<HandheldRow[]> {
  await authorise(vault, { actor, verb: "assign" }, { place: "own" });
  return connected(vault.database, async (c) => listHandhelds(c, vault.tenant.id));
}
