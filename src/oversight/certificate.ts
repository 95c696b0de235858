/**
 * The certificate of destruction (销毁证明) of one compartment: what died, when its parties, views and
 * indexes became unrecoverable, and the bound within which an old copy of the keys could still tell
 * (P6, P9). Every line is read from the key store's tombstone and the log.
 */
import { todayAt } from "../access/desk.ts";
import { authorise } from "../access/authorise.ts";
import { parseSerial, serialText } from "../keystore/compartment-record.ts";
import { oldCopiesOf } from "../keystore/old-copies.ts";
import { ROTATE_AFTER_DAYS } from "../keystore/rotation.ts";
import { destroyedLeafId } from "../keystore/tombstone.ts";
import type { Tombstone } from "../keystore/tombstone.ts";
import { addDays, dayOf, minuteOf, mondayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { findIndexLeaf, findLeaf } from "../store/audit-leaf.ts";
import { connected, transaction } from "../store/pool.ts";
import { tallyShells } from "../store/shell-tally.ts";
import { digestOf } from "./correction-order.ts";
import { entryText, writeAct } from "./office.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";

/** What of the key store from before the destruction may still open, of what is known. */
export interface CertificateBound {
  /** Single files do until the rotation due on this day is done; null once it is. */
  readonly filesDueOn: Day | null;
  /** Whether whole copies of its folder open with today's root key. */
  readonly foldersOpen: boolean;
  /** How many listed copies are from before. */
  readonly listed: number;
}

export interface Certificate {
  readonly compartment: string;
  /** The tenant's name: the carrier whose data it was. */
  readonly carrier: string;
  readonly dayOfDeath: Day;
  readonly waybills: number;
  /** When the key of the parties and of the masked views was destroyed, to the minute. */
  readonly partiesGoneAt: string;
  /** The same for the phone index of that week; null while it still serves living waybills. */
  readonly indexGoneAt: string | null;
  /** The week whose index it is, by its Monday. */
  readonly indexWeek: Day;
  readonly bound: CertificateBound;
  /** When the oldest key that still opens a copy of the key store was made. */
  readonly oldestKeyMadeAt: string;
  /** Ids of audit entries, hex. */
  readonly entries: { readonly destroyed: string; readonly index: string | null };
  readonly timeZone: string;
}

export interface IssuedCertificate extends Certificate {
  /** Id of the entry that tells of the issue, hex, and the digest in it. */
  readonly entry: string;
  readonly digest: string;
  readonly issuedOn: Day;
}

const SERIAL = /^[0-9a-f]{10}$/;

async function tombstoneOf(office: Office, compartment: string): Promise<Tombstone> {
  const serial = SERIAL.test(compartment) ? parseSerial(compartment) : null;
  const tombstones = serial === null ? [] : await office.keys.tombstones();
  const found = tombstones.find((one) => one.serial === serial && one.tenant === office.tenant.id);
  if (found === undefined) throw new Failure("CERTIFICATE_ABSENT");
  return found;
}

async function boundOf(office: Office, { destroyedAt }: Tombstone): Promise<CertificateBound> {
  const { filesUnder, foldersOpen, listed } = await oldCopiesOf(office.keys, destroyedAt);
  const filesDueOn =
    filesUnder === null ? null : addDays(dayOf(filesUnder, office.timeZone), ROTATE_AFTER_DAYS);
  return { filesDueOn, foldersOpen, listed: listed.length };
}

/** When an entry was written, by the clock that it says itself. */
function toldAt(body: Uint8Array): Date {
  const leaf: unknown = JSON.parse(new TextDecoder().decode(body));
  const at = typeof leaf === "object" && leaf !== null && "at" in leaf ? leaf.at : null;
  if (typeof at !== "string") throw new Failure("ROW_UNREADABLE", { column: "body" });
  return new Date(at);
}

/**
 * What can be certified of a compartment (its serial in hex) of the office's tenant. Throws
 * CERTIFICATE_ABSENT when it has no tombstone, or the log does not tell of it yet.
 */
export async function certificateOf(office: Office, compartment: string): Promise<Certificate> {
  const tombstone = await tombstoneOf(office, compartment);
  const { serial, dayOfDeath, destroyedAt } = tombstone;
  const { timeZone, tenant } = office;
  const indexWeek = mondayOf(dayOfDeath);
  const single = await office.keys.singleLeaves([serial]);
  return connected(office.database, async (connection) => {
    const destroyed = await findLeaf(connection, destroyedLeafId(tombstone));
    if (destroyed === null) throw new Failure("CERTIFICATE_ABSENT");
    const index = await findIndexLeaf(connection, tenant.id, indexWeek);
    const tallies = await tallyShells(connection, [serial], single);
    return {
      compartment: serialText(serial),
      carrier: tenant.name,
      dayOfDeath,
      waybills: tallies.get(serial)?.dying ?? 0,
      partiesGoneAt: minuteOf(destroyedAt, timeZone),
      indexGoneAt: index === null ? null : minuteOf(toldAt(index.body), timeZone),
      indexWeek,
      bound: await boundOf(office, tombstone),
      oldestKeyMadeAt: minuteOf(office.keys.generationMadeAt, timeZone),
      entries: {
        destroyed: entryText(destroyed.id),
        index: index === null ? null : entryText(index.id),
      },
      timeZone,
    };
  });
}

/** As `certificateOf`, and leaves an entry with the digest of what was certified. */
export async function issueCertificate(
  office: Office,
  compartment: string,
  actor: Actor,
): Promise<IssuedCertificate> {
  await authorise(office, { actor, verb: "certificate" });
  const certificate = await certificateOf(office, compartment);
  const { bound, entries, ...rest } = certificate;
  const digest = digestOf({ ...rest, ...bound, ...entries });
  const act = { type: "document-issued", actor, compartment, digest } as const;
  const entry = await transaction(office.database, async (connection) =>
    writeAct(office, connection, act),
  );
  const issuedOn = todayAt(office);
  return { ...certificate, entry: entryText(entry), digest, issuedOn };
}
