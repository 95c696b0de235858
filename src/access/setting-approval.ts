/** The second pair of eyes (四眼原则): another person approves a change of a setting that waits. */
import { Failure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { findOrganisation } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import {
  lockSettingProposal,
  openSettingProposals,
  settleSettingProposal,
} from "../store/setting-proposal.ts";
import type { SettingProposalRow } from "../store/setting-proposal.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { requireNamed } from "./named-row.ts";
import { requirePerson } from "./person.ts";
import { speaksFor } from "./place.ts";
import { entryMembersOf, judgeDecision, storeDecision } from "./setting-decision.ts";
import type { Judged, SettingChange, SettingDecision } from "./setting-decision.ts";

const LIST_MAX = 10_000;

async function decisionOf(
  desk: Desk,
  connection: Connection,
  proposal: SettingProposalRow,
): Promise<SettingDecision> {
  const { name, value, bound, mode, reason } = proposal;
  const organisation = await findOrganisation(connection, proposal.organisationId);
  const by = await findOrganisation(connection, proposal.byId);
  if (organisation === null || by === null) throw new Failure("ORGANISATION_UNKNOWN");
  const closed = organisation.closedOn !== null || by.closedOn !== null;
  if (closed) throw new Failure("ORGANISATION_CLOSED");
  return { name, value, bound, mode, reason, at: desk.now(), organisation, by };
}

/** Why this approver may not approve it now, or null. */
function refusalFor(
  proposal: SettingProposalRow,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
  judged: Judged,
): FailureCode | null {
  if (proposal.proposedBy === actor.pseudonym) return "SETTING_PROPOSAL_SELF";
  if (at >= proposal.expiresAt) return "SETTING_PROPOSAL_EXPIRED";
  if (judged.refusal !== null) return judged.refusal;
  return judged.lastVersion === proposal.baseVersion ? null : "SETTING_STALE";
}

async function findWaiting(
  desk: Desk,
  connection: Connection,
  id: string,
): Promise<SettingProposalRow> {
  const proposal = await requireNamed(id, "SETTING_PROPOSAL_UNKNOWN", async (named) =>
    lockSettingProposal(connection, desk.tenant.id, named),
  );
  if (proposal.settledAt !== null) throw new Failure("SETTING_PROPOSAL_SETTLED");
  return proposal;
}

type Outcome =
  | { readonly change: SettingChange }
  | { readonly failure: FailureCode; readonly entry: string };

async function outcomeOf(
  desk: Desk,
  connection: Connection,
  given: { readonly id: string; readonly actor: Actor },
): Promise<Outcome> {
  const { actor } = given;
  const proposal = await findWaiting(desk, connection, given.id);
  const decision = await decisionOf(desk, connection, proposal);
  const judged = await judgeDecision(connection, decision);
  const isHere = await speaksFor(connection, actor, decision.by);
  const failure = isHere
    ? refusalFor(proposal, { actor, at: decision.at }, judged)
    : "SETTING_NOT_BELOW";
  if (failure !== null) {
    const members = { ...entryMembersOf(decision), request: proposal.id };
    const draft = { ...members, type: "setting-refused", actor, failure } as const;
    return { failure, entry: await writeEntry(desk, connection, draft) };
  }
  await settleSettingProposal(connection, proposal.id, { at: decision.at, by: actor.pseudonym });
  const change = await storeDecision(desk, connection, {
    decision,
    version: judged.lastVersion + 1,
    actor: proposal.proposedBy,
    approval: { by: actor.pseudonym, proposal: proposal.id },
  });
  return { change };
}

/**
 * Approves a change that waits; it counts at once. Everything is judged anew: what was allowed when
 * it was proposed may be locked by now. Fails with SIGN_IN_NEEDED, PERSON_REQUIRED, ACCESS_DENIED,
 * SETTING_PROPOSAL_UNKNOWN, SETTING_PROPOSAL_SETTLED, ORGANISATION_CLOSED; and, each with an entry,
 * SETTING_PROPOSAL_SELF, SETTING_PROPOSAL_EXPIRED, SETTING_STALE (another version came
 * between: propose it again), or as `changeSetting`.
 */
export async function approveSetting(
  desk: Desk,
  given: { readonly id: string; readonly actor: Actor },
): Promise<SettingChange> {
  requirePerson(given.actor);
  // In whose name somebody may decide is judged with the tree held, and told as `setting-refused`.
  await authorise(desk, { actor: given.actor, verb: "approve-setting" }, { place: "own" });
  const outcome = await transaction(desk.database, async (connection) =>
    outcomeOf(desk, connection, given),
  );
  if ("change" in outcome) return outcome.change;
  throw new Failure(outcome.failure, { entry: outcome.entry });
}

/** The changes that wait for another person now, oldest first. */
export async function waitingSettings(desk: Desk): Promise<SettingProposalRow[]> {
  return connected(desk.database, async (connection) =>
    openSettingProposals(connection, { tenantId: desk.tenant.id, at: desk.now() }, LIST_MAX),
  );
}
