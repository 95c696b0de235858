/**
 * What every act of access works with: one tenant of one installation, its database and the key
 * under which its staff have pseudonyms. An open vault is a desk.
 */
import type { KeyStore } from "../keystore/key-store.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import type { Database } from "../store/pool.ts";
import type { TenantRow } from "../store/tenant.ts";

export interface Desk {
  readonly tenant: TenantRow;
  readonly database: Database;
  readonly keys: Pick<KeyStore, "tenantKeys">;
  readonly gazetteer: Gazetteer;
  /** IANA name; days begin by it. */
  readonly timeZone: string;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
  /**
   * Set while an opening finishes what was interrupted. The log begins to work only after that, so
   * that what waited for it since the crash, or in the older copy, must not hold this up.
   */
  readonly isOpening?: boolean;
}

/** The day that it is now by the desk's clock, where its days begin. */
export function todayAt({ now, timeZone }: Pick<Desk, "now" | "timeZone">): Day {
  return dayOf(now(), timeZone);
}
