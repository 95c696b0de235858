/** Who may make, change and end accounts, keys and devices of others (account.cedar says). */
import type { Actor } from "../access/actor.ts";
import { judge } from "../access/authorise.ts";
import type { Desk } from "../access/desk.ts";
import { Failure } from "../rules/failure.ts";
import type { Role } from "../rules/role.ts";

export interface Managed {
  readonly role: Role;
  /** Ids from the top down to the account's place; empty for the whole tenant. */
  readonly path: readonly string[];
}

/**
 * Whether an account at that place is the actor's own to manage. Whoever belongs to the whole
 * tenant is at home everywhere; but a branch manager without a branch has none of their own.
 */
function isOwn({ organisationId, role }: Actor, { path }: Managed): boolean {
  return organisationId === null ? role !== "branch-manager" : path.includes(organisationId);
}

/** Whether the actor may manage an account of that role at that place. */
export async function mayManage(
  desk: Pick<Desk, "now" | "timeZone">,
  actor: Actor,
  managed: Managed,
): Promise<boolean> {
  const place = isOwn(actor, managed) ? "own" : "other-branch";
  const circumstances = { place, managed: managed.role } as const;
  return (await judge(desk, { actor, verb: "manage-account" }, circumstances)).isAllowed;
}

/** Throws ACCOUNT_FORBIDDEN for whoever may manage no account at all, not even a clerk's. */
export async function requireManager(
  desk: Pick<Desk, "now" | "timeZone">,
  actor: Actor,
): Promise<void> {
  const circumstances = { place: "own", managed: "clerk" } as const;
  const decision = await judge(desk, { actor, verb: "manage-account" }, circumstances);
  if (!decision.isAllowed) throw new Failure("ACCOUNT_FORBIDDEN");
}

/** Throws ACCOUNT_FORBIDDEN, or SIGN_IN_NEEDED where nobody signed in. */
export async function requireMayManage(
  desk: Pick<Desk, "now" | "timeZone">,
  actor: Actor,
  managed: Managed,
): Promise<void> {
  if (actor.kind === "operator") throw new Failure("SIGN_IN_NEEDED");
  if (!(await mayManage(desk, actor, managed))) throw new Failure("ACCOUNT_FORBIDDEN");
}
