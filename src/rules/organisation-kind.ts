/**
 * What an organisation is (机构类型) and what it may stand under. Pure. A kind that is no row here
 * does not exist; a place that is not in its row is refused.
 */

interface KindRow {
  readonly zh: string;
  readonly en: string;
  /** Kinds that it may stand directly under; empty for what has nobody above it. */
  readonly under: readonly string[];
  /** Authorities stand outside every tenant. */
  readonly inTenant: boolean;
  /** Whether it is run directly or by a franchisee (直营, 加盟); else it has no such form. */
  readonly hasForm: boolean;
}

export const ORGANISATION_KINDS = {
  headquarters: { zh: "总部", en: "headquarters", under: [], inTenant: true, hasForm: false },
  region: {
    zh: "大区",
    en: "region",
    under: ["headquarters", "region"],
    inTenant: true,
    hasForm: true,
  },
  branch: {
    zh: "分公司",
    en: "branch",
    under: ["headquarters", "region", "branch"],
    inTenant: true,
    hasForm: true,
  },
  outlet: {
    zh: "网点",
    en: "outlet",
    under: ["headquarters", "region", "branch", "outlet"],
    inTenant: true,
    hasForm: true,
  },
  station: {
    zh: "驿站",
    en: "station",
    under: ["headquarters", "region", "branch", "outlet"],
    inTenant: true,
    hasForm: true,
  },
  merchant: {
    zh: "商家",
    en: "merchant",
    under: ["branch", "outlet"],
    inTenant: true,
    hasForm: false,
  },
  "postal-authority": {
    zh: "邮政管理部门",
    en: "postal authority",
    under: [],
    inTenant: false,
    hasForm: false,
  },
  procuratorate: { zh: "检察院", en: "procuratorate", under: [], inTenant: false, hasForm: false },
} as const satisfies Record<string, KindRow>;

export type OrganisationKind = keyof typeof ORGANISATION_KINDS;
export type AuthorityKind = Extract<OrganisationKind, "postal-authority" | "procuratorate">;
/** What is founded below the headquarters of a tenant. */
export type LowerKind = Exclude<OrganisationKind, AuthorityKind | "headquarters">;

/** direct: run by the carrier itself (直营); franchise: by a partner under its name (加盟). */
export const ORGANISATION_FORMS = ["direct", "franchise"] as const;
export type OrganisationForm = (typeof ORGANISATION_FORMS)[number];

export const KIND_NAMES: readonly OrganisationKind[] = [
  "headquarters",
  "region",
  "branch",
  "outlet",
  "station",
  "merchant",
  "postal-authority",
  "procuratorate",
];

/** Whether an organisation of `kind` may stand directly under one of `above`. */
export function mayStandUnder(kind: OrganisationKind, above: OrganisationKind): boolean {
  const { under }: KindRow = ORGANISATION_KINDS[kind];
  return under.includes(above);
}

/** The kind of that name when it is one that stands below a headquarters, else null. */
export function lowerKindOf(name: string): LowerKind | null {
  switch (name) {
    case "region":
    case "branch":
    case "outlet":
    case "station":
    case "merchant":
      return name;
    default:
      return null;
  }
}

/** Whether organisations of this kind are run directly or by a franchisee. */
export function hasForm(kind: OrganisationKind): boolean {
  return ORGANISATION_KINDS[kind].hasForm;
}
