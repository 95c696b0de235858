/**
 * Looks that go to the database together cost what they cost one after another, and nobody's
 * refusal is another's.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { spendingOf, unlessSpent } from "../../src/access/quota.ts";
import { readPolicy } from "../../src/access/remembered-policy.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { Failure } from "../../src/rules/failure.ts";
import { spendLook } from "../../src/store/look.ts";
import type { AskedLook, SpentLook } from "../../src/store/look.ts";
import { SQLSTATE, sqlStateOf } from "../../src/store/query.ts";
import type { Row } from "../../src/store/row.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";

/** A person, and what is looked at; numbers, of which names are made. */
interface Drawn {
  readonly who: number;
  readonly what: number;
}

const ELSEWHERE = "00000000-0000-4000-8000-00000000ffff";

/** A look at a waybill that nobody sealed: its quota is spent all the same. */
async function lookOf(vault: Vault, { who, what }: Drawn): Promise<AskedLook> {
  const actor = signedIn(`同时看的人${who}`);
  const subject = { token: `token ${what}` };
  const under = await spendingOf(vault, { actor, use: "contact", subject });
  const { policy, mark } = await readPolicy(vault, null);
  const on = dayOf(vault.now(), vault.timeZone);
  return { places: [], on, within: null, mark, spending: under(policy), course: null };
}

type Outcome = SpentLook["outcome"] | "refused" | "stale";

async function spent(vault: Vault, look: AskedLook): Promise<Outcome> {
  const { database, tenant } = vault;
  const answer = await unlessSpent(async () => spendLook(database, tenant.id, look));
  if (answer instanceof Failure) return "refused";
  return answer === null ? "stale" : answer.outcome;
}

async function counters(home: Home): Promise<Row[]> {
  return home.rows(
    "select scope, key, span, starts_at, ends_at, spent from quota_count order by 1, 2, 3, 4",
  );
}

async function cleared(home: Home): Promise<void> {
  for (const table of ["quota_count", "quota_seen", "quota_alarm"])
    await home.change(`delete from ${table}`);
}

const AT = new Date("2026-03-04T03:04:05Z");
const RUNS = 25;

test("P10: looks at once spend what they spend one after another", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: () => AT });
    const drawn = fc.record({ who: fc.nat({ max: 4 }), what: fc.nat({ max: 30 }) });
    const looks = fc.array(drawn, { minLength: 2, maxLength: 60 });
    let together = 0;
    await fc.assert(
      fc.asyncProperty(looks, async (drawnLooks) => {
        const asked = await Promise.all(drawnLooks.map(async (one) => lookOf(vault, one)));
        await cleared(home);
        const alone: Outcome[] = [];
        for (const look of asked) alone.push(await spent(vault, look));
        const after = await counters(home);
        await cleared(home);
        const atOnce = await Promise.all(asked.map(async (look) => spent(vault, look)));
        // Who comes first is chance where a limit is met; what is spent then is not.
        if (!alone.includes("refused")) assert.deepEqual(atOnce.toSorted(), alone.toSorted());
        assert.deepEqual(await counters(home), after);
        together += atOnce.length;
      }),
      { numRuns: RUNS },
    );
    assert.ok(together > RUNS, `${together} looks`);
  });
});

test("P10: of looks at once one is refused, one is out of date, and the others pass", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: () => AT });
    const limit = 20;
    for (let what = 0; what < limit; what += 1)
      assert.equal(await spent(vault, await lookOf(vault, { who: 0, what })), "counted");
    const over = await lookOf(vault, { who: 0, what: 999 });
    const old = { ...(await lookOf(vault, { who: 1, what: 1 })), mark: ELSEWHERE };
    const others = await Promise.all(
      [2, 3, 4, 5, 6, 7].map(async (who) => lookOf(vault, { who, what: who })),
    );
    // The first goes alone; those behind it are together.
    const asked = [...others, over, old, ...others];
    const outcomes = await Promise.all(asked.map(async (look) => spent(vault, look)));
    const count = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length;
    assert.deepEqual(
      [count("counted"), count("repeated"), count("refused"), count("stale")],
      [others.length, others.length, 1, 1],
    );
    const [tenant] = await home.rows(
      "select spent from quota_count where scope = 'tenant' and span = 'day'",
    );
    assert.deepEqual(tenant, { spent: limit + others.length });
  });
});

