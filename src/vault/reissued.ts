/** Waybills whose labels have to be printed again, because a restoration lost their token key. */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { connected } from "../store/pool.ts";
import { shellsSealedWithin } from "../store/tenant-keys.ts";
import { tokenOf } from "./record.ts";
import type { Vault } from "./vault.ts";

export interface ReissuedToken {
  /** As it is now. */
  readonly token: string;
  /** Empty when the carrier gave none. */
  readonly waybillNumber: string;
  readonly sealedAt: Date;
}

export interface ReissuedAsked {
  /** Both ends are within, as `restoreKeys` tells them. */
  readonly from: Date;
  readonly to: Date;
  /** 1 to 100,000. */
  readonly limit: number;
  readonly actor: Actor;
}

/**
 * The vault's tenant's waybills that were sealed in that span, oldest first, with the tokens that
 * lead to them now. Opens nothing. Throws ACCESS_DENIED.
 */
export async function reissuedTokens(vault: Vault, asked: ReissuedAsked): Promise<ReissuedToken[]> {
  const { from, to, limit, actor } = asked;
  await authorise(vault, { actor, verb: "back-up" });
  const shells = await connected(vault.database, async (connection) =>
    shellsSealedWithin(connection, vault.tenant.id, { from, to, limit }),
  );
  return Promise.all(
    shells.map(async (shell) => ({
      token: await tokenOf(vault, shell),
      waybillNumber: shell.waybillNumber,
      sealedAt: shell.sealedAt,
    })),
  );
}
