/** Who is in a sandbox (演练环境): one carrier, its branches, two merchants; all invented. */
import type { Role } from "../rules/role.ts";
import type { Scope } from "../rules/scope.ts";

export const SANDBOX_CARRIER = "演练快运";

export const SANDBOX_PLACES = {
  headquarters: "演练快运总部",
  branch: "演练分公司",
  outlet: "演练网点",
  station: "演练驿站",
  merchant: "演练商家",
  supplier: "演练代发商",
} as const;

type PlaceName = keyof typeof SANDBOX_PLACES;

interface PersonRow {
  readonly name: string;
  readonly role: Role;
  /** Null for the whole carrier. */
  readonly place: PlaceName | null;
}

/** The owner is made before them. */
export const SANDBOX_PEOPLE = [
  { name: "headquarters", role: "headquarters-operator", place: null },
  { name: "privacy", role: "privacy-officer", place: null },
  { name: "security", role: "security-officer", place: null },
  { name: "support", role: "support", place: null },
  { name: "inspector", role: "inspector", place: null },
  { name: "auditor", role: "auditor", place: null },
  { name: "manager", role: "branch-manager", place: "outlet" },
  { name: "clerk", role: "clerk", place: "outlet" },
  { name: "courier", role: "courier", place: "outlet" },
  { name: "station", role: "station", place: "station" },
  { name: "merchant", role: "merchant", place: "merchant" },
  { name: "supplier", role: "merchant", place: "supplier" },
] as const satisfies readonly PersonRow[];

interface MachineRow {
  readonly name: string;
  readonly place: PlaceName | null;
  readonly scopes: readonly Scope[];
}

/** The carrier's own system, and a merchant's. No other role does anything by a key. */
export const SANDBOX_MACHINES: readonly MachineRow[] = [
  { name: "erp", place: null, scopes: ["seal", "print", "state", "flow"] },
  { name: "merchant-erp", place: "merchant", scopes: ["seal", "print", "state", "flow"] },
];

/** Where the waybills of a sandbox stand, so many of each. */
export const SANDBOX_STATES = [
  "sealed",
  "printed",
  "supplied",
  "arrived",
  "assigned-courier",
  "assigned-station",
  "undelivered",
  "delivered",
  "returned",
  "closed",
  "void",
  "held",
  "erased",
] as const;

export type SandboxState = (typeof SANDBOX_STATES)[number];
export const SANDBOX_EACH = 2;
