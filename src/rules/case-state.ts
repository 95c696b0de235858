/**
 * The states of an administrative public-interest case (行政公益诉讼案件) and the moves between them.
 * A move that is no row of the table does not exist. Source: 人民检察院公益诉讼办案规则 (2021-07-01)
 * and, where said, the interpretation of the two supreme organs.
 */
import { caseRules, interpretation } from "./deadline.ts";
import type { Basis, DeadlineName } from "./deadline.ts";
import { Failure } from "./failure.ts";

interface CaseStateRow {
  readonly zh: string;
  readonly en: string;
  /** Deadlines that begin to run when a case enters the state. */
  readonly starts: readonly DeadlineName[];
}

export const CASE_STATES = {
  clue: { zh: "线索", en: "clue", starts: [] },
  "not-filed": { zh: "不立案", en: "not filed", starts: [] },
  transferred: { zh: "移送", en: "transferred", starts: [] },
  filed: { zh: "立案", en: "filed", starts: ["serve-filing"] },
  consulted: { zh: "磋商", en: "consulted", starts: [] },
  investigating: { zh: "调查", en: "investigating", starts: [] },
  decided: { zh: "决定提出检察建议", en: "decided", starts: ["serve-recommendation"] },
  recommended: {
    zh: "已送达检察建议",
    en: "recommended",
    starts: ["copy-up", "agency-reply"],
  },
  replied: { zh: "行政机关已回复", en: "replied", starts: [] },
  "following-up": { zh: "跟进调查", en: "following up", starts: [] },
  suspended: { zh: "中止审查", en: "suspended", starts: [] },
  "suit-review": { zh: "审查起诉", en: "review for suit", starts: ["suit-review"] },
  sued: { zh: "提起诉讼", en: "sued", starts: ["suit-copy-up"] },
  judged: { zh: "已裁判", en: "judged", starts: ["judgment-report"] },
  closed: { zh: "终结", en: "closed", starts: [] },
  revisited: { zh: "“回头看”", en: "looked at again", starts: [] },
} as const satisfies Record<string, CaseStateRow>;

export type CaseState = keyof typeof CASE_STATES;

/** Where a case may go from each state, and by what rule. Every state has its row. */
const MOVES: Readonly<Record<CaseState, Readonly<Partial<Record<CaseState, Basis>>>>> = {
  clue: {
    filed: caseRules("28、67"),
    "not-filed": caseRules("30"),
    transferred: caseRules("26"),
  },
  "not-filed": {},
  transferred: {},
  filed: {
    consulted: caseRules("70"),
    investigating: caseRules("33、71"),
  },
  consulted: {
    investigating: caseRules("33、71"),
    closed: caseRules("74"),
  },
  investigating: {
    consulted: caseRules("70"),
    decided: caseRules("73、75"),
    closed: caseRules("74"),
  },
  decided: { recommended: caseRules("76") },
  recommended: {
    replied: interpretation("21"),
    // Silence past the term is itself non-performance, so a case goes on without a reply.
    "following-up": caseRules("77、82"),
  },
  replied: { "following-up": caseRules("77") },
  "following-up": {
    // A second reply, after the first was found wanting.
    replied: interpretation("21"),
    suspended: caseRules("78"),
    closed: caseRules("79"),
    "suit-review": caseRules("79、81"),
    transferred: caseRules("79、80"),
  },
  suspended: { "following-up": caseRules("78") },
  "suit-review": {
    sued: caseRules("81"),
    closed: caseRules("79"),
  },
  sued: {
    judged: interpretation("25"),
    // Withdrawn because every claim has been met.
    closed: caseRules("84"),
  },
  judged: { closed: interpretation("12") },
  closed: {
    // 「回头看」 is practice: the rules name no period and no article for it.
    revisited: { instrument: "公益诉讼“回头看”(实践做法)", version: "–", article: "–" },
  },
  revisited: { closed: caseRules("79"), clue: caseRules("24") },
};

/** The state of that name, or null when there is none. */
export function parseCaseState(name: string): CaseState | null {
  // hasOwn shows that the name is a key of the table.
  return Object.hasOwn(CASE_STATES, name) ? (name as CaseState) : null;
}

/** The states a case may go to from `from`, in the order of the table; none from an end state. */
export function movesFrom(from: CaseState): readonly CaseState[] {
  // The keys of a row are states, as its type says.
  return Object.keys(MOVES[from]) as CaseState[];
}

export interface CaseMove {
  readonly from: CaseState;
  readonly to: CaseState;
  readonly basis: Basis;
  /** Deadlines that begin on the day of the move. */
  readonly starts: readonly DeadlineName[];
}

/**
 * The move from one state to another with its legal basis. Fails with CASE_MOVE_REFUSED when the
 * rules know no such move; the case stays as it is and the caller shows `movesFrom`.
 */
export function moveCase(from: CaseState, to: CaseState): CaseMove {
  const basis = MOVES[from][to];
  if (basis === undefined) throw new Failure("CASE_MOVE_REFUSED", { from, to });
  return { from, to, basis, starts: CASE_STATES[to].starts };
}

/** The deadlines a move starts; urgency (harm keeps growing) cuts the agency's term to 15 days. */
export function startedBy(move: CaseMove, urgent: boolean): readonly DeadlineName[] {
  return move.starts.map((name) =>
    urgent && name === "agency-reply" ? "agency-reply-urgent" : name,
  );
}
