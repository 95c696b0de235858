/** Whether an answer is one that the description allows. */
import Schema from "typebox/schema";
import { MARK } from "./fuzz-value.ts";
import type { Shape } from "./fuzz-value.ts";

export interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Shape }>>;
}

export type Responses = Readonly<Record<string, Content>>;

function allowedFor(responses: Responses, status: number): Content | undefined {
  return responses[String(status)] ?? responses[`${String(status)[0]}XX`];
}

/** A type without its parameters, in the small letters that it has in the file. */
function bareType(type: string): string {
  return (type.split(";")[0] ?? "").trim().toLowerCase();
}

function contentFault({ content }: Content, { status, headers }: Response, text: string) {
  const type = bareType(headers.get("content-type") ?? "");
  if (content === undefined || status === 204) return text === "" ? null : `${status} has a body`;
  const schema = Object.entries(content).find(([told]) => bareType(told) === type)?.[1].schema;
  if (schema === undefined) return `${status} with ${type}`;
  if (!/[/+]json$/.test(type)) return null;
  return Schema.Check(schema, JSON.parse(text)) ? null : `${status} is not what its schema says`;
}

/**
 * Why an answer is a fault, or null: a 5xx, what the description does not allow, what repeats the
 * hostile mark that was sent, and what lacks the head that every answer has.
 */
export function faultOf(responses: Responses, answer: Response, text: string): string | null {
  const { status, headers } = answer;
  if (status >= 500) return `${status}`;
  const allowed = allowedFor(responses, status);
  if (allowed === undefined) return `${status} is not in the file`;
  if (status >= 400 && text.includes(MARK)) return `${status} repeats what was sent`;
  if (headers.get("x-content-type-options") !== "nosniff") return `${status} may be sniffed`;
  if (headers.has("set-cookie")) return `${status} sets a cookie`;
  return contentFault(allowed, answer, text);
}
