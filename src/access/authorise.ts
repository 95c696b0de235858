/**
 * Whether somebody may do something now (P10). Every verb asks here before it does anything; a
 * refusal is an entry of the log that names the rule, and whoever asked learns that it was refused.
 */
import { hourOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Question } from "../rules/question.ts";
import type { Verb } from "../rules/verb.ts";
import { transaction } from "../store/pool.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { isTenantWide } from "./place.ts";
import { policySet } from "./policy-set.ts";
import type { Decision } from "./policy-set.ts";

/**
 * What is known about the matter; what is left out is as little as there can be. Where nobody says
 * whose place it is, it is the whole tenant's, and so another's to whoever belongs to a branch.
 */
export type Circumstances = Partial<
  Pick<
    Question,
    | "fields"
    | "hasReason"
    | "hasWarrant"
    | "isAssigned"
    | "isEmergency"
    | "isTrained"
    | "managed"
    | "place"
    | "purpose"
    | "state"
  >
>;

const NOTHING_KNOWN = {
  fields: [],
  hasReason: false,
  hasWarrant: false,
  isAssigned: false,
  isEmergency: false,
  isTrained: false,
  managed: null,
  purpose: null,
  state: null,
} as const;

/** The answer of the policies, with no entry: for a verb that writes one of its own. */
export async function judge(
  desk: Pick<Desk, "now" | "timeZone">,
  { actor, verb }: { readonly actor: Actor; readonly verb: Verb },
  circumstances: Circumstances,
): Promise<Decision> {
  const policies = await policySet();
  return policies.decide({
    ...NOTHING_KNOWN,
    place: isTenantWide(actor) ? "own" : "other-branch",
    ...circumstances,
    role: actor.role,
    verb,
    kind: actor.kind,
    scopes: actor.scopes ?? [],
    hasDevice: actor.device !== null,
    hour: hourOf(desk.now(), desk.timeZone),
  });
}

/** The rule that an entry names: what forbids, or that nothing permits. */
export function ruleOf({ rules }: Decision): string {
  return rules.length === 0 ? "no-permit" : rules.join(",");
}

/**
 * Lets the actor pass, or writes `access-denied` with the rule and throws ACCESS_DENIED, which does
 * not name it. Call it outside any transaction, which would take the entry back with it.
 */
export async function authorise(
  desk: Desk,
  asked: { readonly actor: Actor; readonly verb: Verb },
  circumstances: Circumstances = {},
): Promise<void> {
  const decision = await judge(desk, asked, circumstances);
  if (decision.isAllowed) return;
  const { actor, verb } = asked;
  const failure = "ACCESS_DENIED";
  const draft = {
    type: "access-denied",
    actor,
    failure,
    mode: verb,
    rule: ruleOf(decision),
  } as const;
  const entry = await transaction(desk.database, async (connection) =>
    writeEntry(desk, connection, draft),
  );
  throw new Failure(failure, { entry });
}
