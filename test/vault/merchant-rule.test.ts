/** A merchant's own word on its waybills, and what whoever seals may ask for beyond the rules. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { foundBelow, foundHeadquarters } from "../../src/access/organisation.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { readOrders } from "../../src/orders/read.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { correct } from "../../src/vault/correct.ts";
import { seal } from "../../src/vault/seal.ts";
import type { SealOptions } from "../../src/vault/seal.ts";
import { show } from "../../src/vault/show.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";

const actor = signedIn("总部管理员");
const HEAD = "壬快递总部";
const BRANCH = "壬快递分公司";
const [PRIVATE, OPEN] = ["青禾布艺", "山货小店"];
const HEADINGS = "店铺,订单号,收件人,手机,地址";

let number = 0;

function lineOf(shop: string, phone: string): string {
  number += 1;
  return `${shop},M${number},林桐禾,${phone},江苏省南京市玄武区栖霞支路7号3幢1203室`;
}

interface Sealed {
  readonly tokens: readonly string[];
  /** What became of each line: its phone with digits as 0, or the code of its refusal. */
  readonly told: readonly string[];
}

async function sealLines(
  vault: Vault,
  lines: readonly string[],
  asked: Partial<SealOptions> = {},
): Promise<Sealed> {
  const stream = Readable.from([`${[HEADINGS, ...lines].join("\n")}\n`]);
  const [tokens, told]: [string[], string[]] = [[], []];
  await seal(vault, readOrders({ kind: "stdin", stream }), {
    actor,
    ...asked,
    sink: {
      committed: async (rows, rejected) => {
        tokens.push(...rows.map(({ token }) => token));
        told.push(...rows.map(({ recipient }) => recipient.phone.replaceAll(/\d/g, "0")));
        told.push(...rejected.map(({ field, code }) => `${field} ${code}`));
        return Promise.resolve();
      },
    },
  });
  return { tokens, told };
}

async function withMerchants(work: (vault: Vault) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    await using vault = await home.open();
    await foundHeadquarters(vault, { name: HEAD, outlets: [], actor });
    await foundBelow(vault, { kind: "branch", parent: null, names: [BRANCH], actor });
    const names = [PRIVATE, OPEN].map(String);
    await foundBelow(vault, { kind: "merchant", parent: BRANCH, names, actor });
    await work(vault);
  });
}

const SAID = { by: null, mode: "set", reason: "平台要求", actor } as const;
const [SHOWN, HIDDEN] = ["000******00", "***********"];
const PHONE = "15400001234";

test("P1: a private waybill is masked more, and a correction keeps it so", async () => {
  await withMerchants(async (vault) => {
    const on = { ...SAID, name: "private-waybill", value: "on", organisation: String(PRIVATE) };
    await changeSetting(vault, on);
    const lines = [PRIVATE, OPEN, "无名小店"].map((shop) => lineOf(String(shop), PHONE));
    const { tokens, told } = await sealLines(vault, lines);
    assert.deepEqual(told, [HIDDEN, SHOWN, SHOWN]);
    const [again] = (await sealLines(vault, lines)).told;
    assert.equal(again, HIDDEN, "an order that comes again");
    const [token = ""] = tokens;
    const change = { name: "林桐野" };
    await correct(vault, { token, role: "recipient", change, actor });
    const { view } = await show(vault, { token, actor });
    assert.deepEqual([view?.profile, view?.recipient.phone], ["strict", HIDDEN]);
  });
});

test("P1: no other spelling of a shop's name drops what its merchant said", async () => {
  await withMerchants(async (vault) => {
    const shop = "Ｑ河 Crafts 旗舰店";
    await foundBelow(vault, { kind: "merchant", parent: BRANCH, names: [shop], actor });
    const on = { ...SAID, name: "private-waybill", value: "on", organisation: shop };
    await changeSetting(vault, on);
    const spellings = [shop, "Q河 crafts 旗舰店", "q河CRAFTS旗舰店", "Q河　Crafts旗舰店 "];
    const { told } = await sealLines(
      vault,
      [...spellings, "Q河旗舰店"].map((name) => lineOf(name, PHONE)),
    );
    assert.deepEqual(told, [...spellings.map(() => HIDDEN), SHOWN]);
  });
});

test("P10: where virtual numbers are required, another phone is refused", async () => {
  await withMerchants(async (vault) => {
    const required = { ...SAID, name: "virtual-number", value: "required" };
    await changeSetting(vault, { ...required, organisation: String(OPEN) });
    const lines = [lineOf(String(OPEN), PHONE), lineOf(String(OPEN), "15400001234-5678")];
    const { told } = await sealLines(vault, [...lines, lineOf(String(PRIVATE), PHONE)]);
    assert.deepEqual(told.toSorted(), [
      "000******00",
      "000******00-****",
      "recipient_phone VIRTUAL_NUMBER_NEEDED",
    ]);
  });
});

test("P10: whoever seals may ask for more than the settings, never for less", async () => {
  await withMerchants(async (vault) => {
    const ask = async (asked: Partial<SealOptions>) => {
      try {
        return (await sealLines(vault, [lineOf(String(OPEN), PHONE)], asked)).told;
      } catch (error) {
        assert.ok(isFailure(error), String(error));
        return error.code;
      }
    };
    assert.deepEqual(await ask({ profile: "strict", suite: "intl" }), [HIDDEN]);
    assert.deepEqual(await ask({ profile: "gb41833" }), [SHOWN]);
    assert.equal(await ask({ profile: "gb41833-tail4" }), "SEAL_LOOSER");
    assert.equal(await ask({ profile: "legacy-clear" }), "PROFILE_UNKNOWN");
    for (const suite of ["gm", "none", ""])
      assert.equal(await ask({ suite }), "SEAL_LOOSER", suite);
    const lock = { ...SAID, mode: "locked", name: "mask-profile", value: "full" };
    await changeSetting(vault, { ...lock, organisation: HEAD });
    assert.equal(await ask({ profile: "strict" }), "SEAL_LOOSER");
  });
});
