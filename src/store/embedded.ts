/**
 * The embedded PostgreSQL: no other service is needed. One server per data directory, shared by all
 * midan processes that use the directory; the last one out stops it.
 */

import type { DatabaseAddress } from "./pool.ts";

export interface EmbeddedOptions {
  /** midan-data/ or the like: made when it does not exist. Holds `pg/` and `log/`. */
  readonly dataDir: string;
  readonly startTimeoutMs?: number;
  readonly stopTimeoutMs?: number;
}

export interface EmbeddedServer {
  readonly address: DatabaseAddress;
  /** Lets go of the server; stops it when nobody else uses it. Close the pool first. */
  close(): Promise<void>;
}

export declare function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer>;
