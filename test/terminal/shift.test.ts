/** A shift from giving keys to settling it, with a handheld that has no network. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { playedActor } from "../../src/access/actor.ts";
import type { Actor } from "../../src/access/actor.ts";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { openFonts } from "../../src/main.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { Handheld, newHandheld } from "../../src/terminal/handheld.ts";
import { assign } from "../../src/vault/assign.ts";
import { endOwnHandheld, handheldsOf, registerHandheld } from "../../src/vault/handheld.ts";
import { erase } from "../../src/vault/erase.ts";
import { printLabels } from "../../src/vault/print.ts";
import { giveShift } from "../../src/vault/shift-give.ts";
import type { GivenShift } from "../../src/vault/shift-give.ts";
import { settleByJournal, settleLost, unsettledShifts } from "../../src/vault/shift-settle.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { leafFault } from "../audit/leaf-fault.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { needlesOf, searchFolders } from "../support/canary.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrder, inventOrders, sealOrders } from "../support/orders.ts";

const fonts = openFonts();
const COURIER = "快递员";
const OUTLET = "三号网点";
const desk = signedIn("总部派单", "headquarters-operator");
const fails = (code: FailureCode) => (error: unknown) => isFailure(error, code);
const random = (count: number): Uint8Array => randomBytes(count);

interface Round {
  readonly home: Home;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly folder: string;
  readonly id: string;
  readonly handheld: Handheld;
  /** Has all parcels on the route of the day. */
  readonly courier: Actor;
  /** Tokens of six parcels in order, and the tickets of their labels. */
  readonly tokens: readonly string[];
  readonly tickets: readonly string[];
}

const PARCELS = 6;

/** The courier whose route of today the parcels are on. */
async function onRoute(vault: Vault, tokens: readonly string[]): Promise<Actor> {
  const actor = signedIn("总部", "headquarters-operator");
  await foundHeadquarters(vault, { name: "总部", outlets: [OUTLET], actor });
  const on = dayOf(vault.now(), vault.timeZone);
  for (const token of tokens) {
    await assign(vault, { token, branch: OUTLET, to: COURIER, on, actor: desk });
  }
  return placedAt(vault, await playedActor(vault, { name: COURIER, role: "courier" }), OUTLET);
}

async function withRound(
  suite: "intl" | "gm",
  work: (round: Round) => Promise<void>,
): Promise<void> {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ suite, now: clock.now });
    const folder = join(home.directory, "handheld");
    const place = { folder, now: clock.now, randomBytes: random };
    const key = await newHandheld(place, suite);
    const id = await registerHandheld(vault, desk, { name: "三号枪", key });
    const { rows } = await sealOrders(vault, inventOrders(PARCELS));
    const tokens = rows.map(({ token }) => token);
    const printed = await printLabels(vault, { tokens, actor: desk, fonts, ticket: true });
    const tickets = printed.map(({ label }) => label.data.ticket ?? "");
    assert.equal(tickets.length, PARCELS);
    const handheld = await Handheld.at(place);
    const courier = await onRoute(vault, tokens);
    await work({ home, vault, clock, folder, id, handheld, courier, tokens, tickets });
  });
}

async function given({ vault, id, courier, tokens }: Round, hours = 10): Promise<GivenShift> {
  return giveShift(vault, { handheld: id, tokens, hours, actor: courier });
}

