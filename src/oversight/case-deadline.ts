/** The deadlines (期限) of a case: which begin with a step, from which day, and which it meets. */
import type { Day } from "../rules/calendar.ts";
import type { CaseState } from "../rules/case-state.ts";
import { DEADLINES, dueOn } from "../rules/deadline.ts";
import type { Basis, DeadlineName } from "../rules/deadline.ts";
import type { Connection } from "../store/query.ts";
import { deadlinesOf, insertDeadline, meetDeadline } from "../store/public-interest-case.ts";
import type { CaseDeadlineRow, CaseRow } from "../store/public-interest-case.ts";
import { suggestionsOfCase } from "../store/suggestion.ts";

export type StartedDeadline = Omit<CaseDeadlineRow, "metOn">;

/** What a case has done by entering a state. */
const MET_BY: Readonly<Partial<Record<CaseState, readonly DeadlineName[]>>> = {
  recommended: ["serve-recommendation"],
  replied: ["agency-reply", "agency-reply-urgent"],
  sued: ["suit-review", "suit-review-extended"],
  closed: ["suit-review", "suit-review-extended"],
};

/** Terms that run from the end of the agency's term and not from the day of the move. */
const FROM_EXPIRY: readonly DeadlineName[] = [
  "suit-review",
  "suit-review-extended",
  "linkage-outcome",
];

/** A source in one line: 人民检察院公益诉讼办案规则(2021-07-01)第70条. */
export function basisText({ instrument, version, article }: Basis): string {
  const articles = article === "–" ? "" : `第${article}条`;
  return version === "–" ? `${instrument}${articles}` : `${instrument}(${version})${articles}`;
}

/** When the agency's term ends, or null while none runs. */
function expiryIn(deadlines: readonly CaseDeadlineRow[]): Day | null {
  const terms = deadlines.filter(({ name }) => name.startsWith("agency-reply"));
  return (
    terms
      .map(({ dueOn: due }) => due)
      .toSorted()
      .at(-1) ?? null
  );
}

/**
 * Starts one deadline of a case from `on`, or from the end of the agency's term; null when it
 * counts from that end and no such term runs yet.
 */
export async function startDeadline(
  connection: Connection,
  matter: CaseRow,
  start: { readonly name: DeadlineName; readonly on: Day },
): Promise<StartedDeadline | null> {
  const { name, on } = start;
  const running = await deadlinesOf(connection, matter.id);
  const fromDay = FROM_EXPIRY.includes(name) ? expiryIn(running) : on;
  if (fromDay === null) return null;
  const basis = basisText(DEADLINES[name].basis);
  const deadline = { name, fromDay, dueOn: dueOn(name, fromDay), basis };
  await insertDeadline(connection, matter.id, deadline);
  return deadline;
}

/** Notes which deadlines of the case are met by entering a state on a day. */
export async function meetBy(
  connection: Connection,
  matter: CaseRow,
  entered: { readonly state: CaseState; readonly on: Day },
): Promise<DeadlineName[]> {
  const met: DeadlineName[] = [];
  for (const name of MET_BY[entered.state] ?? []) {
    if (await meetDeadline(connection, matter.id, { name, on: entered.on })) met.push(name);
  }
  return met;
}

/** A case that a deputy's suggestion has become owes the people's congress its outcome. */
export async function owedTo(connection: Connection, matter: CaseRow): Promise<DeadlineName[]> {
  const suggestions = await suggestionsOfCase(connection, matter.id);
  const isOwed = suggestions.some(({ direction }) => direction === "to-case");
  const running = await deadlinesOf(connection, matter.id);
  const isRunning = running.some(({ name }) => name === "linkage-outcome");
  return isOwed && !isRunning ? ["linkage-outcome"] : [];
}

/** Starts those of `names` that can run already. */
export async function startAll(
  connection: Connection,
  matter: CaseRow,
  start: { readonly names: readonly DeadlineName[]; readonly on: Day },
): Promise<StartedDeadline[]> {
  const started: StartedDeadline[] = [];
  for (const name of start.names) {
    const deadline = await startDeadline(connection, matter, { name, on: start.on });
    if (deadline !== null) started.push(deadline);
  }
  return started;
}
