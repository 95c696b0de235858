/**
 * Judging and storing one decision about a setting. Whoever decides comes through here, alone or as
 * one of two: the tree is held, everything is read anew, and only then something is written.
 */
import type { FailureCode } from "../rules/failure.ts";
import { takesTwo } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import { grantsOf } from "../store/authorisation-request.ts";
import type { GrantRow } from "../store/authorisation-request.ts";
import { lineOf, lockTree } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import type { Connection } from "../store/query.ts";
import { insertSetting, lastSettingVersion, settingsBelow } from "../store/setting.ts";
import type { SettingMode, SettingRow } from "../store/setting.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import type { EntryDraft } from "./entry.ts";
import { isEnded, isLooser, leavesMoreRoom, rankUnder, refusalOf, rulingOver } from "./ruling.ts";
import type { Ruling } from "./ruling.ts";
import { saidBeside } from "./said.ts";
import { digestOf, effectiveSetting, saidAlong } from "./setting.ts";

export interface SettingDecision {
  readonly name: SettingName;
  readonly value: string;
  readonly bound: string | null;
  readonly mode: SettingMode;
  readonly reason: string;
  readonly at: Date;
  readonly organisation: OrganisationRow;
  /** In whose name it is decided. */
  readonly by: OrganisationRow;
}

export interface SettingChange {
  readonly setting: SettingRow;
  readonly organisation: OrganisationRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

export interface Judged {
  /** Why it may not stand, or null. */
  readonly refusal: FailureCode | null;
  /** Whether one person alone may not decide it: by its row, or by the setting `four-eyes`. */
  readonly needsFourEyes: boolean;
  /** The version that it follows; 0 for none. */
  readonly lastVersion: number;
  /** What counts until now. */
  readonly ruling: Ruling;
}

/** The members that every entry about the decision has. */
export function entryMembersOf(decision: SettingDecision): Omit<EntryDraft, "actor" | "type"> {
  const { name, value, bound, mode, reason, organisation, by } = decision;
  return {
    organisation: organisation.id,
    ...(by.id === organisation.id ? {} : { by: by.id }),
    setting: name,
    value,
    ...(bound === null ? {} : { bound }),
    mode,
    digest: digestOf(reason),
  };
}

/** Whether what was granted covers the value: that one, or whatever is as strict. */
function covers({ mode, wanted }: GrantRow, { name, value }: SettingDecision): boolean {
  return mode === "set" ? wanted === value : !isLooser(name, value, wanted);
}

/**
 * Whether headquarters has granted this value to the organisation after whoever rules above it
 * decided last: a later decision ends an earlier grant.
 */
async function isGranted(
  connection: Connection,
  decision: SettingDecision,
  above: Ruling,
): Promise<boolean> {
  const { organisation, name } = decision;
  const asked = { fromOrganisation: organisation.id, setting: name };
  const grants = (await grantsOf(connection, asked)).filter((grant) => covers(grant, decision));
  return grants.some(({ grantedAt }) =>
    above.steps.every(({ setting }) => setting === null || setting.at <= grantedAt),
  );
}

function rowOf(
  decision: SettingDecision,
  said: Pick<SettingRow, "actor" | "approvedBy" | "version">,
): SettingRow {
  const { name, value, bound, mode, reason, at, organisation, by } = decision;
  return {
    organisationId: organisation.id,
    byId: by.id,
    name,
    value,
    bound,
    mode,
    reason,
    at,
    ...said,
  };
}

/**
 * Whether a new lock takes a stricter word from somebody below, which is loosening it as much as
 * saying something looser there (P10). Under a lock of somebody at least as high, none counted.
 * Words that a later one ended are looked at too: that asks for one person too many, never too few.
 */
async function takesStricter(
  connection: Connection,
  { organisation, by, name, value, mode }: SettingDecision,
  before: Ruling,
): Promise<boolean> {
  if (mode !== "locked" || isEnded(before, rankUnder(before, { organisation, by }))) return false;
  const below = await settingsBelow(connection, organisation.id, name);
  return below.some((said) => isLooser(name, value, said.value));
}

/**
 * Judges the decision; the tree is held until the transaction ends. What was said of the
 * organisation itself from above the decider binds as if it had been said above it.
 */
export async function judgeDecision(
  connection: Connection,
  decision: SettingDecision,
): Promise<Judged> {
  const { organisation, by, name, value, bound, mode } = decision;
  const [top] = await lineOf(connection, organisation.id);
  await lockTree(connection, top?.id ?? organisation.id);
  // Read again under the lock: until then it may have been moved under somebody else.
  const line = await lineOf(connection, organisation.id);
  const said = await saidAlong(connection, line, { name, at: null });
  const beside = saidBeside(line, said, by.id);
  const above = rulingOver(name, beside);
  const granted = await isGranted(connection, decision, above);
  const change = { value, bound, by, organisation, isGranted: granted };
  const refusal = refusalOf(above, { ...change, isDelegating: mode === "delegated" });
  const lastVersion = await lastSettingVersion(connection, organisation.id, name);
  const setting = rowOf(decision, { actor: "", approvedBy: null, version: lastVersion + 1 });
  const then = rulingOver(name, [...beside, { organisation, setting, by }]);
  const ruling = rulingOver(name, said);
  const isLoosening =
    leavesMoreRoom(ruling, then) || (await takesStricter(connection, decision, ruling));
  const eyes = await effectiveSetting(connection, organisation.id, { name: "four-eyes", at: null });
  const needsFourEyes = takesTwo(eyes.value, { name, isLoosening });
  return { refusal, needsFourEyes, lastVersion, ruling };
}

export interface Deciders {
  /** Who decided, or proposed; the pseudonym alone where that is all that was kept. */
  readonly actor: Actor | string;
  /** The second pair of eyes, with the id of the proposal; null where one person was enough. */
  readonly approval: { readonly by: string; readonly proposal: string } | null;
}

/** Adds the version and writes its entry. The caller has judged it in this transaction. */
export async function storeDecision(
  desk: Desk,
  connection: Connection,
  decided: { readonly decision: SettingDecision; readonly version: number } & Deciders,
): Promise<SettingChange> {
  const { decision, version, actor, approval } = decided;
  const pseudonym = typeof actor === "string" ? actor : actor.pseudonym;
  const said = { version, actor: pseudonym, approvedBy: approval?.by ?? null };
  const setting = rowOf(decision, said);
  await insertSetting(connection, setting);
  const entry = await writeEntry(desk, connection, {
    ...entryMembersOf(decision),
    type: "setting-changed",
    actor,
    version,
    ...(approval === null ? {} : { approvedBy: [approval.by], request: approval.proposal }),
  });
  return { setting, organisation: decision.organisation, entry };
}
