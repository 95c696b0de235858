/**
 * What an example of a route is, and how it is written for curl. The same rows are shown on `/docs`
 * and are where the fuzzer starts from.
 */

/** Whose token an example needs: of a machine, or of somebody who signed in. */
export type ExampleCaller = "KEY" | "SESSION" | "OWNER" | "SECOND" | "OFFICER" | "COUNTER";

export interface ExampleRow {
  /** As the description has it: `POST /v1/holds/{id}/release`. */
  readonly route: string;
  /** Null where nobody needs to say who he is. */
  readonly as: ExampleCaller | null;
  /** What stands in the places of the path. `$NAME` is a variable, as everywhere in a row. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** What is sent: a value as JSON, a text as the lines that it is. */
  readonly body?: unknown;
  /** Variables that later rows use, each with the member of the answer that it is. */
  readonly gives?: Readonly<Record<string, string>>;
}

export const STREAM_TYPE = "application/x-ndjson";

/** The path of a row with its places and its query filled in; variables stay variables. */
export function examplePath({ route, params = {}, query = {} }: ExampleRow): string {
  const [, path = ""] = route.split(" ");
  const filled = path.replaceAll(/\{(\w+)\}/g, (place, name: string) => params[name] ?? place);
  const asked = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return asked.length === 0 ? filled : `${filled}?${asked.join("&")}`;
}

/** The body of a row as it is sent, or null; variables stay variables. */
export function exampleBody({ body }: ExampleRow): string | null {
  if (body === undefined) return null;
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** What fits a line of a terminal beside its indent. */
const LINE_CHARACTERS = 72;

/** The body of a row for people: JSON that is long stands on several lines. */
function shownBody(row: ExampleRow): string | null {
  const body = exampleBody(row);
  if (body === null || typeof row.body === "string" || body.length <= LINE_CHARACTERS) return body;
  return JSON.stringify(row.body, null, 2);
}

/** A row as a command of a shell that has its variables. */
export function exampleCommand(row: ExampleRow): string {
  const [method = ""] = row.route.split(" ");
  const body = shownBody(row);
  const natural = body === null ? "GET" : "POST";
  const verb = method === natural ? "" : ` -X ${method}`;
  const ask = `curl -sS --fail-with-body${verb} "$MIDAN${examplePath(row)}"`;
  const key = row.as === null ? "" : ` -H "authorization: Bearer $${row.as}"`;
  if (body === null) return key === "" ? ask : `${ask} \\\n ${key}`;
  const type = typeof row.body === "string" ? STREAM_TYPE : "application/json";
  const sent = `-H 'content-type: ${type}' --data-binary @- <<BODY`;
  return `${ask} \\\n ${key} ${sent}\n${body.trimEnd()}\nBODY`;
}

function memberOf(answer: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, name) => {
    return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  }, answer);
}

/** What an answer gives to later rows, by variable. `answer` is parsed JSON. */
export function exampleGives({ gives = {} }: ExampleRow, answer: unknown): [string, string][] {
  return Object.entries(gives).flatMap(([name, path]): [string, string][] => {
    const value = memberOf(answer, path);
    return typeof value === "string" ? [[name, value]] : [];
  });
}
