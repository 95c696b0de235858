/**
 * Which of the tenant's token keys a token belongs to. A shell says it of its own; a token that
 * comes from outside says nothing, so the keys are tried, the newest first.
 */
import { suiteOf } from "../crypto/suites.ts";
import { encodeToken, locateToken } from "../crypto/token.ts";
import type { Token, TokenKey, TokenParts } from "../crypto/token.ts";
import type { NumberedKeys } from "../keystore/tenant-keys.ts";
import { Failure } from "../rules/failure.ts";
import type { ShellRow } from "../store/shell.ts";
import type { Vault } from "./vault.ts";

type Keyed = Pick<Vault, "keys" | "tenant">;

export interface TokenKeys {
  readonly suite: TokenKey["suite"];
  readonly keys: NumberedKeys;
}

/** The tenant's token keys as they are now. */
export async function tokenKeysOf({ keys, tenant }: Keyed): Promise<TokenKeys> {
  return { suite: suiteOf(tenant.suite), keys: (await keys.tenantKeys(tenant.id)).token };
}

/**
 * The token of a shell, as it was printed. Throws KEY_UNKNOWN when its key is not in the key store
 * (any more): the key store is older than the shell.
 */
export function tokenOfShell({ suite, keys }: TokenKeys, shell: ShellRow): Token {
  const found = keys.find(({ number }) => number === shell.tokenKey);
  if (found === undefined) throw new Failure("KEY_UNKNOWN", { name: "token" });
  const { compartment: serial, slot, tokenRandom: random } = shell;
  return encodeToken({ serial, slot, random }, { suite, key: found.key });
}

/** Where a token can lie, for each key that there is: one of them is right, or none. */
export function placesOfToken(token: Token, { suite, keys }: TokenKeys): TokenParts[] {
  return keys.map(({ key }) => locateToken(token, { suite, key }));
}
