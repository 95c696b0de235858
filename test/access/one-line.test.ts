/** What counts over a branch costs a fixed number of statements, however much there is to read. */
import { workOf } from "../support/work.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { termsFor } from "../../src/access/retention.ts";
import { explainSettings } from "../../src/access/setting.ts";
import { SETTING_NAMES } from "../../src/rules/setting.ts";
import { findOrganisationByName } from "../../src/store/organisation.ts";
import { connected } from "../../src/store/pool.ts";
import { OUTLETS, withDesk } from "./fresh-desk.ts";

const [BRANCH] = OUTLETS;

/** How many of the statements read the line of the tree, and how many read settings. */
function readsIn(work: readonly string[]): { readonly lines: number; readonly settings: number } {
  return {
    lines: work.filter((text) => text.startsWith("with recursive line")).length,
    settings: work.filter((text) => / from setting /.test(text)).length,
  };
}

test("P8: the terms of a branch are read along one line, now and as of then", async (context) => {
  await withDesk(context, async (desk) => {
    await connected(desk.database, async (connection) => {
      const found = await findOrganisationByName(connection, desk.tenant.id, BRANCH);
      assert.ok(found !== null);
      const which = { organisationId: found.id, at: desk.now() };
      const work = await workOf(async () => termsFor(desk, connection, which));
      assert.deepEqual(readsIn(work), { lines: 1, settings: 2 });
    });
  });
});

test("P10: all settings over a branch are read with one line and one question", async (context) => {
  await withDesk(context, async (desk) => {
    const work = await workOf(async () => {
      const rulings = await explainSettings(desk, BRANCH);
      assert.deepEqual(
        rulings.map(({ name }) => name),
        SETTING_NAMES,
      );
    });
    assert.deepEqual(readsIn(work), { lines: 1, settings: 1 });
  });
});
