/**
 * Which term counts where several were said (P8): headquarters sets one for the whole tenant, a
 * branch may only be tighter. Pure: the terms that were said come in as arguments.
 */
import type { FailureCode } from "./failure.ts";
import { RETENTION } from "./retention.ts";
import type { RetentionClass } from "./retention.ts";

/**
 * The days that count for an organisation whose line, the tenant first, has said `line` about a
 * class (null for nothing): the tenant's own word or `base`, and below it whatever is tightest. A
 * branch that was tighter stays so when headquarters loosens, and is overruled when it tightens.
 */
export function effectiveDays(base: number, line: readonly (number | null)[]): number {
  const [tenant = null, ...branches] = line;
  return branches.reduce<number>(
    (days, said) => (said === null ? days : Math.min(days, said)),
    tenant ?? base,
  );
}

export interface TermChange {
  readonly class: RetentionClass;
  readonly days: number;
  /** What counts above the organisation that it is said of; null for the tenant as a whole. */
  readonly above: number | null;
}

/** Why a term may not be set, or null when it may. */
export function termRefusal({ class: name, days, above }: TermChange): FailureCode | null {
  const { floorDays, ceilingDays } = RETENTION[name];
  if (!Number.isInteger(days) || days < floorDays || days > ceilingDays) return "RETENTION_BOUNDS";
  if (above !== null && days > above) return "RETENTION_LOOSER";
  return null;
}
