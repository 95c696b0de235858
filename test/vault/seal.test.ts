/** Sealing against a real database: once, in its lane, and nothing readable (P5, P9, P17). */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { shred } from "../../src/vault/shred.ts";
import { withHome } from "../support/home.ts";
import { leaves, treeHead } from "../support/leaves.ts";
import { csvOf, inventOrder, inventOrders, sealCsv, sealOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";

const SUITES = ["intl", "gm"] as const;

test("P17: the same file twice seals nothing twice and keeps its tokens", async () => {
  for (const suite of SUITES) {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const csv = csvOf(inventOrders(50));
      const first = await sealCsv(vault, csv);
      assert.deepEqual([first.summary.sealed, first.summary.repeated], [50, 0]);
      assert.equal(first.summary.committedThrough, 51);
      const again = await sealCsv(vault, csv);
      assert.deepEqual([again.summary.sealed, again.summary.repeated], [0, 50]);
      assert.deepEqual(
        again.rows.map(({ token, waybillNumber, recipient }) => [token, waybillNumber, recipient]),
        first.rows.map(({ token, waybillNumber, recipient }) => [token, waybillNumber, recipient]),
      );
      const [count] = await home.rows("select count(*)::int as n from shell");
      assert.equal(count?.["n"], 50);
      assert.equal((await leaves(home, "seal-batch")).length, 1);
    });
  }
});

test("P17: a changed order is refused, the rest of its file is not", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await sealOrders(vault, inventOrders(3));
    const changed = { ...inventOrder(1), phone: "13900009999" };
    const again = await sealOrders(vault, [
      inventOrder(0),
      changed,
      inventOrder(2),
      inventOrder(3),
    ]);
    assert.deepEqual(again.rejected, [{ line: 3, field: "order_number", code: "ORDER_CHANGED" }]);
    assert.deepEqual(
      again.rows.map(({ line, state }) => [line, state]),
      [
        [2, "repeated"],
        [4, "repeated"],
        [5, "sealed"],
      ],
    );
  });
});

test("P17: an order that comes twice in one batch is sealed once", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const changed = { ...inventOrder(7), name: "宋砚舟" };
    const { rows, rejected } = await sealOrders(vault, [
      inventOrder(7),
      inventOrder(8),
      inventOrder(7),
      changed,
    ]);
    assert.deepEqual(
      rows.map(({ state }) => state),
      ["sealed", "sealed", "repeated"],
    );
    assert.equal(rows[0]?.token, rows[2]?.token);
    assert.deepEqual(
      rejected.map(({ line, code }) => [line, code]),
      [[5, "ORDER_CHANGED"]],
    );
  });
});

test("P7: an order whose day of death has come is refused, shredded or not", async () => {
  await withHome(async (home) => {
    let now = new Date("2026-03-02T04:00:00Z");
    await using vault = await home.open({ now: () => now });
    await sealOrders(vault, inventOrders(2));
    const dayOfDeath = addDays(dayOf(now), vault.tenant.personsDays);
    now = new Date(`${dayOfDeath}T04:00:00Z`);
    const expectRefused = async (): Promise<void> => {
      const { rows, rejected } = await sealOrders(vault, inventOrders(2));
      assert.equal(rows.length, 0);
      assert.deepEqual(
        rejected.map(({ code }) => code),
        ["ORDER_EXPIRED", "ORDER_EXPIRED"],
      );
    };
    await expectRefused();
    await shred(vault, { on: dayOfDeath, dryRun: false, sharePercentMax: null });
    await expectRefused();
  });
});

test("P17: two processes sealing overlapping files take each order exactly once", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { directory, environment } = home;
    await writeFile(join(directory, "a.csv"), csvOf(inventOrders(6000)));
    await writeFile(join(directory, "b.csv"), csvOf(inventOrders(6000, 3000)));
    const runs = await Promise.all(
      ["a", "b"].map(async (name) =>
        midan(["seal", `${name}.csv`, "--out", name, "--json"], { directory, environment }),
      ),
    );
    for (const { code, stderr } of runs) assert.deepEqual([code, stderr], [0, ""]);
    const last = runs.map(({ stdout }) => documents(stdout).at(-1));
    const sealed = last.map((summary) => Number(summary?.["sealed"]));
    const repeated = last.map((summary) => Number(summary?.["repeated"]));
    assert.equal((sealed[0] ?? 0) + (sealed[1] ?? 0), 9000);
    assert.equal((repeated[0] ?? 0) + (repeated[1] ?? 0), 3000);
    const [places] = await home.rows(
      "select count(*)::int as n, count(distinct (compartment, slot))::int as places from shell",
    );
    assert.deepEqual(places, { n: 9000, places: 9000 });
    const third = await sealOrders(vault, inventOrders(9000));
    assert.equal(third.summary.repeated, 9000);
  });
});

test("SLOT: no two shells share a place, and the slot's lane is the bucket", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    await sealOrders(vault, inventOrders(5000));
    const [found] = await home.rows(`
      select count(*)::int as n, count(distinct (compartment, slot))::int as places,
             count(*) filter (where slot >> 9 <> bucket)::int as astray,
             count(distinct bucket)::int as buckets
      from shell`);
    assert.equal(found?.["n"], 5000);
    assert.equal(found["places"], 5000);
    assert.equal(found["astray"], 0);
    assert.equal(found["buckets"], 256);
    const [joined] = await home.rows(`
      select count(*)::int as n from shell s
      join party p using (compartment, slot, bucket)
      join intake i using (compartment, slot, bucket)`);
    assert.equal(joined?.["n"], 5000);
  });
});

test("P11: the root in the seal-batch leaf covers the tokens of the batch", async () => {
  for (const suite of SUITES) {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const { rows } = await sealOrders(vault, inventOrders(37));
      const [leaf] = await leaves(home, "seal-batch");
      const tokens = rows.map(({ token }) => Buffer.from(token, "utf8"));
      assert.equal(leaf?.["count"], 37);
      assert.equal(leaf["root"], treeHead(tokens).toString("hex"));
      assert.equal(leaf["dayOfDeath"], addDays(dayOf(vault.now()), vault.tenant.personsDays));
    });
  }
});

test("P9: no row of any table holds what was sealed", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const order = { ...inventOrder(4), remark: "放在甪直驿亭门口" };
    const { rows } = await sealOrders(vault, [order]);
    const dump = await dumpOf(home.rows);
    const holds = (text: string): boolean =>
      dump.includes(text) || dump.includes(Buffer.from(text, "utf8").toString("hex"));
    assert.ok(holds(rows[0]?.waybillNumber ?? "missing"), "the search itself finds nothing");
    for (const secret of [order.name, order.phone, order.address, order.remark, order.number]) {
      assert.equal(holds(secret), false);
    }
  });
});

/** Every row of every table as text; bytes stand there as hex. */
async function dumpOf(rows: (text: string) => Promise<readonly object[]>): Promise<string> {
  const tables = await rows(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public'",
  );
  const parts: string[] = [];
  for (const { name } of tables as { name: string }[]) {
    for (const row of await rows(`select t::text as text from ${name} t`))
      parts.push(String((row as { text: string }).text));
  }
  assert.ok(parts.length > 5);
  return parts.join("\n");
}
