/**
 * The policy a second time, as plain code over the tables of `src/rules/`, written apart from the
 * Cedar files: what a differential test compares them with.
 */
import { PURPOSES } from "../../src/rules/purposes.ts";
import type { Purpose, PurposeRow } from "../../src/rules/purposes.ts";
import { BEFORE_PICK_UP, ON_THE_WAY } from "../../src/rules/question.ts";
import type { Question } from "../../src/rules/question.ts";
import type { Role } from "../../src/rules/role.ts";
import type { Scope } from "../../src/rules/scope.ts";
import type { Verb } from "../../src/rules/verb.ts";

const SHIP: readonly Verb[] = [
  ...(["seal", "print", "state"] as const),
  ...(["change-address", "return", "split", "drop-ship"] as const),
];
const SUPPLIER: readonly Verb[] = ["print", "show", "state"];
const SUPPLIERS: readonly Role[] = ["merchant", "erp-machine"];
/** Which scope of a key a verb of shipping takes. */
const SCOPE_OF: Readonly<Partial<Record<Verb, Scope>>> = {
  seal: "seal",
  print: "print",
  state: "state",
  "change-address": "flow",
  return: "flow",
  split: "flow",
  "drop-ship": "flow",
};
const LOOKS: readonly Verb[] = ["show", "merge"];
const SHIPPERS: readonly Role[] = [
  "owner",
  "operator",
  "merchant",
  "headquarters-operator",
  "branch-manager",
  "clerk",
  "privacy-officer",
];
const ALL_PURPOSES: readonly Role[] = ["privacy-officer"];
const CARRIERS: readonly Role[] = ["courier", "station"];

const GOVERNORS: readonly Role[] = [
  "owner",
  "operator",
  "headquarters-operator",
  "privacy-officer",
];
/** As the governors, but only people. */
const DECIDERS: readonly Role[] = ["owner", "headquarters-operator", "privacy-officer"];
const GUARDS: readonly Role[] = ["owner", "operator", "security-officer", "privacy-officer"];
const HANDLERS: readonly Role[] = [
  "courier",
  "station",
  "clerk",
  "branch-manager",
  "support",
  "security-officer",
];
const HANDLING: readonly Purpose[] = [
  "deliver",
  "contact",
  "return",
  "address-change",
  "view-name",
];
const OFFICERS: readonly Role[] = ["security-officer", "privacy-officer"];
const PERSONS: readonly Role[] = ["privacy-officer", "operator"];

const ANSWERING: readonly Role[] = ["branch-manager", "security-officer", "auditor"];
const WORKING: readonly Role[] = [
  ...GOVERNORS,
  ...ANSWERING,
  "inspector",
  "merchant",
  "clerk",
  "courier",
  "station",
  "support",
];

