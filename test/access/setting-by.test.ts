/** Versions from before it was kept in whose name they were said. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { changeSetting } from "../../src/access/setting-change.ts";
import { explainSetting } from "../../src/access/setting.ts";
import { MIGRATIONS_DIRECTORY } from "../../src/store/migrate.ts";
import { connected } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import { signedIn } from "../support/actor.ts";
import { HEADQUARTERS, OUTLETS, withDesk } from "./fresh-desk.ts";

const [FIRST, SECOND] = OUTLETS;

test("P10: an earlier database knows from its entries who put which lock", async (context) => {
  await withDesk(context, async (desk) => {
    const said = {
      organisation: FIRST,
      name: "label-sizes",
      value: "76x130",
      mode: "locked",
      reason: "试",
      actor: signedIn("总部管理员"),
    };
    await changeSetting(desk, { ...said, by: HEADQUARTERS });
    await changeSetting(desk, { ...said, organisation: SECOND, by: null });
    const unknown = { ...said, name: "training-required", value: "yes" };
    await changeSetting(desk, { ...unknown, organisation: SECOND, by: null });
    const migration = await readFile(join(MIGRATIONS_DIRECTORY, "000051_setting-by.sql"), "utf8");
    await connected(desk.database, async (connection) => {
      for (const text of [
        "alter table setting drop column by_id",
        "alter table audit_leaf disable trigger all",
        `delete from audit_leaf where type = 'setting-changed'
           and convert_from(body, 'UTF8')::jsonb ->> 'setting' = 'training-required'`,
        "alter table audit_leaf enable always trigger audit_leaf_append_only",
        migration,
      ]) {
        await execute(connection, { text });
      }
      await assert.rejects(execute(connection, { text: "update setting set version = 9" }));
    });
    const sayer = async (organisation: string, name: string) =>
      (await explainSetting(desk, { organisation, name })).by?.name;
    assert.equal(await sayer(FIRST, said.name), HEADQUARTERS);
    assert.equal(await sayer(SECOND, said.name), SECOND);
    assert.equal(await sayer(SECOND, unknown.name), HEADQUARTERS, "nobody below lifts it");
  });
});
