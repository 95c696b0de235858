/** A day's looks, judged again under the settings of then and under a change. */
import { setImmediate as others } from "node:timers/promises";
import { limitsOf } from "../access/quota.ts";
import { isTakenOut } from "../access/purpose.ts";
import type { Policy } from "../access/policy.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import type { FailureCode } from "../rules/failure.ts";
import { purposeOf } from "../rules/purposes.ts";
import { QuotaReplay } from "../rules/quota-replay.ts";
import type { ReplayedLook } from "../rules/quota-replay.ts";
import type { Role } from "../rules/role.ts";
import { isCall, needsVirtual } from "./virtual-contact.ts";

/** The members that count of an entry about a look (LEAF-1). */
export interface LoggedLook {
  readonly id: string;
  readonly type: "reveal" | "reveal-denied" | "search";
  readonly at: string;
  readonly actor: string;
  readonly organisationPath?: readonly string[];
  readonly purpose?: string;
  readonly subject?: string;
  readonly mode?: string;
  readonly fields?: readonly string[];
  readonly failure?: string;
}

export interface DeniedLook {
  /** Id of the entry, hex. */
  readonly entry: string;
  readonly at: string;
  readonly actor: string;
  /** Name of the organisation that whoever looked belonged to; null where nobody knows it. */
  readonly organisation: string | null;
  readonly purpose: string;
  readonly code: FailureCode;
}

export interface Replayed {
  /** Reveals that were let through that day, of those that are told. */
  readonly looked: number;
  /** Those of them that the change would have denied, in order of time. */
  readonly denied: readonly DeniedLook[];
  /** Reveals by people whose role then nobody knows; purposes are not judged for them. */
  readonly unknownRoles: number;
  /**
   * Reveals that the change would have denied unless the recipient's number was virtual, which no
   * entry says: they are not among `denied`.
   */
  readonly notJudged: number;
}

export interface ReplayedWorld {
  readonly timeZone: string;
  /** The role that somebody (pseudonym) had at a moment; null where nobody knows it. */
  readonly roleAt: (actor: string, at: Date) => Role | null;
  readonly isTrained: (actor: string, on: Day) => boolean;
  /** What counted at a place (null: the tenant) at a moment, and what would have. */
  readonly before: (place: string | null, at: Date) => Policy;
  readonly after: (place: string | null, at: Date) => Policy;
  /** The name that the place (null: the tenant) had at a moment. */
  readonly nameAt: (place: string | null, at: Date) => string | null;
  /** Whether this look is told to whoever asks; the others count against quotas all the same. */
  readonly isTold: (look: LoggedLook) => boolean;
}

/** Looks that are judged before everything else that waits has its turn. */
const LOOKS_AT_ONCE = 500;

function lookOf(logged: LoggedLook): ReplayedLook {
  const { actor, organisationPath, purpose = "", subject = null, type, mode } = logged;
  const search = mode === undefined ? "search" : "custody-search";
  const use = type === "search" ? search : (purposeOf(purpose)?.purpose ?? "contact");
  const organisation = organisationPath?.at(-1) ?? null;
  return { actor, organisation, use, subject, at: new Date(logged.at) };
}

export class ReplayedDay {
  readonly #world: ReplayedWorld;

  constructor(world: ReplayedWorld) {
    this.#world = world;
  }

  /**
   * Judges looks in their order, and lets others have their turn between. A look that was refused
   * then spends what it spent, no more.
   */
  async replay(looks: readonly LoggedLook[]): Promise<Replayed> {
    const { before, after, isTold, nameAt, roleAt, timeZone } = this.#world;
    const [then, changed] = [new QuotaReplay(timeZone), new QuotaReplay(timeZone)];
    const denied: DeniedLook[] = [];
    let looked = 0;
    let unknownRoles = 0;
    let notJudged = 0;
    for (const [index, logged] of looks.entries()) {
      if (index % LOOKS_AT_ONCE === LOOKS_AT_ONCE - 1) await others();
      // A quota that was spent let nothing through and cost nothing.
      if (logged.failure === "QUOTA_SPENT") continue;
      const wasDenied = this.#codeOf(logged, before, then) !== null;
      const code = this.#codeOf(logged, after, changed);
      if (logged.type !== "reveal" || !isTold(logged)) continue;
      looked += 1;
      if (roleAt(logged.actor, new Date(logged.at)) === null) unknownRoles += 1;
      if (!wasDenied && code === null && this.#needsVirtualNow(logged)) notJudged += 1;
      if (code === null || wasDenied) continue;
      const { id: entry, at, actor, purpose = "" } = logged;
      const organisation = nameAt(lookOf(logged).organisation, new Date(at));
      denied.push({ entry, at, actor, organisation, purpose, code });
    }
    return { looked, denied, unknownRoles, notJudged };
  }

  /** Whether the change asks for a virtual number where none was asked for then. */
  #needsVirtualNow(logged: LoggedLook): boolean {
    if (!isCall(logged.purpose ?? "", logged.fields ?? [])) return false;
    const { organisation, at } = lookOf(logged);
    const { before, after } = this.#world;
    return needsVirtual(after(organisation, at)) && !needsVirtual(before(organisation, at));
  }

  #codeOf(
    logged: LoggedLook,
    policyAt: ReplayedWorld["before"],
    quotas: QuotaReplay,
  ): FailureCode | null {
    const look = lookOf(logged);
    const policy = policyAt(look.organisation, look.at);
    if (quotas.look(look, limitsOf(policy)) !== null) return "QUOTA_SPENT";
    const role = this.#world.roleAt(look.actor, look.at);
    const found = purposeOf(logged.purpose ?? "");
    const isJudged = role !== null && found !== null;
    if (isJudged && isTakenOut(policy, { role }, found.purpose)) return "PURPOSE_NOT_ALLOWED";
    if (policy.rulingOf("training-required").value !== "yes") return null;
    const on = dayOf(look.at, this.#world.timeZone);
    return this.#world.isTrained(look.actor, on) ? null : "TRAINING_INVALID";
  }
}
