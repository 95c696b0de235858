/** A recipient whom a platform withholds, against a real database (P4, P9, P10, P12). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isFailure } from "../../src/rules/failure.ts";
import { PLATFORM_NAMES } from "../../src/rules/platform.ts";
import type { Platform } from "../../src/rules/platform.ts";
import type { Actor } from "../../src/access/actor.ts";
import type { Scope } from "../../src/rules/scope.ts";
import { correct } from "../../src/vault/correct.ts";
import { platformToken } from "../../src/vault/platform-token.ts";
import { printLabels } from "../../src/vault/print.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { show } from "../../src/vault/show.ts";
import { openFonts } from "../../src/main.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { sealCsv, sealOne } from "../support/orders.ts";

const ACTOR = signedIn("tester");
const SUITES = ["intl", "gm"] as const;

function linesOf(platform: Platform): string[] {
  const file = new URL(`../orders/platforms/${platform}.ndjson`, import.meta.url);
  return readFileSync(file, "utf8").trim().split("\n");
}

const ALL = PLATFORM_NAMES.flatMap(linesOf);
/** What the platforms sealed, as it stands in the examples: long, and no word of anybody. */
const OPAQUE = ALL.flatMap((line) => line.match(/"[^"\s]{32,}"/gu) ?? []).map((text) =>
  text.slice(1, -1),
);

test("P4: orders of every platform are sealed, shown masked and printed", async () => {
  assert.ok(OPAQUE.length > 20);
  for (const suite of SUITES) {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const file = `${ALL.join("\n")}\n`;
      const sealed = await sealCsv(vault, file);
      assert.deepEqual(sealed.rejected, []);
      assert.equal(sealed.rows.length, ALL.length);
      const again = await sealCsv(vault, file);
      assert.deepEqual([again.summary.sealed, again.summary.repeated], [0, ALL.length]);
      const tokens = sealed.rows.map(({ token }) => token);
      for (const token of tokens) {
        const { view } = await show(vault, { token, actor: ACTOR });
        assert.ok(view?.platform !== null && view !== null);
        const shown = JSON.stringify(view);
        for (const secret of OPAQUE) assert.ok(!shown.includes(secret));
      }
      const labels = await printLabels(vault, {
        tokens,
        actor: ACTOR,
        fonts: openFonts(),
        ticket: true,
        printer: "file",
      });
      assert.equal(labels.length, ALL.length);
    });
  }
});

test("P4: where the platform fetched its ciphertext anew the order is the same", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const [line = ""] = linesOf("pinduoduo");
    await sealCsv(vault, `${line}\n`);
    const other = line.replace(/("receiver_name":"~)[A-Za-z0-9]{4}/u, "$1zzzz");
    assert.notEqual(other, line);
    assert.equal((await sealCsv(vault, `${other}\n`)).summary.repeated, 1);
  });
});

test("P10: a reveal says that the platform holds it, and is an entry", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const [plain = "", virtual = ""] = linesOf("taobao");
    const { rows } = await sealCsv(vault, `${plain}\n${virtual}\n`);
    const [first, second] = rows.map(({ token }) => token);
    assert.ok(first !== undefined && second !== undefined);
    const asked = { purpose: "deliver", actor: ACTOR, reason: null };
    await assert.rejects(
      reveal(vault, { ...asked, token: first, fields: "name,phone,address" }),
      (error) => isFailure(error, "PLATFORM_HOLDS"),
    );
    const denied = await leaves(home, "reveal-denied");
    assert.deepEqual(
      denied.map((leaf) => leaf["failure"]),
      ["PLATFORM_HOLDS"],
    );
    const given = await reveal(vault, { ...asked, token: second, fields: "name,phone,address" });
    assert.deepEqual(given.values, [["recipient.phone", "13900000012转123"]]);
    const found = await search(vault, { phone: "13900000012转123", actor: ACTOR });
    assert.deepEqual(
      found.hits.map(({ token }) => token),
      [second],
    );
  });
});

test("P4: the recipient of a platform is not corrected here, the sender is", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const [line = ""] = linesOf("kuaishou");
    const order = JSON.parse(line) as object;
    const sender = {
      name: "青禾仓库",
      phone: "025-10001234",
      address: "江苏省南京市玄武区青禾支路7号",
    };
    const { rows } = await sealCsv(vault, `${JSON.stringify({ ...order, sender })}\n`);
    const token = rows[0]?.token ?? "";
    const ask = { token, actor: ACTOR };
    await assert.rejects(
      correct(vault, { ...ask, role: "recipient", change: { name: "林桐禾" } }),
      (error) => isFailure(error, "PLATFORM_HOLDS"),
    );
    await correct(vault, { ...ask, role: "sender", change: { name: "青禾二仓" } });
    const { view } = await show(vault, ask);
    assert.equal(view?.platform, "kuaishou");
  });
});

test("P9: no platform's ciphertext or token is in the database in the clear", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const { rows } = await sealCsv(vault, `${ALL.join("\n")}\n`);
    const asked = { fields: "phone", purpose: "contact", actor: ACTOR, reason: null };
    await assert.rejects(reveal(vault, { ...asked, token: rows[0]?.token ?? "" }));
    let lines = 0;
    for (const table of ["party", "shell", "intake", "audit_leaf", "idempotency_key"]) {
      const found = await home.rows(`select t::text as line from ${table} t`);
      for (const row of found) {
        const line = String(row["line"]);
        lines += 1;
        for (const secret of OPAQUE) {
          const hex = Buffer.from(secret).toString("hex");
          assert.ok(!line.includes(secret) && !line.includes(hex), table);
        }
      }
    }
    assert.ok(lines > 3 * ALL.length);
  });
});

test("P11: a platform's token goes to a machine that prints, with an entry", async () => {
  await withHome(async (home) => {
    await using vault = await home.open();
    const [line = ""] = linesOf("douyin");
    const { rows } = await sealCsv(vault, `${line}\n`);
    const token = rows[0]?.token ?? "";
    const machine = (scopes: readonly Scope[]): Actor => ({
      ...ACTOR,
      kind: "machine",
      role: "erp-machine",
      scopes,
    });
    const refused = [
      [token, ACTOR, "MACHINE_REQUIRED"],
      [token, machine(["seal"]), "ACCESS_DENIED"],
      [await sealOne(vault), machine(["print"]), "PLATFORM_TOKEN_NONE"],
    ] as const;
    for (const [asked, actor, code] of refused)
      await assert.rejects(platformToken(vault, { token: asked, actor }), (error) =>
        isFailure(error, code),
      );
    assert.equal((await leaves(home, "platform-token-given")).length, 0);
    const given = await platformToken(vault, { token, actor: machine(["print"]) });
    const order = JSON.parse(line) as Readonly<Record<string, unknown>>;
    assert.equal(given.token, order["open_address_id"]);
    assert.equal(given.ciphers.phone, order["encrypt_post_tel"]);
    const entries = await leaves(home, "platform-token-given");
    assert.deepEqual(
      entries.map(({ id }) => id),
      [given.entry],
    );
    assert.ok(!JSON.stringify(entries).includes(String(given.token)));
  });
});