for (const suite of ["intl", "gm"] as const) {
  test(`BDL-3: ${suite}: give, scan, open, deliver, key gone, balance`, async () => {
    await withRound(suite, async (round) => {
      const { home, vault, handheld, courier, tokens, tickets } = round;
      const made = await given(round);
      const entries = await leaves(home, "reveal");
      assert.equal(entries.length, PARCELS);
      assert.deepEqual(
        new Set(entries.map(({ id }) => id)),
        new Set(made.given.map(({ entry }) => entry)),
      );
      for (const { mode, device, purpose, actor } of entries)
        assert.deepEqual(
          [mode, device, purpose, actor],
          ["offline", round.id, "deliver", courier.pseudonym],
        );
      assert.equal(await handheld.load(made.bundle), PARCELS);
      const opened = await handheld.open(tickets[0] ?? "");
      const { name, phone } = inventOrder(0);
      assert.deepEqual(
        [opened.name, opened.contact, opened.room, opened.token],
        [name, phone, "1203室", tokens[0]],
      );
      await handheld.open(tickets[0] ?? "");
      await handheld.open(tickets[1] ?? "");
      await handheld.finish(tokens[0] ?? "", "delivered");
      await handheld.finish(tokens[1] ?? "", "returned");
      for (const at of [0, 1])
        await assert.rejects(handheld.open(tickets[at] ?? ""), fails("TICKET_KEY_GONE"));
      await handheld.finish(tokens[2] ?? "", "delivered");
      const balance = await settleByJournal(vault, desk, await handheld.journal());
      const { entry, shift, missing, ...counts } = balance;
      assert.deepEqual(counts, {
        given: 6,
        openings: 3,
        opened: 2,
        delivered: 2,
        returned: 1,
        unaccounted: 3,
      });
      assert.deepEqual(new Set(missing), new Set(tokens.slice(3)));
      const [leaf] = await leaves(home, "shift-settled");
      assert.deepEqual(
        [leaf?.["id"], leaf?.["shift"], leaf?.["count"], leaf?.["left"], leaf?.["account"]],
        [entry, shift, 6, 3, courier.pseudonym],
      );
      for (const told of [leaf, ...entries]) assert.equal(leafFault(told), null);
      await assert.rejects(
        settleByJournal(vault, desk, await handheld.journal()),
        fails("SHIFT_SETTLED"),
      );
      // What was opened offline wrote no further look: it was one when the keys were given.
      assert.equal((await leaves(home, "reveal")).length, PARCELS);
    });
  });
}

test("BDL-3: when entries cannot be written there is no bundle", async () => {
  await withRound("intl", async (round) => {
    await round.home.change("alter table audit_leaf add constraint none check (false) not valid");
    await assert.rejects(given(round), fails("DATABASE_FAILED"));
    assert.equal((await round.home.rows("select 1 from shift")).length, 0);
  });
});

test("BDL-4: what may not be revealed is not given, and the rest is", async () => {
  await withRound("intl", async (round) => {
    const { vault, id, courier, tokens } = round;
    const { rows } = await sealOrders(vault, inventOrders(1, 77));
    const unprinted = rows[0]?.token ?? "";
    await erase(vault, { token: tokens[5] ?? "", actor: signedIn("专员"), reason: "测试" });
    const made = await giveShift(vault, {
      handheld: id,
      tokens: [...tokens, unprinted, tokens[0] ?? ""],
      hours: 1,
      actor: courier,
    });
    assert.equal(made.given.length, 5);
    assert.deepEqual(
      made.notGiven.map(({ code }) => code),
      ["DATA_DEAD", "LABEL_NOT_PRINTED"],
    );
    await endOwnHandheld(vault, desk, id);
    await assert.rejects(given(round), fails("HANDHELD_ENDED"));
  });
});

test("BDL-5: after the shift and after wiping nothing opens, and no key is left", async () => {
  await withRound("gm", async (round) => {
    const { handheld, tickets, tokens, clock, folder } = round;
    await handheld.load((await given(round, 1)).bundle);
    const keys = async (): Promise<string[]> =>
      (await readdir(folder)).filter((name) => name.includes(".parcel"));
    assert.equal((await keys()).length, PARCELS);
    await handheld.open(tickets[0] ?? "");
    await handheld.finish(tokens[0] ?? "", "delivered");
    assert.equal((await keys()).length, PARCELS - 1);
    assert.ok(!(await keys()).some((name) => name.includes(tokens[0] ?? "-")));
    const at = clock.now();
    clock.set(clock.today, "11:00:00");
    await assert.rejects(handheld.open(tickets[1] ?? ""), fails("HANDHELD_CLOCK"));
    clock.set(clock.today, "23:00:00");
    assert.ok(clock.now() > at);
    await assert.rejects(handheld.open(tickets[1] ?? ""), fails("SHIFT_OVER"));
    assert.deepEqual(await keys(), []);
    await assert.rejects(handheld.finish(tokens[1] ?? "", "delivered"), fails("TICKET_KEY_GONE"));
  });
});

