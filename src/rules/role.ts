/**
 * What somebody is here (角色). A closed list: what each role may do is policy and stands elsewhere,
 * but nobody acts without being exactly one of these.
 */

interface RoleRow {
  readonly zh: string;
  readonly en: string;
  /**
   * `tenant`: an office, which may be of the whole tenant. `branch`: works at one place, and
   * without it stands nowhere.
   */
  readonly reach: "tenant" | "branch";
}

export const ROLES = {
  owner: { zh: "系统所有者", en: "owner", reach: "tenant" },
  operator: { zh: "本机操作员", en: "local operator", reach: "tenant" },
  merchant: { zh: "商家", en: "merchant", reach: "branch" },
  "erp-machine": { zh: "ERP 系统", en: "ERP machine", reach: "tenant" },
  "headquarters-operator": { zh: "总部操作员", en: "headquarters operator", reach: "tenant" },
  "branch-manager": { zh: "网点负责人", en: "branch manager", reach: "branch" },
  clerk: { zh: "网点业务员", en: "clerk", reach: "branch" },
  courier: { zh: "快递员", en: "courier", reach: "branch" },
  station: { zh: "驿站", en: "station", reach: "branch" },
  support: { zh: "客服", en: "support", reach: "tenant" },
  "privacy-officer": { zh: "个人信息保护负责人", en: "privacy officer", reach: "tenant" },
  "security-officer": { zh: "安全负责人", en: "security officer", reach: "tenant" },
  inspector: { zh: "执法检查人员", en: "inspector", reach: "tenant" },
  auditor: { zh: "审计人员", en: "auditor", reach: "tenant" },
  subject: { zh: "个人(收寄件人)", en: "person concerned", reach: "branch" },
} as const satisfies Record<string, RoleRow>;

export type Role = keyof typeof ROLES;

// The keys of the table are the roles.
export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

/** The role of that name, or null when there is none. */
export function parseRole(name: string): Role | null {
  // hasOwn shows that the name is a key of the table.
  return Object.hasOwn(ROLES, name) ? (name as Role) : null;
}

/** Whether that role may be of the whole tenant: an office is, whoever works at a branch is not. */
export function isOffice(role: Role): boolean {
  return ROLES[role].reach === "tenant";
}

const HANDLERS: readonly Role[] = ["branch-manager", "clerk", "courier", "station"];

/** Whether whoever has that role has parcels in hand, and so labels that nobody announced. */
export function handlesParcels(role: Role): boolean {
  return HANDLERS.includes(role);
}
