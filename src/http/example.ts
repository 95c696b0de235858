/**
 * What an example of a route is, and how it is written for curl. The same rows are shown on `/docs`
 * and are where the fuzzer starts from.
 */

/** Whose token an example needs: of a machine, or of somebody who signed in. */
export type ExampleCaller = "KEY" | "SESSION" | "OWNER" | "SECOND";

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

/** A row as a command of a shell that has its variables. */
export function exampleCommand(row: ExampleRow): string {
  const [method = ""] = row.route.split(" ");
  const body = exampleBody(row);
  const natural = body === null ? "GET" : "POST";
  const words = ["curl -sS --fail-with-body"];
  if (method !== natural) words.push(`-X ${method}`);
  words.push(`"$MIDAN${examplePath(row)}"`);
  if (row.as !== null) words.push(`-H "authorization: Bearer $${row.as}"`);
  if (body === null) return words.join(" ");
  const type = typeof row.body === "string" ? STREAM_TYPE : "application/json";
  words.push(`\\\n  -H 'content-type: ${type}' --data-binary @- <<BODY`);
  return `${words.join(" ")}\n${body.trimEnd()}\nBODY`;
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
