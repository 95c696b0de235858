/** Requests of the person concerned, against a real database (PIPL 44 to 50; P9, P10, P18). */
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { commandCodeSender, fileCodeSender } from "../../src/vault/code-sender.ts";
import type { CodeMessage, CodeSender } from "../../src/vault/code-sender.ts";
import { placeHold } from "../../src/vault/hold.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { openViews } from "../../src/vault/open-views.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import { answerRequest } from "../../src/vault/subject-answer.ts";
import {
  listRequests,
  openRequest,
  refuseRequest,
  sendCode,
  verifyRequest,
} from "../../src/vault/subject-request.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { Clock } from "../support/clock.ts";
import { withDirectory, withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, sealOne } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const fails =
  (code: FailureCode) =>
  (error: unknown): boolean =>
    isFailure(error, code);

/** Keeps what was handed over, as the phone of a person would. */
class Phone implements CodeSender {
  readonly messages: CodeMessage[] = [];
  readonly send = async (message: CodeMessage): Promise<void> => {
    this.messages.push(message);
    return Promise.resolve();
  };

  get code(): string {
    return this.messages.at(-1)?.code ?? "";
  }
}

interface Scene {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly home: Home;
  readonly phone: Phone;
  readonly token: string;
}

async function withScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const token = await sealOne(vault, 1);
    await work({ vault, clock, home, phone: new Phone(), token });
  });
}

function asked(kind: string, by: { readonly token?: string; readonly phone?: string }) {
  const { token = null, phone = null } = by;
  return { kind, token, phone, party: "recipient", actor: signedIn("desk") };
}

async function verified({ vault, phone }: Scene, kind: string, token: string): Promise<string> {
  const { id } = await openRequest(vault, asked(kind, { token }), phone);
  await verifyRequest(vault, { id, code: phone.code, actor: signedIn("desk") });
  return id;
}

async function deliver({ vault, clock, token }: Scene): Promise<void> {
  const state = {
    token,
    state: "delivered",
    on: clock.today,
    organisation: null,
    actor: signedIn("a"),
  };
  await recordState(vault, state);
}

test("P10: access gives one's own data after the code, and is logged", async () => {
  await withScene(async (scene) => {
    const { vault, phone, home, token } = scene;
    const order = inventOrder(1);
    const { id, dueOn } = await openRequest(vault, asked("access", { token }), phone);
    assert.equal(dueOn, "2026-03-23");
    assert.equal(phone.messages[0]?.phone, order.phone);
    const answering = { id, actor: signedIn("desk"), change: null };
    await assert.rejects(answerRequest(vault, answering), fails("SUBJECT_REQUEST_UNVERIFIED"));
    await verifyRequest(vault, { id, code: phone.code, actor: signedIn("desk") });
    const answer = await answerRequest(vault, answering);
    const fields = new Map(answer.waybills[0]?.fields);
    assert.equal(fields.get("recipient.phone"), order.phone);
    assert.equal(fields.get("recipient.address"), order.address);
    assert.ok(fields.get("sender.phone")?.includes("*"));
    const types = (await leaves(home)).map((leaf) => leaf["type"]);
    assert.deepEqual(
      types.filter((type) => /subject-request|^reveal$/.test(String(type))),
      [
        "subject-request-received",
        "subject-request-code",
        "subject-request-verified",
        "reveal",
        "subject-request-answered",
      ],
    );
    await assert.rejects(answerRequest(vault, answering), fails("SUBJECT_REQUEST_CLOSED"));
  });
});

