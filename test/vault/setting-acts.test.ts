/** Every row of the table of settings acts: each is set once, and what it rules over is tried. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { grantScope } from "../../src/access/authority-scope.ts";
import { foundHeadquarters, listOrganisations } from "../../src/access/organisation.ts";
import { requireQuota } from "../../src/access/quota.ts";
import { setTerm, termsFor } from "../../src/access/retention.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { openFonts } from "../../src/main.ts";
import { readOrders } from "../../src/orders/read.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { QUOTA_LIMITS } from "../../src/rules/quota.ts";
import { RETENTION, RETENTION_CLASSES } from "../../src/rules/retention.ts";
import { LIMITED_ROLES, SETTING_NAMES, SETTINGS } from "../../src/rules/setting.ts";
import type { SettingName } from "../../src/rules/setting.ts";
import { allowedWords } from "../../src/rules/setting-kind.ts";
import { insertOrganisations } from "../../src/store/organisation.ts";
import { connected } from "../../src/store/pool.ts";
import { printLabels } from "../../src/vault/print.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { seal } from "../../src/vault/seal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { readOneOrder } from "../access/one-order.ts";
import { day } from "../keystore/fresh-store.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { csvOf, inventOrder, sealOne } from "../support/orders.ts";

const actor = signedIn("总部管理员");
const HEAD = "庚快递总部";
const fonts = openFonts();

/** An outlet of its own for each setting, so that none is seen through another. */
const OUTLETS = SETTING_NAMES.map((name) => `庚快递网点 ${name}`);

interface Try {
  readonly vault: Vault;
  readonly token: string;
  readonly outlet: string;
  /** Somebody of the outlet. */
  readonly member: (role: Actor["role"]) => Actor;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "";
  } catch (error) {
    assert.ok(isFailure(error), String(error));
    const { scope, span } = error.details;
    return [error.code, scope, span].filter((part) => part !== undefined).join(" ");
  }
}

async function revealAs({ vault, token, member }: Try, role: Actor["role"], purpose: string) {
  const request = { token, fields: "recipient.name", purpose, reason: "核对" };
  return codeOf(reveal(vault, { ...request, actor: member(role) }));
}

async function sealAt({ vault, outlet }: Try): Promise<string> {
  const sink = { committed: async () => Promise.resolve() };
  return codeOf(seal(vault, readOneOrder(), { actor, organisation: outlet, sink }));
}

/** Seals an order of its own and tells how its phone is masked, or why it was refused. */
async function sealedAt({ vault, outlet }: Try): Promise<string> {
  const told: string[] = [];
  const stream = Readable.from([csvOf([inventOrder((orders += 1))])]);
  await seal(vault, readOrders({ kind: "stdin", stream }), {
    actor,
    organisation: outlet,
    sink: {
      committed: async (rows, rejected) => {
        told.push(...rows.map(({ recipient }) => recipient.phone.replaceAll(/\d/g, "0")));
        told.push(...rejected.map(({ code }) => code));
        return Promise.resolve();
      },
    },
  });
  return told.join(" ");
}

let orders = 100;

async function printAt({ vault, token, outlet }: Try, size: "100x150" | "76x130") {
  const asked = { tokens: [token], actor, fonts, organisation: outlet, size } as const;
  const [made] = await printLabels(vault, { ...asked, reprintReason: "damaged" });
  return made?.label.profile ?? "";
}

async function daysAt({ vault, outlet }: Try): Promise<Record<string, number>> {
  const at = vault.now();
  const found = (await listOrganisations(vault)).find(({ name }) => name === outlet);
  const organisationId = found?.id ?? "";
  return connected(vault.database, async (c) => termsFor(vault, c, { organisationId, at }));
}

const AUTHORITY = "0a000000-0000-4000-8000-00000000000a";

/** Grants an authority a scope and tells how the grant stands. */
async function grantedBy({ vault }: Try): Promise<string> {
  const open = { openedOn: day("2020-01-01"), closedOn: null };
  const outside = { tenantId: null, parentId: null, form: null };
  const kind = "postal-authority";
  const authority = { id: AUTHORITY, name: "某市邮政管理局", kind, ...open, ...outside } as const;
  await connected(vault.database, async (connection) =>
    insertOrganisations(connection, [authority]),
  );
  const days = { from: null, until: addDays(dayOf(vault.now(), vault.timeZone), 30) };
  const named = { authority: AUTHORITY, scope: "settings", basis: "试", document: "试" };
  return (await grantScope(vault, { ...days, ...named, actor })).state;
}

interface Act {
  readonly value: string;
  /** What is seen before and after the setting is set for the outlet. */
  readonly seen: (tried: Try) => Promise<unknown>;
  readonly before: unknown;
  readonly after: unknown;
  /** Headquarters acts by it, and no outlet. */
  readonly isOfHeadquarters?: boolean;
}

