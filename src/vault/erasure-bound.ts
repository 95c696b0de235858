/**
 * Until when something that died may still be told, as far as this installation knows: by its
 * indexes, and by what there is of the key store from before. Each member is of the certificate
 * (docs/formats/certificate.md).
 */
import { oldCopiesOf } from "../keystore/old-copies.ts";
import { ROTATE_AFTER_DAYS } from "../keystore/rotation.ts";
import { addDays, dayOf, mondayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { INTAKE_DAYS_AFTER_DEATH } from "../rules/retention.ts";
import type { Connection } from "../store/query.ts";
import { seasonDueOn, seasonsOf } from "./season.ts";
import type { SealedIn } from "./season.ts";
import type { Vault } from "./vault.ts";

export interface IndexSeason {
  /** `season-YYYYQn`: the quarter of sealing. */
  readonly season: string;
  readonly goneAt: string | null;
  readonly dueOn: Day;
}

export interface KeyCopyNamed {
  readonly id: string;
  readonly madeAt: string;
  /** Fingerprint of the offline key that opens it; null for a copy that was made by hand. */
  readonly recipient: string | null;
}

export interface ErasureBound {
  /** The week's index key: until it dies an older copy of the database still matches a phone. */
  readonly indexWeek: Day;
  readonly indexKeyGoneAt: string | null;
  readonly indexKeyDueOn: Day;
  /** The keys of fingerprints: until they die it still matches a whole recipient. */
  readonly indexSeasons: readonly IndexSeason[];
  /** Until when keyed hashes of the order, sealed data left out, stay in the database. */
  readonly intakeHashesUntil: Day;
  /**
   * Single files of the key store from before open until the rotation that is due on this day is
   * done; null once it is.
   */
  readonly keyFilesDueOn: Day | null;
  readonly oldestWrappingKeyMadeAt: string;
  /** Whether copies of its whole folder from before open with today's root key. */
  readonly keyFoldersOpen: boolean;
  readonly rootKeyChangedAt: string | null;
  /** Listed copies of the key store from before, oldest first, 100 at most. */
  readonly keyCopies: readonly KeyCopyNamed[];
  /** Listed copies from before that are not named for their number. */
  readonly keyCopiesMore: number;
}

/** So many fit into a note; who keeps more has other things to do first. */
const COPIES_NAMED_MAX = 100;

async function indexBound(vault: Vault, connection: Connection, place: SealedIn) {
  const { tenant } = vault;
  const gone = new Map(
    (await vault.keys.indexTombstones())
      .filter((one) => one.tenant === tenant.id)
      .map(({ epoch, destroyedAt }) => [epoch, destroyedAt.toISOString()] as const),
  );
  const indexWeek = mondayOf(place.dayOfDeath);
  const indexSeasons: IndexSeason[] = [];
  for (const season of await seasonsOf(vault, connection, place)) {
    const dueOn = await seasonDueOn(vault, connection, season);
    indexSeasons.push({ season, goneAt: gone.get(season) ?? null, dueOn });
  }
  return {
    indexWeek,
    indexKeyGoneAt: gone.get(indexWeek) ?? null,
    indexKeyDueOn: addDays(indexWeek, 7),
    indexSeasons,
    intakeHashesUntil: addDays(place.dayOfDeath, INTAKE_DAYS_AFTER_DEATH),
  };
}

async function copiesBound({ keys, timeZone }: Vault, destroyedAt: Date) {
  const { filesUnder, foldersOpen, rootChangedAt, listed } = await oldCopiesOf(keys, destroyedAt);
  const keyCopies = listed.slice(0, COPIES_NAMED_MAX).map(({ id, madeAt, recipient }) => ({
    id,
    madeAt: madeAt.toISOString(),
    recipient,
  }));
  return {
    keyFilesDueOn:
      filesUnder === null ? null : addDays(dayOf(filesUnder, timeZone), ROTATE_AFTER_DAYS),
    oldestWrappingKeyMadeAt: keys.generationMadeAt.toISOString(),
    keyFoldersOpen: foldersOpen,
    rootKeyChangedAt: rootChangedAt?.toISOString() ?? null,
    keyCopies,
    keyCopiesMore: listed.length - keyCopies.length,
  };
}

/** What is known now of a compartment, or one waybill of it, that died at `destroyedAt`. */
export async function erasureBound(
  vault: Vault,
  connection: Connection,
  death: SealedIn & { readonly destroyedAt: Date },
): Promise<ErasureBound> {
  return {
    ...(await indexBound(vault, connection, death)),
    ...(await copiesBound(vault, death.destroyedAt)),
  };
}
