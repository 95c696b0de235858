/**
 * The table of who may do what (`matrix.txt`), asked of the verbs themselves on a real database:
 * what opens or shows persons, by every role, of the own parcel, the own branch's, another
 * branch's and another tenant's, on the way and handed over.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { playedActor } from "../../src/access/actor.ts";
import type { Actor } from "../../src/access/actor.ts";
import { listOrganisations } from "../../src/access/organisation.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { PURPOSES, PURPOSE_NAMES } from "../../src/rules/purposes.ts";
import { ROLE_NAMES } from "../../src/rules/role.ts";
import type { Role } from "../../src/rules/role.ts";
import { SCOPE_NAMES } from "../../src/rules/scope.ts";
import { putAssignment } from "../../src/store/assignment.ts";
import { connected } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import { assign } from "../../src/vault/assign.ts";
import { searchCustody } from "../../src/vault/custody-search.ts";
import { printLabels } from "../../src/vault/print.ts";
import { findRecord } from "../../src/vault/record.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import { show } from "../../src/vault/show.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { openFonts } from "../../src/main.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { csvOf, inventOrders, inventOrder, sealCsv, sealOrders } from "../support/orders.ts";
import { warrantOver } from "../support/warrant.ts";
import { deskOf, OUTLETS, withDesk } from "./fresh-desk.ts";

const [OWN, OTHER] = OUTLETS;
const MATRIX = readFileSync(new URL("./matrix.txt", import.meta.url), "utf8");

function markOf(row: string, role: Role): string {
  const line = MATRIX.split("\n").find((text) => text.startsWith(`${row} `)) ?? "";
  return line.split(/ +/)[ROLE_NAMES.indexOf(role) + 1] ?? "?";
}

interface Parcel {
  readonly token: string;
  readonly isOwn: boolean;
  /** Whether it lies in the own branch's custody: to a station that is as good as its route. */
  readonly isKept: boolean;
  readonly isAssigned: boolean;
  readonly isOnTheWay: boolean;
}

/** As `matrix.txt` says what its marks mean. */
function isExpected(mark: string, role: Role, parcel: Parcel): boolean {
  const { isOwn, isKept, isOnTheWay } = parcel;
  if (!isOwn || mark === ".") return false;
  const isAssigned = parcel.isAssigned || (role === "station" && isKept);
  if (mark === "a") return isAssigned;
  if (mark === "w") return isOnTheWay;
  return mark === "b" ? isAssigned && isOnTheWay : mark === "y";
}

/** What a refusal by rule may be; any other failure is a fault of the test or of the product. */
const REFUSALS = [
  "ACCESS_DENIED",
  "PURPOSE_NOT_ALLOWED",
  "WARRANT_NEEDED",
  "SIGN_IN_NEEDED",
  "PERSON_REQUIRED",
  "TOKEN_UNKNOWN",
] as const;

async function passes(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const isRefusal = isFailure(error) && REFUSALS.some((code) => code === error.code);
    assert.ok(isRefusal, isFailure(error) ? error.code : String(error));
    return false;
  }
}

const KINDS: Partial<Record<Role, Actor["kind"]>> = {
  "erp-machine": "machine",
  operator: "operator",
};

interface Stage {
  readonly vault: Vault;
  readonly staffOf: (role: Role) => Promise<Actor>;
  readonly parcelsOf: (actor: Actor) => Promise<readonly Parcel[]>;
  readonly clearQuota: () => Promise<void>;
}

