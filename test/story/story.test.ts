/**
 * Every number of a story, computed again from the database and the log with queries and arithmetic
 * of this test's own.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { lintPrintable } from "../../src/privacy/lint.ts";
import { PROFILES } from "../../src/privacy/mask-profile.ts";
import { openGazetteer } from "../../src/main.ts";
import { claimOver, coverageOf, sayClaim } from "../../src/rules/coverage.ts";
import type { CampaignFact, CoverageFact } from "../../src/story/facts.ts";
import type { Paper } from "../../src/story/paper.ts";
import {
  beijingDay,
  daysApart,
  daysBefore,
  exactBounds,
  isNear,
  wilsonBounds,
} from "./arithmetic.ts";
import { committedScores, numbersOf } from "./said.ts";
import { leafFault } from "../audit/leaf-fault.ts";
import { count, leafOf, stories, WAYBILLS } from "./told.ts";

const RULES = ["W1", "W2", "W3", "W4"] as const;
const MOBILE = /(?<!\d)1\d{10}(?!\d)/g;

function checkFigure(fact: CoverageFact, x: number, n: number): void {
  assert.ok(n > 0);
  assert.deepEqual([fact.x, fact.n, fact.level], [x, n, "gb41833"]);
  const wilson = wilsonBounds(x, n);
  const exact = exactBounds(x, n);
  assert.ok(isNear(fact.wilson.low, wilson.low) && isNear(fact.wilson.high, wilson.high));
  assert.ok(isNear(fact.clopperPearson.low, exact.low), `${fact.clopperPearson.low} ${exact.low}`);
  assert.ok(isNear(fact.clopperPearson.high, exact.high));
  assert.equal(fact.over90, wilson.low > 0.9);
}

async function checkCampaign(fact: CampaignFact): Promise<void> {
  const { ask } = await stories();
  const [row] = await ask(
    `select count(*) as n, count(*) filter (where result = 'compliant') as x,
            count(distinct outlet) as outlets
     from sample where campaign_id = $1 and result is not null`,
    [fact.id],
  );
  assert.equal(fact.parcelsDrawn, count(row === undefined ? [] : [row], "n"));
  assert.equal(fact.outletsDrawn, Number(row?.["outlets"]));
  checkFigure(fact.total, Number(row?.["x"]), Number(row?.["n"]));
  for (const rule of RULES) {
    const broken = await ask(
      "select count(*) from sample where campaign_id = $1 and $2 = any(rules)",
      [fact.id, rule],
    );
    assert.equal(fact.rules[rule], count(broken), rule);
  }
  const leaf = await leafOf(fact.ref);
  assert.deepEqual(
    [leaf["type"], leaf["seed"], leaf["campaign"]],
    ["campaign-opened", fact.seed, fact.id],
  );
}

test("STORY-3: every ref is a record, and every record of the log is the log's own", async () => {
  const { first } = await stories();
  const ids = new Set(first.facts.records.map(({ id }) => id));
  const refs = [...JSON.stringify(first.facts).matchAll(/"ref":"([^"]+)"/g)].map(
    (found) => found[1],
  );
  assert.ok(refs.length > 40);
  assert.deepEqual(
    refs.filter((ref) => ref === undefined || !ids.has(ref)),
    [],
  );
  const leaves = first.facts.records.filter(({ kind }) => kind === "leaf");
  assert.ok(leaves.length > 40);
  for (const { id, body } of leaves) assert.deepEqual(JSON.parse(body), await leafOf(id));
});

test("STORY-3: each number of the page stands in the record that it leads to", async () => {
  const { first } = await stories();
  const page = readFileSync(path.join(first.dir, "story.html"), "utf8");
  const { seen, missing } = numbersOf(page, first.facts.records);
  assert.deepEqual(missing, []);
  assert.ok(seen > 300, `${seen}`);
  // The check itself sees a number that its record does not have.
  const changed = first.facts.records.map((one) => ({ ...one, body: "{}" }));
  assert.ok(numbersOf(page, changed).missing.length > 300);
});

test("STORY-9: the log commits to the scores that the page shows", async () => {
  const { first } = await stories();
  for (const key of ["before", "after"]) {
    const record = first.facts.records.find(({ id }) => id === `scores-${key}`);
    const { entry, digest } = committedScores(record?.body ?? "");
    const leaf = await leafOf(entry);
    assert.deepEqual(
      [leaf["type"], leaf["digest"], leaf["count"]],
      ["scores-recorded", digest, 36],
    );
  }
});

test("STORY-4: waybills, outlets and settings of before are counted in the database", async () => {
  const { first, ask, papers } = await stories();
  const shells = count(await ask("select count(*) from shell"));
  assert.equal(papers.before.length, WAYBILLS);
  assert.equal(first.facts.waybills.value, shells - papers.after.length);
  assert.equal(first.facts.waybills.value, WAYBILLS);
  assert.equal(first.facts.carriers.length, 3);
  for (const { tenant, outlets, waybills, clearOutlets } of first.facts.carriers) {
    const own = await ask("select id from organisation where tenant_id = $1 and kind = 'outlet'", [
      tenant,
    ]);
    assert.equal(outlets, own.length);
    const masked = await ask(
      `select count(*) from setting join organisation on id = organisation_id
       where tenant_id = $1 and kind = 'outlet' and setting.name = 'mask-profile'
         and value = 'gb41833'`,
      [tenant],
    );
    assert.equal(clearOutlets, (own.length - count(masked)) / own.length);
    const ids = new Set(own.map((row) => row["id"]));
    assert.equal(waybills, papers.before.filter(({ outlet }) => ids.has(outlet)).length);
  }
});

test("P15: coverage is recomputed with both intervals, in all and by carrier", async () => {
  const { first, ask } = await stories();
  const { facts } = first;
  await checkCampaign(facts.before);
  await checkCampaign(facts.after);
  const { x, n } = facts.before.total;
  checkFigure(facts.clearShare, n - x, n);
  for (const carrier of facts.carriers) {
    for (const when of ["before", "after"] as const) {
      const [row] = await ask(
        `select count(*) as n, count(*) filter (where result = 'compliant') as x from sample
         where campaign_id = $1 and carrier_tenant = $2`,
        [facts[when].id, carrier.tenant],
      );
      checkFigure(carrier[when], Number(row?.["x"]), Number(row?.["n"]));
    }
  }
  assert.notEqual(facts.before.seed, facts.after.seed);
});

test("P15: 900 of 1,000 is not shown to be over 90 %, 190 of 200 is", () => {
  const said = (x: number, n: number): string =>
    sayClaim(claimOver(0.9, coverageOf({ x, n }, "gb41833").wilson), 0.9).en;
  assert.equal(said(900, 1000), "over 90 % not shown");
  assert.equal(said(190, 200), "over 90 %");
  assert.ok(wilsonBounds(900, 1000).low < 0.9 && wilsonBounds(190, 200).low > 0.9);
});

test("STORY-5: refusals are entries, and waits are days between filing and answer", async () => {
  const { first, ask } = await stories();
  const { refusal, requests, locks } = first.facts;
  for (const { code, ref } of [refusal, ...locks.map(({ loosening }) => loosening)]) {
    const leaf = await leafOf(ref);
    assert.deepEqual([leaf["type"], leaf["failure"]], ["setting-refused", code]);
  }
  assert.equal(refusal.code, "SETTING_HEADQUARTERS_ONLY");
  const rows = await ask("select id, filed_at, answered_at, answer from authorisation_request");
  assert.equal(requests.length, rows.length);
  assert.ok(rows.length >= 6);
  for (const row of rows) {
    const fact = requests.find(({ ref }) => ref === `request-${String(row["id"])}`);
    // The columns are timestamps, which the driver reads as Date.
    const [filed, answered] = [row["filed_at"] as Date, row["answered_at"] as Date];
    assert.equal(fact?.filedOn, beijingDay(filed));
    assert.equal(fact?.answeredOn, beijingDay(answered));
    assert.equal(fact?.waitDays, daysApart(beijingDay(filed), beijingDay(answered)));
    assert.equal(fact?.answer, row["answer"]);
    assert.ok(fact.waitDays > 7, "headquarters answer late");
  }
});

test("STORY-6: steps, terms, orders and suggestion of the case are the tables' own", async () => {
  const { first, ask } = await stories();
  const { matter } = first.facts;
  const events = await ask(
    `select at_day::text as at_day, state, encode(entry, 'hex') as entry
     from case_event order by ordinal`,
  );
  assert.deepEqual(
    matter.steps.map(({ on, state, ref }) => ({ at_day: on, state, entry: ref })),
    events,
  );
  assert.equal(events.at(-1)?.["state"], "closed");
  const terms = await ask(
    `select due_on::text as due, met_on::text as met, basis
     from case_deadline order by due_on, name`,
  );
  assert.deepEqual(
    matter.deadlines.map(({ dueOn, metOn, basis }) => ({ due: dueOn, met: metOn, basis })),
    terms,
  );
  const orders = await ask(
    `select addressee, due_on::text as due, proved_on::text as proved, coalesce(proof, '') as proof
     from correction_order order by due_on, addressee`,
  );
  const told = matter.orders.map(({ addressee, dueOn, provedOn, proof }) => ({
    addressee,
    due: dueOn,
    proved: provedOn,
    proof,
  }));
  assert.deepEqual(told, orders);
  assert.equal(orders.filter((row) => row["proved"] === null).length, 1);
  const [suggestion] = await ask(
    `select title, assigned_on::text as a, due_on::text as d, answered_on::text as r
     from suggestion`,
  );
  const { title, assignedOn, dueOn, answeredOn } = matter.suggestion;
  assert.deepEqual(suggestion, { title, a: assignedOn, d: dueOn, r: answeredOn });
});

test("STORY-7: a lock reaches every outlet, and each next label has a statement", async () => {
  const { first, ask, papers } = await stories();
  for (const { carrier, entry, lockedOn, outletsReached, profile } of first.facts.locks) {
    const leaf = await leafOf(entry);
    assert.deepEqual([leaf["mode"], leaf["value"]], ["locked", profile]);
    assert.equal(beijingDay(new Date(String(leaf["at"]))), lockedOn);
    const below = await ask("select count(*) from organisation where parent_id = $1", [
      leaf["organisation"],
    ]);
    assert.equal(outletsReached, count(below), carrier);
  }
  const statements = count(await ask("select count(*) from print_statement"));
  assert.equal(statements, papers.after.length);
});

test("STORY-8: the old table is masked, and its counts are those of the table", async () => {
  const { first, askOld } = await stories();
  const { sweep } = first.facts;
  const cut = daysBefore(beijingDay(new Date()), 84 + 180);
  const [young] = await askOld(
    `select count(*) as rows,
            count(*) filter (where recipient_phone ~ '1[0-9]{2}0000[0-9]{4}') as open
     from old_orders where created_on >= '${cut}'`,
  );
  assert.equal(sweep.sparedRows, Number(young?.["rows"]));
  assert.equal(sweep.sparedRows, Number(young?.["open"]), "the schedule spares what is younger");
  assert.ok(sweep.sparedRows > 0);
  const [row] = await askOld(
    `select count(*) as rows, count(*) filter (where recipient_phone like '%******%') as masked,
            count(*) filter (where recipient_phone ~ '1[0-9]{2}0000[0-9]{4}') as readable
     from old_orders where created_on < '${cut}'`,
  );
  assert.equal(sweep.rows, Number(row?.["rows"]));
  assert.equal(sweep.readableBefore, Number(row?.["masked"]));
  assert.equal(sweep.readableAfter, Number(row?.["readable"]));
  assert.ok(sweep.readableBefore > 0 && sweep.remains.length > 0 && sweep.chunks > 0);
});

test("P7: what died is told by the log, and the reveals around it too", async () => {
  const { first, ask } = await stories();
  assert.equal(first.facts.deaths.length, 3);
  for (const { ref, waybills, dayOfDeath, compartment, ...death } of first.facts.deaths) {
    const leaf = await leafOf(ref);
    assert.deepEqual(
      [leaf["type"], leaf["count"], leaf["dayOfDeath"], leaf["compartment"]],
      ["compartment-destroyed", waybills, dayOfDeath, compartment],
    );
    const shells = await ask(
      "select count(*) from shell where compartment = $1 and day_of_death = $2::date",
      [Number.parseInt(compartment, 16), dayOfDeath],
    );
    assert.equal(waybills, count(shells));
    const denied = await ask(
      `select count(*) from audit_leaf where type = 'reveal-denied'
       and convert_from(body, 'UTF8')::jsonb
         @> jsonb_build_object('tenant', $1::text, 'failure', 'DATA_DEAD')`,
      [leaf["tenant"]],
    );
    assert.equal(count(denied), 1);
    assert.deepEqual([death.revealBefore, death.revealAfter], ["OPENED", "DATA_DEAD"]);
    assert.match(readFileSync(path.join(first.dir, death.certificate), "latin1"), /^%PDF-/);
  }
});

test("P10: training is as the table says, and without it nothing is revealed", async () => {
  const { first, ask } = await stories();
  const today = beijingDay(new Date());
  const { trainings } = first.facts;
  assert.deepEqual(
    trainings.map(({ valid }) => valid),
    [true, false, true],
  );
  for (const { actor, validUntil, valid, reveal, ref } of trainings) {
    const rows = await ask(
      "select valid_until::text as until from training where actor = $1 order by valid_until desc",
      [actor],
    );
    assert.equal(validUntil, rows[0]?.["until"]);
    assert.equal(valid, validUntil >= today);
    assert.equal((await leafOf(ref))["trainee"], actor);
    assert.equal(reveal, valid ? "OPENED" : "TRAINING_INVALID");
    const entries = await ask(
      `select count(*) from audit_leaf where type = $1
       and convert_from(body, 'UTF8')::jsonb ->> 'actor' = $2
       and convert_from(body, 'UTF8')::jsonb ->> 'failure' is not distinct from $3`,
      valid ? ["reveal", actor, null] : ["reveal-denied", actor, "TRAINING_INVALID"],
    );
    assert.ok(count(entries) >= 1);
  }
});

const gazetteer = openGazetteer();

function passes({ recipient, sender, others = [] }: Paper): boolean {
  const fields = (["name", "phone", "address"] as const).flatMap((kind) => [
    { zone: "recipient", kind, text: recipient[kind] } as const,
    { zone: "sender", kind, text: sender?.[kind] ?? "" } as const,
  ]);
  const texts = others.map((text) => ({ zone: "other", kind: "text", text }) as const);
  return lintPrintable([...fields, ...texts], PROFILES.gb41833, gazetteer).length === 0;
}

function coverageAt(papers: readonly Paper[], outlet: string): number {
  const own = papers.filter((paper) => paper.outlet === outlet);
  assert.ok(own.length > 0);
  return own.filter(passes).length / own.length;
}

test("STORY-9: scores follow from the paper, the training and the reveals", async () => {
  const { first, ask, papers } = await stories();
  const { scores, deaths, carriers } = first.facts;
  assert.equal(scores.length, 36);
  const today = beijingDay(new Date());
  for (const { carrier, outlet, before, after } of scores) {
    const [place] = await ask("select id, tenant_id from organisation where name = $1", [
      carrier + outlet,
    ]);
    const tenant = String(place?.["tenant_id"]);
    assert.ok(carriers.some((row) => row.tenant === tenant));
    const id = String(place?.["id"]);
    assert.ok(Math.abs(before - 100 * coverageAt(papers.before, id)) < 0.051);
    const [trained] = await ask(
      `select avg(case when until >= $2 then 1 else 0 end) as share
       from (select max(valid_until)::text as until from training
             where tenant_id = $1 group by actor) t`,
      [tenant, today],
    );
    const [reveals] = await ask(
      `select count(*) filter (where type = 'reveal-denied') as denied, count(*) as n
       from audit_leaf where type in ('reveal', 'reveal-denied')
         and convert_from(body, 'UTF8')::jsonb ->> 'tenant' = $1`,
      [tenant],
    );
    // The scores came before the deaths, each with one reveal that opened and one that did not.
    const own = deaths.filter((death) => death.carrier === carrier).length;
    const denied = (Number(reveals?.["denied"]) - own) / (Number(reveals?.["n"]) - 2 * own);
    const points =
      40 * coverageAt(papers.after, id) +
      10 * Number(trained?.["share"]) +
      10 * Math.max(0, 1 - denied / 0.2);
    assert.ok(Math.abs(after - (100 * points) / 60) < 0.051, `${outlet} ${after} ${points}`);
  }
});

test("P9: the page and the facts name no phone of anybody", async () => {
  const { first, papers } = await stories();
  const phones = new Set(
    papers.before.flatMap(({ recipient }) => recipient.phone.match(MOBILE) ?? []),
  );
  assert.ok(phones.size > WAYBILLS / 2);
  for (const name of ["facts.json", "story.html"]) {
    const text = readFileSync(path.join(first.dir, name), "utf8");
    const found = (text.match(MOBILE) ?? []).filter((digits) => phones.has(digits));
    assert.deepEqual(found, [], name);
  }
});

test("STORY-10: a second run begins afresh beside the first and leaves it alone", async () => {
  const { first, second, factsBefore } = await stories();
  assert.deepEqual(
    [first.dir, second.dir].map((dir) => path.basename(dir)),
    ["story-1", "story-2"],
  );
  assert.equal(readFileSync(path.join(first.dir, "facts.json"), "utf8"), factsBefore);
  assert.equal(second.facts.waybills.value, WAYBILLS);
  assert.notEqual(second.facts.before.id, first.facts.before.id);
  assert.equal(second.facts.requests.length, first.facts.requests.length);
});

test("LEAF-7: every entry of the story is what the schema says", async (t) => {
  const { ask } = await stories();
  const rows = await ask("select type, convert_from(body, 'UTF8') as body from audit_leaf");
  for (const { body } of rows)
    assert.equal(leafFault(JSON.parse(String(body))), null, String(body));
  const types = new Set(rows.map(({ type }) => type));
  t.diagnostic(`${rows.length} entries of ${types.size} types`);
  assert.ok(types.size >= 15);
});
