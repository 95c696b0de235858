/**
 * Search by full phone (P18): one tag for each week of death that still has an index key.
 * Candidates are opened inside and compared, because a tag is shared by other numbers; what leaves
 * is tokens and masked views.
 */
import { phoneTag } from "../crypto/blind-index.ts";
import { suiteOf } from "../crypto/suites.ts";
import type { Cover } from "../crypto/key-tree.ts";
import { normalisePhone } from "../privacy/phone.ts";
import type { MaskedParty } from "../privacy/plain.ts";
import { parseDay } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import { findCompartments } from "../store/compartment.ts";
import type { WaybillPlace } from "../store/hold.ts";
import { findByPhoneTags } from "../store/party.ts";
import type { PartyRow, TagInWeek } from "../store/party.ts";
import { connected } from "../store/pool.ts";
import { findShells } from "../store/shell.ts";
import type { FoundShell, ShellRow } from "../store/shell.ts";
import { requirePerson } from "../access/person.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { newEntry } from "../access/entry.ts";
import { takeLook } from "./look.ts";
import { isPastDeath, openEnvelope, openParties, waybillKey } from "./record.ts";
import { accessGate } from "./standing.ts";
import type { IsClosed } from "./standing.ts";
import { tokenKeysOf, tokenOfShell } from "./token-key.ts";
import type { TokenKeys } from "./token-key.ts";
import { indexedRecipient } from "./recipient-index.ts";
import type { Vault } from "./vault.ts";
import { decodeView } from "./view.ts";
import type { Parties } from "./view.ts";

export interface SearchHit {
  readonly token: string;
  readonly waybillNumber: string;
  readonly carrier: string;
  readonly dayOfDeath: string;
  readonly recipient: MaskedParty;
}

export interface Found {
  readonly entry: string;
  /** The log's signed word that the entry gets its place in time (docs/formats/audit-log.md). */
  readonly receipt: string;
  readonly hits: readonly SearchHit[];
  /** There are so many candidates that not all were opened: narrow it down by another means. */
  readonly truncated: boolean;
}

/** Candidates beyond this are not opened: no person has so many parcels on the way. */
const CANDIDATES_MAX = 1000;

interface Phone {
  readonly digits: string;
  readonly extension: string;
}

function readPhone(text: string): Phone {
  const phone = normalisePhone(text);
  if (phone === null) throw new Failure("PHONE_INVALID", { option: "--phone" });
  return phone;
}

async function tagsOf(vault: Vault, phone: Phone): Promise<TagInWeek[]> {
  const suite = suiteOf(vault.tenant.suite);
  const tags: TagInWeek[] = [];
  for (const epoch of await vault.keys.indexEpochs(vault.tenant.id)) {
    const deathWeek = parseDay(epoch);
    if (deathWeek === null) continue;
    const index = await vault.keys.indexKey(vault.tenant.id, epoch, null);
    if (index === null) continue;
    tags.push({ deathWeek, tag: phoneTag({ suite, key: index.key }, phone, index.bits) });
  }
  return tags;
}

async function candidatesOf(vault: Vault, phone: Phone): Promise<PartyRow[]> {
  const tags = await tagsOf(vault, phone);
  const wanted = { tags, limit: CANDIDATES_MAX };
  return connected(vault.database, async (connection) =>
    findByPhoneTags(connection, vault.tenant.id, wanted),
  );
}

function bySerial(candidates: readonly PartyRow[]): Map<number, PartyRow[]> {
  return Map.groupBy(candidates, (candidate) => candidate.compartment);
}

async function shellsOf(
  vault: Vault,
  serial: number,
  candidates: readonly PartyRow[],
): Promise<FoundShell[]> {
  return connected(vault.database, async (connection) => {
    const [compartment] = await findCompartments(connection, [serial]);
    if (compartment === undefined) return [];
    const within = { shellWeek: compartment.shellWeek, compartment: serial };
    return findShells(
      connection,
      within,
      candidates.map((candidate) => candidate.slot),
    );
  });
}

interface Source {
  readonly suite: number;
  readonly cover: Cover;
}

async function sourceIfAlive(vault: Vault, serial: number): Promise<Source | null> {
  try {
    const { record, cover } = await vault.keys.openCompartment(serial);
    return { suite: record.suite, cover };
  } catch (error) {
    // A hit in a compartment that died since is no hit: index hits die with the persons.
    if (isFailure(error, "KEY_DESTROYED")) return null;
    throw error;
  }
}

function samePhone(a: Phone, b: Phone | null): boolean {
  return b !== null && a.digits === b.digits && a.extension === b.extension;
}

