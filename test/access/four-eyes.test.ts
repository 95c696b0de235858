/** What loosens takes two people (四眼原则), and the second is never the first. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveSetting, waitingSettings } from "../../src/access/setting-approval.ts";
import { changeSetting, decideSetting } from "../../src/access/setting-change.ts";
import type { SettingRequest } from "../../src/access/setting-change.ts";
import { explainSetting } from "../../src/access/setting.ts";
import { localOperator } from "../../src/access/actor.ts";
import type { Desk } from "../../src/access/desk.ts";
import { termsFor } from "../../src/access/retention.ts";
import { SETTING_APPROVAL_HOURS, SETTING_NAMES, SETTINGS } from "../../src/rules/setting.ts";
import { connected } from "../../src/store/pool.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { failure, HEADQUARTERS, leafBodies, OUTLETS, withDesk } from "./fresh-desk.ts";

const [FIRST] = OUTLETS;
const PROPOSER = signedIn("总部甲", "headquarters-operator");
const APPROVER = signedIn("总部乙", "headquarters-operator");

const LOOSEN: SettingRequest = {
  organisation: HEADQUARTERS,
  by: null,
  name: "mask-profile",
  value: "gb41833-tail4",
  mode: "set",
  reason: "投诉增多,试行",
  actor: PROPOSER,
};

async function valueOver(
  desk: Desk,
  organisation: string = FIRST,
  name = "mask-profile",
): Promise<string> {
  return (await explainSetting(desk, { organisation, name })).value;
}

async function propose(desk: Desk, request: SettingRequest): Promise<string> {
  const outcome = await decideSetting(desk, request);
  assert.ok("proposed" in outcome, "it should have waited");
  return outcome.proposed.proposal.id;
}

test("P10: what loosens waits for another person and counts from then on", async (context) => {
  await withDesk(context, async (desk, clock) => {
    await assert.rejects(changeSetting(desk, LOOSEN), failure("SETTING_FOUR_EYES"));
    const id = await propose(desk, LOOSEN);
    assert.equal(await valueOver(desk), "gb41833", "nothing counts yet");
    assert.deepEqual(
      (await waitingSettings(desk)).map((row) => row.id),
      [id],
    );
    await assert.rejects(
      approveSetting(desk, { id, actor: PROPOSER }),
      failure("SETTING_PROPOSAL_SELF"),
    );
    const manager = signedIn("网点负责人", "branch-manager");
    await assert.rejects(approveSetting(desk, { id, actor: manager }), failure("ACCESS_DENIED"));
    const operator = await localOperator(desk);
    await assert.rejects(approveSetting(desk, { id, actor: operator }), failure("SIGN_IN_NEEDED"));
    assert.equal(await valueOver(desk), "gb41833");
    clock.now = new Date(clock.now.getTime() + 3_600_000);
    const { setting } = await approveSetting(desk, { id, actor: APPROVER });
    assert.deepEqual(
      [setting.version, setting.actor, setting.approvedBy],
      [1, PROPOSER.pseudonym, APPROVER.pseudonym],
    );
    assert.equal(await valueOver(desk), "gb41833-tail4");
    await assert.rejects(
      approveSetting(desk, { id, actor: APPROVER }),
      failure("SETTING_PROPOSAL_SETTLED"),
    );
    assert.deepEqual(await waitingSettings(desk), []);
    const told = (await leafBodies(desk.database)).slice(2);
    assert.deepEqual(
      told.map((body) => [body["type"], body["failure"], body["request"], body["approvedBy"]]),
      [
        ["setting-refused", "SETTING_FOUR_EYES", undefined, undefined],
        ["setting-proposed", undefined, id, undefined],
        ["setting-refused", "SETTING_PROPOSAL_SELF", id, undefined],
        ["access-denied", "ACCESS_DENIED", undefined, undefined],
        ["setting-changed", undefined, id, [APPROVER.pseudonym]],
      ],
    );
  });
});

test("P10: a proposal lapses, and a version that came between ends it", async (context) => {
  await withDesk(context, async (desk, clock) => {
    const id = await propose(desk, LOOSEN);
    const began = clock.now.getTime();
    clock.now = new Date(began + SETTING_APPROVAL_HOURS * 3_600_000);
    await assert.rejects(
      approveSetting(desk, { id, actor: APPROVER }),
      failure("SETTING_PROPOSAL_EXPIRED"),
    );
    const again = await propose(desk, LOOSEN);
    await changeSetting(desk, { ...LOOSEN, value: "strict", mode: "locked" });
    await assert.rejects(
      approveSetting(desk, { id: again, actor: APPROVER }),
      failure("SETTING_STALE"),
    );
    assert.equal(await valueOver(desk), "strict");
    const unknown = { id: "3f0c9d1e-0000-4000-8000-000000000000", actor: APPROVER };
    await assert.rejects(approveSetting(desk, unknown), failure("SETTING_PROPOSAL_UNKNOWN"));
  });
});

test("P10: a lock that came between holds against a proposal from before it", async (context) => {
  await withDesk(context, async (desk) => {
    const quota = {
      ...LOOSEN,
      organisation: FIRST,
      by: HEADQUARTERS,
      name: "quota-person-day",
    } as const;
    const id = await propose(desk, { ...quota, value: "500" });
    const lock = { ...quota, organisation: HEADQUARTERS, by: null, value: "200", mode: "locked" };
    await changeSetting(desk, lock);
    await assert.rejects(approveSetting(desk, { id, actor: APPROVER }), failure("SETTING_LOCKED"));
    assert.equal(await valueOver(desk, FIRST, "quota-person-day"), "200");
  });
});

test("P10: to tighten takes one; to unlock or to hand on takes two as well", async (context) => {
  await withDesk(context, async (desk) => {
    const lock = { ...LOOSEN, value: "strict", mode: "locked" };
    assert.ok("change" in (await decideSetting(desk, lock)));
    assert.ok("change" in (await decideSetting(desk, { ...lock, value: "full" })));
    await propose(desk, { ...lock, value: "full", mode: "set" });
    await propose(desk, { ...lock, value: "full", mode: "delegated", bound: "strict" });
    const operator = await localOperator(desk);
    const alone = { ...LOOSEN, actor: operator };
    await assert.rejects(decideSetting(desk, alone), failure("SIGN_IN_NEEDED"));
    assert.equal(await valueOver(desk), "full");
  });
});

test("P10: headquarters asks for two people where one was enough", async (context) => {
  await withDesk(context, async (desk) => {
    const eyes = { ...LOOSEN, name: "four-eyes" } as const;
    const sizes = { ...LOOSEN, name: "label-sizes" } as const;
    const narrow = { ...sizes, value: "76x130" };
    await changeSetting(desk, narrow);
    await changeSetting(desk, { ...sizes, value: "76x130,100x150" });
    await changeSetting(desk, { ...eyes, value: "loosening" });
    await changeSetting(desk, narrow);
    await propose(desk, { ...sizes, value: "76x130,100x150" });
    const manager = await placedAt(desk, signedIn("网点负责人", "branch-manager"), FIRST);
    for (const value of ["listed", "loosening", "every"]) {
      const own = { ...eyes, organisation: FIRST, value, actor: manager };
      await assert.rejects(decideSetting(desk, own), failure("SETTING_HEADQUARTERS_ONLY"));
    }
    await changeSetting(desk, { ...eyes, value: "every" });
    const id = await propose(desk, { ...LOOSEN, value: "full" });
    assert.equal(await valueOver(desk), "gb41833", "to tighten waits as well");
    await approveSetting(desk, { id, actor: APPROVER });
    assert.equal(await valueOver(desk), "full");
    await propose(desk, { ...eyes, value: "listed" });
    assert.equal(await valueOver(desk, FIRST, "four-eyes"), "every", "to ask for fewer takes two");
  });
});

test("P10: a lock that takes a stricter word from below takes two people", async (context) => {
  await withDesk(context, async (desk) => {
    const quota = { by: null, name: "quota-person-day", reason: "核对", actor: PROPOSER } as const;
    const stricter = { ...quota, organisation: FIRST, value: "50", mode: "set" } as const;
    await changeSetting(desk, stricter);
    const lock = { ...quota, organisation: HEADQUARTERS, mode: "locked" } as const;
    await assert.rejects(
      changeSetting(desk, { ...lock, value: "60" }),
      failure("SETTING_FOUR_EYES"),
    );
    assert.equal(await valueOver(desk, FIRST, quota.name), "50");
    await changeSetting(desk, { ...lock, value: "50" });
    assert.equal(await valueOver(desk, OUTLETS[1], quota.name), "50");
  });
});

test("P10: where nobody above spoke, the default is the branch's floor too", async (context) => {
  await withDesk(context, async (desk) => {
    const manager = await placedAt(desk, signedIn("网点负责人", "branch-manager"), FIRST);
    const officer = await placedAt(desk, signedIn("网点个人信息保护负责人"), FIRST);
    const quotas = SETTING_NAMES.filter((name) => name.startsWith("quota-"));
    for (const name of quotas) {
      const unset = SETTINGS[name].unset;
      const wide = { ...LOOSEN, organisation: FIRST, name, value: String(Number(unset) + 1) };
      const own = { ...wide, actor: manager };
      await assert.rejects(decideSetting(desk, own), failure("SETTING_LOOSER"), name);
      const handed = { ...own, value: unset, mode: "delegated", bound: wide.value };
      await assert.rejects(decideSetting(desk, handed), failure("SETTING_LOOSER"), name);
      assert.equal(await valueOver(desk, FIRST, name), unset);
    }
    assert.ok(quotas.length > 5);
    const name = "quota-person-day";
    const said = { ...LOOSEN, name, organisation: FIRST, by: HEADQUARTERS, value: "4000" };
    const id = await propose(desk, said);
    await assert.rejects(
      approveSetting(desk, { id, actor: officer }),
      failure("SETTING_NOT_BELOW"),
    );
    assert.equal(await valueOver(desk, FIRST, name), "400");
    await approveSetting(desk, { id, actor: APPROVER });
    assert.equal(await valueOver(desk, FIRST, name), "4000");
    assert.equal(await valueOver(desk, OUTLETS[1], name), "400");
  });
});

test("P8: a term that is loosened does not reach what was sealed before", async (context) => {
  await withDesk(context, async (desk, clock) => {
    const term = { ...LOOSEN, name: "retention-access-delivered" } as const;
    await changeSetting(desk, { ...term, value: "10" });
    const at = new Date(clock.now.getTime() + 1000);
    clock.now = new Date(at.getTime() + 86_400_000);
    const id = await propose(desk, { ...term, value: "20" });
    await approveSetting(desk, { id, actor: APPROVER });
    clock.now = new Date(clock.now.getTime() + 1000);
    const daysAt = async (when: Date): Promise<number> =>
      connected(desk.database, async (connection) => {
        const terms = await termsFor(desk, connection, { organisationId: null, at: when });
        return terms["access-delivered"];
      });
    assert.deepEqual([await daysAt(at), await daysAt(clock.now)], [10, 20]);
  });
});

test("P10: a lock takes two people where it ends a word that counts again", async (context) => {
  await withDesk(context, async (desk) => {
    const name = "quota-person-day";
    const whole: SettingRequest = { ...LOOSEN, name, value: "60" };
    const ofFirst = { ...whole, organisation: FIRST, by: HEADQUARTERS };
    await changeSetting(desk, { ...ofFirst, value: "10", mode: "delegated", bound: "400" });
    const manager = await placedAt(desk, signedIn("网点负责人", "branch-manager"), FIRST);
    const own = { ...ofFirst, by: null, value: "100", actor: manager };
    await approveSetting(desk, {
      id: await propose(desk, own),
      actor: APPROVER,
    });
    assert.equal(await valueOver(desk, FIRST, name), "100");
    await changeSetting(desk, whole);
    assert.equal(await valueOver(desk, FIRST, name), "10", "the branch's own no longer counts");
    const lock = { ...whole, mode: "locked" };
    await assert.rejects(changeSetting(desk, lock), failure("SETTING_FOUR_EYES"));
  });
});