/** Six parcels that branches have, one that nobody has, and one of another tenant. */
async function stageOf(vault: Vault): Promise<Stage> {
  const organisations = await listOrganisations(vault);
  const idOf = (name: string): string =>
    organisations.find((organisation) => organisation.name === name)?.id ?? "";
  const on = dayOf(vault.now(), vault.timeZone);
  const { rows } = await sealOrders(vault, inventOrders(6));
  const nobodys = await sealOrders(vault, inventOrders(1, 20));
  const foreign = await sealOrders(await deskOf(vault, "乙快递"), inventOrders(1));
  const all = signedIn("总部");
  for (const [index, { token }] of rows.entries()) {
    const state = index < 3 ? "arrived" : "delivered";
    const place = { organisation: index % 3 === 2 ? OTHER : OWN, actor: all };
    await recordState(vault, { token, state, on, ...place });
  }
  const parcelsOf = async (actor: Actor): Promise<readonly Parcel[]> => {
    const parcels: Parcel[] = [];
    for (const [index, { token }] of rows.entries()) {
      const [isOwn, isAssigned] = [index % 3 !== 2, index % 3 === 0];
      const { shell } = await findRecord(vault, token);
      await connected(vault.database, async (connection) =>
        putAssignment(connection, {
          ...shell,
          on,
          organisationId: idOf(isOwn ? OWN : OTHER),
          account: isAssigned ? actor.pseudonym : null,
        }),
      );
      const isOnTheWay = index < 3;
      parcels.push({ token, isOwn, isKept: isOwn && isOnTheWay, isAssigned, isOnTheWay });
    }
    const nowhere = { isOwn: false, isKept: false, isAssigned: false, isOnTheWay: true };
    const others = [...nobodys.rows, ...foreign.rows];
    return [...parcels, ...others.map(({ token }) => ({ token, ...nowhere }))];
  };
  return {
    vault,
    parcelsOf,
    staffOf: async (role) => ({
      ...(await placedAt(vault, await playedActor(vault, { name: role, role }), OWN)),
      kind: KINDS[role] ?? "person",
      scopes: KINDS[role] === "machine" ? SCOPE_NAMES : null,
      device: "phone-1",
    }),
    clearQuota: async () =>
      connected(vault.database, async (connection) => {
        await execute(connection, { text: "delete from quota_count" });
        await execute(connection, { text: "delete from quota_seen" });
      }),
  };
}

test("P10: reveals on a database open what the table says, role by role", async (context) => {
  await withDesk(context, async (vault) => {
    const stage = await stageOf(vault);
    const seen = { opened: 0, refused: 0 };
    for (const role of ROLE_NAMES) {
      const actor = await stage.staffOf(role);
      const parcels = await stage.parcelsOf(actor);
      if (markOf("file-warrant", role) === "y") {
        const tokens = parcels.map(({ token }) => token);
        await warrantOver(vault, tokens, actor);
      }
      for (const purpose of PURPOSE_NAMES) {
        await stage.clearQuota();
        const mark = markOf(`reveal/${purpose}`, role);
        const fields = PURPOSES[purpose].fields.join(",");
        // Side by side they share their commits.
        const outcomes = await Promise.all(
          parcels.map(async ({ token }) =>
            passes(async () => reveal(vault, { token, fields, purpose, actor, reason: "核对" })),
          ),
        );
        for (const [index, parcel] of parcels.entries()) {
          const isOpen = outcomes[index];
          const told = `${purpose} by ${role}: ${JSON.stringify(parcel)}`;
          assert.equal(isOpen, isExpected(mark, role, parcel), told);
          seen[isOpen ? "opened" : "refused"] += 1;
        }
      }
    }
    const asked = ROLE_NAMES.length * PURPOSE_NAMES.length * 8;
    assert.equal(seen.opened + seen.refused, asked);
    assert.ok(seen.opened > 100, JSON.stringify(seen));
    context.diagnostic(`${asked} reveals: ${seen.opened} opened, ${seen.refused} refused`);
  });
});

test("P10: whoever takes what nobody has opens it no more than before", async (context) => {
  await withDesk(context, async (vault) => {
    const stage = await stageOf(vault);
    const on = dayOf(vault.now(), vault.timeZone);
    let asked = 0;
    for (const role of ROLE_NAMES) {
      const actor = await stage.staffOf(role);
      const nobodys = (await stage.parcelsOf(actor)).at(-2);
      assert.ok(nobodys !== undefined);
      const { token } = nobodys;
      await stage.clearQuota();
      const taking = passes(async () => assign(vault, { token, branch: OWN, to: role, on, actor }));
      assert.equal(await taking, false, `assign by ${role}`);
      const opening = { token, fields: "phone", purpose: "contact", actor, reason: "核对" };
      assert.equal(await passes(async () => reveal(vault, opening)), false, `reveal by ${role}`);
      asked += 1;
    }
    assert.equal(asked, ROLE_NAMES.length);
  });
});