/** Whether an opened waybill is one of those that are looked for. */
export type Matches = (parties: Parties) => boolean;

interface Opening {
  readonly matches: Matches;
  readonly tokens: TokenKeys;
  readonly isClosed: IsClosed;
}

function hitOf(
  opening: Opening,
  found: { candidate: PartyRow; shell: ShellRow; source: Source },
): SearchHit | null {
  const { candidate, shell, source } = found;
  const key = waybillKey(shell, source);
  if (!opening.matches(openParties(key, candidate.parties))) return null;
  return {
    token: tokenOfShell(opening.tokens, shell),
    waybillNumber: shell.waybillNumber,
    carrier: shell.carrier,
    dayOfDeath: shell.dayOfDeath,
    recipient: decodeView(openEnvelope(key, "view", candidate.view)).recipient,
  };
}

interface Hit {
  readonly hit: SearchHit;
  readonly place: WaybillPlace;
}

async function hitsIn(
  vault: Vault,
  opening: Opening,
  group: readonly [number, PartyRow[]],
): Promise<Hit[]> {
  const [serial, candidates] = group;
  const source = await sourceIfAlive(vault, serial);
  if (source === null) return [];
  const shells = new Map(
    (await shellsOf(vault, serial, candidates)).map((shell) => [shell.slot, shell]),
  );
  const hits: Hit[] = [];
  for (const candidate of candidates) {
    const shell = shells.get(candidate.slot);
    const isOpen =
      shell !== undefined && !isPastDeath(vault, shell.dayOfDeath) && !opening.isClosed(shell);
    const hit = !isOpen ? null : hitOf(opening, { candidate, shell, source });
    if (hit !== null) hits.push({ hit, place: candidate });
  }
  return hits;
}

export interface FoundByPhone {
  readonly hits: readonly SearchHit[];
  readonly places: readonly WaybillPlace[];
  readonly truncated: boolean;
}

/**
 * The living waybills whose recipient has this phone, for verbs of this room that write their own
 * entry; `isClosed` says which are left out. Throws PHONE_INVALID.
 */
export async function findByPhone(
  vault: Vault,
  text: string,
  isClosed: IsClosed,
): Promise<FoundByPhone> {
  const phone = readPhone(text);
  const tokens = await tokenKeysOf(vault);
  const candidates = await candidatesOf(vault, phone);
  const matches: Matches = ({ recipient }) => samePhone(phone, indexedRecipient(recipient).phone);
  const found: Hit[] = [];
  for (const group of bySerial(candidates)) {
    found.push(...(await hitsIn(vault, { matches, tokens, isClosed }, group)));
  }
  return {
    hits: found.map(({ hit }) => hit),
    places: found.map(({ place }) => place),
    truncated: candidates.length >= CANDIDATES_MAX,
  };
}

/** Those of `candidates` that live, are open and match, for verbs that write their own entry. */
export async function hitsAmong(
  vault: Vault,
  candidates: readonly PartyRow[],
  matches: Matches,
): Promise<SearchHit[]> {
  const opening = {
    matches,
    tokens: await tokenKeysOf(vault),
    isClosed: await accessGate(vault),
  };
  const hits: SearchHit[] = [];
  for (const group of bySerial(candidates)) {
    for (const { hit } of await hitsIn(vault, opening, group)) hits.push(hit);
  }
  return hits;
}

/**
 * The waybills whose recipient has this phone and to which access is open, newest day of death
 * first. Throws PHONE_INVALID for what is no full phone, TRAINING_INVALID, ACCESS_DENIED, or
 * QUOTA_SPENT (a phone that is asked for again within an hour costs nothing). The entry (actor and
 * number of hits; never the number searched) is durable before this resolves.
 */
export async function search(
  vault: Vault,
  request: { readonly phone: string; readonly actor: Actor },
): Promise<Found> {
  requirePerson(request.actor);
  const { digits, extension } = readPhone(request.phone);
  const subject = { asked: `phone ${digits} ${extension}` };
  const { actor } = request;
  const look = await takeLook(vault, { actor, use: "search", subject, token: null });
  look.requireTrained();
  await authorise(vault, { actor, verb: "search" }, { isTrained: true });
  const { hits, truncated } = await findByPhone(vault, request.phone, await accessGate(vault));
  const leaf = newEntry(vault, { type: "search", actor, count: hits.length });
  const receipt = await vault.log.groups.append(leaf);
  return { entry: Buffer.from(leaf.id).toString("hex"), receipt, hits, truncated };
}
