/**
 * An office that is placed in a branch (P10): it sees and does what stands with the branch and
 * below, and of another branch's waybill it learns no more than of one that was never sealed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { playedActor, staffPseudonym } from "../../src/access/actor.ts";
import type { Actor } from "../../src/access/actor.ts";
import { askQuotaRaise, approveRaise } from "../../src/access/quota-raise.ts";
import { createAccount } from "../../src/identity/account.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import type { Role } from "../../src/rules/role.ts";
import { breakGlass, breakGlasses } from "../../src/vault/break-glass.ts";
import { correct } from "../../src/vault/correct.ts";
import { erase } from "../../src/vault/erase.ts";
import { certifyErasure, keptCertificate } from "../../src/vault/erasure-certificate.ts";
import { holds, placeHold, releaseHold } from "../../src/vault/hold.ts";
import { makeBundle } from "../../src/vault/inspector-bundle.ts";
import { askAboutWaybill, askLog } from "../../src/vault/log-query.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { search } from "../../src/vault/search.ts";
import { showMasked } from "../../src/vault/show.ts";
import { couldHaveSeen } from "../../src/vault/simulate.ts";
import { proveStatement } from "../../src/vault/statement-proof.ts";
import { answerRequest } from "../../src/vault/subject-answer.ts";
import { listRequests, openRequest, sendCode } from "../../src/vault/subject-request.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { outcome } from "../support/outcome.ts";
import { inventOrder, inventOrders, sealOrders } from "../support/orders.ts";
import { deskOf, leafBodies, OUTLETS, withDesk } from "./fresh-desk.ts";

const [OWN, OTHER] = OUTLETS;
const NEVER = "00000000-0000-4000-8000-000000000000";
const HQ = signedIn("总部管理员", "owner");
const SENDER = { send: async () => Promise.resolve() };
const EVIDENCE = Buffer.from("\u0089PNG\r\n\u001a\n", "latin1");

interface Stage {
  readonly vault: Vault;
  /** Waybills of the own branch, another branch and another tenant; the last was never sealed. */
  readonly tokens: readonly [own: string, other: string, foreign: string, never: string];
  readonly officer: (role: Role, branch?: string) => Promise<Actor>;
}

async function stageOf(vault: Vault): Promise<Stage> {
  const on = dayOf(vault.now(), vault.timeZone);
  const { rows } = await sealOrders(vault, inventOrders(2));
  const away = await deskOf(vault, "乙快递");
  const [foreign = "", never = ""] = (await sealOrders(away, inventOrders(2))).rows.map(
    ({ token }) => token,
  );
  for (const [at, { token }] of rows.entries()) {
    const organisation = at === 0 ? OWN : OTHER;
    await recordState(vault, { token, state: "arrived", on, organisation, actor: HQ });
  }
  const [own = "", other = ""] = rows.map(({ token }) => token);
  return {
    vault,
    tokens: [own, other, foreign, never],
    officer: async (role, branch = OWN) =>
      placedAt(vault, await playedActor(vault, { name: `${role} ${branch}`, role }), branch),
  };
}

type Act = (vault: Vault, token: string, actor: Actor) => Promise<unknown>;

const HOLD = { reason: "claim", authority: "理赔部", document: "理赔 2026-7", until: "2026-05-01" };
const PAGE = { before: 999_999, limit: 10 };

/** What an office does with one waybill; the last, which ends it, comes last. */
const ACTS: readonly (readonly [name: string, role: Role, act: Act])[] = [
  ["hold", "security-officer", async (v, token, actor) => placeHold(v, { ...HOLD, token, actor })],
  ["ask-log", "auditor", async (v, token, actor) => askAboutWaybill(v, { ...PAGE, token, actor })],
  [
    "prove-statement",
    "auditor",
    async (v, token, actor) => proveStatement(v, { token, actor, which: "seal" }),
  ],
  [
    "correct",
    "support",
    async (v, token, actor) => correct(v, { token, role: "recipient", change: {}, actor }),
  ],
  [
    "subject-request",
    "support",
    async (v, token, actor) =>
      openRequest(v, { kind: "access", token, phone: null, party: "recipient", actor }, SENDER),
  ],
  [
    "break-glass",
    "support",
    async (v, token, actor) =>
      breakGlass(v, { token, reason: "包裹泄漏", evidence: EVIDENCE, minutes: 10, actor }),
  ],
];

