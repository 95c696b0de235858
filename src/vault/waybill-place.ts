/** Waybills by where they lie: many are found with one question to the database. */
import type { Token } from "../crypto/token.ts";
import type { WaybillPlace } from "../store/hold.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { findShell, findShellsAt } from "../store/shell.ts";
import type { FoundShell, ShellPlace } from "../store/shell.ts";
import { tokenKeysOf, tokenOfShell } from "./token-key.ts";
import type { Vault } from "./vault.ts";

/** What tells a place from every other, for maps. */
export function placeKey(serial: number, slot: number): string {
  return `${serial}/${slot}`;
}

/** The tenant's shells at `places`, by `placeKey`; those that are gone are not in the map. */
export async function shellsAt(
  vault: Vault,
  places: readonly WaybillPlace[],
): Promise<ReadonlyMap<string, FoundShell>> {
  if (places.length === 0) return new Map();
  const found = await connected(vault.database, async (connection) =>
    findShellsAt(connection, vault.tenant.id, places),
  );
  return new Map(found.map((shell) => [placeKey(shell.compartment, shell.slot), shell]));
}

/** The tokens of `places`, in their order; null where the shell is gone. Throws KEY_UNKNOWN. */
export async function tokensAt(
  vault: Vault,
  places: readonly WaybillPlace[],
): Promise<(Token | null)[]> {
  const shells = await shellsAt(vault, places);
  const keys = await tokenKeysOf(vault);
  return places.map(({ compartment, slot }) => {
    const shell = shells.get(placeKey(compartment, slot));
    return shell === undefined ? null : tokenOfShell(keys, shell);
  });
}

/** The token of the waybill at that place; null once its shell is gone. Throws KEY_UNKNOWN. */
export async function tokenAt(
  vault: Vault,
  connection: Connection,
  place: ShellPlace,
): Promise<Token | null> {
  const shell = await findShell(connection, place);
  return shell === null ? null : tokenOfShell(await tokenKeysOf(vault), shell);
}