test("P18: before the code is right nothing tells of a waybill", async () => {
  await withScene(async ({ vault, phone, home }) => {
    const known = await openRequest(vault, asked("copy", { phone: inventOrder(1).phone }), phone);
    const unknown = await openRequest(vault, asked("copy", { phone: inventOrder(9).phone }), phone);
    assert.equal(phone.messages.length, 1);
    assert.deepEqual(Object.keys(known), Object.keys(unknown));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      for (const { id } of [known, unknown]) {
        const guess = {
          id,
          code: phone.code === "000000" ? "111111" : "000000",
          actor: signedIn("a"),
        };
        await assert.rejects(verifyRequest(vault, guess), fails("CODE_WRONG"));
      }
    }
    for (const { id } of [known, unknown]) {
      const right = { id, code: phone.code, actor: signedIn("a") };
      await assert.rejects(verifyRequest(vault, right), fails("CODE_EXPIRED"));
    }
    assert.equal((await leaves(home, "subject-request-denied")).length, 12);
    await sendCode(vault, { id: known.id, actor: signedIn("a") }, phone);
    await verifyRequest(vault, { id: known.id, code: phone.code, actor: signedIn("a") });
    const answer = await answerRequest(vault, { id: known.id, actor: signedIn("a"), change: null });
    assert.equal(answer.waybills.length, 1);
  });
});

test("P10: a code counts ten minutes, for its own request only", async () => {
  await withScene(async ({ vault, clock, phone, token }) => {
    const first = await openRequest(vault, asked("access", { token }), phone);
    const { code } = phone;
    const second = await openRequest(vault, asked("access", { token }), phone);
    if (code !== phone.code) {
      const crossed = { id: second.id, code, actor: signedIn("a") };
      await assert.rejects(verifyRequest(vault, crossed), fails("CODE_WRONG"));
    }
    clock.set(clock.today, "12:10:00");
    const late = { id: first.id, code, actor: signedIn("a") };
    await assert.rejects(verifyRequest(vault, late), fails("CODE_EXPIRED"));
    await sendCode(vault, { id: first.id, actor: signedIn("a") }, phone);
    await sendCode(vault, { id: first.id, actor: signedIn("a") }, phone);
    await assert.rejects(
      sendCode(vault, { id: first.id, actor: signedIn("a") }, phone),
      fails("CODES_MAX"),
    );
  });
});

test("P8: erasure waits for the parcel and for holds, says why, and then is certain", async () => {
  await withScene(async (scene) => {
    const { vault, clock, token } = scene;
    const act = async () => {
      const id = await verified(scene, "erasure", token);
      return (await answerRequest(vault, { id, actor: signedIn("desk"), change: null }))
        .waybills[0];
    };
    assert.equal((await act())?.outcome, "under-way");
    await deliver(scene);
    const until = addDays(clock.today, 5);
    const hold = { token, reason: "claim", authority: "理赔组", document: null, until };
    await placeHold(vault, { ...hold, actor: signedIn("a") });
    assert.equal((await act())?.outcome, "held");
    clock.set(addDays(clock.today, 6));
    const { settleHolds } = await import("../../src/vault/settle-holds.ts");
    await settleHolds(vault, { expire: true });
    const erased = await act();
    assert.equal(erased?.outcome, "erased");
    assert.match(erased?.certificate ?? "", /^[0-9a-f]{32}$/);
    assert.equal((await shownWaybill(vault, token)).life, "destroyed");
    await assert.rejects(
      openRequest(vault, asked("access", { token }), scene.phone),
      fails("DATA_DEAD"),
    );
  });
});

test("P5: a correction is sealed under the next revision and found by it", async () => {
  await withScene(async (scene) => {
    const { vault, home, token } = scene;
    const id = await verified(scene, "correction", token);
    const change = { phone: inventOrder(77).phone, name: "陶知夏" };
    const answer = await answerRequest(vault, { id, actor: signedIn("desk"), change });
    assert.equal(answer.waybills[0]?.outcome, "corrected");
    const request = {
      token,
      fields: "name,phone",
      purpose: "contact",
      actor: signedIn("a"),
      reason: null,
    };
    const { values } = await reveal(vault, request);
    assert.deepEqual(
      values.map(([, value]) => value),
      [change.name, change.phone],
    );
    const found = await search(vault, { phone: change.phone, actor: signedIn("a") });
    assert.deepEqual(
      found.hits.map((hit) => hit.token),
      [token],
    );
    assert.equal(found.hits[0]?.recipient.name, "陶**");
    const old = await search(vault, { phone: inventOrder(1).phone, actor: signedIn("a") });
    assert.deepEqual(old.hits, []);
    const [row] = await home.rows(
      "select get_byte(parties, 13) as parties, get_byte(view, 13) as view from party",
    );
    assert.deepEqual(row, { parties: 1, view: 1 });
    const [told] = await leaves(home, "corrected");
    assert.deepEqual(told?.["fields"], ["recipient.phone", "recipient.name"]);
  });
});

