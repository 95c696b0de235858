/** What is somebody else's, asked for by its right id: of another tenant, and of another branch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundOutlets } from "../../src/access/organisation.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { assign } from "../../src/vault/assign.ts";
import { signedIn } from "../support/actor.ts";
import { exampleBody, examplePath } from "../../src/http/example.ts";
import type { ExampleRow } from "../../src/http/example.ts";
import { dayAhead, withApi } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";
import { askRow, EXAMPLE_ROWS, firstVariables, walkExamples } from "./example-walk.ts";
import type { Variables } from "./example-walk.ts";

const NETWORKS = ["127.0.0.0/8"];

/** Whether a row is about something that an earlier answer gave. */
function isAbout(row: ExampleRow, given: Variables): boolean {
  const text = `${examplePath(row)} ${exampleBody(row) ?? ""}`;
  return [...text.matchAll(/\$([A-Z_]+)/g)].some(([, name = ""]) => Object.hasOwn(given, name));
}

interface Problem {
  readonly code: string;
}

interface Results {
  readonly results: readonly { readonly ok: boolean; readonly code?: string }[];
}

/** The codes of an answer that refuses: its own, or those of all its items. */
async function refusals(row: ExampleRow, answer: Response): Promise<string[]> {
  const text = await answer.text();
  const told = JSON.parse(text) as Problem | Results;
  if (!("results" in told)) {
    assert.ok(!answer.ok, `${row.route} ${answer.status} ${text}`);
    return [told.code];
  }
  return told.results.map(({ ok, code = "" }) => {
    assert.ok(!ok, `${row.route} ${text}`);
    return code;
  });
}

const FIRST = ["MIDAN", "RUN", "TODAY", "UNTIL", "RECEIVER"];

/** What the examples of `api` were given, and who asked them. */
async function givenIn(api: ApiServer): Promise<Variables> {
  const all = await walkExamples(api);
  return Object.fromEntries(Object.entries(all).filter(([name]) => !FIRST.includes(name)));
}

/** Filing a warrant looks at nothing that it names, so that it tells nothing of it. */
const FILED_UNSEEN = "POST /v1/warrants";

async function askAsOtherTenant(api: ApiServer, given: Variables): Promise<number> {
  const own = await firstVariables(api);
  const theirs = Object.fromEntries(Object.entries(given).filter(([name]) => !(name in own)));
  const rows = EXAMPLE_ROWS.filter((row) => isAbout(row, theirs) && row.route !== FILED_UNSEEN);
  for (const row of rows) {
    const answer = await askRow(api, row, { variables: { ...theirs, ...own, RUN: "2" } });
    for (const code of await refusals(row, answer))
      assert.match(code, /_(?:UNKNOWN|ABSENT)$/, row.route);
  }
  return rows.length;
}

/**
 * What a branch may ask about parcels and settings of another one: masks, which are for whoever has
 * a parcel in hand (docs/access.md), and what counts at an organisation and why.
 */
const OPEN_TO_ALL = new Set([
  "GET /v1/waybills/{token}",
  "GET /v1/organisations/{id}/settings",
  "GET /v1/organisations/{id}/settings/{name}",
  "GET /v1/organisations/{id}/settings/{name}/history",
]);
/** That a parcel is dead is on its masked view too. */
const BRANCH_REFUSED = /^ACCESS_DENIED$|^DATA_DEAD$|_FORBIDDEN$|_REQUIRED$|_UNKNOWN$/;

const AWAY = "别的网点";

/** Puts every parcel of the examples on a third branch's route: what none has may be taken in. */
async function putAway({ vault }: ApiServer, given: Variables): Promise<void> {
  const actor = signedIn("总部", "owner");
  await foundOutlets(vault, { parent: null, outlets: [AWAY], actor });
  const on = dayOf(vault.now(), vault.timeZone);
  const tokens = new Set(Object.values(given).filter((value) => value.startsWith("md1")));
  assert.ok(tokens.size > 2);
  for (const token of tokens) {
    try {
      await assign(vault, { token, branch: AWAY, to: null, on, actor });
    } catch (error) {
      if (!isFailure(error, "DATA_DEAD")) throw error;
    }
  }
}

async function askAsOtherBranch(api: ApiServer, given: Variables): Promise<number> {
  await putAway(api, given);
  const branch = given["BRANCH"] ?? "";
  const [manager, clerk] = [
    await api.signIn("branch-manager", branch),
    await api.signIn("clerk", branch),
  ];
  const days = { TODAY: dayAhead(api, 0), UNTIL: dayAhead(api, 30) };
  const variables = { ...given, ...days, RUN: "3" };
  const rows = EXAMPLE_ROWS.filter((row) => isAbout(row, given) && !OPEN_TO_ALL.has(row.route));
  for (const row of rows)
    for (const as of [manager, clerk])
      for (const code of await refusals(row, await askRow(api, row, { variables, as })))
        assert.match(code, BRANCH_REFUSED, row.route);
  return rows.length;
}

test("P10: what is another tenant's or branch's is refused by whatever id", async () => {
  await withApi(
    async (api) => {
      const given = await givenIn(api);
      const tenant = { home: api.home, name: "another" };
      let asked = 0;
      const work = async (other: ApiServer): Promise<void> => {
        asked += await askAsOtherTenant(other, given);
      };
      await withApi(work, { tenant, networks: NETWORKS });
      asked += await askAsOtherBranch(api, given);
      assert.ok(asked >= 85, String(asked));
    },
    { networks: NETWORKS },
  );
});
