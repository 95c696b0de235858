/** What is refused is told (P10): every verb and every way of managing an account has its entry. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { authorise } from "../../src/access/authorise.ts";
import { quotaOverview, requireQuota } from "../../src/access/quota.ts";
import {
  readHistory,
  readProposals,
  readSetting,
  readTerms,
  seenOrganisations,
} from "../../src/access/policy-reading.ts";
import {
  changeRole,
  createAccount,
  endAccount,
  linkProvider,
  listAccounts,
} from "../../src/identity/account.ts";
import { createApiKey, endKey, listApiKeys, rotateApiKey } from "../../src/identity/api-key.ts";
import { invite } from "../../src/identity/invitation.ts";
import { requireManager } from "../../src/identity/management.ts";
import { listOrganisations } from "../../src/access/organisation.ts";
import type { Verb } from "../../src/rules/verb.ts";
import { VERBS } from "../../src/rules/verb.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { outcome } from "../support/outcome.ts";
import { changeByTwo } from "../support/setting.ts";
import { HEADQUARTERS, leafBodies, OUTLETS, withDesk } from "./fresh-desk.ts";

const [OWN, OTHER] = OUTLETS;
const OWNER = signedIn("所有者", "owner");

test("P10: a refusal of every verb is an entry that names verb and rule", async (context) => {
  await withDesk(context, async (desk) => {
    // The keys of the table are the verbs.
    const verbs = Object.keys(VERBS) as Verb[];
    for (const verb of verbs) {
      const actor = signedIn(`本人 ${verb}`, "subject");
      assert.equal(
        await outcome(authorise(desk, { actor, verb }, { place: "own" })),
        "ACCESS_DENIED",
      );
    }
    const bodies = (await leafBodies(desk.database)).filter(({ type }) => type === "access-denied");
    assert.deepEqual(
      bodies.map(({ mode }) => mode),
      verbs,
    );
    for (const { rule } of bodies) assert.match(String(rule), /^[a-z-]+(?:,[a-z-]+)*$/);
    assert.ok(verbs.length > 50);
  });
});

test("P10: whoever asks the policies without `authorise` writes the entry itself", () => {
  const asking: string[] = [];
  for (const room of ["access", "identity", "vault", "oversight", "http", "cli", "sweep"]) {
    const directory = new URL(`../../src/${room}/`, import.meta.url);
    for (const file of readdirSync(directory)) {
      const text = readFileSync(new URL(file, directory), "utf8");
      if (/import \{[^}]*\bjudge\b[^}]*\} from "[^"]*authorise\.ts"/.test(text))
        asking.push(`${room}/${file}`);
    }
  }
  assert.deepEqual(asking.toSorted(), [
    "identity/management.ts",
    // Tries kind after kind, and where none is allowed lets `authorise` refuse.
    "vault/export-asked.ts",
    "vault/reveal.ts",
    // Refuses nothing by it: it leaves out who looked.
    "vault/show.ts",
  ]);
});

test("P10: managing an account that is not one's own is refused with an entry", async (context) => {
  await withDesk(context, async (desk) => {
    const made = { kind: "machine", role: "erp-machine", organisation: OTHER } as const;
    await createAccount(desk, { ...made, name: "erp", actor: OWNER });
    const key = await createApiKey(desk, { name: "erp", scopes: ["seal"], days: 9, actor: OWNER });
    const clerk = await placedAt(desk, signedIn("业务员", "clerk"), OTHER);
    const tries: Readonly<Record<string, () => Promise<unknown>>> = {
      create: async () => createAccount(desk, { ...made, name: "erp-2", actor: clerk }),
      end: async () => endAccount(desk, { name: "erp", actor: clerk }),
      role: async () =>
        changeRole(desk, { name: "erp", role: "merchant", organisation: OWN, actor: clerk }),
      link: async () =>
        linkProvider(desk, { name: "erp", issuer: "https://idp.test", subject: "1", actor: clerk }),
      key: async () => createApiKey(desk, { name: "erp", scopes: ["seal"], days: 9, actor: clerk }),
      rotate: async () =>
        rotateApiKey(desk, { id: key.id, overlapHours: 1, days: 9, actor: clerk }),
      endKey: async () => endKey(desk, { id: key.id, actor: clerk }),
      keys: async () => listApiKeys(desk, clerk),
      invite: async () => invite(desk, { name: "erp", actor: clerk }),
      manager: async () => requireManager(desk, clerk),
    };
    for (const [name, work] of Object.entries(tries)) {
      const before = (await leafBodies(desk.database)).length;
      assert.equal(await outcome(work()), "ACCOUNT_FORBIDDEN", name);
      const told = (await leafBodies(desk.database)).slice(before);
      const [entry, ...more] = told.map(({ type, mode, actor, failure, rule }) => {
        return { type, mode, actor, failure, rule };
      });
      const { pseudonym: actor } = clerk;
      const refusal = { type: "access-denied", mode: "manage-account", actor };
      assert.deepEqual(
        entry,
        { ...refusal, failure: "ACCOUNT_FORBIDDEN", rule: "no-permit" },
        name,
      );
      assert.deepEqual(more, [], name);
    }
    assert.deepEqual(await listAccounts(desk, clerk), []);
  });
});

test("P10: somebody of a branch reads tree, settings and quotas of it", async (context) => {
  await withDesk(context, async (desk) => {
    const tree = await listOrganisations(desk);
    const idOf = (name: string): string => tree.find((one) => one.name === name)?.id ?? "";
    const clerk = await placedAt(desk, signedIn("业务员", "clerk"), OWN);
    const manager = await placedAt(desk, signedIn("负责人", "branch-manager"), OWN);
    const seen = (await seenOrganisations(desk, clerk)).map(({ name }) => name);
    assert.ok(seen.includes(OWN) && seen.includes(HEADQUARTERS) && !seen.includes(OTHER));
    const asked = { name: "mask-profile", actor: clerk };
    await readSetting(desk, { ...asked, organisation: OWN });
    assert.equal((await readTerms(desk, { organisation: null, actor: clerk })).length > 0, true);
    const refused = [
      async () => readSetting(desk, { ...asked, organisation: OTHER }),
      async () => readSetting(desk, { ...asked, organisation: HEADQUARTERS }),
      async () => readTerms(desk, { organisation: OTHER, actor: clerk }),
      async () => readHistory(desk, { ...asked, organisation: OWN }),
      async () => readProposals(desk, clerk),
      async () => quotaOverview(desk, clerk),
      async () => seenOrganisations(desk, signedIn("本人", "subject")),
      async () => readHistory(desk, { ...asked, actor: manager, organisation: OTHER }),
    ];
    for (const work of refused) assert.equal(await outcome(work()), "ACCESS_DENIED");
    await readHistory(desk, { ...asked, actor: manager, organisation: OWN });

    // The branch's own limit is shown, and no other branch's counter.
    const name = "quota-branch-day";
    const change = { name, value: "40", mode: "set", by: null, reason: "核对" };
    await changeByTwo(desk, { ...change, organisation: OWN, actor: OWNER });
    const far = await placedAt(desk, signedIn("乙", "clerk"), OTHER);
    for (const actor of [clerk, far]) {
      const subject = { asked: `phone ${actor.pseudonym}` };
      await requireQuota(desk, { actor, use: "search", subject });
    }
    const limits = async (actor: Actor) =>
      (await quotaOverview(desk, actor)).counters
        .filter(({ scope, span }) => scope === "branch" && span === "day")
        .map(({ key, limit }) => [key, limit]);
    assert.deepEqual(await limits(manager), [[idOf(OWN), 40]]);
    const all = new Map((await limits(OWNER)) as [string, number][]);
    assert.equal(all.size, 2);
    assert.equal(all.get(idOf(OWN)), 40);
    assert.ok((all.get(idOf(OTHER)) ?? 0) > 40);
  });
});
