/** The examples of the API, asked one after the other by those for whom they are. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { insertOrganisations } from "../../src/store/organisation.ts";
import { connected } from "../../src/store/pool.ts";
import { EXAMPLES } from "../../src/http/example-rows.ts";
import { exampleBody, exampleGives, examplePath, STREAM_TYPE } from "../../src/http/example.ts";
import type { ExampleRow } from "../../src/http/example.ts";
import { dayAhead } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

export type Variables = Record<string, string>;

export const EXAMPLE_ROWS: readonly ExampleRow[] = Object.values(EXAMPLES).flat();

/** An authority, whose office is a tenant elsewhere; its id. */
export async function foundAuthority({ vault }: Pick<ApiServer, "vault">): Promise<string> {
  const id = randomUUID();
  const open = { openedOn: dayAhead({ vault }, 0), closedOn: null };
  const row = { id, kind: "postal-authority", name: "某市邮政管理局", ...open } as const;
  const outside = { ...row, tenantId: null, parentId: null, form: null };
  await connected(vault.database, async (connection) => insertOrganisations(connection, [outside]));
  return id;
}

/** What the examples need that no example gives. Asked once of a server: it signs somebody in. */
export async function firstVariables(api: ApiServer): Promise<Variables> {
  const SECOND = await api.signIn("headquarters-operator", null);
  const OFFICER = await api.signIn("security-officer", null);
  const COUNTER = await api.signIn("station", null);
  const AUTHORITY = await foundAuthority(api);
  const others = { OFFICER, COUNTER, AUTHORITY, TODAY: dayAhead(api, 0) };
  const { machine: KEY, person: SESSION, owner: OWNER, address: MIDAN } = api;
  const RECEIVER = "http://127.0.0.1:9/midan";
  return {
    MIDAN,
    KEY,
    SESSION,
    OWNER,
    SECOND,
    RECEIVER,
    RUN: "1",
    UNTIL: dayAhead(api, 30),
    ...others,
  };
}

function filled(text: string, variables: Variables): string {
  return text.replaceAll(/\$([A-Z_]+)/g, (whole, name: string) => variables[name] ?? whole);
}

interface AskedRow {
  readonly variables: Variables;
  readonly body?: string;
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks as a row has it, or with another body, more headers or somebody else. */
export async function askRow(api: ApiServer, row: ExampleRow, asked: AskedRow): Promise<Response> {
  const { variables, body = filled(exampleBody(row) ?? "", variables) } = asked;
  const [method = ""] = row.route.split(" ");
  const { as = row.as === null ? null : (variables[row.as] ?? null) } = asked;
  const type = typeof row.body === "string" ? { "content-type": STREAM_TYPE } : {};
  const headers = { ...(body === "" ? {} : type), ...asked.headers };
  const sent = body === "" ? { headers } : { body, headers };
  return api.ask(filled(examplePath(row), variables), { as, method, ...sent });
}

/** Asks every example once and gives all variables; each must succeed. */
export async function walkExamples(api: ApiServer): Promise<Variables> {
  const variables = await firstVariables(api);
  for (const row of EXAMPLE_ROWS) {
    variables["CODE"] = api.codes.at(-1) ?? "";
    const answer = await askRow(api, row, { variables });
    const text = await answer.text();
    assert.ok(answer.ok, `${row.route} ${answer.status} ${text}`);
    if (row.gives !== undefined)
      Object.assign(variables, Object.fromEntries(exampleGives(row, JSON.parse(text))));
  }
  return variables;
}
