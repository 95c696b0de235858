/** Questions to the log (审计查询) over HTTP. Each leaves an entry of its own. */
import { Type } from "typebox";
import { cursorAfter, placeOfCursor } from "../access/cursor.ts";
import { startOfDay } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { askAboutWaybill, askLog, LOG_GROUPS, LOG_QUESTIONS } from "../vault/log-query.ts";
import type { LogAnswer, LogQuestion } from "../vault/log-query.ts";
import { answers, TOKEN } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON } from "./caller.ts";
import { PAGE_MEMBERS } from "./paging.ts";
import { closedObject, DAY, dayIn, ENTRY, NULLABLE_TEXT, oneOf, ORGANISATION } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["audit"];
// The keys of the table are the questions.
const QUESTIONS = Object.keys(LOG_QUESTIONS) as LogQuestion[];
const LIST = "log";
const BEFORE_MAX = 999_999_999;
const LIMIT = 50;
const EVER = { from: new Date(0), to: new Date("9999-12-31T00:00:00.000Z") };

const LEAF = Type.Unsafe<Record<string, unknown>>({ type: "object", additionalProperties: true });
const ANSWER = Type.Object({
  items: Type.Array(Type.Object({ index: Type.Integer(), leaf: LEAF })),
  counts: Type.Array(Type.Object({ value: Type.String(), leaves: Type.Integer() })),
  next: NULLABLE_TEXT,
  entry: ENTRY,
});

async function pageAsked(
  { desk }: ApiServing,
  { cursor, limit = LIMIT }: { readonly cursor?: string; readonly limit?: number },
): Promise<{ readonly before: number; readonly limit: number }> {
  if (cursor === undefined) return { before: BEFORE_MAX, limit };
  return { before: Number(await placeOfCursor(desk, LIST, cursor)), limit };
}

async function told({ desk }: ApiServing, { entries, counts, next, entry }: LogAnswer) {
  const cursor = next === null ? null : await cursorAfter(desk, LIST, String(next));
  const items = entries.map(({ index, leaf }) => ({ index, leaf: { ...leaf } }));
  return { items, counts: [...counts], next: cursor, entry };
}

/** The beginning of a day, or `unset` where none was named. Throws REQUEST_INVALID. */
function instantOf(
  { desk }: ApiServing,
  text: string | undefined,
  { unset, field }: { readonly unset: Date; readonly field: string },
): Date {
  return text === undefined ? unset : startOfDay(dayIn(text, field), desk.timeZone);
}

function askRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Asks the log: who looked, what was refused, exported, printed; `by` counts instead.",
    body: closedObject({
      ...PAGE_MEMBERS,
      question: oneOf(QUESTIONS),
      /** An account's name, or a pseudonym as entries have it. */
      about: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
      purpose: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
      organisation: Type.Optional(ORGANISATION),
      from: Type.Optional(DAY),
      to: Type.Optional(DAY),
      by: Type.Optional(oneOf(LOG_GROUPS)),
    }),
    response: answers({ 200: ANSWER }),
  };
  app.post("/v1/audit/queries", { config: PERSON, schema }, async (request) => {
    const { question, about = null, purpose = null, organisation = null, by = null } = request.body;
    const from = instantOf(serving, request.body.from, { unset: EVER.from, field: "/from" });
    const to = instantOf(serving, request.body.to, { unset: EVER.to, field: "/to" });
    if (from >= to) throw new Failure("REQUEST_INVALID", { field: "/to" });
    const page = await pageAsked(serving, request.body);
    const what = { question, about, purpose, organisation, by, from, to };
    const answer = await askLog(serving.vault, { ...what, ...page, actor: actorOf(request) });
    return told(serving, answer);
  });
}

/** `/v1/audit`. */
export function auditRoutes(app: App, serving: ApiServing): void {
  askRoute(app, serving);
  const schema = {
    tags: TAGS,
    summary: "Everything that the log says of one waybill.",
    body: closedObject({ ...PAGE_MEMBERS, token: TOKEN }),
    response: answers({ 200: ANSWER }),
  };
  app.post("/v1/audit/waybill", { config: PERSON, schema }, async (request) => {
    const page = await pageAsked(serving, request.body);
    const asked = { ...page, token: request.body.token, actor: actorOf(request) };
    return told(serving, await askAboutWaybill(serving.vault, asked));
  });
}