const ACTS = new Map<SettingName, Act>([
  [
    "mask-profile",
    {
      value: "strict",
      seen: async (tried) => printAt(tried, "76x130"),
      before: "gb41833",
      after: "strict",
    },
  ],
  ["private-waybill", { value: "on", seen: sealedAt, before: "000******00", after: "***********" }],
  [
    "virtual-number",
    {
      value: "required",
      seen: sealedAt,
      before: "000******00",
      after: "VIRTUAL_NUMBER_NEEDED",
    },
  ],
  ["suite", { value: "gm", seen: sealAt, before: "", after: "SUITE_NOT_ALLOWED" }],
  [
    "authority-grant",
    { value: "two", seen: grantedBy, before: "counts", after: "waiting", isOfHeadquarters: true },
  ],
  [
    "four-eyes",
    {
      value: "loosening",
      seen: async ({ vault, outlet }) => {
        const sizes = { name: "label-sizes", mode: "set", reason: "试", organisation: outlet };
        const said = { ...sizes, by: HEAD, actor };
        await changeSetting(vault, { ...said, value: "76x130" });
        return codeOf(changeSetting(vault, { ...said, value: "76x130,100x150" }));
      },
      before: "",
      after: "SETTING_FOUR_EYES",
    },
  ],
  [
    "training-required",
    {
      value: "yes",
      seen: async (tried) => revealAs(tried, "support", "contact"),
      before: "ACCESS_DENIED",
      after: "TRAINING_INVALID",
    },
  ],
  [
    "label-sizes",
    {
      value: "76x130",
      seen: async (tried) => codeOf(printAt(tried, "100x150")),
      before: "",
      after: "LABEL_SIZE_NOT_ALLOWED",
    },
  ],
]);
for (const name of RETENTION_CLASSES) {
  if (name === "audit") continue;
  const { floorDays, defaultDays } = RETENTION[name];
  ACTS.set(`retention-${name}`, {
    value: String(floorDays),
    seen: async (tried) => (await daysAt(tried))[name],
    before: defaultDays,
    after: floorDays,
  });
}
for (const role of LIMITED_ROLES) {
  const setting = `purposes-${role}` as const;
  const [first = "", ...others] = allowedWords(SETTINGS[setting].unset);
  ACTS.set(setting, {
    value: others.join(","),
    seen: async (tried) => (await revealAs(tried, role, first)) === "PURPOSE_NOT_ALLOWED",
    before: false,
    after: true,
  });
}
for (const { scope, span } of QUOTA_LIMITS) {
  ACTS.set(`quota-${scope}-${span}` as SettingName, {
    value: "0",
    seen: async ({ vault, token, member }) => {
      const asked = { actor: member("clerk"), use: "contact", subject: { token } } as const;
      return codeOf(requireQuota(vault, asked));
    },
    before: "",
    after: `QUOTA_SPENT ${scope} ${span}`,
  });
}

async function withOutlets(
  work: (vault: Vault, tryAt: (name: string) => Try) => Promise<void>,
): Promise<void> {
  await withHome(async (home) => {
    await using vault = await home.open();
    const plan = { name: HEAD, outlets: OUTLETS, actor };
    const { organisations } = await foundHeadquarters(vault, plan);
    const ids = new Map(organisations.map(({ name, id }) => [name, id] as const));
    const token = await sealOne(vault);
    const headId = ids.get(HEAD) ?? "";
    await work(vault, (name) => {
      const outlet = `庚快递网点 ${name}`;
      const organisationId = ids.get(outlet) ?? "";
      const place = { organisationId, organisationPath: [headId, organisationId] };
      // Before and after are asked by two people: what one has opened costs him nothing again.
      let asked = 0;
      const member = (role: Actor["role"]): Actor => ({
        ...signedIn(`${name} ${(asked += 1)}`, role),
        ...place,
      });
      return { vault, token, outlet, member };
    });
    assert.ok((await leaves(home, "setting-changed")).length >= SETTING_NAMES.length);
  });
}

test("P10: every setting of the table acts: set at one outlet, it is felt there", async () => {
  await withOutlets(async (vault, tryAt) => {
    assert.deepEqual(
      [...ACTS.keys()].toSorted(),
      SETTING_NAMES.toSorted(),
      "no row without effect",
    );
    for (const [name, { value, seen, before, after, isOfHeadquarters = false }] of ACTS) {
      const tried = tryAt(name);
      assert.deepEqual(await seen(tried), before, `${name} before`);
      const said = { name, value, mode: "set", reason: "收紧", actor };
      const organisation = isOfHeadquarters ? HEAD : tried.outlet;
      await changeSetting(vault, { ...said, organisation, by: HEAD });
      assert.deepEqual(await seen(tried), after, `${name} after`);
    }
    const tried = tryAt("retention-persons");
    const term = { class: "persons", days: 30, reason: "放宽", actor };
    assert.equal(
      await codeOf(setTerm(vault, { ...term, organisation: tried.outlet })),
      "RETENTION_LOOSER",
    );
  });
});