const REFUSED = ["ACCESS_DENIED", "TOKEN_UNKNOWN"];

test("P10: to an office of a branch another's waybill is none", async (context) => {
  await withDesk(context, async (vault) => {
    const { tokens, officer } = await stageOf(vault);
    const [own, ...strange] = tokens;
    let asked = 0;
    for (const [name, role, act] of ACTS) {
      const actor = await officer(role);
      const done = await outcome(act(vault, own, actor));
      assert.ok(!REFUSED.includes(done), `${name} of the own: ${done}`);
      const told: string[] = [];
      for (const token of strange) {
        const before = (await leafBodies(vault.database)).length;
        const code = await outcome(act(vault, token, actor));
        const entries = (await leafBodies(vault.database)).slice(before);
        const said = entries.map(({ type, rule, mode, failure }) => ({
          type,
          rule,
          mode,
          failure,
        }));
        told.push(JSON.stringify([code, said]));
        asked += 1;
      }
      const refusal = { type: "access-denied", rule: "forbid-elsewhere", mode: name };
      const wanted = ["TOKEN_UNKNOWN", [{ ...refusal, failure: "ACCESS_DENIED" }]];
      for (const text of told) assert.deepEqual(JSON.parse(text), wanted, name);
    }
    assert.equal(asked, ACTS.length * 3);
  });
});

test("P10: lists, requests and holds of another branch are not there", async (context) => {
  await withDesk(context, async (vault) => {
    const { tokens, officer } = await stageOf(vault);
    const [own, other] = tokens;
    const placed = new Map<string, string>();
    for (const token of [own, other]) {
      const { hold } = await placeHold(vault, { ...HOLD, token, actor: signedIn("甲") });
      placed.set(token, hold.id);
    }
    const guard = await officer("security-officer");
    const seen = await holds(vault, { ended: true, actor: guard });
    assert.deepEqual(
      seen.map(({ id }) => id),
      [placed.get(own)],
    );
    for (const id of [placed.get(other) ?? "", NEVER]) {
      assert.equal(await outcome(releaseHold(vault, { id, actor: guard })), "HOLD_UNKNOWN");
    }
    await releaseHold(vault, { id: placed.get(own) ?? "", actor: guard });

    const filed = new Map<string, string>();
    for (const token of [own, other]) {
      const asked = { kind: "access", token, phone: null, party: "recipient" } as const;
      const { id } = await openRequest(vault, { ...asked, actor: signedIn("甲") }, SENDER);
      filed.set(token, id);
    }
    const desk = await officer("support");
    assert.equal((await showMasked(vault, { token: own, actor: desk })).token, own);
    const listed = await listRequests(vault, { closed: true, actor: desk });
    assert.deepEqual(
      listed.map(({ id }) => id),
      [filed.get(own)],
    );
    for (const id of [filed.get(other) ?? "", NEVER]) {
      const unknown = "SUBJECT_REQUEST_UNKNOWN";
      assert.equal(await outcome(sendCode(vault, { id, actor: desk }, SENDER)), unknown);
      const answering = answerRequest(vault, { id, actor: desk, change: null });
      assert.equal(await outcome(answering), unknown);
    }
    for (const at of [0, 1]) {
      const { hits } = await search(vault, { phone: inventOrder(at).phone, actor: desk });
      const found = hits.map(({ token }) => token);
      assert.deepEqual(found, at === 0 ? [own] : [], "a search finds the own alone");
    }
    for (const branch of OUTLETS) {
      const actor = await officer("support", branch);
      const token = branch === OWN ? own : other;
      const asked = { token, reason: "包裹泄漏", evidence: EVIDENCE, minutes: 10, actor };
      await breakGlass(vault, asked);
    }
    const broken = await breakGlasses(vault, { all: true, actor: guard });
    assert.deepEqual(
      broken.map(({ token }) => token),
      [own],
    );
  });
});

