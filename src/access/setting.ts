/**
 * Settings that headquarters can lock (总部锁定): changing one, what counts now, and why. A change is
 * a new version with its reason and its entry in one transaction, and counts at once.
 */
import { authorise } from "./authorise.ts";
import { createHash } from "node:crypto";
import { Failure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { parseValue } from "../rules/setting-kind.ts";
import { SETTING_NAMES, SETTINGS } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import { lastGrant } from "../store/authorisation-request.ts";
import { lineOf, lockTree } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import {
  insertSetting,
  lastSettingVersion,
  SETTING_MODES,
  settingHistory,
  settingsAt,
} from "../store/setting.ts";
import type { SettingMode, SettingRow } from "../store/setting.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import type { EntryDraft } from "./entry.ts";
import { findOwn, findVisible } from "./organisation.ts";
import { REASON_CHARACTERS_MAX, recordedText } from "./recorded-text.ts";
import { isLooser, refusalOf, rulingOver } from "./ruling.ts";
import type { Ruling, Said } from "./ruling.ts";

export interface SettingRequest {
  /** Id or name of the organisation that the setting is for. */
  readonly organisation: string;
  /** Id or name of the one that decides; null when it decides for itself. */
  readonly by: string | null;
  readonly name: string;
  readonly value: string;
  readonly mode: string;
  /** Of a delegation: the loosest value that may be said below; the value itself if left out. */
  readonly bound?: string | null;
  readonly reason: string;
  readonly actor: Actor;
  /** `rulingTag` of what the asker saw; nothing to change whatever there is by now. */
  readonly seen?: string | undefined;
}

export interface SettingChange {
  readonly setting: SettingRow;
  readonly organisation: OrganisationRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

const HISTORY_MAX = 1000;

/** The setting of that name. Fails with SETTING_UNKNOWN. */
export function parseSettingName(name: string): SettingName {
  const found = SETTING_NAMES.find((candidate) => candidate === name);
  if (found === undefined) throw new Failure("SETTING_UNKNOWN");
  return found;
}

/** A value that the setting has, as it is written. Fails with SETTING_VALUE_UNKNOWN. */
export function parseSettingValue(name: SettingName, value: string): string {
  const found = parseValue(SETTINGS[name].values, value.trim());
  if (found === null) throw new Failure("SETTING_VALUE_UNKNOWN", { setting: name });
  return found;
}

function parseMode(mode: string): SettingMode {
  const found = SETTING_MODES.find((candidate) => candidate === mode);
  if (found === undefined) throw new Failure("USAGE", { option: "--mode" });
  return found;
}

/** A delegation that names no bound of its own lets those below be stricter only. */
function boundOf(name: SettingName, request: SettingRequest): string | null {
  const { mode, bound = null, value } = request;
  if (mode !== "delegated" && bound !== null) throw new Failure("USAGE", { option: "--loosest" });
  if (mode !== "delegated") return null;
  const loosest = parseSettingValue(name, bound ?? value);
  if (isLooser(name, parseSettingValue(name, value), loosest)) {
    throw new Failure("USAGE", { option: "--loosest" });
  }
  return loosest;
}

/** SHA-256 of a reason: binds the words in the table to the entry in the log. */
export function digestOf(reason: string): string {
  return createHash("sha256").update(reason, "utf8").digest("hex");
}

async function saidAlong(
  connection: Connection,
  line: readonly OrganisationRow[],
  which: { readonly name: SettingName; readonly at: Date | null },
): Promise<Said[]> {
  const ids = line.map((organisation) => organisation.id);
  const rows = await settingsAt(connection, ids, which);
  const byOrganisation = new Map(rows.map((row) => [row.organisationId, row] as const));
  return line.map((organisation) => ({
    organisation,
    setting: byOrganisation.get(organisation.id) ?? null,
  }));
}

/** What counted for the organisation of that id at that instant; with null what counts now. */
export async function effectiveSetting(
  connection: Connection,
  organisationId: string,
  which: { readonly name: SettingName; readonly at: Date | null },
): Promise<Ruling> {
  const line = await lineOf(connection, organisationId);
  return rulingOver(which.name, await saidAlong(connection, line, which));
}

const TAG_CHARACTERS = 22;

/** Changes with whatever was said along the line of a ruling, so that two who decide can meet. */
export function rulingTag({ name, steps }: Ruling): string {
  const said = steps.map(({ organisation, setting }) => [organisation.id, setting?.version ?? 0]);
  const text = JSON.stringify([name, said]);
  return createHash("sha256").update(text).digest("base64url").slice(0, TAG_CHARACTERS);
}

/** Throws SETTING_STALE when something else counts by now than whoever asks saw. */
async function requireSeen(
  connection: Connection,
  { organisation, name, at }: Proposal,
  seen: string | undefined,
): Promise<void> {
  if (seen === undefined) return;
  const now = await effectiveSetting(connection, organisation.id, { name, at });
  if (rulingTag(now) !== seen) throw new Failure("SETTING_STALE", { setting: name });
}

/**
 * What counts for `organisation` (id or name) now, or at `at`, where it comes from and what else
 * was said on the way. Fails with ORGANISATION_UNKNOWN or SETTING_UNKNOWN.
 */
export async function explainSetting(
  desk: Desk,
  asked: { readonly organisation: string; readonly name: string; readonly at?: Date },
): Promise<Ruling> {
  const name = parseSettingName(asked.name);
  return connected(desk.database, async (connection) => {
    const { id } = await findVisible(desk, connection, asked.organisation);
    return effectiveSetting(connection, id, { name, at: asked.at ?? null });
  });
}

/** Every version that `organisation` itself gave a setting, oldest first. */
export async function historyOfSetting(
  desk: Desk,
  asked: { readonly organisation: string; readonly name: string },
): Promise<SettingRow[]> {
  const name = parseSettingName(asked.name);
  return connected(desk.database, async (connection) => {
    const { id } = await findVisible(desk, connection, asked.organisation);
    return settingHistory(connection, { organisationId: id, name }, HISTORY_MAX);
  });
}

interface Proposal {
  readonly name: SettingName;
  readonly value: string;
  readonly bound: string | null;
  readonly mode: SettingMode;
  readonly reason: string;
  readonly actor: Actor;
  readonly at: Date;
  readonly organisation: OrganisationRow;
  readonly by: OrganisationRow;
}

async function readProposal(desk: Desk, request: SettingRequest): Promise<Proposal> {
  const name = parseSettingName(request.name);
  const bounds = { field: "reason", charactersMax: REASON_CHARACTERS_MAX };
  const { organisation, by } = await connected(desk.database, async (connection) => {
    const target = await findOwn(desk, connection, request.organisation);
    const decider = request.by === null ? target : await findVisible(desk, connection, request.by);
    return { organisation: target, by: decider };
  });
  if (organisation.closedOn !== null || by.closedOn !== null) {
    throw new Failure("ORGANISATION_CLOSED");
  }
  return {
    name,
    value: parseSettingValue(name, request.value),
    bound: boundOf(name, request),
    mode: parseMode(request.mode),
    reason: recordedText(request.reason, bounds, desk.gazetteer),
    actor: request.actor,
    at: desk.now(),
    organisation,
    by,
  };
}

function draftOf(proposal: Proposal, type: "setting-changed" | "setting-refused"): EntryDraft {
  const { name, value, bound, mode, reason, actor, organisation, by } = proposal;
  return {
    type,
    actor,
    organisation: organisation.id,
    ...(by.id === organisation.id ? {} : { by: by.id }),
    setting: name,
    value,
    ...(bound === null ? {} : { bound }),
    mode,
    digest: digestOf(reason),
  };
}

/**
 * Whether headquarters has granted this value to the organisation after whoever rules above it
 * decided last: a later decision ends an earlier grant.
 */
async function isGranted(
  connection: Connection,
  proposal: Proposal,
  above: Ruling,
): Promise<boolean> {
  const { organisation, name, value } = proposal;
  const asked = { fromOrganisation: organisation.id, setting: name, wanted: value };
  const grantedAt = await lastGrant(connection, asked);
  if (grantedAt === null) return false;
  return above.steps.every(({ setting }) => setting === null || setting.at <= grantedAt);
}

/** Why the proposal may not stand, or null; the tree is held until the transaction ends. */
async function judge(connection: Connection, proposal: Proposal): Promise<FailureCode | null> {
  const { organisation, by, name, value, bound } = proposal;
  const [top] = await lineOf(connection, organisation.id);
  await lockTree(connection, top?.id ?? organisation.id);
  // Read again under the lock: until then it may have been moved under somebody else.
  const line = await lineOf(connection, organisation.id);
  const which = { name, at: null };
  const above = rulingOver(name, await saidAlong(connection, line.slice(0, -1), which));
  const granted = await isGranted(connection, proposal, above);
  const isDelegating = proposal.mode === "delegated";
  return refusalOf(above, { value, bound, by, organisation, isGranted: granted, isDelegating });
}

async function store(
  desk: Desk,
  connection: Connection,
  proposal: Proposal,
): Promise<SettingChange> {
  const { name, value, bound, mode, reason, actor, at, organisation } = proposal;
  const version = (await lastSettingVersion(connection, organisation.id, name)) + 1;
  const organisationId = organisation.id;
  const row = { organisationId, name, version, value, bound, mode, reason, at };
  const setting = { ...row, actor: actor.pseudonym };
  await insertSetting(connection, setting);
  const draft = { ...draftOf(proposal, "setting-changed"), version };
  return { setting, organisation, entry: await writeEntry(desk, connection, draft) };
}

/**
 * Changes a setting of one organisation of the desk's tenant; it counts at once for all below. A
 * refusal is an entry of its own and is then thrown: SETTING_NOT_BELOW, SETTING_LOCKED,
 * SETTING_HEADQUARTERS_ONLY or SETTING_LOOSER. What makes no sense is thrown without an entry:
 * ORGANISATION_UNKNOWN, ORGANISATION_CLOSED, SETTING_UNKNOWN, SETTING_VALUE_UNKNOWN, TEXT_LENGTH,
 * TEXT_PERSONAL, USAGE, or SETTING_STALE with `seen`.
 */
export async function changeSetting(desk: Desk, request: SettingRequest): Promise<SettingChange> {
  await authorise(desk, { actor: request.actor, verb: "change-setting" });
  const proposal = await readProposal(desk, request);
  const outcome = await transaction(desk.database, async (connection) => {
    const failure = await judge(connection, proposal);
    // The tree is held from here on: nothing is decided between this look and the change.
    await requireSeen(connection, proposal, request.seen);
    if (failure === null) return { change: await store(desk, connection, proposal) };
    const draft = { ...draftOf(proposal, "setting-refused"), failure };
    return { failure, entry: await writeEntry(desk, connection, draft) };
  });
  if ("change" in outcome) return outcome.change;
  throw new Failure(outcome.failure, { setting: proposal.name, entry: outcome.entry });
}
