/** What the composition root opens for a story: an installation of its own, beside any other. */
import type { DatabaseAddress } from "../store/pool.ts";
import type { Vault } from "../vault/vault.ts";

export interface WorldRequest {
  /** The folder that holds database, key store and root key of this world and of no other. */
  readonly home: string;
  /** Names of the tenants, made when they are first asked for. */
  readonly tenants: readonly string[];
  readonly now: () => Date;
}

export interface World {
  /** One vault for each tenant, in the order asked for, over one database and one key store. */
  readonly vaults: readonly Vault[];
  /** The database that holds them, so that another can be made on the same server. */
  readonly address: DatabaseAddress;
  [Symbol.asyncDispose](): Promise<void>;
}
