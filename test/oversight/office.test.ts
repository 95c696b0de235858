/** Whose business it is: two tenants, two authorities of each kind, and a carrier that looks in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { proveCampaign } from "../../src/oversight/campaign-proof.ts";
import { campaignResult, campaignsOf } from "../../src/oversight/campaign-result.ts";
import { openCampaign, recordPrinted } from "../../src/oversight/campaign.ts";
import { casesOf, showCase } from "../../src/oversight/case-file.ts";
import { writeLetter } from "../../src/oversight/case-letter.ts";
import { meet, moveOn, openCase } from "../../src/oversight/case-record.ts";
import { fileProof, issueOrder } from "../../src/oversight/correction-order.ts";
import {
  linkSuggestion,
  noteAnswer,
  showSuggestion,
} from "../../src/oversight/linked-suggestion.ts";
import type { Office } from "../../src/oversight/office.ts";
import { populationOf } from "../../src/oversight/population.ts";
import { recordScores } from "../../src/oversight/recorded-scores.ts";
import { scoresOf } from "../../src/oversight/responsibility.ts";
import { listAuthorisations } from "../../src/access/authorisation-request.ts";
import { foundAuthority, foundHeadquarters } from "../../src/access/organisation.ts";
import { Failure } from "../../src/rules/failure.ts";
import type { Day } from "../../src/rules/calendar.ts";
import { findLeaf } from "../../src/store/audit-leaf.ts";
import { insertRequest } from "../../src/store/authorisation-request.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import { query } from "../../src/store/query.ts";
import {
  anotherAuthority,
  AUTHORITY,
  CARRIERS,
  day,
  failure,
  otherOffice,
  PROCURATORATE,
  withOffice,
} from "./fresh-office.ts";
import { signedIn } from "../support/actor.ts";

const NUMBER = "某检行公立〔2026〕9号";
const ACCOUNT = "who-asks";
const ON = day("2026-03-30");
const BASE = { number: NUMBER, actor: signedIn(ACCOUNT) } as const;

function plan(authority: string) {
  return {
    authority,
    name: "归属检查",
    seed: "whose office",
    outletsPerCarrier: 1,
    parcelsPerOutlet: 2,
    actor: signedIn(ACCOUNT),
    population: CARRIERS.slice(0, 1).flatMap(({ tenant, outlets }) =>
      outlets.map((outlet, at) => ({
        outlet,
        carrierTenant: tenant,
        parcels: [0, 1, 2].map((parcel) => `WO${at}${parcel}`),
      })),
    ),
  };
}

const PARTY = { name: "测**", phone: "138******00", address: "某某路1号" };

interface Matter {
  readonly campaign: string;
  readonly drawn: readonly string[];
  readonly suggestion: string;
}

async function matterOf(office: Office): Promise<Matter> {
  const { id, drawn } = await openCampaign(office, plan(AUTHORITY));
  await openCase(office, {
    ...BASE,
    title: "归属检查",
    procuratorate: PROCURATORATE,
    agency: AUTHORITY,
    campaign: id,
    on: ON,
  });
  for (const to of ["filed", "consulted", "investigating", "decided", "recommended"] as const) {
    await moveOn(office, { ...BASE, to, on: ON });
  }
  const order = { ...BASE, addressee: "甲", kind: "carrier", on: ON, due: ON } as const;
  await issueOrder(office, order);
  const link = {
    ...BASE,
    title: "建议",
    deputyRole: "市人大代表",
    direction: "from-case",
  } as const;
  const { id: suggestion } = await linkSuggestion(office, { ...link, assignedOn: ON });
  return { campaign: id, drawn: drawn.map(({ parcel }) => parcel), suggestion };
}

/** Every verb that reads or moves what belongs to an authority, as it is called. */
const VERBS: readonly (readonly [
  name: string,
  act: (office: Office, matter: Matter, on: Day) => Promise<unknown>,
])[] = [
  ["openCampaign", async (office) => openCampaign(office, plan(AUTHORITY))],
  [
    "recordPrinted",
    async (office, { campaign, drawn }) =>
      recordPrinted(office, { campaign, actor: signedIn(ACCOUNT) }, [
        { parcel: drawn[0] ?? "", recipient: PARTY, sender: null },
      ]),
  ],
  [
    "campaignResult",
    async (office, { campaign }) => campaignResult(office, campaign, signedIn(ACCOUNT)),
  ],
  [
    "proveCampaign",
    async (office, { campaign }) => proveCampaign(office, campaign, signedIn(ACCOUNT)),
  ],
  [
    "scoresOf",
    async (office, { campaign }, on) =>
      scoresOf(office, { campaign, on, actor: signedIn(ACCOUNT) }),
  ],
  [
    "recordScores",
    async (office, { campaign }, on) =>
      recordScores(office, { campaign, on, actor: signedIn(ACCOUNT), scores: [] }),
  ],
  [
    "openCase",
    async (office, _matter, on) =>
      openCase(office, {
        ...BASE,
        number: "另案",
        title: "另案",
        procuratorate: PROCURATORATE,
        agency: AUTHORITY,
        campaign: null,
        on,
      }),
  ],
  ["moveOn", async (office, _matter, on) => moveOn(office, { ...BASE, to: "replied", on })],
  ["meet", async (office, _matter, on) => meet(office, { ...BASE, name: "copy-up", on })],
  [
    "showCase",
    async (office, _matter, on) =>
      showCase(office, { number: NUMBER, on, actor: signedIn(ACCOUNT) }),
  ],
  [
    "issueOrder",
    async (office, _matter, on) =>
      issueOrder(office, { ...BASE, addressee: "乙", kind: "carrier", on, due: on }),
  ],
  [
    "fileProof",
    async (office, _matter, on) =>
      fileProof(office, { ...BASE, addressee: "甲", proof: "文号", on }),
  ],
  [
    "linkSuggestion",
    async (office, _matter, on) =>
      linkSuggestion(office, {
        ...BASE,
        title: "建议二",
        deputyRole: "市人大代表",
        direction: "from-case",
        assignedOn: on,
      }),
  ],
  [
    "noteAnswer",
    async (office, { suggestion: id }, on) =>
      noteAnswer(office, { id, on, actor: signedIn(ACCOUNT) }),
  ],
  ["showSuggestion", async (office, { suggestion }, on) => showSuggestion(office, suggestion, on)],
  [
    "writeLetter",
    async (office, _matter, on) =>
      writeLetter(office, {
        ...BASE,
        letterNumber: "某检行公建〔2026〕9号",
        source: "spot-check",
        switchHolder: "headquarters",
        oldRows: null,
        urgent: false,
        on,
      }),
  ],
  [
    "listAuthorisations",
    async (office, _matter, on) =>
      listAuthorisations(office, { viewer: AUTHORITY, on, actor: signedIn(ACCOUNT) }),
  ],
];

