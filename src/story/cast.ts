/**
 * Who plays in the story. All are invented: carriers, outlets, merchants, platform, authorities and
 * the city; their names stand on no register that we know of.
 */
import type { Role } from "../rules/role.ts";

export interface CarrierCast {
  readonly tenant: string;
  readonly name: string;
  /** Waybill number of the story's n-th parcel of this carrier; no carrier's own look like that. */
  readonly waybillNumber: (serial: number) => string;
  /** Outlets (by their place in `OUTLETS`) that headquarters let mask before the story begins. */
  readonly maskedOutlets: readonly number[];
  /** Days after the filing day on which headquarters answers: late, each in its own way. */
  readonly answersAfter: number;
}

function digits(serial: number, length: number): string {
  return String(serial).padStart(length, "0");
}

/** The invented carriers of samples/, with the same three-letter numbers. */
export const CARRIERS: readonly CarrierCast[] = [
  {
    tenant: "顺达快运",
    name: "顺达快运",
    waybillNumber: (serial) => `SDK27${digits(serial * 7 + 1_003, 9)}`,
    maskedOutlets: [4],
    answersAfter: 64,
  },
  {
    tenant: "云鹊速递",
    name: "云鹊速递",
    waybillNumber: (serial) => `YQE${digits(serial * 11 + 900_052_001, 12)}`,
    maskedOutlets: [9],
    answersAfter: 58,
  },
  {
    tenant: "北辰物流",
    name: "北辰物流",
    waybillNumber: (serial) => `BCW9${digits(serial * 13 + 7_777, 10)}`,
    maskedOutlets: [2, 7],
    answersAfter: 61,
  },
];

export const OUTLETS: readonly string[] =
  "墨桥 竹溪 枫林 霞岸 棠湖 兰亭 松岭 梧台 锦汀 芳洲 荷渡 星坪"
    .split(" ")
    .map((name) => `${name}网点`);

/** An outlet's name where its carrier stands beside it. */
export function outletOf(carrier: Pick<CarrierCast, "name">, organisation: string): string {
  return organisation.replace(carrier.name, "");
}

export const POSTAL = {
  tenant: "松桥市邮政管理局",
  name: "松桥市邮政管理局",
  kind: "postal-authority",
} as const;

export const PROCURATORATE = {
  tenant: "松桥市人民检察院",
  name: "松桥市人民检察院",
  kind: "procuratorate",
} as const;

export const PLATFORM = "云集里电商平台";

/** Merchants whose orders the carriers take; the last prints labels with its own software. */
export const MERCHANTS: readonly string[] = [
  ..."青禾 云上 半夏 南枝 听松 拾光 鹿野 白榆"
    .split(" ")
    .flatMap((head) => "布艺 茶事 文具 花铺".split(" ").map((tail) => head + tail)),
  "一苇陶坊",
];

/** Its labels stay in the clear whatever a carrier's setting says, until it mends its software. */
export const OWN_PRINTER = MERCHANTS.length - 1;

/** A merchant that is ordered to put its printing right too, and does. */
export const MENDED_MERCHANT = MERCHANTS[0] ?? "";

/** Two couriers at each outlet, by account; only their pseudonyms reach a table or the log. */
export function couriersOf(outlet: number): readonly [string, string] {
  return [`courier-${outlet + 1}-a`, `courier-${outlet + 1}-b`];
}

export const ACCOUNTS = {
  headquarters: { name: "hq-privacy-officer", role: "headquarters-operator" },
  second: { name: "hq-security-officer", role: "headquarters-operator" },
  outlet: { name: "outlet-manager", role: "branch-manager" },
  printer: { name: "print-service", role: "headquarters-operator" },
  postalOfficer: { name: "postal-officer", role: "inspector" },
  prosecutor: { name: "prosecutor-1", role: "inspector" },
  registrar: { name: "registrar", role: "owner" },
} as const satisfies Record<string, { readonly name: string; readonly role: Role }>;

/** Who looks at samples; the first of them opens the spot check. */
export const INSPECTORS = ["inspector-1", "inspector-2", "inspector-3", "inspector-4"] as const;

export const LEADING_INSPECTOR = { name: INSPECTORS[0], role: "inspector" } as const;
