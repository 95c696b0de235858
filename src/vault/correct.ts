/**
 * Correct (更正, PIPL 46): name, phone or address of one party, sealed again under the next revision,
 * so that no key meets two plaintexts (ENV-5). What stood there before lives on in older copies of
 * the database until the waybill dies.
 */
import { effectiveProfile, tighterProfile } from "../access/print-profile.ts";
import { fingerprintTag, phoneTag } from "../crypto/blind-index.ts";
import { readHeader, sealPart } from "../crypto/envelope.ts";
import { NONCE_BYTES } from "../crypto/suites.ts";
import { isExternal, shownOf } from "../privacy/external.ts";
import type { Recipient } from "../privacy/external.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import { maskParty } from "../privacy/party.ts";
import { normalisePhone } from "../privacy/phone.ts";
import type { MaskedParty, Party, PlainAddress, PlainName, PlainPhone } from "../privacy/plain.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { PartyRole } from "../rules/subject-request.ts";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { withWaybill } from "../store/exclusive.ts";
import type { Connection } from "../store/query.ts";
import { findParty, replaceEnvelopes } from "../store/party.ts";
import type { PartyRow } from "../store/party.ts";
import { setDivision } from "../store/shell.ts";
import { divisionOf } from "./batch-sealer.ts";
import type { Division } from "./batch-sealer.ts";
import { seasonOf } from "./placement.ts";
import { indexedRecipient } from "./recipient-index.ts";
import { ownRecord } from "./own-record.ts";
import { openEnvelope, openKey, openParties, requireAlive, subjectOf } from "./record.ts";
import type { WaybillKey, WaybillRecord } from "./record.ts";
import type { Vault } from "./vault.ts";
import { decodeView, encodeParties, encodeView } from "./view.ts";
import type { Parties, View } from "./view.ts";

/** What is said anew; what is left out stays. */
export interface Correction {
  readonly name?: string;
  readonly phone?: string;
  readonly address?: string;
}

const FIELD_CHARACTERS_MAX = { name: 64, phone: 32, address: 256 } as const;
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const REVISION_MAX = 255;

function requireText(field: keyof Correction, value: string): string {
  const text = value.normalize("NFC").trim();
  const charactersMax = FIELD_CHARACTERS_MAX[field];
  if (text === "" || text.length > charactersMax) {
    throw new Failure("TEXT_LENGTH", { field, charactersMax });
  }
  if (CONTROLS.test(text)) throw new Failure("FIELD_CONTROL", { field });
  if (field === "phone" && normalisePhone(text) === null) {
    throw new Failure("PHONE_INVALID", { field });
  }
  return text;
}

function corrected(party: Party, change: Correction): Party {
  const { name, phone, address } = change;
  // What a person typed is plaintext by definition; it was bounded above.
  return {
    name: name === undefined ? party.name : (requireText("name", name) as PlainName),
    phone: phone === undefined ? party.phone : (requireText("phone", phone) as PlainPhone),
    address:
      address === undefined ? party.address : (requireText("address", address) as PlainAddress),
  };
}

function withCorrection(parties: Parties, role: PartyRole, change: Correction): Parties {
  const party = parties[role];
  if (party === null) throw new Failure("FIELD_NOT_ALLOWED", { field: role });
  // Where such a parcel goes the platform says, and it hands the order out anew.
  if (isExternal(party)) throw new Failure("PLATFORM_HOLDS", { field: role });
  return { ...parties, [role]: corrected(party, change) };
}

interface Replacing {
  readonly record: WaybillRecord;
  readonly key: WaybillKey;
  readonly role: PartyRole;
  readonly change: Correction;
  /** Prints that are void from now on, where the parcel goes elsewhere; else labels stay good. */
  readonly voidPrints?: number;
}

interface Resealing extends Replacing {
  readonly party: PartyRow;
}

/** Index tags of the recipient under the keys of the waybill's week and season. */
async function tagsOf(vault: Vault, { record, key }: Resealing, recipient: Recipient) {
  const { compartment, shell } = record;
  const { phone, finger: normal } = indexedRecipient(recipient);
  const season = seasonOf(dayOf(shell.sealedAt, vault.timeZone));
  const week = await vault.keys.indexKey(vault.tenant.id, compartment.deathWeek, null);
  const finger = await vault.keys.indexKey(vault.tenant.id, season, null);
  const { suite } = key;
  return {
    phoneTag:
      phone === null || week === null ? null : phoneTag({ suite, key: week.key }, phone, week.bits),
    fingerprintTag:
      finger === null ? null : fingerprintTag({ suite, key: finger.key }, normal, finger.bits),
  };
}