/** Runs `body` before each row of `quota_count`, as the server of a test alone does. */
async function beforeEachCounter(home: Home, body: string): Promise<void> {
  await home.change(`
    create function before_counter() returns trigger language plpgsql as
      $$begin ${body} return new; end$$;
    create trigger before_counter before insert on quota_count
      for each row execute function before_counter();`);
}

/** Looks that surely are together: those that wait while the first two statements run. */
async function spentTogether(vault: Vault, looks: readonly AskedLook[]): Promise<Outcome[]> {
  const first = await Promise.all([90, 91].map(async (who) => lookOf(vault, { who, what: who })));
  const early = first.map(async (look) => spent(vault, look));
  await Promise.resolve();
  const outcomes = Promise.all(looks.map(async (look) => spent(vault, look)));
  await Promise.all(early);
  return outcomes;
}

test("P10: of looks at once one whose statement fails fails alone, others are spent", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: () => AT });
    const looks = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (who) => lookOf(vault, { who, what: who })),
    );
    const unlucky = looks[3]?.spending.actor ?? "";
    await beforeEachCounter(
      home,
      `if new.scope = 'person' and new.key = '${unlucky}'
         then raise exception 'a lock' using errcode = '55P03'; end if;`,
    );
    const settled = await Promise.allSettled(
      looks.map(async (look) => spendLook(vault.database, vault.tenant.id, look)),
    );
    const outcomes = settled.map((one) =>
      one.status === "fulfilled" ? one.value?.outcome : sqlStateOf(one.reason),
    );
    const counted = "counted";
    assert.deepEqual(outcomes, [counted, counted, counted, "55P03", counted, counted]);
  });
});

test("P10: a look that waited in a circle is tried once more, and no oftener", async () => {
  await withHome(async (home) => {
    await using vault = await home.open({ now: () => AT });
    await home.change("create sequence circle");
    await beforeEachCounter(
      home,
      // A sequence remembers what the failed statement took of it.
      `if new.scope = 'person' and new.span = 'minute' and nextval('circle') in (1, 3, 4)
         then raise exception 'a circle' using errcode = '40P01'; end if;`,
    );
    assert.equal(await spent(vault, await lookOf(vault, { who: 1, what: 1 })), "counted");
    const twice = await lookOf(vault, { who: 2, what: 2 });
    await assert.rejects(
      spendLook(vault.database, vault.tenant.id, twice),
      (error) => sqlStateOf(error) === SQLSTATE.deadlockDetected,
    );
  });
});

test("P10: counters are locked in one order also where a span turns over", async () => {
  await withHome(async (home) => {
    let now = AT;
    await using vault = await home.open({ now: () => now });
    await home.change(
      `create table locked (nth bigint generated always as identity, statement bigint,
         scope text, key text, span text, starts_at timestamptz)`,
    );
    await beforeEachCounter(
      home,
      `insert into locked (statement, scope, key, span, starts_at)
         values (txid_current(), new.scope, new.key, new.span, new.starts_at);`,
    );
    const earlier = await lookOf(vault, { who: 1, what: 1 });
    now = new Date(AT.getTime() + 60_000);
    const later = await lookOf(vault, { who: 2, what: 2 });
    assert.deepEqual(await spentTogether(vault, [earlier, later]), ["counted", "counted"]);
    const rows = await home.rows(
      `select array_agg(span order by nth) as spans from locked where scope = 'tenant'
         group by statement having count(*) > 3`,
    );
    assert.deepEqual(rows, [{ spans: ["minute", "minute", "shift", "day"] }]);
  });
});