test("P5: a corrected address renews the division and where the label says it goes", async () => {
  await withScene(async (scene) => {
    const { vault, home, token } = scene;
    const codes = "select division_code as code from shell order by 1";
    assert.deepEqual(await home.rows(codes), [{ code: 320_102 }]);
    const id = await verified(scene, "correction", token);
    const change = { address: "浙江省杭州市西湖区文三支路8号3幢501室" };
    await answerRequest(vault, { id, actor: signedIn("desk"), change });
    assert.deepEqual(await home.rows(codes), [{ code: 330_106 }]);
    const [view] = await openViews(vault, [token]);
    assert.ok(view !== undefined && "opened" in view);
    assert.equal(view.opened.view.destination, "杭州市 西湖区");
  });
});

test("P16: a correction that is none is refused and closes nothing", async () => {
  await withScene(async (scene) => {
    const { vault, token } = scene;
    const id = await verified(scene, "correction", token);
    const answer = async (change: object | null): Promise<unknown> =>
      answerRequest(vault, { id, actor: signedIn("desk"), change });
    await assert.rejects(answer(null), fails("USAGE"));
    await assert.rejects(answer({ phone: "12" }), fails("PHONE_INVALID"));
    await assert.rejects(answer({ name: " " }), fails("TEXT_LENGTH"));
    assert.equal((await listRequests(vault, { closed: false, actor: signedIn("desk") })).length, 1);
  });
});

test("P10: explanation tells terms and looks without opening anything", async () => {
  await withScene(async (scene) => {
    const { vault, home, token } = scene;
    const look = {
      token,
      fields: "phone",
      purpose: "contact",
      actor: signedIn("courier"),
      reason: null,
    };
    await reveal(vault, look);
    const id = await verified(scene, "explanation", token);
    const answer = await answerRequest(vault, { id, actor: signedIn("desk"), change: null });
    assert.deepEqual(answer.waybills[0]?.fields, []);
    assert.ok(answer.waybills[0]?.looks.some(({ purpose }) => purpose === "contact"));
    assert.equal(answer.terms["persons"], 120);
    assert.equal((await leaves(home, "reveal")).length, 1);
  });
});

test("P16: a refusal has a reason, and a deadline that is over is seen", async () => {
  await withScene(async ({ vault, clock, phone, token }) => {
    const { id, dueOn } = await openRequest(vault, asked("access", { token }), phone);
    clock.set(addDays(dueOn as typeof clock.today, 1));
    assert.deepEqual(
      (await listRequests(vault, { closed: false, actor: signedIn("desk") })).map(
        ({ overdue }) => overdue,
      ),
      [true],
    );
    const refusing = { id, actor: signedIn("a") };
    await assert.rejects(refuseRequest(vault, { ...refusing, reason: "no" }), fails("USAGE"));
    await refuseRequest(vault, { ...refusing, reason: "unverified" });
    assert.deepEqual(await listRequests(vault, { closed: false, actor: signedIn("desk") }), []);
    assert.equal(
      (await listRequests(vault, { closed: true, actor: signedIn("desk") }))[0]?.refusal,
      "unverified",
    );
  });
});

test("P9: the file of codes never holds the phone", async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, "outbox", "codes.ndjson");
    const phone = inventOrder(3).phone;
    const message = {
      request: "r-1",
      phone,
      maskedPhone: "154******15",
      code: "042042",
      minutes: 10,
    };
    await fileCodeSender(file).send(message);
    const text = await readFile(file, "utf8");
    assert.ok(text.includes("042042") && !text.includes(phone));
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await commandCodeSender("/bin/cat").send(message);
    await assert.rejects(commandCodeSender("/bin/false").send(message), fails("CODE_UNSENT"));
    await assert.rejects(commandCodeSender("/no/such/program").send(message), fails("CODE_UNSENT"));
  });
});
