/**
 * What somebody is here (角色). A closed list: what each role may do is policy and stands elsewhere,
 * but nobody acts without being exactly one of these.
 */

interface RoleRow {
  readonly zh: string;
  readonly en: string;
}

export const ROLES = {
  owner: { zh: "系统所有者", en: "owner" },
  operator: { zh: "本机操作员", en: "local operator" },
  merchant: { zh: "商家", en: "merchant" },
  "erp-machine": { zh: "ERP 系统", en: "ERP machine" },
  "headquarters-operator": { zh: "总部操作员", en: "headquarters operator" },
  "branch-manager": { zh: "网点负责人", en: "branch manager" },
  clerk: { zh: "网点业务员", en: "clerk" },
  courier: { zh: "快递员", en: "courier" },
  station: { zh: "驿站", en: "station" },
  support: { zh: "客服", en: "support" },
  "privacy-officer": { zh: "个人信息保护负责人", en: "privacy officer" },
  "security-officer": { zh: "安全负责人", en: "security officer" },
  inspector: { zh: "执法检查人员", en: "inspector" },
  auditor: { zh: "审计人员", en: "auditor" },
  subject: { zh: "个人(收寄件人)", en: "person concerned" },
} as const satisfies Record<string, RoleRow>;

export type Role = keyof typeof ROLES;

// The keys of the table are the roles.
export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

/** The role of that name, or null when there is none. */
export function parseRole(name: string): Role | null {
  // hasOwn shows that the name is a key of the table.
  return Object.hasOwn(ROLES, name) ? (name as Role) : null;
}
