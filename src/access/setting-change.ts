/**
 * Changing a setting. A change is a new version with its reason and its entry in one transaction,
 * and counts at once; one that loosens waits for another person first where the table says so.
 */
import { randomUUID } from "node:crypto";
import { Failure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { SETTING_APPROVAL_HOURS } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { SETTING_MODES } from "../store/setting.ts";
import type { SettingMode } from "../store/setting.ts";
import { insertSettingProposal } from "../store/setting-proposal.ts";
import type { SettingProposalRow } from "../store/setting-proposal.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { findOwn, findVisible } from "./organisation.ts";
import { requirePerson } from "./person.ts";
import { speaksFor } from "./place.ts";
import { recordedReason } from "./recorded-text.ts";
import { isLooser } from "./ruling.ts";
import { entryMembersOf, judgeDecision, storeDecision } from "./setting-decision.ts";
import type { Judged, SettingChange, SettingDecision } from "./setting-decision.ts";
import { parseSettingName, parseSettingValue, rulingTag } from "./setting.ts";

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
  /** The version that the asker has seen (0: none); null or left out for any. */
  readonly afterVersion?: number | null;
  readonly reason: string;
  readonly actor: Actor;
  /** `rulingTag` of what the asker saw; nothing to change whatever there is by now. */
  readonly seen?: string | undefined;
}

/** A change that waits for another person, and the entry that tells of it. */
export interface SettingProposed {
  readonly proposal: SettingProposalRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

const HOUR_MS = 3_600_000;

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

async function readDecision(desk: Desk, request: SettingRequest): Promise<SettingDecision> {
  const name = parseSettingName(request.name);
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
    reason: recordedReason(request.reason, desk.gazetteer),
    at: desk.now(),
    organisation,
    by,
  };
}

/** Why this asker may not make this change now, or null. */
async function refusalFor(
  connection: Connection,
  asked: { readonly request: SettingRequest; readonly decision: SettingDecision },
  judged: Judged,
): Promise<FailureCode | null> {
  const { request, decision } = asked;
  if (!(await speaksFor(connection, request.actor, decision.by))) return "SETTING_NOT_BELOW";
  if (judged.refusal !== null) return judged.refusal;
  const { afterVersion = null, seen } = request;
  const isOther = afterVersion !== null && afterVersion !== judged.lastVersion;
  const isUnseen = seen !== undefined && seen !== rulingTag(judged.ruling);
  return isOther || isUnseen ? "SETTING_STALE" : null;
}

async function propose(
  desk: Desk,
  connection: Connection,
  asked: { readonly actor: Actor; readonly decision: SettingDecision; readonly base: number },
): Promise<SettingProposed> {
  const { decision, actor } = asked;
  const { organisation, by, at: proposedAt, name, value, bound, mode, reason } = decision;
  const proposal: SettingProposalRow = {
    id: randomUUID(),
    organisationId: organisation.id,
    byId: by.id,
    proposedAt,
    expiresAt: new Date(proposedAt.getTime() + SETTING_APPROVAL_HOURS * HOUR_MS),
    settledAt: null,
    baseVersion: asked.base,
    name,
    value,
    bound,
    mode,
    reason,
    proposedBy: actor.pseudonym,
  };
  await insertSettingProposal(connection, proposal);
  const members = { ...entryMembersOf(decision), request: proposal.id };
  const entry = await writeEntry(desk, connection, { ...members, type: "setting-proposed", actor });
  return { proposal, entry };
}

/** What became of a decision: it counts, or waits for another person. */
export type SettingOutcome =
  | { readonly change: SettingChange }
  | { readonly proposed: SettingProposed };

type Outcome = SettingOutcome | { readonly failure: FailureCode; readonly entry: string };

async function outcomeOf(
  desk: Desk,
  connection: Connection,
  asked: {
    readonly request: SettingRequest;
    readonly decision: SettingDecision;
    readonly mayWait: boolean;
  },
): Promise<Outcome> {
  const { decision, mayWait } = asked;
  const { actor } = asked.request;
  const judged = await judgeDecision(connection, decision);
  const refusal = await refusalFor(connection, asked, judged);
  const isAlone = judged.needsFourEyes && !mayWait;
  const failure = refusal ?? (isAlone ? "SETTING_FOUR_EYES" : null);
  if (failure !== null) {
    const draft = { ...entryMembersOf(decision), type: "setting-refused", actor } as const;
    return { failure, entry: await writeEntry(desk, connection, { ...draft, failure }) };
  }
  if (judged.needsFourEyes) {
    // Of two pairs of eyes none may be a key's, or of whoever happens to sit at the machine.
    requirePerson(actor);
    const base = judged.lastVersion;
    return { proposed: await propose(desk, connection, { actor, decision, base }) };
  }
  const version = judged.lastVersion + 1;
  const decided = { decision, version, actor, approval: null };
  return { change: await storeDecision(desk, connection, decided) };
}

async function decide(
  desk: Desk,
  request: SettingRequest,
  mayWait: boolean,
): Promise<SettingOutcome> {
  // In whose name somebody may decide is judged with the tree held, and told as `setting-refused`.
  const asking = { actor: request.actor, verb: "change-setting" } as const;
  await authorise(desk, asking, { place: "own" });
  const decision = await readDecision(desk, request);
  const outcome = await transaction(desk.database, async (connection) =>
    outcomeOf(desk, connection, { request, decision, mayWait }),
  );
  if (!("failure" in outcome)) return outcome;
  throw new Failure(outcome.failure, { setting: decision.name, entry: outcome.entry });
}

/**
 * Changes a setting of one organisation of the desk's tenant; it counts at once for all below. A
 * refusal is an entry of its own and is then thrown: SETTING_NOT_BELOW, SETTING_LOCKED,
 * SETTING_HEADQUARTERS_ONLY, SETTING_LOOSER, SETTING_STALE, or SETTING_FOUR_EYES (use
 * `decideSetting`). What makes no sense is thrown without an entry: ORGANISATION_UNKNOWN,
 * ORGANISATION_CLOSED, SETTING_UNKNOWN, SETTING_VALUE_UNKNOWN, TEXT_LENGTH, TEXT_PERSONAL, USAGE.
 */
export async function changeSetting(desk: Desk, request: SettingRequest): Promise<SettingChange> {
  const outcome = await decide(desk, request, false);
  if ("change" in outcome) return outcome.change;
  throw new RangeError("a change that may not wait is made or refused");
}

/**
 * As `changeSetting`, but a change that needs four eyes is proposed: it counts when another person
 * approves it (`approveSetting`) within three days. Who proposes must have signed in
 * (SIGN_IN_NEEDED, PERSON_REQUIRED).
 */
export async function decideSetting(desk: Desk, request: SettingRequest): Promise<SettingOutcome> {
  return decide(desk, request, true);
}
