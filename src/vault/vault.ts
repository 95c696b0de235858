/**
 * What every verb works with: one tenant of one installation, its database and its key store, and
 * the clock, randomness and tables that the verbs take as given.
 */
import type { RotationRequest } from "../keystore/rotation.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import type { Log } from "../log/log.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import type { Brakes } from "../rules/brake.ts";
import type { Database } from "../store/pool.ts";
import type { TenantRow } from "../store/tenant.ts";

export interface Vault {
  readonly tenant: TenantRow;
  readonly database: Database;
  readonly keys: KeyStore;
  readonly log: Log;
  readonly gazetteer: Gazetteer;
  readonly profile: MaskProfile;
  readonly timeZone: string;
  readonly now: () => Date;
  /** Whether somebody answers for the clock, so that it is not held against the log. */
  readonly clockTrusted: boolean;
  /** How much may be destroyed at once (P7). */
  readonly brakes: Brakes;
  readonly randomBytes: (count: number) => Uint8Array;
  /** As a desk's: set while an opening finishes what was interrupted. */
  readonly isOpening?: boolean;
  /** The gazetteer's file, so that a sealing worker can build its own from it. */
  readonly gazetteerFile: string;
  /**
   * Wraps everything in the key store anew when its generation key is older than seven days, which
   * makes every older copy of the store useless (P6). True when it did.
   */
  readonly rotateKeysIfDue: () => Promise<boolean>;
  /** Rotates the key store now, and the root key if asked; when the new generation was made. */
  readonly rotateKeys: (request: RotationRequest) => Promise<Date>;
  /** Ends leases, connections and, if this process was the last, the embedded database. */
  [Symbol.asyncDispose](): Promise<void>;
}
