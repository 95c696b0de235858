/** What every step of the story works with: the clock, the vaults, who is who, and the book. */
import type { OrganisationRow } from "../store/organisation.ts";
import type { Fonts } from "../label/font.ts";
import type { Vault } from "../vault/vault.ts";
import type { CarrierCast } from "./cast.ts";
import type { InventedOrder, OrderMaker } from "./invent.ts";
import type { RecordBook } from "./record-book.ts";
import type { StoryClock } from "./timeline.ts";
import type { World } from "./world.ts";

/** One parcel: the order, the outlet that ships it, and whose printer made its label. */
export interface Parcel {
  readonly order: InventedOrder;
  /** Place of the outlet in its carrier's list. */
  readonly outlet: number;
  /** The merchant printed the label with software of its own. */
  readonly ownPrinter: boolean;
}

export interface CarrierStage {
  readonly cast: CarrierCast;
  readonly vault: Vault;
  readonly headquarters: OrganisationRow;
  readonly outlets: readonly OrganisationRow[];
  /** Parcels that were shipped before the story turns. */
  readonly parcels: readonly Parcel[];
  /** The next parcels of every outlet, after the lock. */
  readonly nextParcels: readonly Parcel[];
  /** Waybill number to token, filled as parcels are sealed. */
  readonly tokens: Map<string, string>;
}

export interface AuthorityStage {
  readonly vault: Vault;
  readonly organisation: OrganisationRow;
}

/** How large the world is, and how much the authority looks at. */
export interface Sizes {
  /** Waybills of each outlet before, all three carriers alike. */
  readonly perOutlet: number;
  /** How many of these are sealed early enough to die on the day of the run. */
  readonly dyingPerOutlet: number;
  /** Waybills of each outlet after the lock, all labelled through the vault. */
  readonly nextPerOutlet: number;
  readonly outletsPerCarrier: number;
  readonly parcelsPerOutlet: number;
  /** Rows of the old table. */
  readonly oldRows: number;
}

/** Says what happens, in both languages. */
export type Tell = (zh: string, en: string) => void;

export interface Stage {
  readonly seed: string;
  /** The story's own folder. */
  readonly dir: string;
  readonly world: World;
  readonly clock: StoryClock;
  readonly fonts: Fonts;
  readonly sizes: Sizes;
  readonly maker: OrderMaker;
  readonly carriers: readonly CarrierStage[];
  readonly postal: AuthorityStage;
  readonly procuratorate: AuthorityStage;
  readonly records: RecordBook;
  readonly tell: Tell;
}
