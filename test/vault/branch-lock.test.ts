/**
 * Attack: somebody of a branch leaves its lock by naming no branch, or another one (P10). What
 * rules over the own branch rules over all that is sealed and printed there.
 */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { setTerm } from "../../src/access/retention.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { openFonts } from "../../src/main.ts";
import { readOrders } from "../../src/orders/read.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { RETENTION } from "../../src/rules/retention.ts";
import { assign } from "../../src/vault/assign.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { previewLabel, printLabels } from "../../src/vault/print.ts";
import type { PrintRequest } from "../../src/vault/print.ts";
import { seal } from "../../src/vault/seal.ts";
import { SealingDesk } from "../../src/vault/sealing-desk.ts";
import { showMasked } from "../../src/vault/show.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { HEADQUARTERS, OUTLETS, withDesk } from "../access/fresh-desk.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { csvOf, inventOrder, sealOne } from "../support/orders.ts";

const [FIRST, SECOND] = OUTLETS;
const HQ = signedIn("总部管理员");
const fonts = openFonts();
/** Null stands for a command without `--branch`. */
const ELSEWHERE = [SECOND, HEADQUARTERS] as const;
const OWN = [null, FIRST] as const;

interface Sealed {
  readonly tokens: readonly string[];
  readonly refused: readonly string[];
}

let orders = 300;

/** Seals an order of its own. */
async function sealAs(vault: Vault, actor: Actor, organisation: string | null): Promise<Sealed> {
  const [tokens, refused]: [string[], string[]] = [[], []];
  const stream = Readable.from([csvOf([inventOrder((orders += 1))])]);
  await seal(vault, readOrders({ kind: "stdin", stream }), {
    actor,
    organisation,
    sink: {
      committed: async (rows, rejected) => {
        tokens.push(...rows.map(({ token }) => token));
        refused.push(...rejected.map(({ code }) => code));
        return Promise.resolve();
      },
    },
  });
  return { tokens, refused };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "";
  } catch (error) {
    assert.ok(isFailure(error), String(error));
    return error.code;
  }
}

async function set(
  vault: Vault,
  setting: readonly [string, string],
  at: string = FIRST,
): Promise<void> {
  const [name, value] = setting;
  const said = { name, value, mode: "locked", reason: "收紧", by: HEADQUARTERS };
  await changeSetting(vault, { ...said, organisation: at, actor: HQ });
}

test("P10: attack by sealing without the own branch, or in another's name", async (context) => {
  await withDesk(context, async (vault) => {
    await set(vault, ["mask-profile", "strict"]);
    await set(vault, ["private-waybill", "on"], SECOND);
    const { floorDays } = RETENTION.persons;
    const term = { class: "persons", days: floorDays, reason: "收紧", actor: HQ };
    await setTerm(vault, { ...term, organisation: FIRST });
    const dies = addDays(dayOf(vault.now(), vault.timeZone), floorDays);
    const clerk = await placedAt(vault, signedIn("业务员", "clerk"), FIRST);
    const merely = await showMasked(vault, { token: await sealOne(vault), actor: HQ });
    assert.equal(merely.view?.profile, "gb41833", "headquarters seals by its own");
    assert.notEqual(merely.dayOfDeath, dies);
    for (const organisation of OWN) {
      const [token = ""] = (await sealAs(vault, clerk, organisation)).tokens;
      const { view, dayOfDeath } = await showMasked(vault, { token, actor: HQ });
      assert.equal(view?.profile, "strict", String(organisation));
      assert.equal(dayOfDeath, dies, String(organisation));
    }
    for (const organisation of ELSEWHERE)
      assert.equal(await codeOf(sealAs(vault, clerk, organisation)), "ACCESS_DENIED", organisation);

    const colleague = await placedAt(vault, signedIn("二号业务员", "clerk"), SECOND);
    const [quiet = ""] = (await sealAs(vault, colleague, null)).tokens;
    const { view } = await showMasked(vault, { token: quiet, actor: HQ });
    assert.equal(view?.profile, "strict", "a private waybill");

    await set(vault, ["virtual-number", "required"]);
    for (const organisation of OWN) {
      const { refused } = await sealAs(vault, clerk, organisation);
      assert.deepEqual(refused, ["VIRTUAL_NUMBER_NEEDED"], String(organisation));
    }
    await using sealing = new SealingDesk(vault);
    const stream = Readable.from([csvOf([inventOrder((orders += 1))])]);
    for await (const rows of readOrders({ kind: "stdin", stream })) {
      const [outcome] = await sealing.seal(clerk, rows);
      assert.equal(outcome?.ok === false && outcome.rejection.code, "VIRTUAL_NUMBER_NEEDED");
    }
    assert.deepEqual((await sealAs(vault, colleague, null)).refused, [], "nobody asked it of this");
    assert.equal(await codeOf(sealAs(vault, signedIn("无机构", "clerk"), null)), "ACCESS_DENIED");
  });
});