test("P10: an office of a branch erases and certifies what is its own alone", async (context) => {
  await withDesk(context, async (vault) => {
    const { tokens, officer } = await stageOf(vault);
    const [own, other, foreign] = tokens;
    const actor = await officer("privacy-officer");
    const reason = "本人要求";
    for (const token of [other, foreign]) {
      assert.equal(await outcome(erase(vault, { token, reason, actor })), "TOKEN_UNKNOWN");
    }
    const { entry } = await erase(vault, { token: own, reason, actor });
    const far = await erase(vault, { token: other, reason, actor: signedIn("甲") });
    for (const id of [own, entry]) await certifyErasure(vault, { id, actor });
    for (const id of [other, far.entry, foreign]) {
      assert.equal(await outcome(certifyErasure(vault, { id, actor })), "CERTIFICATE_ABSENT");
      assert.equal(await outcome(keptCertificate(vault, { id, actor })), "CERTIFICATE_ABSENT");
    }
  });
});

test("P10: an office of a branch asks the log and for quota there alone", async (context) => {
  await withDesk(context, async (vault) => {
    const { officer } = await stageOf(vault);
    const auditor = await officer("auditor");
    const span = { from: new Date(0), to: new Date("9999-12-31") };
    const what = { question: "denied", about: null, purpose: null, by: null, ...span } as const;
    const asking = { ...what, ...PAGE, actor: auditor };
    await askLog(vault, { ...asking, organisation: OWN });
    await askLog(vault, { ...asking, organisation: null });
    const policy = { witnessPolicy: null, page: new Uint8Array(0) };
    const bundle = { ...span, ...policy, actor: auditor };
    const draw = async () => Promise.reject(new RangeError("nothing is drawn"));
    for (const organisation of [OTHER, "甲快递总部"]) {
      assert.equal(await outcome(askLog(vault, { ...asking, organisation })), "ACCESS_DENIED");
      const seen = couldHaveSeen(vault, {
        organisation,
        role: "clerk",
        on: dayOf(vault.now(), vault.timeZone),
        actor: auditor,
      });
      assert.equal(await outcome(seen), "ACCESS_DENIED");
    }
    for (const organisation of [null, OTHER]) {
      const made = makeBundle(vault, { ...bundle, organisation }, draw);
      assert.equal(await outcome(made), "ACCESS_DENIED");
    }
    const named = { kind: "person", actor: HQ } as const;
    for (const branch of OUTLETS) {
      await createAccount(vault, {
        ...named,
        name: `clerk-${branch}`,
        role: "clerk",
        organisation: branch,
      });
    }
    const manager = await officer("branch-manager");
    const owner = await officer("owner");
    const raise = { span: "day", extra: 10, hours: 1, reason: "旺季" };
    const nearby = await staffPseudonym(vault, `clerk-${OWN}`);
    const away = await staffPseudonym(vault, `clerk-${OTHER}`);
    const asked = { ...raise, scope: "person", actor: manager };
    const { id } = await askQuotaRaise(vault, { ...asked, key: nearby });
    await approveRaise(vault, { id, actor: owner });
    assert.equal(await outcome(askQuotaRaise(vault, { ...asked, key: away })), "ACCESS_DENIED");
    const whole = { ...raise, scope: "tenant", key: null };
    assert.equal(
      await outcome(askQuotaRaise(vault, { ...whole, actor: manager })),
      "ACCESS_DENIED",
    );
    const far = await askQuotaRaise(vault, { ...whole, actor: signedIn("甲", "owner") });
    for (const one of [far.id, NEVER]) {
      assert.equal(await outcome(approveRaise(vault, { id: one, actor: owner })), "ACCESS_DENIED");
    }
  });
});

test("P10: a branch's machine brings another branch's parcel to no state", async (context) => {
  await withDesk(context, async (vault) => {
    const { tokens, officer } = await stageOf(vault);
    const [own, other] = tokens;
    const on = dayOf(vault.now(), vault.timeZone);
    const machine = {
      ...(await officer("erp-machine")),
      kind: "machine",
      scopes: ["state"],
    } as const;
    const say = async (token: string, state: string): Promise<string> =>
      outcome(recordState(vault, { token, state, on, organisation: OWN, actor: machine }));
    for (const state of ["arrived", "delivered", "void"])
      assert.equal(await say(other, state), "ACCESS_DENIED", state);
    const clerk = await officer("clerk");
    const asClerk = { token: own, state: "arrived", on, organisation: OWN, actor: clerk };
    assert.equal(await say(own, "arrived"), await outcome(recordState(vault, asClerk)));
  });
});
