/** Training: records, and the reveal that is refused without a valid one (P10). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { changeSetting } from "../../src/access/setting-change.ts";
import { listTrainings, recordTraining } from "../../src/access/training.ts";

import { isFailure } from "../../src/rules/failure.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { day } from "../keystore/fresh-store.ts";
import { failure, HEADQUARTERS, leafBodies, withDesk } from "./fresh-desk.ts";
import { sealOneOrder } from "./one-order.ts";
import { playedActor } from "../../src/access/actor.ts";
import { signedIn } from "../support/actor.ts";

const PASSED = { course: "waybill-privacy", actor: signedIn("总部管理员") } as const;

test("P10: a training record counts for its term", async (context) => {
  await withDesk(context, async (desk) => {
    const given = { ...PASSED, trainee: "快递员一", passedOn: "2025-06-01" };
    const { training } = await recordTraining(desk, given);
    assert.match(training.actor, /^st-[0-9a-f]{16}$/);
    assert.equal(training.validUntil, "2026-05-31");
    await assert.rejects(recordTraining(desk, given), failure("TRAINING_EXISTS"));
    const wrongs = [
      [{ course: "first-aid" }, "COURSE_UNKNOWN"],
      [{ passedOn: "2026-03-03" }, "TRAINING_DAYS"],
      [{ passedOn: "2025-02-30" }, "TRAINING_DAYS"],
      [{ trainee: " " }, "USAGE"],
    ] as const;
    for (const [wrong, code] of wrongs) {
      await assert.rejects(recordTraining(desk, { ...given, ...wrong }), failure(code));
    }
    const states = async (text: string) =>
      (await listTrainings(desk, { on: day(text), actor: signedIn("a") })).map(
        ({ state }) => state,
      );
    assert.deepEqual(await states("2025-05-31"), ["none"]);
    assert.deepEqual(await states("2026-05-31"), ["valid"]);
    assert.deepEqual(await states("2026-06-01"), ["expired"]);
  });
});

test("P10: without the training that is required, no reveal", async (context) => {
  await withDesk(context, async (vault) => {
    const token = await sealOneOrder(vault);
    const look = async (name: string) => {
      const actor = await playedActor(vault, { name, role: "support" });
      return reveal(vault, { token, fields: "phone", purpose: "contact", actor, reason: null });
    };
    const train = { ...PASSED, trainee: "快递员一", passedOn: "2025-06-01" };
    await recordTraining(vault, train);
    await recordTraining(vault, { ...train, trainee: "快递员二", passedOn: "2025-03-01" });
    assert.equal((await look("快递员三")).values.length, 1, "nobody asked for training yet");

    await changeSetting(vault, {
      organisation: HEADQUARTERS,
      by: null,
      name: "training-required",
      value: "yes",
      mode: "locked",
      reason: "先培训后上岗",
      actor: signedIn("总部管理员"),
    });
    assert.equal((await look("快递员一")).values.length, 1);
    for (const [name, state] of [
      ["快递员二", "expired"],
      ["快递员三", "none"],
    ] as const) {
      await assert.rejects(look(name), (error) => {
        assert.ok(isFailure(error, "TRAINING_INVALID"), String(error));
        const { entry, ...details } = error.details;
        assert.match(String(entry), /^[0-9a-f]{32}$/);
        assert.deepEqual(details, { course: "waybill-privacy", state });
        return true;
      });
    }
    const denied = (await leafBodies(vault.database)).filter(
      (body) => body["type"] === "reveal-denied",
    );
    assert.deepEqual(
      denied.map((body) => body["failure"]),
      ["TRAINING_INVALID", "TRAINING_INVALID"],
    );
    for (const { rule } of denied) assert.equal(rule, "forbid-untrained", "the policies knew");
    const actor = await playedActor(vault, { name: "快递员三", role: "support" });
    const phone = "19900000001";
    await assert.rejects(search(vault, { phone, actor }), failure("TRAINING_INVALID"));
    const { type, mode, rule } = (await leafBodies(vault.database)).at(-1) ?? {};
    assert.deepEqual([type, mode, rule], ["access-denied", "search", "forbid-untrained"]);
    assert.ok(denied.every((body) => /^[0-9a-f]{32}$/.test(String(body["subject"]))));
  });
});