interface Resealed {
  readonly row: PartyRow;
  readonly division: Division;
  /** The recipient as masked now. */
  readonly masked: MaskedParty;
  readonly voidPrints: number;
  readonly isChanged: boolean;
}

/** Where the parcel goes elsewhere its sorting code is wrong, and earlier labels are void. */
function sentElsewhere(voidPrints: number | undefined): Partial<View> {
  return voidPrints === undefined ? {} : { sortCode: "", firstPrint: voidPrints + 1 };
}

async function reseal(vault: Vault, work: Resealing): Promise<Resealed> {
  const { key, party, role, change } = work;
  const before = openParties(key, party.parties);
  const view = decodeView(openEnvelope(key, "view", party.view));
  const parties = withCorrection(before, role, change);
  const isChanged = encodeParties(before).compare(encodeParties(parties)) !== 0;
  const heads = [readHeader(party.parties), readHeader(party.view)] as const;
  const revision = Math.max(...heads.map((head) => head.revision)) + 1;
  if (revision > REVISION_MAX) throw new Failure("CORRECTIONS_MAX");
  // What was sealed tighter than what rules today stays so.
  const profile = tighterProfile(profileOf(view.profile), vault.profile);
  const masked = (one: Party | null) =>
    one === null ? null : maskParty(one, profile, vault.gazetteer);
  const division = divisionOf(shownOf(parties.recipient).address, vault.gazetteer);
  const newView = {
    ...view,
    destination: division.destination,
    recipient: maskParty(parties.recipient, profile, vault.gazetteer),
    sender: masked(parties.sender),
    profile: profile.name,
    rule: profile.ruleVersion,
    ...(isChanged ? sentElsewhere(work.voidPrints) : {}),
  };
  const seal = (header: (typeof heads)[number], plaintext: Buffer): Buffer => {
    const { leaf, tenant, waybillId } = key;
    const nonce = vault.randomBytes(NONCE_BYTES);
    const place = { tenant, waybillId };
    return sealPart({ leaf, place, nonce, header: { ...header, revision } }, plaintext);
  };
  const row = {
    ...party,
    parties: seal(heads[0], encodeParties(parties)),
    view: seal(heads[1], encodeView(newView)),
    ...(await tagsOf(vault, work, parties.recipient)),
  };
  const voidPrints = (newView.firstPrint ?? 1) - 1;
  return { row, division, masked: newView.recipient, voidPrints, isChanged };
}

async function requireParty(connection: Connection, record: WaybillRecord): Promise<PartyRow> {
  const { compartment, shell } = record;
  const { deathWeek } = compartment;
  const party = await findParty(connection, { ...shell, deathWeek });
  // What is held past its day is stored only, as it stood.
  if (party === null) throw new Failure("DATA_DEAD");
  return party;
}

/**
 * Seals one party anew, in the caller's transaction and under the lock of its waybill; writes no
 * entry. Fails as `correct`.
 */
export async function replaceParty(
  vault: Vault,
  connection: Connection,
  work: Replacing,
): Promise<Omit<Resealed, "row" | "division">> {
  const party = await requireParty(connection, work.record);
  const { row, division, ...told } = await reseal(vault, { ...work, party });
  if (!told.isChanged && work.voidPrints !== undefined) return told;
  await replaceEnvelopes(connection, row);
  // Where it goes stands in the shell too, and must not tell of the old address.
  await setDivision(connection, work.record.shell, division.code);
  return told;
}

/**
 * Corrects one party of a waybill. Throws TEXT_LENGTH, FIELD_CONTROL, PHONE_INVALID,
 * FIELD_NOT_ALLOWED (no such party), PLATFORM_HOLDS, CORRECTIONS_MAX, DATA_DEAD, or as
 * `findRecord`.
 */
export async function correct(
  opened: Vault,
  request: {
    readonly token: string;
    readonly role: PartyRole;
    readonly change: Correction;
    readonly actor: Actor;
  },
): Promise<string> {
  const asking = { actor: request.actor, verb: "correct" } as const;
  const record = await ownRecord(opened, asking, request.token);
  const vault = { ...opened, profile: await effectiveProfile(opened, null) };
  const { role, change } = request;
  const actor = request.actor;
  return withWaybill(vault.database, record.shell, async (within) => {
    await requireAlive(vault, record.shell);
    const key = await openKey(vault, record.shell);
    return within(async (connection) => {
      await replaceParty(vault, connection, { record, key, role, change });
      const fields = Object.keys(change).map((field) => `${role}.${field}`);
      const about = subjectOf(key);
      return writeEntry(vault, connection, { type: "corrected", actor, about, fields });
    });
  });
}
