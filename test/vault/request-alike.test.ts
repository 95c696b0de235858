/** What a request by phone does before its answer: the same, whether there is a waybill or not. */
// First, since it watches what those after it call.
import { watchKeys, workOf } from "../support/work.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/rules/failure.ts";
import { CodeDesk } from "../../src/vault/code-desk.ts";
import type { CodeMessage } from "../../src/vault/code-sender.ts";
import { openRequest, sendCode } from "../../src/vault/subject-request.ts";
import { signedIn } from "../support/actor.ts";
import { inventOrder, sealOne } from "../support/orders.ts";
import { withVault } from "../support/vault.ts";

const ASKING = { kind: "access", token: null, party: "recipient" } as const;

test("P18: a request by phone, and another code for it, cost the same for any phone", async () => {
  await withVault(async (vault) => {
    await sealOne(vault, 1);
    watchKeys(vault.keys);
    const actor = signedIn("desk");
    const messages: CodeMessage[] = [];
    const later: (() => Promise<void>)[] = [];
    const sender = {
      send: async (message: CodeMessage) => {
        messages.push(message);
        return Promise.resolve();
      },
      aside: (work: () => Promise<void>) => {
        later.push(work);
      },
    };
    const workFor = async (index: number): Promise<readonly string[]> => {
      const { phone } = inventOrder(index);
      return workOf(async () => {
        const { id } = await openRequest(vault, { ...ASKING, phone, actor }, sender);
        await sendCode(vault, { id, actor }, sender);
      });
    };
    await workFor(800);
    const nobodys = await workFor(900);
    assert.ok(
      nobodys.some((one) => one.includes("subject_request")),
      nobodys.join("\n"),
    );
    assert.deepEqual(await workFor(1), nobodys);
    assert.equal(messages.length, 0);
    assert.equal(later.length, 6);
    for (const work of later) await work();
    // The newer code of the phone that has a waybill alone: the one before it opens nothing now.
    assert.deepEqual(
      messages.map(({ phone }) => phone),
      [inventOrder(1).phone],
    );
  });
});

test("P16: codes that wait for their turn are bounded, and none is lost unseen", async () => {
  const gate = Promise.withResolvers<void>();
  let [failed, done] = [0, 0];
  const sender = { send: async () => Promise.resolve() };
  const desk = new CodeDesk(sender, () => (failed += 1));
  desk.aside(async () => Promise.reject(new Failure("CODE_UNSENT")));
  await new Promise(setImmediate);
  assert.equal(failed, 1);
  const ASKED = 2_000;
  for (let at = 0; at < ASKED; at += 1)
    desk.aside(async () => {
      await gate.promise;
      done += 1;
    });
  const refused = failed - 1;
  assert.ok(refused > 0 && refused < ASKED, String(refused));
  const closed = desk[Symbol.asyncDispose]();
  desk.aside(async () => Promise.resolve());
  gate.resolve();
  await closed;
  assert.equal(done, ASKED - refused, "what waits has its turn still when a server stops");
  // The first one that failed, and the one that came after the end.
  assert.equal(done + failed, ASKED + 2);
});
