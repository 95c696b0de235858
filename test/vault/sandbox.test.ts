/** What a sandbox is bound to: its tenant, its labels, and how many waybills it takes. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { LABEL_SIZES } from "../../src/label/label-size.ts";
import { printedList } from "../../src/label/printed-list.ts";
import { openFonts } from "../../src/main.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { SANDBOX_MARK, SANDBOX_TENANT, SANDBOX_WAYBILLS_MAX } from "../../src/rules/sandbox.ts";
import { printLabels } from "../../src/vault/print.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { inventOrders, sealOne, sealOrders } from "../support/orders.ts";

async function mark({ directory }: Home): Promise<void> {
  await mkdir(join(directory, "midan-data"), { recursive: true });
  await writeFile(join(directory, "midan-data", "sandbox"), "");
}

const failsWith = (code: Parameters<typeof isFailure>[1]) => (error: unknown) =>
  isFailure(error, code);

test("a sandbox's tenant opens in a sandbox alone, and no other opens there", async () => {
  await withHome(async (home) => {
    await assert.rejects(home.open({ tenant: SANDBOX_TENANT }), failsWith("SANDBOX_TENANT"));
    await mark(home);
    await assert.rejects(home.open(), failsWith("SANDBOX_TENANT"));
    await using vault = await home.open({ tenant: SANDBOX_TENANT });
    assert.equal(vault.tenant.name, SANDBOX_TENANT);
    const [row] = await home.rows("select count(*) as tenants from tenant");
    assert.equal(Number(row?.["tenants"]), 1);
  });
});

test("labels of a sandbox say so on every paper, and no others do", async () => {
  await withHome(async (home) => {
    const actor = signedIn("tester");
    const fonts = openFonts();
    const carriersOn = async (isSandboxed: boolean): Promise<string[]> => {
      const tenant = isSandboxed ? SANDBOX_TENANT : "default";
      await using vault = await home.open({ tenant });
      const token = await sealOne(vault);
      const found: string[] = [];
      for (const size of LABEL_SIZES) {
        const reprintReason = "damaged" as const;
        const asked = { tokens: [token], actor, fonts, size, reprintReason };
        const [printed] = await printLabels(vault, asked);
        assert.ok(printed !== undefined);
        const { ops } = printedList(printed.label, fonts);
        const texts = ops.flatMap((op) => (op.kind === "text" ? [op.text] : []));
        if (texts.join("").includes(SANDBOX_MARK)) found.push(size);
      }
      return found;
    };
    assert.deepEqual(await carriersOn(false), []);
    await mark(home);
    assert.deepEqual(await carriersOn(true), [...LABEL_SIZES]);
  });
});

test("a sandbox takes so many waybills and then says SANDBOX_FULL", async () => {
  await withHome(async (home) => {
    await mark(home);
    await using vault = await home.open({ tenant: SANDBOX_TENANT });
    const tooMany = inventOrders(SANDBOX_WAYBILLS_MAX + 1);
    await assert.rejects(sealOrders(vault, tooMany), failsWith("SANDBOX_FULL"));
    const count = async (): Promise<number> => {
      const [row] = await home.rows("select count(*) as sealed from shell");
      return Number(row?.["sealed"]);
    };
    const first = await count();
    assert.ok(first > 0 && first <= SANDBOX_WAYBILLS_MAX, `${first} sealed`);
    await sealOrders(vault, inventOrders(SANDBOX_WAYBILLS_MAX - first, 1_000_000));
    assert.equal(await count(), SANDBOX_WAYBILLS_MAX);
    await assert.rejects(sealOne(vault, 9_999_999), failsWith("SANDBOX_FULL"));
    assert.equal(await count(), SANDBOX_WAYBILLS_MAX);
  });
});