test("BDL-1: a bundle for another handheld and a second shift at once are refused", async () => {
  await withRound("intl", async (round) => {
    const { handheld, folder, clock } = round;
    const made = await given(round);
    const place = { folder: `${folder}-2`, now: clock.now, randomBytes: random };
    await newHandheld(place, "intl");
    const other = await Handheld.at(place);
    await assert.rejects(other.load(made.bundle), fails("BUNDLE_BROKEN"));
    await assert.rejects(newHandheld(place, "intl"), fails("HANDHELD_THERE"));
    await handheld.load(made.bundle);
    await assert.rejects(handheld.load(made.bundle), fails("SHIFT_RUNNING"));
    assert.equal(await handheld.wipe(), PARCELS);
  });
});

test("BDL-7: cut lines and a lost handheld are unaccounted for, forged lines refused", async () => {
  await withRound("intl", async (round) => {
    const { vault, handheld, tokens } = round;
    const first = await given(round);
    await handheld.load(first.bundle);
    for (const token of tokens) await handheld.finish(token, "delivered");
    const journal = await handheld.journal();
    const lines = journal.trimEnd().split("\n");
    const without = [...lines.slice(0, 3), ...lines.slice(4)].join("\n");
    await assert.rejects(settleByJournal(vault, desk, without), fails("JOURNAL_BROKEN"));
    const renamed = journal.replace(first.shift.replaceAll("-", ""), "0".repeat(32));
    await assert.rejects(settleByJournal(vault, desk, renamed), fails("SHIFT_UNKNOWN"));
    const cut = await settleByJournal(vault, desk, lines.slice(0, -2).join("\n"));
    assert.deepEqual([cut.delivered, cut.unaccounted], [PARCELS - 2, 2]);
    const second = await given(round);
    assert.deepEqual(
      (await unsettledShifts(vault, desk)).map(({ id, parcels }) => [id, parcels]),
      [[second.shift, PARCELS]],
    );
    const lost = await settleLost(vault, desk, second.shift);
    assert.deepEqual([lost.given, lost.unaccounted], [PARCELS, PARCELS]);
    assert.deepEqual(await unsettledShifts(vault, desk), []);
    const outsider = signedIn("外人", "auditor");
    await assert.rejects(unsettledShifts(vault, outsider), fails("ACCESS_DENIED"));
    await assert.rejects(handheldsOf(vault, outsider), fails("ACCESS_DENIED"));
    assert.equal((await handheldsOf(vault, desk)).length, 1);
  });
});

test("P10: keys are given for the courier's own route, by and to those who may", async () => {
  await withRound("intl", async (round) => {
    const { vault, id, tokens, courier } = round;
    const other = await playedActor(vault, { name: "别的快递员", role: "courier" });
    const asked = { handheld: id, tokens, hours: 1 };
    await assert.rejects(giveShift(vault, { ...asked, actor: other }), fails("SHIFT_EMPTY"));
    const denied = await leaves(round.home, "reveal-denied");
    assert.deepEqual(new Set(denied.map(({ failure }) => failure)), new Set(["ACCESS_DENIED"]));
    assert.equal(denied.length, PARCELS);
    const { shift } = await given(round);
    await assert.rejects(settleLost(vault, courier, shift), fails("ACCESS_DENIED"));
    await assert.rejects(endOwnHandheld(vault, courier, id), fails("ACCESS_DENIED"));
    const key = await newHandheld(
      { folder: `${round.folder}-3`, now: round.clock.now, randomBytes: random },
      "gm",
    );
    const name = "自带的枪";
    await assert.rejects(registerHandheld(vault, courier, { name, key }), fails("ACCESS_DENIED"));
  });
});

test("BDL-8: nothing of a person lies readable on the handheld", async () => {
  await withRound("intl", async (round) => {
    const { handheld, tickets, folder } = round;
    await handheld.load((await given(round)).bundle);
    for (const ticket of tickets) await handheld.open(ticket);
    const people = Array.from({ length: PARCELS }, (_, at) => inventOrder(at));
    const needles = needlesOf(people.flatMap(({ name, phone }) => [name, phone, "1203室"]));
    const searched = await searchFolders([folder], needles);
    assert.ok(searched.files >= PARCELS + 3, `${searched.files} files`);
    assert.deepEqual(searched.found, []);
    const [, secret = ""] = (await readFile(join(folder, "handheld.key"), "latin1")).split(" ");
    assert.match(secret, /^[0-9a-f]{64}$/);
  });
});
