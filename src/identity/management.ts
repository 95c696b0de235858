/** Who may make, change and end accounts, keys and devices of others. */
import type { Actor } from "../access/actor.ts";
import { Failure } from "../rules/failure.ts";
import type { Role } from "../rules/role.ts";

/** Whose accounts a role may manage: everywhere in the tenant, or only below its own place. */
const MANAGED: Partial<
  Record<Role, { readonly roles: readonly Role[] | "all"; readonly below: boolean }>
> = {
  owner: { roles: "all", below: false },
  "security-officer": {
    roles: [
      "headquarters-operator",
      "branch-manager",
      "clerk",
      "courier",
      "station",
      "support",
      "merchant",
      "erp-machine",
      "auditor",
    ],
    below: false,
  },
  "branch-manager": {
    roles: ["clerk", "courier", "station", "merchant", "erp-machine"],
    below: true,
  },
};

export interface Managed {
  readonly role: Role;
  /** Ids from the top down to the account's place; empty for the whole tenant. */
  readonly path: readonly string[];
}

/** Whether the actor may manage an account of that role at that place. */
export function mayManage(actor: Actor, managed: Managed): boolean {
  const row = MANAGED[actor.role];
  if (row === undefined || actor.kind !== "person") return false;
  if (row.roles !== "all" && !row.roles.includes(managed.role)) return false;
  if (actor.organisationId === null) return !row.below;
  return managed.path.includes(actor.organisationId);
}

/** Throws ACCOUNT_FORBIDDEN for whoever may manage no account at all. */
export function requireManager({ role }: Actor): void {
  if (MANAGED[role] === undefined) throw new Failure("ACCOUNT_FORBIDDEN");
}

/** Throws ACCOUNT_FORBIDDEN, or SIGN_IN_NEEDED where nobody signed in. */
export function requireMayManage(actor: Actor, managed: Managed): void {
  if (actor.kind === "operator") throw new Failure("SIGN_IN_NEEDED");
  if (!mayManage(actor, managed)) throw new Failure("ACCOUNT_FORBIDDEN");
}
