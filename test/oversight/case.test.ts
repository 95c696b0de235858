/** Cases on a real database: their way, terms, orders, proofs and linked suggestions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { showCase } from "../../src/oversight/case-file.ts";
import { meet, moveOn, openCase } from "../../src/oversight/case-record.ts";
import { fileProof, issueOrder } from "../../src/oversight/correction-order.ts";
import {
  linkSuggestion,
  noteAnswer,
  showSuggestion,
} from "../../src/oversight/linked-suggestion.ts";
import type { Office } from "../../src/oversight/office.ts";
import type { CaseState } from "../../src/rules/case-state.ts";
import { countLeaves, findLeaf } from "../../src/store/audit-leaf.ts";
import { connected } from "../../src/store/pool.ts";
import { AUTHORITY, day, failure, PROCURATORATE, withOffice } from "./fresh-office.ts";
import { signedIn } from "../support/actor.ts";

const NUMBER = "某检行公立〔2026〕1号";
const BASE = { number: NUMBER, actor: signedIn("prosecutor-1") } as const;

async function opened(office: Office): Promise<void> {
  await openCase(office, {
    ...BASE,
    title: "快递运单个人信息保护",
    procuratorate: PROCURATORATE,
    agency: AUTHORITY,
    campaign: null,
    on: day("2026-03-02"),
  });
}

async function walk(office: Office, steps: readonly (readonly [CaseState, string])[]) {
  for (const [to, on] of steps) await moveOn(office, { ...BASE, to, on: day(on) });
}

const TO_RECOMMENDED = [
  ["filed", "2026-03-03"],
  ["consulted", "2026-03-05"],
  ["investigating", "2026-03-09"],
  ["decided", "2026-03-30"],
  ["recommended", "2026-03-31"],
] as const;

async function entries(office: Office): Promise<ReadonlyMap<string, number>> {
  return connected(office.database, countLeaves);
}

async function leafOf(office: Office, entry: string): Promise<Record<string, unknown>> {
  const id = Buffer.from(entry, "hex");
  const leaf = await connected(office.database, async (connection) => findLeaf(connection, id));
  // A leaf is a JSON object by its format (LEAF-1).
  return JSON.parse(Buffer.from(leaf?.body ?? []).toString("utf8")) as Record<string, unknown>;
}

test("a case goes its way with terms, sources and an entry for each step", async (context) => {
  await withOffice(context, async (office) => {
    await opened(office);
    await walk(office, TO_RECOMMENDED);
    const meanwhile = await showCase(office, { number: NUMBER, on: day("2026-04-01") });
    assert.deepEqual(
      meanwhile.deadlines.map(({ name, dueOn, state }) => [name, dueOn, state]),
      [
        ["serve-recommendation", "2026-04-02", "met"],
        ["serve-filing", "2026-03-10", "overdue"],
        ["copy-up", "2026-04-05", "running"],
        ["agency-reply", "2026-05-31", "running"],
      ].toSorted(([, one = ""], [, other = ""]) => (one < other ? -1 : 1)),
    );
    assert.match(meanwhile.deadlines.at(-1)?.basis ?? "", /解释.*第21条/);
    await meet(office, { ...BASE, name: "serve-filing", on: day("2026-03-06") });
    await walk(office, [
      ["replied", "2026-06-02"],
      ["following-up", "2026-06-03"],
      ["suit-review", "2026-06-04"],
    ]);
    const late = await showCase(office, { number: NUMBER, on: day("2026-06-10") });
    const of = (name: string) => late.deadlines.find((deadline) => deadline.name === name);
    assert.equal(of("serve-filing")?.state, "met");
    assert.equal(of("agency-reply")?.state, "met-late");
    assert.equal(of("suit-review")?.fromDay, "2026-05-31");
    assert.equal(of("suit-review")?.dueOn, "2026-06-30");
    assert.deepEqual(late.next, ["sued", "closed"]);
    assert.equal((await entries(office)).get("case-moved"), 10);
    assert.equal(new Set(late.events.map(({ entry }) => entry)).size, 9);
  });
});

test("urgent harm cuts the agency's term to fifteen days", async (context) => {
  await withOffice(context, async (office) => {
    await opened(office);
    await walk(office, TO_RECOMMENDED.slice(0, 4));
    const to = "recommended";
    const moved = await moveOn(office, { ...BASE, to, on: day("2026-03-31"), urgent: true });
    const reply = moved.started.find(({ name }) => name === "agency-reply-urgent");
    assert.equal(reply?.dueOn, "2026-04-15");
  });
});

test("a move that the rules do not know changes nothing and leaves no entry", async (context) => {
  await withOffice(context, async (office) => {
    await opened(office);
    const on = day("2026-03-03");
    await assert.rejects(moveOn(office, { ...BASE, to: "sued", on }), failure("CASE_MOVE_REFUSED"));
    await assert.rejects(
      moveOn(office, { ...BASE, to: "filed", on: day("2026-03-01") }),
      failure("CASE_DAY_BACKWARDS"),
    );
    await assert.rejects(
      moveOn(office, { ...BASE, number: "无此案", to: "filed", on }),
      failure("CASE_UNKNOWN"),
    );
    await assert.rejects(opened(office), failure("CASE_EXISTS"));
    const note = "联系电话 13800000000";
    await assert.rejects(
      moveOn(office, { ...BASE, to: "filed", on, note }),
      failure("TEXT_PERSONAL"),
    );
    const file = await showCase(office, { number: NUMBER, on });
    assert.equal(file.state, "clue");
    assert.equal((await entries(office)).get("case-moved"), 1);
  });
});

test("each firm is ordered to put it right by a day and proves it once", async (context) => {
  await withOffice(context, async (office) => {
    await opened(office);
    const order = {
      ...BASE,
      addressee: "甲快递总部",
      kind: "carrier",
      on: day("2026-04-02"),
      due: day("2026-04-30"),
    } as const;
    await assert.rejects(issueOrder(office, order), failure("CASE_NOT_READY"));
    await walk(office, TO_RECOMMENDED);
    await issueOrder(office, order);
    await issueOrder(office, { ...order, addressee: "某平台", kind: "platform" });
    await issueOrder(office, { ...order, addressee: "某商家", kind: "merchant" });
    await assert.rejects(issueOrder(office, order), failure("ORDER_EXISTS"));
    const backwards = { ...order, addressee: "乙快递", due: day("2026-04-01") };
    await assert.rejects(issueOrder(office, backwards), failure("CASE_DAY_BACKWARDS"));
    const proof = {
      ...BASE,
      addressee: order.addressee,
      proof: "总部文件〔2026〕12号",
      on: day("2026-04-20"),
    };
    await fileProof(office, proof);
    await assert.rejects(fileProof(office, proof), failure("ORDER_UNKNOWN"));
    const file = await showCase(office, { number: NUMBER, on: day("2026-05-02") });
    const states = new Map(file.orders.map(({ addressee, state }) => [addressee, state]));
    assert.deepEqual(
      ["甲快递总部", "某平台", "某商家"].map((addressee) => states.get(addressee)),
      ["met", "overdue", "overdue"],
    );
    const counts = await entries(office);
    assert.equal(counts.get("order-issued"), 3);
    assert.equal(counts.get("order-proved"), 1);
  });
});

test("P11: a term is met on a day that it can have, and its entry names both", async (context) => {
  await withOffice(context, async (office, clock) => {
    clock.now = new Date("2026-03-31T15:59:00.000Z");
    await opened(office);
    await walk(office, TO_RECOMMENDED);
    const met = async (on: string) => meet(office, { ...BASE, name: "copy-up", on: day(on) });
    const before = await entries(office);
    await assert.rejects(met("2026-03-30"), failure("CASE_DAY_BACKWARDS"));
    await assert.rejects(met("2026-04-01"), failure("CASE_DAY_FUTURE"));
    assert.deepEqual(await entries(office), before, "a refused day leaves no entry");
    // A minute later it is the next day in Beijing.
    clock.now = new Date("2026-03-31T16:00:00.000Z");
    const done = await met("2026-04-01");
    assert.deepEqual(
      [done.term, done.on, done.dueOn, done.daysLate],
      ["copy-up", "2026-04-01", "2026-04-05", 0],
    );
    const leaf = await leafOf(office, done.entry);
    assert.deepEqual(
      [leaf["type"], leaf["term"], leaf["on"], leaf["due"]],
      ["case-moved", "copy-up", "2026-04-01", "2026-04-05"],
    );
    await assert.rejects(met("2026-04-01"), failure("CASE_NOT_READY"));
    clock.now = new Date("2026-04-20T02:00:00.000Z");
    const late = await meet(office, { ...BASE, name: "serve-filing", on: day("2026-04-20") });
    assert.equal(late.daysLate, 41);
    await assert.rejects(
      moveOn(office, { ...BASE, to: "replied", on: day("2026-04-21") }),
      failure("CASE_DAY_FUTURE"),
    );
  });
});

test("P11: proof before its order is refused, late proof is filed as late", async (context) => {
  await withOffice(context, async (office) => {
    await opened(office);
    await walk(office, TO_RECOMMENDED);
    const [on, due] = [day("2026-04-02"), day("2026-04-30")];
    const order = { ...BASE, addressee: "甲快递总部", kind: "carrier", on, due } as const;
    await issueOrder(office, order);
    const proof = { ...BASE, addressee: order.addressee, proof: "文件〔2026〕12号" };
    const early = { ...proof, on: day("2026-04-01") };
    await assert.rejects(fileProof(office, early), failure("CASE_DAY_BACKWARDS"));
    const future = { ...proof, on: day("2026-07-02") };
    await assert.rejects(fileProof(office, future), failure("CASE_DAY_FUTURE"));
    const filed = await fileProof(office, { ...proof, on: day("2026-05-03") });
    assert.equal(filed.daysLate, 3);
    const leaf = await leafOf(office, filed.entry);
    assert.deepEqual([leaf["on"], leaf["due"]], ["2026-05-03", due]);
    const file = await showCase(office, { number: NUMBER, on: day("2026-06-01") });
    assert.equal(file.orders[0]?.state, "met-late");
  });
});

test("a deputy's suggestion is linked both ways, with its own terms", async (context) => {
  await withOffice(context, async (office) => {
    await opened(office);
    const assignedOn = day("2026-03-04");
    const link = { ...BASE, title: "规范快递运单信息", deputyRole: "市人大代表", assignedOn };
    const into = await linkSuggestion(office, { ...link, direction: "to-case" });
    assert.equal(into.dueOn, "2026-06-04");
    const before = await showCase(office, { number: NUMBER, on: day("2026-03-05") });
    assert.deepEqual(
      before.deadlines.map(({ name, dueOn }) => [name, dueOn]),
      [["linkage-copy", "2026-03-14"]],
    );
    await walk(office, TO_RECOMMENDED);
    const onward = { ...link, deputyRole: "全国人大代表", direction: "from-case", difficult: true };
    const from = await linkSuggestion(office, { ...onward, direction: "from-case" });
    assert.equal(from.dueOn, "2026-09-04");
    const file = await showCase(office, { number: NUMBER, on: day("2026-06-11") });
    const outcome = file.deadlines.find(({ name }) => name === "linkage-outcome");
    assert.equal(outcome?.dueOn, "2026-06-10");
    assert.equal(outcome.state, "overdue");
    assert.deepEqual(
      file.suggestions.map(({ id }) => id).toSorted(),
      [into.id, from.id].toSorted(),
    );
    assert.equal((await showSuggestion(office, from.id, day("2026-06-11"))).linkedCase, file.id);
    await noteAnswer(office, { id: into.id, on: day("2026-06-01"), actor: signedIn("clerk") });
    assert.equal((await showSuggestion(office, into.id, day("2026-06-11"))).state, "met");
    await assert.rejects(
      noteAnswer(office, { id: into.id, on: day("2026-06-02"), actor: signedIn("clerk") }),
      failure("SUGGESTION_UNKNOWN"),
    );
  });
});
