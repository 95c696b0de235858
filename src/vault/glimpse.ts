/** What a role could see at best under one policy, asked of the very policies that decide. */
import type { Policy } from "../access/policy.ts";
import { mostOf } from "../access/policy.ts";
import { isTakenOut } from "../access/purpose.ts";
import type { PolicySet } from "../access/policy-set.ts";
import { limitsOf } from "../access/quota.ts";
import { PURPOSES } from "../rules/purposes.ts";
import type { Field, Purpose } from "../rules/purposes.ts";
import type { QuotaLimit } from "../rules/quota.ts";
import type { Question } from "../rules/question.ts";
import type { Role } from "../rules/role.ts";
import { isCall, needsVirtual } from "./virtual-contact.ts";

export interface PurposeGlimpse {
  readonly purpose: Purpose;
  readonly fields: readonly Field[];
  /** Local hours in which it is open, 0 to 23. */
  readonly hours: readonly number[];
  /** Whether it stays open once the parcel has been handed over. */
  readonly isAfterHandOver: boolean;
  /**
   * What it takes: the parcel on the own route, or on a route of the branch or in its custody that
   * day, a registered device, a written reason, a warrant of two officers, or a virtual number of
   * the recipient where the phone is asked for.
   */
  readonly needs: readonly ("custody" | "device" | "reason" | "route" | "virtual" | "warrant")[];
}

export interface Glimpse {
  /** From when on. */
  readonly from: Date;
  /** SHA-256 of the policy set that decided, hex. */
  readonly policySet: string;
  readonly profile: string;
  readonly isTrainingRequired: boolean;
  readonly looks: { readonly minute: number; readonly shift: number; readonly day: number };
  /** Every limit that counts there: the person's, the branch's and the tenant's. */
  readonly limits: readonly QuotaLimit[];
  readonly purposes: readonly PurposeGlimpse[];
}

export interface GlimpseAsked {
  readonly role: Role;
  readonly at: Date;
  readonly set: PolicySet;
  /** SHA-256 of the set, hex. */
  readonly digest: string;
  /** Whether people there are of the tenant as a whole: no parcel is another branch's to them. */
  readonly isTenantWide: boolean;
}

const NOON = 12;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function atBest(role: Role, purpose: Purpose): Question {
  const kinds: Partial<Record<Role, Question["kind"]>> = {
    operator: "operator",
    "erp-machine": "machine",
  };
  return {
    role,
    verb: "reveal",
    kind: kinds[role] ?? "person",
    place: "own",
    purpose,
    fields: PURPOSES[purpose].fields,
    state: "arrived",
    scopes: [],
    isAssigned: true,
    hasDevice: true,
    isTrained: true,
    hasReason: true,
    hasWarrant: true,
    isEmergency: false,
    managed: null,
    hour: NOON,
  };
}

const LESS = {
  route: { isAssigned: false },
  custody: { place: "other-branch" },
  device: { hasDevice: false },
  reason: { hasReason: false },
  warrant: { hasWarrant: false },
} as const satisfies Record<string, Partial<Question>>;

type Less = keyof typeof LESS;

/** What is missed; a parcel on the own route is one of the branch's, so that goes unsaid. */
function needsOf(may: (over: Partial<Question>) => boolean, isTenantWide: boolean): Less[] {
  // The keys of the table are what may be missing.
  const missed = (Object.keys(LESS) as Less[]).filter((one) => !may(LESS[one]));
  const isUnsaid = isTenantWide || missed.includes("route");
  return missed.filter((one) => one !== "custody" || !isUnsaid);
}

/** The role's view under the policy at that moment, by the set that decided then. */
export function glimpseUnder(policy: Policy, asked: GlimpseAsked): Glimpse {
  const { role, at, set, digest, isTenantWide } = asked;
  const { decide } = set;
  const purposes: PurposeGlimpse[] = [];
  // The keys of the table are the purposes.
  for (const purpose of Object.keys(PURPOSES) as Purpose[]) {
    const best = atBest(role, purpose);
    const may = (over: Partial<Question>): boolean => decide({ ...best, ...over }).isAllowed;
    const hours = HOURS.filter((hour) => may({ hour }));
    if (hours.length === 0 || isTakenOut(policy, { role }, purpose)) continue;
    const less = needsOf(may, isTenantWide);
    const isVirtual = needsVirtual(policy) && isCall(purpose, best.fields);
    const needs = isVirtual ? [...less, "virtual" as const] : less;
    const isAfterHandOver = may({ state: "delivered" });
    purposes.push({ purpose, fields: best.fields, hours, isAfterHandOver, needs });
  }
  return {
    from: at,
    policySet: digest,
    profile: policy.rulingOf("mask-profile").value,
    isTrainingRequired: policy.rulingOf("training-required").value === "yes",
    looks: {
      minute: mostOf(policy, "quota-person-minute"),
      shift: mostOf(policy, "quota-person-shift"),
      day: mostOf(policy, "quota-person-day"),
    },
    limits: limitsOf(policy),
    purposes,
  };
}