/** Who may, for verbs that depend on the role alone. */
const BY_ROLE: Readonly<Partial<Record<Verb, readonly Role[]>>> = {
  search: ["support", "branch-manager", "privacy-officer", "security-officer"],
  "custody-search": [
    "support",
    "branch-manager",
    "privacy-officer",
    "security-officer",
    "clerk",
    "station",
  ],
  assign: [...GOVERNORS, "branch-manager", "clerk"],
  "hand-over": [...GOVERNORS, "branch-manager", "clerk"],
  hold: [...PERSONS, "security-officer"],
  "release-hold": [...PERSONS, "security-officer"],
  erase: PERSONS,
  correct: [...PERSONS, "support"],
  "certify-erasure": PERSONS,
  "subject-request": [...PERSONS, "support"],
  sweep: PERSONS,
  found: GOVERNORS,
  "move-organisation": GOVERNORS,
  "close-organisation": GOVERNORS,
  "change-setting": [...GOVERNORS, "branch-manager"],
  "approve-setting": GOVERNORS,
  "read-policy": WORKING,
  "read-decisions": [...GOVERNORS, ...ANSWERING, "inspector"],
  simulate: [...GOVERNORS, ...ANSWERING, "inspector"],
  "read-quota": [...GOVERNORS, ...ANSWERING],
  "set-retention": [...GOVERNORS, "branch-manager"],
  "file-authorisation": [...GOVERNORS, "branch-manager"],
  "answer-authorisation": GOVERNORS,
  "break-glass": HANDLERS,
  "list-break-glass": ["privacy-officer", "security-officer", "auditor"],
  "acknowledge-break-glass": ["privacy-officer"],
  "open-real-name": OFFICERS,
  "real-name-status": OFFICERS,
  "file-warrant": OFFICERS,
  "confirm-warrant": OFFICERS,
  "list-warrants": OFFICERS,
  webhook: GOVERNORS,
  "record-training": [...GOVERNORS, "branch-manager"],
  "raise-quota": [...DECIDERS, "branch-manager"],
  "approve-quota": DECIDERS,
  "back-up": GUARDS,
  "rotate-keys": GUARDS,
  "renew-tenant-keys": GUARDS,
  "ask-log": [...GUARDS, "auditor", "inspector"],
  "make-bundle": [...GUARDS, "auditor", "inspector"],
  "prove-statement": [...GUARDS, "auditor", "inspector"],
  "grant-scope": ["owner", "operator", "privacy-officer"],
  "revoke-scope": ["owner", "operator", "privacy-officer"],
  "list-scopes": [...GOVERNORS, "security-officer", "inspector", "auditor"],
  "read-carrier": ["inspector", "operator", "privacy-officer", "owner"],
  campaign: ["inspector", "operator", "privacy-officer", "owner"],
  case: ["inspector", "operator", "privacy-officer", "owner"],
  order: ["inspector", "operator", "privacy-officer", "owner"],
  suggestion: ["inspector", "operator", "privacy-officer", "owner"],
  certificate: [...GOVERNORS, "inspector"],
  score: ["inspector", "operator", "privacy-officer", "owner"],
};

function mayShip(asked: Question): boolean {
  const { role, kind, scopes, verb, isAssigned, state } = asked;
  const isChanging = verb === "split" || verb === "change-address";
  const isWithSender = state !== null && BEFORE_PICK_UP.includes(state);
  if (isChanging && (role === "merchant" || role === "erp-machine") && !isWithSender) return false;
  if (role === "erp-machine" && kind === "machine")
    return scopes.some((scope) => scope === SCOPE_OF[verb]);
  if (verb === "state" && CARRIERS.includes(role) && isAssigned) return true;
  const isStaffOfBranch = role === "branch-manager" || role === "clerk";
  if (verb === "drop-ship" && isStaffOfBranch) return false;
  return kind !== "machine" && SHIPPERS.includes(role);
}

function fitsPurpose(asked: Question, purpose: Purpose): boolean {
  const { fields, state, hasReason, hasWarrant } = asked;
  const row: PurposeRow = PURPOSES[purpose];
  if (!fields.every((field) => row.fields.includes(field))) return false;
  if (row.needsReason && !hasReason) return false;
  if (row.needsWarrant === true && !hasWarrant) return false;
  return row.stage === "any" || (state !== null && ON_THE_WAY.includes(state));
}

function mayOpen(asked: Question): boolean {
  const { role, purpose, isTrained } = asked;
  if (purpose === null || !isTrained || !fitsPurpose(asked, purpose)) return false;
  // What is forbidden at night is forbidden in an emergency too.
  if (CARRIERS.includes(role) && isNight(asked)) return false;
  if (asked.isEmergency && HANDLERS.includes(role) && HANDLING.includes(purpose)) return true;
  const row: PurposeRow = PURPOSES[purpose];
  if (!ALL_PURPOSES.includes(role) && !row.roles.includes(role)) return false;
  return !CARRIERS.includes(role) || mayCarry(asked);
}

function isNight({ purpose, hour }: Question): boolean {
  const isDelivering = purpose === "deliver" || purpose === "view-name";
  return isDelivering && (hour < 5 || hour >= 23);
}

