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
import type { WaybillPlace } from "../store/hold.ts";
import { findByPhoneTags } from "../store/candidate.ts";
import type { Candidate, FoundCandidates } from "../store/candidate.ts";
import type { PartyRow, TagInWeek } from "../store/party.ts";
import { connected } from "../store/pool.ts";
import type { ShellRow } from "../store/shell.ts";
import { requirePerson } from "../access/person.ts";
import type { Actor } from "../access/actor.ts";
import { authoriseTrained } from "../access/training.ts";
import { newEntry } from "../access/entry.ts";
import { termsUnder } from "../access/remembered-policy.ts";
import { takeLook } from "./look.ts";
import { ownOf } from "./own-record.ts";
import { isPastDeath, openEnvelope, openParties, waybillKey } from "./record.ts";
import { accessGate, gateBy } from "./standing.ts";
import type { IsClosed } from "./standing.ts";
import { tokenKeysOf, tokenOfShell } from "./token-key.ts";
import type { TokenKeys } from "./token-key.ts";
import { indexedRecipient } from "./recipient-index.ts";
import type { Vault } from "./vault.ts";
import { placeKey, shellsAt } from "./waybill-place.ts";
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

/** Throws PHONE_INVALID for what is no full phone. */
export function requirePhone(text: string): void {
  readPhone(text);
}

async function tagsOf(vault: Vault, phone: Phone): Promise<TagInWeek[]> {
  const suite = suiteOf(vault.tenant.suite);
  const tags: TagInWeek[] = [];
  for (const { epoch, key, bits } of await vault.keys.indexKeys(vault.tenant.id)) {
    const deathWeek = parseDay(epoch);
    if (deathWeek === null) continue;
    tags.push({ deathWeek, tag: phoneTag({ suite, key }, phone, bits) });
  }
  return tags;
}

async function candidatesOf(vault: Vault, phone: Phone): Promise<FoundCandidates> {
  const tags = await tagsOf(vault, phone);
  const wanted = { tags, limit: CANDIDATES_MAX };
  return connected(vault.database, async (connection) =>
    findByPhoneTags(connection, vault.tenant.id, wanted),
  );
}

function bySerial(candidates: readonly Candidate[]): Map<number, Candidate[]> {
  return Map.groupBy(candidates, ({ party }) => party.compartment);
}

async function withShells(vault: Vault, parties: readonly PartyRow[]): Promise<Candidate[]> {
  const shells = await shellsAt(vault, parties);
  const shellOf = ({ compartment, slot }: PartyRow): Candidate["shell"] =>
    shells.get(placeKey(compartment, slot)) ?? null;
  return parties.map((party) => ({ party, shell: shellOf(party) }));
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
  found: { party: PartyRow; shell: ShellRow; source: Source },
): SearchHit | null {
  const { party, shell, source } = found;
  const key = waybillKey(shell, source);
  if (!opening.matches(openParties(key, party.parties))) return null;
  return {
    token: tokenOfShell(opening.tokens, shell),
    waybillNumber: shell.waybillNumber,
    carrier: shell.carrier,
    dayOfDeath: shell.dayOfDeath,
    recipient: decodeView(openEnvelope(key, "view", party.view)).recipient,
  };
}

interface Hit {
  readonly hit: SearchHit;
  readonly place: WaybillPlace;
}

async function hitsIn(
  vault: Vault,
  opening: Opening,
  group: readonly [number, readonly Candidate[]],
): Promise<Hit[]> {
  const [serial, candidates] = group;
  const source = await sourceIfAlive(vault, serial);
  if (source === null) return [];
  const hits: Hit[] = [];
  for (const { party, shell } of candidates) {
    const isOpen =
      shell !== null && !isPastDeath(vault, shell.dayOfDeath) && !opening.isClosed(shell);
    const hit = !isOpen ? null : hitOf(opening, { party, shell, source });
    if (hit !== null) hits.push({ hit, place: party });
  }
  return hits;
}

export interface FoundByPhone {
  readonly hits: readonly SearchHit[];
  readonly places: readonly WaybillPlace[];
  readonly truncated: boolean;
}

/** What is not the actor's own is not opened either: that takes time which would tell of it. */
async function ownAmong(
  vault: Vault,
  actor: Actor,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  const parties = candidates.map(({ party }) => party);
  const own = new Set(await ownOf(vault, actor, parties));
  return candidates.filter(({ party }) => own.has(party));
}

/**
 * The actor's own living waybills whose recipient has this phone, for verbs of this room that write
 * their own entry; `closed` says which are left out, by default those to which access is closed.
 * Throws PHONE_INVALID.
 */
export async function findByPhone(
  vault: Vault,
  asked: { readonly phone: string; readonly actor: Actor },
  closed: IsClosed | null = null,
): Promise<FoundByPhone> {
  const phone = readPhone(asked.phone);
  const tokens = await tokenKeysOf(vault);
  const { candidates, mark } = await candidatesOf(vault, phone);
  const own = await ownAmong(vault, asked.actor, candidates);
  const isClosed = closed ?? gateBy(vault, await termsUnder(vault, mark));
  const matches: Matches = ({ recipient }) => samePhone(phone, indexedRecipient(recipient).phone);
  const found: Hit[] = [];
  for (const group of bySerial(own)) {
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
  parties: readonly PartyRow[],
  matches: Matches,
): Promise<SearchHit[]> {
  const opening = {
    matches,
    tokens: await tokenKeysOf(vault),
    isClosed: await accessGate(vault),
  };
  const hits: SearchHit[] = [];
  for (const group of bySerial(await withShells(vault, parties)))
    for (const { hit } of await hitsIn(vault, opening, group)) hits.push(hit);
  return hits;
}

/**
 * The actor's own waybills whose recipient has this phone and to which access is open, newest day
 * of death first. Throws PHONE_INVALID for what is no full phone, TRAINING_INVALID, ACCESS_DENIED,
 * or QUOTA_SPENT (a phone that is asked for again within an hour costs nothing). The entry (actor
 * and number of hits; never the number searched) is durable before this resolves.
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
  const { trainingFault: fault } = look;
  await authoriseTrained(vault, { actor, verb: "search" }, { fault, place: "own" });
  const { hits, truncated } = await findByPhone(vault, request);
  const leaf = newEntry(vault, { type: "search", actor, count: hits.length });
  const receipt = await vault.log.groups.append(leaf);
  return { entry: Buffer.from(leaf.id).toString("hex"), receipt, hits, truncated };
}
