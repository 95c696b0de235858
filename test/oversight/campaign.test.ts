/** Spot checks on a real database: the draw, the looks, the figures, and what the log proves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutletPopulation } from "../../src/oversight/campaign-draw.ts";
import { proveCampaign } from "../../src/oversight/campaign-proof.ts";
import { campaignResult } from "../../src/oversight/campaign-result.ts";
import { openCampaign, recordPrinted } from "../../src/oversight/campaign.ts";
import type { DrawnParcel, PrintedStrings } from "../../src/oversight/campaign.ts";
import type { Office } from "../../src/oversight/office.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
import { AUTHORITY, CARRIERS, failure, withOffice } from "./fresh-office.ts";
import { signedIn } from "../support/actor.ts";

function population(parcels: number, outletsEach = 3): OutletPopulation[] {
  return CARRIERS.flatMap(({ tenant, outlets }, carrier) =>
    outlets.slice(0, outletsEach).map((outlet, index) => ({
      carrierTenant: tenant,
      outlet,
      parcels: Array.from({ length: parcels }, (_, at) => `YT${carrier}${index}${1e6 + at}`),
    })),
  );
}

const SHOWN = { name: "测试人", phone: "13800000000", address: "某某路1号3栋2单元501室" };
const MASKED = { name: "测**", phone: "138******00", address: "某某路1号3栋***" };

function printed({ parcel }: DrawnParcel, isMasked: boolean): PrintedStrings {
  const party = isMasked ? MASKED : SHOWN;
  return { parcel, recipient: party, sender: party };
}

const PLAN = {
  authority: AUTHORITY,
  name: "春季抽查",
  seed: "2026-03-02 双色球 03 11 19 24 28 33 + 07",
  outletsPerCarrier: 2,
  parcelsPerOutlet: 50,
  actor: signedIn("inspector-1"),
} as const;

async function leaves(office: Office): Promise<string[]> {
  return connected(office.database, async (connection) => {
    const rows = await query(connection, { text: "select body from audit_leaf order by position" });
    return rows.map((row) => String(row["body"]));
  });
}

test("P15: a campaign gives x of n with intervals for each carrier and all", async (context) => {
  await withOffice(context, async (office) => {
    const opened = await openCampaign(office, { ...PLAN, population: population(200) });
    assert.equal(opened.drawn.length, 200);
    assert.equal(opened.population, 1200);
    const first = opened.drawn[0]?.carrierTenant;
    const looks = opened.drawn.map((parcel) =>
      printed(parcel, parcel.carrierTenant !== first || parcel.ordinal % 2 === 0),
    );
    const request = { campaign: opened.id, actor: signedIn("inspector-1") };
    await recordPrinted(office, request, looks.slice(0, 120));
    const half = await campaignResult(office, opened.id);
    assert.equal(half.total.figure?.n, 120);
    await recordPrinted(office, request, looks.slice(120));
    const result = await campaignResult(office, opened.id);
    assert.deepEqual(
      result.carriers.map(({ figure, claim }) => [figure?.x, figure?.n, claim]),
      [
        [50, 100, "refuted"],
        [100, 100, "shown"],
      ],
    );
    assert.equal(result.total.figure?.x, 150);
    assert.equal(result.total.claim, "refuted");
    assert.deepEqual(result.total.broken, { W1: 0, W2: 50, W3: 50, W4: 50 });
    assert.equal(result.weighted?.share, 0.75);
    assert.equal(result.entries.batches.length, 2);
    assert.deepEqual(
      result.carriers[0]?.outlets.map(({ drawn }) => drawn),
      [50, 50],
    );
  });
});

test("P15: the same seed and list draw the same parcels, another seed others", async (context) => {
  await withOffice(context, async (office) => {
    const list = population(100);
    const draw = async (seed: string, from: OutletPopulation[]): Promise<string[]> => {
      const opened = await openCampaign(office, { ...PLAN, seed, population: from });
      return opened.drawn.map(({ parcel }) => parcel).toSorted();
    };
    const once = await draw("seed one", list);
    assert.deepEqual(await draw("seed one", list.toReversed()), once);
    assert.notDeepEqual(await draw("seed two", list), once);
  });
});

test("P14: the log proves each batch of looks, and a changed result shows", async (context) => {
  await withOffice(context, async (office) => {
    const opened = await openCampaign(office, { ...PLAN, population: population(60) });
    const looks = opened.drawn.map((parcel) => printed(parcel, true));
    await recordPrinted(office, { campaign: opened.id, actor: signedIn("inspector-1") }, looks);
    const [proof] = await proveCampaign(office, opened.id);
    assert.equal(proof?.isProved, true);
    assert.equal(proof.looked, 200);
    await transaction(office.database, async (connection) =>
      execute(connection, {
        text: "update sample set result = 'violation', rules = '{W2}' where ordinal = 7",
      }),
    );
    const [changed] = await proveCampaign(office, opened.id);
    assert.equal(changed?.isProved, false);
  });
});

test("P9: nothing that stood on a label is kept, and no waybill number either", async (context) => {
  await withOffice(context, async (office) => {
    const opened = await openCampaign(office, { ...PLAN, population: population(60) });
    const looks = opened.drawn.map((parcel) => printed(parcel, false));
    await recordPrinted(office, { campaign: opened.id, actor: signedIn("inspector-1") }, looks);
    const tables = await connected(office.database, async (connection) =>
      query(connection, {
        text: `
          select (select string_agg(sample::text, ' ') from sample) as samples,
                 (select string_agg(campaign::text, ' ') from campaign) as campaigns`,
      }),
    );
    const kept = JSON.stringify([tables, await leaves(office)]);
    assert.ok(kept.includes("violation") && kept.includes("sample-taken"));
    for (const secret of [...Object.values(SHOWN), "inspector-1", opened.drawn[0]?.parcel ?? "?"]) {
      assert.equal(kept.includes(secret), false);
    }
  });
});

test("only drawn parcels are looked at, once each, all or none", async (context) => {
  await withOffice(context, async (office) => {
    const opened = await openCampaign(office, { ...PLAN, population: population(60) });
    const request = { campaign: opened.id, actor: signedIn("inspector-1") };
    const [one, two] = opened.drawn.map((parcel) => printed(parcel, true));
    assert.ok(one !== undefined && two !== undefined);
    const stranger = { ...two, parcel: "YT-never-drawn" };
    await assert.rejects(
      recordPrinted(office, request, [one, stranger]),
      failure("SAMPLE_UNKNOWN"),
    );
    await assert.rejects(recordPrinted(office, request, [one, one]), failure("SAMPLE_LOOKED"));
    await recordPrinted(office, request, [one]);
    await assert.rejects(recordPrinted(office, request, [two, one]), failure("SAMPLE_LOOKED"));
    const result = await campaignResult(office, opened.id);
    assert.equal(result.total.figure?.n, 1);
    assert.equal((await leaves(office)).length, 2);
  });
});

test("a plan that cannot be drawn opens nothing", async (context) => {
  await withOffice(context, async (office) => {
    const list = population(60);
    const cases = [
      [{ ...PLAN, population: population(60, 1) }, "POPULATION_SMALL"],
      [{ ...PLAN, population: population(10) }, "POPULATION_SMALL"],
      [{ ...PLAN, population: [] }, "POPULATION_INVALID"],
      [{ ...PLAN, population: [...list, ...list] }, "POPULATION_INVALID"],
      [{ ...PLAN, population: list, seed: " " }, "CAMPAIGN_PLAN_INVALID"],
      [{ ...PLAN, population: list, parcelsPerOutlet: 0 }, "CAMPAIGN_PLAN_INVALID"],
      [{ ...PLAN, population: list, inspectors: ["a", "a"] }, "CAMPAIGN_PLAN_INVALID"],
      [{ ...PLAN, population: list, name: "" }, "TEXT_LENGTH"],
      [{ ...PLAN, population: list, name: "找 13800000000" }, "TEXT_PERSONAL"],
    ] as const;
    for (const [request, code] of cases) {
      await assert.rejects(openCampaign(office, request), failure(code));
    }
    assert.equal((await leaves(office)).length, 0);
  });
});

test("two inspectors are drawn for each outlet, as pseudonyms", async (context) => {
  await withOffice(context, async (office) => {
    const inspectors = ["li", "wu", "he"];
    const opened = await openCampaign(office, { ...PLAN, inspectors, population: population(60) });
    for (const { inspectors: two } of opened.drawn) {
      assert.equal(new Set(two).size, 2);
      for (const one of two) assert.match(one, /^st-[0-9a-f]{16}$/);
    }
  });
});
