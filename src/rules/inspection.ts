/** What an inspector's bundle says about a period in figures, before anybody draws it. */

/** The sections of a summary in their order. */
export const INSPECTION_SECTIONS = {
  total: { zh: "合计", en: "Total" },
  type: { zh: "条目种类", en: "Type of entry" },
  purpose: { zh: "查看明文的用途", en: "Purpose of reveals" },
  denied: { zh: "拒绝的原因", en: "Reason of refusals" },
  organisation: { zh: "机构", en: "Organisation" },
  branch: { zh: "查看明文的网点", en: "Branch of reveals" },
  actor: { zh: "查看明文的人员(化名)", en: "Who revealed (pseudonym)" },
  day: { zh: "日期(协调世界时)", en: "Day (UTC)" },
  hour: { zh: "查看明文的钟点(协调世界时)", en: "Hour of reveals (UTC)" },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;

export type InspectionSection = keyof typeof INSPECTION_SECTIONS;

export interface TallyRow {
  readonly section: InspectionSection;
  /** A type, a purpose, a failure's code, an id, a pseudonym, a day or an hour of UTC. */
  readonly code: string;
  readonly count: number;
}

/** One change of a setting, as its entry tells it. */
export interface SettingInForce {
  /** Id of the entry, 32 hex characters. */
  readonly leaf: string;
  readonly at: string;
  readonly type: string;
  readonly organisation?: string;
  readonly setting?: string;
  readonly value?: string;
  readonly mode?: string;
  readonly version?: number;
}

export interface InspectionFacts {
  /** Name of the tenant. */
  readonly carrier: string;
  /** Id, or null for the whole tenant. */
  readonly organisation: string | null;
  /** Names of the tenant's organisations by id. */
  readonly names: ReadonlyMap<string, string>;
  /** From this instant on, and before the other one. */
  readonly from: Date;
  readonly to: Date;
  readonly timeZone: string;
  readonly madeAt: Date;
  /** Name, size and root (lower-case hex) of the tree that all proofs lead to. */
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** The log's key as people pass it on. */
  readonly key: string;
  readonly tally: readonly TallyRow[];
  readonly settings: readonly SettingInForce[];
  /** Leaves of the period; changes of settings from before it, or above the organisation. */
  readonly leaves: number;
  readonly earlier: number;
  /** Entries of which only the hash is in the bundle. */
  readonly withheld: number;
}