function mayCarry({ role, isAssigned, hasDevice }: Question): boolean {
  return isAssigned && (role !== "courier" || hasDevice);
}

const TAKING_IN: readonly Role[] = ["courier", "station", "clerk", "branch-manager"];
const BRANCH_STAFF: readonly Role[] = ["clerk", "courier", "station", "merchant", "erp-machine"];
const WATCHED: readonly Role[] = [
  ...BRANCH_STAFF,
  "headquarters-operator",
  "branch-manager",
  "support",
  "auditor",
];
const MANAGED: Readonly<Partial<Record<Role, readonly Role[] | "all">>> = {
  owner: "all",
  "security-officer": WATCHED,
  "branch-manager": BRANCH_STAFF,
};

function mayManage({ role, kind, managed }: Question): boolean {
  const roles = MANAGED[role] ?? [];
  if (kind !== "person") return false;
  return roles === "all" || (managed !== null && roles.includes(managed));
}

function mayShow({ role, kind, scopes }: Question): boolean {
  if (role === "erp-machine") return kind === "machine" && scopes.includes("seal");
  return kind === "person" && role !== "operator" && role !== "subject";
}

function mayMerge({ role, kind, scopes }: Question): boolean {
  if (role === "erp-machine") return kind === "machine" && scopes.includes("seal");
  return kind === "person" && role !== "owner" && SHIPPERS.includes(role) && role !== "operator";
}

function mayLook(asked: Question): boolean {
  return asked.verb === "merge" ? mayMerge(asked) : mayShow(asked);
}

const SETTLING: readonly Purpose[] = ["deliver", "return", "claim"];
const ANSWERING_FOR_PARCELS: readonly Role[] = [
  "merchant",
  "headquarters-operator",
  "branch-manager",
  "privacy-officer",
];

function mayExportMasked({ role, kind, purpose }: Question): boolean {
  if (kind !== "person" || purpose === null) return false;
  if (purpose === "audit") return role === "auditor" || role === "privacy-officer";
  return SETTLING.includes(purpose) && ANSWERING_FOR_PARCELS.includes(role);
}

const OF_LOG: readonly Verb[] = ["ask-log", "make-bundle", "prove-statement"];

/** Who checks does it for what the role checks for, where a purpose is named at all. */
function fitsLog({ verb, role, purpose }: Question): boolean {
  if (!OF_LOG.includes(verb) || purpose === null) return true;
  if (role === "auditor") return purpose === "audit";
  return role !== "inspector" || purpose === "inspection";
}

/** Nobody signed in, and only a person may. */
function needsPerson(verb: Verb): boolean {
  const isOpening = verb === "reveal" || verb === "search" || verb === "custody-search";
  return (
    isOpening ||
    verb.includes("break-glass") ||
    verb.includes("warrant") ||
    verb === "open-real-name"
  );
}

function isTheirs({ verb, role, place }: Question): boolean {
  if (place === "supplied") return SUPPLIERS.includes(role) && SUPPLIER.includes(verb);
  return place === "own";
}

function mayByRole(asked: Question): boolean {
  const { verb, role, isTrained } = asked;
  if (!fitsLog(asked)) return false;
  if ((verb === "search" || verb === "custody-search") && !isTrained) return false;
  return BY_ROLE[verb]?.includes(role) ?? false;
}

/** Whether it may be done. */
export function referenceDecision(asked: Question): boolean {
  const { verb, role, kind } = asked;
  if (!isTheirs(asked)) return false;
  if (SHIP.includes(verb)) return mayShip(asked);
  if (LOOKS.includes(verb)) return mayLook(asked);
  if (kind === "machine" || (kind === "operator" && needsPerson(verb))) return false;
  if (verb === "manage-account") return mayManage(asked);
  if (verb === "record-real-name") return kind === "person" && TAKING_IN.includes(role);
  if (verb === "reveal") return mayOpen(asked);
  if (verb === "export-masked") return mayExportMasked(asked);
  return mayByRole(asked);
}