/** Everything that oversight keeps, as text: nothing of it may change by a refused act. */
async function kept(office: Office): Promise<string> {
  const tables = [
    "campaign",
    "sample",
    "public_interest_case",
    "case_event",
    "case_deadline",
    "correction_order",
    "suggestion",
  ];
  return connected(office.database, async (connection) => {
    const texts: unknown[] = [];
    for (const table of tables) {
      texts.push(await query(connection, { text: `select t::text from ${table} t order by 1` }));
    }
    return JSON.stringify(texts);
  });
}

async function refusedBy(office: Office, act: () => Promise<unknown>): Promise<void> {
  const error: unknown = await act().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Failure, "it was not refused");
  assert.equal(error.code, "OFFICE_FOREIGN");
  const id = Buffer.from(String(error.details["entry"]), "hex");
  const leaf = await connected(office.database, async (connection) => findLeaf(connection, id));
  const body = JSON.parse(Buffer.from(leaf?.body ?? []).toString("utf8")) as Record<string, string>;
  assert.deepEqual(
    [body["type"], body["failure"], body["tenant"]],
    ["office-refused", "OFFICE_FOREIGN", office.tenant.id],
  );
}

test("P10: no other tenant reads or moves a case, a spot check, requests", async (context) => {
  await withOffice(context, async (office) => {
    const matter = await matterOf(office);
    const postal = await anotherAuthority(office, "postal-authority");
    const strangers = [
      await otherOffice(office, null),
      await otherOffice(office, postal),
      await otherOffice(office, await anotherAuthority(office, "procuratorate")),
    ];
    const before = await kept(office);
    for (const stranger of strangers) {
      for (const [name, act] of VERBS) {
        await assert.doesNotReject(
          refusedBy(stranger, async () => act(stranger, matter, ON)),
          name,
        );
      }
      assert.deepEqual(await casesOf(stranger), []);
      assert.deepEqual(await campaignsOf(stranger), []);
    }
    assert.equal(await kept(office), before);
    assert.equal((await casesOf(office)).length, 1);
    assert.equal((await campaignsOf(office)).length, 1);
  });
});

