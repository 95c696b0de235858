/** Whether headquarters leaves a purpose to a role at the place where somebody asks (P10). */
import { Failure } from "../rules/failure.ts";
import { PURPOSES } from "../rules/purposes.ts";
import type { Purpose, PurposeRow } from "../rules/purposes.ts";
import { LIMITED_ROLES } from "../rules/setting.ts";
import type { Actor } from "./actor.ts";
import { allowedBy } from "./policy.ts";
import type { Policy } from "./policy.ts";

/**
 * Whether the setting of the role has taken the purpose out. What a role never had by the table no
 * setting took out, and the policies say; some roles have no setting.
 */
export function isTakenOut(
  policy: Policy,
  { role }: Pick<Actor, "role">,
  purpose: Purpose,
): boolean {
  const limited = LIMITED_ROLES.find((one) => one === role);
  const { roles }: PurposeRow = PURPOSES[purpose];
  if (limited === undefined || !roles.includes(role)) return false;
  return !allowedBy(policy, `purposes-${limited}`).includes(purpose);
}

/** Throws PURPOSE_NOT_ALLOWED where the setting of the actor's role has taken the purpose out. */
export function requirePurpose(policy: Policy, actor: Actor, purpose: Purpose): void {
  if (!isTakenOut(policy, actor, purpose)) return;
  throw new Failure("PURPOSE_NOT_ALLOWED", { purpose, role: actor.role });
}