/** Whose masks somebody of a branch sees without its being theirs: of a label in hand. */
const IN_HAND: readonly Role[] = ["branch-manager", "clerk", "courier", "station"];

test("P10: no label of what is elsewhere, and no word of who looked", async (context) => {
  await withDesk(context, async (vault) => {
    const stage = await stageOf(vault);
    const fonts = openFonts();
    const seen = { labels: 0, masks: 0, looks: 0, asked: 0 };
    for (const role of ROLE_NAMES) {
      const actor = await stage.staffOf(role);
      const parcels = await stage.parcelsOf(actor);
      for (const { token, isOwn, isOnTheWay } of parcels) {
        const told = `by ${role}, own ${isOwn}, on the way ${isOnTheWay}`;
        // A merchant has no branch: none of these is its own.
        const isTheirs = isOwn && role !== "merchant";
        const label = { tokens: [token], actor, fonts, reprintReason: "damaged" } as const;
        const isPrinted = await passes(async () => printLabels(vault, label));
        const mayPrint = markOf("print", role) === "y" && isTheirs;
        assert.equal(isPrinted, mayPrint, `print ${told}`);
        seen.labels += isPrinted ? 1 : 0;
        let looks: unknown = null;
        const isSeen = await passes(async () => {
          ({ looks } = await show(vault, { token, actor }));
        });
        const isForeign = token === parcels.at(-1)?.token;
        const maySee = isTheirs || (IN_HAND.includes(role) && !isForeign);
        assert.equal(isSeen, markOf("show", role) === "y" && maySee, `show ${told}`);
        const mayAsk = isSeen && isTheirs && markOf("ask-log", role) === "y";
        assert.equal(looks !== null, mayAsk, `looks ${told}`);
        seen.masks += isSeen ? 1 : 0;
        seen.looks += looks === null ? 0 : 1;
        seen.asked += 1;
      }
    }
    assert.equal(seen.asked, ROLE_NAMES.length * 8);
    assert.ok(seen.labels > 10 && seen.masks > 20 && seen.looks > 10, JSON.stringify(seen));
    context.diagnostic(JSON.stringify(seen));
  });
});

test("P10: searches, views and labels by every role are as the table says", async (context) => {
  await withDesk(context, async (vault) => {
    const stage = await stageOf(vault);
    const day = dayOf(vault.now(), vault.timeZone);
    const fonts = openFonts();
    let asked = 0;
    for (const role of ROLE_NAMES) {
      const actor = await stage.staffOf(role);
      const [parcel] = await stage.parcelsOf(actor);
      assert.ok(parcel !== undefined);
      await stage.clearQuota();
      // A merchant has no branch and no route: its own is what it sealed.
      const sealed =
        role === "merchant" ? await sealCsv(vault, csvOf([inventOrder(60)]), actor) : null;
      const token = sealed?.rows[0]?.token ?? parcel.token;
      const { phone } = inventOrder(0);
      const wanted = { phoneTail: phone.slice(-4) };
      const works: readonly (readonly [string, boolean, () => Promise<unknown>])[] = [
        ["search", true, async () => search(vault, { phone, actor })],
        [
          "custody-search",
          true,
          async () => searchCustody(vault, { branch: OWN, day, wanted, actor }),
        ],
        [
          "custody-search",
          false,
          async () => searchCustody(vault, { branch: OTHER, day, wanted, actor }),
        ],
        ["show", true, async () => show(vault, { token, actor })],
        [
          "print",
          true,
          async () =>
            printLabels(vault, { tokens: [token], actor, fonts, reprintReason: "damaged" }),
        ],
      ];
      for (const [verb, isOwn, work] of works) {
        const isAllowed = await passes(work);
        const told = `${verb} by ${role}, own ${isOwn}`;
        assert.equal(isAllowed, isOwn && markOf(verb, role) === "y", told);
        asked += 1;
      }
    }
    assert.equal(asked, ROLE_NAMES.length * 5);
    context.diagnostic(`${asked} searches, views and labels`);
  });
});