test("P10: attack by printing without the own branch, or in another's name", async (context) => {
  await withDesk(context, async (vault) => {
    const token = await sealOne(vault);
    const on = dayOf(vault.now(), vault.timeZone);
    await assign(vault, { token, branch: FIRST, to: null, on, actor: HQ });
    await set(vault, ["mask-profile", "strict"]);
    await set(vault, ["label-sizes", "76x130"]);
    const clerk = await placedAt(vault, signedIn("业务员", "clerk"), FIRST);
    const print = async (
      organisation: string | null,
      { actor = clerk, size = "76x130" }: Partial<Pick<PrintRequest, "actor" | "size">> = {},
    ): Promise<string> => {
      const asked = { tokens: [token], actor, fonts, organisation, size } as const;
      const [made] = await printLabels(vault, { ...asked, reprintReason: "damaged" });
      return made?.label.profile ?? "";
    };
    assert.equal(await print(null, { actor: HQ }), "gb41833");
    assert.equal(await print(FIRST, { actor: HQ }), "strict");
    for (const organisation of OWN) {
      assert.equal(await print(organisation), "strict", String(organisation));
      const large = print(organisation, { size: "100x150" });
      assert.equal(await codeOf(large), "LABEL_SIZE_NOT_ALLOWED", String(organisation));
    }
    for (const organisation of ELSEWHERE) {
      assert.equal(await codeOf(print(organisation)), "ACCESS_DENIED", organisation);
      const asked = { actor: clerk, fonts, organisation };
      const seen = previewLabel(vault, asked, { token, dpi: 203 });
      assert.equal(await codeOf(seen), "ACCESS_DENIED", `preview ${organisation}`);
    }
    const nowhere = signedIn("无机构", "clerk");
    assert.equal(await codeOf(print(null, { actor: nowhere })), "ACCESS_DENIED");
  });
});

test("P10: attack by saying that another branch has a parcel", async (context) => {
  await withDesk(context, async (vault) => {
    const token = await sealOne(vault);
    const on = dayOf(vault.now(), vault.timeZone);
    await assign(vault, { token, branch: FIRST, to: null, on, actor: HQ });
    const clerk = await placedAt(vault, signedIn("业务员", "clerk"), FIRST);
    const arrived = { token, state: "arrived", on, actor: clerk };
    for (const organisation of ELSEWHERE) {
      const said = recordState(vault, { ...arrived, organisation });
      assert.equal(await codeOf(said), "ACCESS_DENIED", organisation);
    }
    await recordState(vault, { ...arrived, organisation: null });
    const away = await placedAt(vault, signedIn("二号业务员", "clerk"), SECOND);
    const taken = recordState(vault, { ...arrived, organisation: null, actor: away });
    assert.equal(await codeOf(taken), "ACCESS_DENIED");
  });
});
