/** Who may make, change and end accounts, keys and devices of others (account.cedar says). */
import type { Actor } from "../access/actor.ts";
import { judge, ruleOf } from "../access/authorise.ts";
import type { Desk } from "../access/desk.ts";
import { writeEntry } from "../access/entry.ts";
import { idsBelow, isOfWhole } from "../access/place.ts";
import type { Decision } from "../access/policy-set.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { Role } from "../rules/role.ts";
import { transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";

export interface Managed {
  readonly role: Role;
  /** Ids from the top down to the account's place; empty for the whole tenant. */
  readonly path: readonly string[];
}

/** Whether an account at that place is the actor's own to manage, or stands below it. */
function isOwn(actor: Actor, { path }: Managed): boolean {
  const { organisationId } = actor;
  return isOfWhole(actor) || (organisationId !== null && path.includes(organisationId));
}

async function decisionOn(
  desk: Pick<Desk, "now" | "timeZone">,
  actor: Actor,
  managed: Managed,
): Promise<Decision> {
  const place = isOwn(actor, managed) ? "own" : "other-branch";
  const circumstances = { place, managed: managed.role } as const;
  return judge(desk, { actor, verb: "manage-account" }, circumstances);
}

/** Whether the actor may manage an account of that role at that place. */
export async function mayManage(
  desk: Pick<Desk, "now" | "timeZone">,
  actor: Actor,
  managed: Managed,
): Promise<boolean> {
  return (await decisionOn(desk, actor, managed)).isAllowed;
}

interface Placed {
  readonly role: Role;
  readonly organisationId: string | null;
}

/** Those of `rows` that the actor may manage: one look at the tree, however many there are. */
export async function manageable<Row extends Placed>(
  desk: Desk,
  actor: Actor,
  rows: readonly Row[],
): Promise<ReadonlySet<Row>> {
  const { organisationId: home } = actor;
  const ids = rows.map(({ organisationId: id }) => id);
  const below = await idsBelow(desk, actor, ids);
  const may = new Map<string, boolean>();
  const own = new Set<Row>();
  for (const row of rows) {
    const { role, organisationId } = row;
    const isBelow = home !== null && organisationId !== null && below.has(organisationId);
    const key = `${role} ${isBelow}`;
    const path = isBelow ? [home] : [];
    const isAllowed = may.get(key) ?? (await mayManage(desk, actor, { role, path }));
    may.set(key, isAllowed);
    if (isAllowed) own.add(row);
  }
  return own;
}

/** The rule that refused; for the entry alone, the caller does not learn it. */
const RULES = new WeakMap<Failure, string>();

async function tellRefusal(desk: Desk, actor: Actor, error: Failure): Promise<Failure> {
  const failure = error.code;
  const rule = RULES.get(error) ?? "no-permit";
  const draft = { type: "access-denied", actor, failure, mode: "manage-account", rule } as const;
  const entry = await transaction(desk.database, async (c) => writeEntry(desk, c, draft));
  return new Failure(failure, { entry });
}

function isRefusal(error: unknown): error is Failure {
  return isFailure(error, "ACCOUNT_FORBIDDEN") || isFailure(error, "SIGN_IN_NEEDED");
}

/** As `transaction`, for managing an account: what is refused is undone, and told by an entry. */
export async function managing<Result>(
  desk: Desk,
  actor: Actor,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  try {
    return await transaction(desk.database, work);
  } catch (error) {
    throw isRefusal(error) ? await tellRefusal(desk, actor, error) : error;
  }
}

/** With an entry, throws ACCOUNT_FORBIDDEN for whoever may manage nobody, not even a clerk. */
export async function requireManager(desk: Desk, actor: Actor): Promise<void> {
  const circumstances = { place: "own", managed: "clerk" } as const;
  const decision = await judge(desk, { actor, verb: "manage-account" }, circumstances);
  if (decision.isAllowed) return;
  const refused = new Failure("ACCOUNT_FORBIDDEN");
  RULES.set(refused, ruleOf(decision));
  throw await tellRefusal(desk, actor, refused);
}

/** Throws ACCOUNT_FORBIDDEN, or SIGN_IN_NEEDED where nobody signed in. */
export async function requireMayManage(
  desk: Pick<Desk, "now" | "timeZone">,
  actor: Actor,
  managed: Managed,
): Promise<void> {
  if (actor.kind === "operator") throw new Failure("SIGN_IN_NEEDED");
  const decision = await decisionOn(desk, actor, managed);
  if (decision.isAllowed) return;
  const refused = new Failure("ACCOUNT_FORBIDDEN");
  RULES.set(refused, ruleOf(decision));
  throw refused;
}