test("P10: each of a case's two authorities does its own part", async (context) => {
  await withOffice(context, async (both) => {
    const matter = await matterOf(both);
    await transaction(both.database, async (connection) =>
      query(connection, { text: "delete from authority_office" }),
    );
    const prosecutor = await otherOffice(both, PROCURATORATE);
    const postal = await otherOffice(both, AUTHORITY);
    for (const office of [prosecutor, postal]) {
      assert.equal((await showCase(office, { number: NUMBER, on: ON })).state, "recommended");
      assert.equal((await campaignResult(office, matter.campaign)).id, matter.campaign);
    }
    const of = (name: string): ((office: Office) => Promise<unknown>) => {
      const act = VERBS.find(([known]) => known === name)?.[1];
      assert.ok(act !== undefined, name);
      return async (office) => act(office, matter, ON);
    };
    for (const name of ["moveOn", "meet", "linkSuggestion", "noteAnswer", "writeLetter"]) {
      await refusedBy(postal, async () => of(name)(postal));
    }
    for (const name of ["issueOrder", "fileProof", "recordPrinted", "listAuthorisations"]) {
      await refusedBy(prosecutor, async () => of(name)(prosecutor));
      await of(name)(postal).catch((error: unknown) => {
        assert.ok(error instanceof Failure && error.code === "SAMPLE_UNKNOWN", name);
      });
    }
    for (const name of ["meet", "moveOn", "linkSuggestion", "noteAnswer"]) {
      await of(name)(prosecutor);
    }
  });
});

test("P10: a case rests on its own authorities' spot checks only", async (context) => {
  await withOffice(context, async (office) => {
    const other = await anotherAuthority(office, "postal-authority");
    const neighbour = await otherOffice(office, other);
    const { id } = await openCampaign(neighbour, plan(other));
    const request = { ...BASE, title: "案", procuratorate: PROCURATORATE, on: ON, campaign: id };
    await refusedBy(office, async () => openCase(office, { ...request, agency: AUTHORITY }));
    await openCase(office, { ...request, agency: other });
    const turned = { ...request, number: "倒置", procuratorate: AUTHORITY, agency: AUTHORITY };
    await assert.rejects(openCase(office, turned), failure("ORGANISATION_UNKNOWN"));
  });
});

test("P10: a procuratorate sees the requests of its cases' carriers only", async (context) => {
  await withOffice(context, async (office) => {
    await matterOf(office);
    for (const { headquarters, outlets } of CARRIERS) {
      await transaction(office.database, async (connection) =>
        insertRequest(connection, {
          id: crypto.randomUUID(),
          fromOrganisation: outlets[0] ?? "",
          toOrganisation: headquarters,
          setting: "mask-profile",
          wanted: "gb41833",
          mode: "set",
          reason: "授权申请",
          filedAt: new Date("2026-03-01T02:00:00Z"),
        }),
      );
    }
    const seen = async (viewer: string): Promise<readonly string[]> => {
      const rows = await listAuthorisations(office, { viewer, on: ON });
      return rows.map(({ tenantId }) => tenantId);
    };
    assert.deepEqual(await seen(PROCURATORATE), [CARRIERS[0]?.tenant]);
    assert.equal((await seen(AUTHORITY)).length, 2);
  });
});

test("P10: nobody oversees himself: a tenant is a carrier or an office", async (context) => {
  await withOffice(context, async (office) => {
    const carrier = await otherOffice(office, null);
    await foundHeadquarters(carrier, { name: "丙快递总部", outlets: [], actor: signedIn(ACCOUNT) });
    const found = { kind: "postal-authority", name: "自管局", actor: signedIn(ACCOUNT) } as const;
    await assert.rejects(foundAuthority(carrier, found), failure("OFFICE_OF_CARRIER"));
    const head = { name: "官办快递总部", outlets: [], actor: signedIn(ACCOUNT) };
    await assert.rejects(foundHeadquarters(office, head), failure("OFFICE_OF_CARRIER"));
    const listed = [{ outlet: CARRIERS[0]?.outlets[0] ?? "", parcel: "1" }];
    await refusedBy(carrier, async () => populationOf(carrier, listed));
  });
});
