/** The file of a case: everything that belongs to it, as it stands on a day. */
import type { Day } from "../rules/calendar.ts";
import { movesFrom } from "../rules/case-state.ts";
import type { CaseState } from "../rules/case-state.ts";
import { deadlineStateOn } from "../rules/deadline.ts";
import type { DeadlineState } from "../rules/deadline.ts";
import { Failure } from "../rules/failure.ts";
import { connected } from "../store/pool.ts";
import {
  deadlinesOf,
  eventsOf,
  findCase,
  listCases,
  ordersOf,
} from "../store/public-interest-case.ts";
import type { CaseRow, CorrectionOrderRow } from "../store/public-interest-case.ts";
import { suggestionsOfCase } from "../store/suggestion.ts";
import { shownDeadline, stateOf } from "./case-record.ts";
import type { ShownDeadline } from "./case-record.ts";
import { concerning, requireCase } from "./case-owner.ts";
import { shownSuggestion } from "./linked-suggestion.ts";
import type { ShownSuggestion } from "./linked-suggestion.ts";
import { entryText } from "./office.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";

export interface ShownOrder extends CorrectionOrderRow {
  readonly state: DeadlineState;
  readonly daysLeft: number;
}

export interface CaseFile extends Omit<CaseRow, "state"> {
  readonly on: Day;
  readonly state: CaseState;
  readonly next: readonly CaseState[];
  readonly events: readonly {
    readonly ordinal: number;
    readonly state: string;
    readonly atDay: Day;
    readonly note: string;
    readonly basis: string;
    readonly entry: string;
  }[];
  readonly deadlines: readonly ShownDeadline[];
  readonly orders: readonly ShownOrder[];
  readonly suggestions: readonly ShownSuggestion[];
}

function shownOrder(order: CorrectionOrderRow, on: Day): ShownOrder {
  return { ...order, ...deadlineStateOn(on, { dueOn: order.dueOn, metOn: order.provedOn }) };
}

/** The whole file of a case, deadlines counted to `on`. Throws CASE_UNKNOWN or OFFICE_FOREIGN. */
export async function showCase(
  office: Office,
  asked: { readonly number: string; readonly on: Day; readonly actor?: Actor | null },
): Promise<CaseFile> {
  const { number, on, actor = null } = asked;
  await requireCase(office, number, { act: "read", actor });
  return connected(office.database, async (connection) => {
    const matter = await findCase(connection, number);
    if (matter === null) throw new Failure("CASE_UNKNOWN");
    const state = stateOf(matter);
    const events = await eventsOf(connection, matter.id);
    const deadlines = await deadlinesOf(connection, matter.id);
    const orders = await ordersOf(connection, matter.id);
    const suggestions = await suggestionsOfCase(connection, matter.id);
    return {
      ...matter,
      on,
      state,
      next: movesFrom(state),
      events: events.map((event) => ({ ...event, entry: entryText(event.entry) })),
      deadlines: deadlines.map((deadline) => shownDeadline(deadline, on)),
      orders: orders.map((order) => shownOrder(order, on)),
      suggestions: suggestions.map((suggestion) => shownSuggestion(suggestion, on)),
    };
  });
}

const LIST_MAX = 1000;

/** Cases of the office's own authorities with their states, oldest first, of the first thousand. */
export async function casesOf(office: Office): Promise<readonly CaseRow[]> {
  const rows = await connected(office.database, async (connection) =>
    listCases(connection, LIST_MAX),
  );
  return concerning(office, rows, ({ procuratorate, agency }) => [procuratorate, agency]);
}
