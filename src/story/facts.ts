/**
 * What one run of the story found, as plain data: `midan story --json` prints it, the page shows
 * it, and a test recomputes every number of it from the database and the log. Nothing here names a
 * person; organisations and waybills are invented.
 */

/** A number of the page and the record behind it: `ref` is the id of an entry in `records`. */
export interface Sourced<T = number> {
  readonly value: T;
  readonly ref: string;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** x of n with both intervals (rules/interval.ts) and whether "over 90 %" may be said (P15). */
export interface CoverageFact {
  readonly x: number;
  readonly n: number;
  readonly level: string;
  readonly wilson: Interval;
  readonly clopperPearson: Interval;
  readonly over90: boolean;
  readonly ref: string;
}

export interface CarrierFact {
  readonly name: string;
  readonly tenant: string;
  readonly outlets: number;
  readonly waybills: number;
  /** Share of outlets whose setting let labels print in the clear at the beginning. */
  readonly clearOutlets: number;
  /** The carrier's outlets with their settings of before, and how many waybills it has. */
  readonly ref: string;
  readonly before: CoverageFact;
  readonly after: CoverageFact;
}

export interface CampaignFact {
  readonly id: string;
  readonly seed: string;
  readonly outletsDrawn: number;
  readonly parcelsDrawn: number;
  readonly total: CoverageFact;
  /** How often each rule was broken. */
  readonly rules: Readonly<Record<"W1" | "W2" | "W3" | "W4", number>>;
  /** Entry of the opening, which holds the seed; the figures are in the record of `total`. */
  readonly ref: string;
}

export interface RefusalFact {
  readonly outlet: string;
  readonly asked: string;
  /** Code of the failure table. */
  readonly code: string;
  readonly ref: string;
}

export interface RequestFact {
  readonly outlet: string;
  readonly carrier: string;
  readonly filedOn: string;
  readonly answeredOn: string;
  readonly waitDays: number;
  readonly answer: string;
  readonly ref: string;
}

export interface CaseStepFact {
  readonly on: string;
  readonly state: string;
  readonly note: { readonly zh: string; readonly en: string };
  readonly ref: string;
}

export interface DeadlineFact {
  readonly name: { readonly zh: string; readonly en: string };
  readonly dueOn: string;
  readonly metOn: string | null;
  /** Instrument, version and article. */
  readonly basis: string;
}

export interface OrderFact {
  readonly addressee: string;
  readonly dueOn: string;
  readonly provedOn: string | null;
  readonly proof: string;
}

export interface CaseFact {
  readonly number: string;
  readonly steps: readonly CaseStepFact[];
  readonly deadlines: readonly DeadlineFact[];
  readonly orders: readonly OrderFact[];
  readonly suggestion: {
    readonly title: string;
    readonly assignedOn: string;
    readonly dueOn: string;
    readonly answeredOn: string | null;
  };
  /** File names beside the page. */
  readonly letter: { readonly pdf: string; readonly docx: string };
  readonly ref: string;
}

export interface LockFact {
  readonly carrier: string;
  readonly profile: string;
  readonly lockedOn: string;
  readonly outletsReached: number;
  /** One outlet's try to loosen it. */
  readonly loosening: RefusalFact;
  /** Entry of the log; the record `ref` has the outlets that it reached. */
  readonly entry: string;
  /** Version of the headquarters' setting. */
  readonly version: number;
  readonly ref: string;
}

export interface SweepFact {
  readonly table: string;
  /** Rows that the schedule takes, and younger ones that it spares. */
  readonly rows: number;
  readonly sparedRows: number;
  readonly readableBefore: number;
  readonly readableAfter: number;
  readonly chunks: number;
  readonly remains: readonly { readonly zh: string; readonly en: string }[];
  readonly ref: string;
}

export interface DeathFact {
  readonly carrier: string;
  readonly compartment: string;
  readonly dayOfDeath: string;
  readonly waybills: number;
  readonly revealBefore: string;
  readonly revealAfter: string;
  readonly certificate: string;
  readonly ref: string;
}

export interface ScoreFact {
  readonly carrier: string;
  readonly outlet: string;
  readonly before: number;
  readonly after: number;
  /** Records of the two scores. */
  readonly refs: { readonly before: string; readonly after: string };
  readonly parts: readonly {
    readonly name: { readonly zh: string; readonly en: string };
    readonly points: number;
  }[];
}

export interface TrainingFact {
  readonly actor: string;
  readonly course: string;
  readonly validUntil: string;
  readonly valid: boolean;
  /** What a reveal by this courier ended in: OPENED or a failure code. */
  readonly reveal: string;
  readonly ref: string;
}

/** A record behind numbers: an audit leaf or a row, shown in the page's appendix. */
export interface RecordFact {
  readonly id: string;
  readonly kind: "leaf" | "row" | "file";
  readonly title: { readonly zh: string; readonly en: string };
  /** Pretty JSON or text. */
  readonly body: string;
}

export interface StoryFacts {
  readonly version: 1;
  readonly startedOn: string;
  /** How long the run took; its record has the first day, the seed and the size too. */
  readonly seconds: Sourced;
  readonly waybills: Sourced;
  readonly clearShare: CoverageFact;
  readonly carriers: readonly CarrierFact[];
  readonly before: CampaignFact;
  readonly refusal: RefusalFact;
  readonly requests: readonly RequestFact[];
  readonly matter: CaseFact;
  readonly locks: readonly LockFact[];
  readonly sweep: SweepFact;
  readonly deaths: readonly DeathFact[];
  readonly after: CampaignFact;
  readonly scores: readonly ScoreFact[];
  readonly trainings: readonly TrainingFact[];
  readonly records: readonly RecordFact[];
  /** What is still thin, and where it will be made deep. */
  readonly thin: readonly { readonly zh: string; readonly en: string }[];
}
