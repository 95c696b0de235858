/** What an authority may be shown: nothing without a scope, every look an entry of the carrier. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { listAuthorisations } from "../../src/access/authorisation-request.ts";
import {
  approveScope,
  grantScope,
  listScopes,
  revokeScope,
} from "../../src/access/authority-scope.ts";
import type { ScopeGrant } from "../../src/access/authority-scope.ts";
import { applyLogged } from "../../src/access/logged-decision.ts";
import { changeSetting } from "../../src/access/setting-change.ts";
import { readScope } from "../../src/oversight/scope-reading.ts";
import { AUTHORITY_SCOPE_NAMES } from "../../src/rules/authority-scope.ts";
import type { AuthorityScope } from "../../src/rules/authority-scope.ts";
import { connected } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { day } from "../keystore/fresh-store.ts";
import { signedIn } from "../support/actor.ts";
import {
  AUTHORITY,
  deskOf,
  failure,
  HEADQUARTERS,
  leafBodies,
  officeOf,
  withDesk,
} from "./fresh-desk.ts";

const ON = day("2026-03-02");
const owner = signedIn("所有者", "owner");
const officer = signedIn("个保负责人");
const inspector = signedIn("检查员", "inspector");
const GRANT: ScopeGrant = {
  authority: AUTHORITY,
  scope: "settings",
  from: null,
  until: "2026-12-31",
  basis: "快递市场管理办法",
  document: "某邮管函〔2026〕1号",
  actor: owner,
};

/** Without the scope that the fixture grants. */
async function withBareDesk(
  context: Parameters<typeof withDesk>[0],
  work: Parameters<typeof withDesk>[1],
): Promise<void> {
  await withDesk(context, async (desk, clock) => {
    await connected(desk.database, async (connection) =>
      execute(connection, { text: "delete from authority_scope", values: [] }),
    );
    await work(desk, clock);
  });
}

async function readsOf(desk: Vault): Promise<readonly unknown[]> {
  const bodies = await leafBodies(desk.database);
  return bodies
    .filter(({ type, tenant }) => type === "authority-read" && tenant === desk.tenant.id)
    .map((body) => body["value"]);
}

test("P10: an authority is shown each part of a carrier under its scope only", async (context) => {
  await withBareDesk(context, async (desk) => {
    const office = await officeOf(desk);
    const viewed = { viewer: AUTHORITY, on: ON, actor: inspector };
    assert.deepEqual(await listAuthorisations(office, viewed), []);
    assert.deepEqual(await readsOf(desk), []);
    const seen: Record<string, number> = {};
    for (const scope of AUTHORITY_SCOPE_NAMES) {
      const { id, state } = await grantScope(desk, { ...GRANT, scope });
      assert.equal(state, "counts");
      const reading = await readScope(office, { id, actor: inspector });
      assert.deepEqual([reading.scope, reading.tenant], [scope, desk.tenant.name]);
      seen[scope] = reading.figures.length;
    }
    assert.equal(seen["scores"], 4);
    assert.equal(seen["requests"], 0, "nobody has asked headquarters for anything");
    assert.ok((seen["settings"] ?? 0) > 20 && (seen["log-counts"] ?? 0) > 0);
    assert.deepEqual(await readsOf(desk), AUTHORITY_SCOPE_NAMES, "an entry of the carrier each");
  });
});

test("P10: a scope that is revoked, over, early or another's shows nothing", async (context) => {
  await withBareDesk(context, async (desk, clock) => {
    const office = await officeOf(desk);
    const read = async (id: string, as = office) => readScope(as, { id, actor: inspector });
    const { id } = await grantScope(desk, { ...GRANT, scope: "requests" });
    const stranger = await deskOf(desk, "乙快递");
    for (const foreign of [desk, stranger]) {
      await assert.rejects(read(id, foreign), failure("OFFICE_FOREIGN"));
      await assert.rejects(read(crypto.randomUUID(), foreign), failure("OFFICE_FOREIGN"));
    }
    await assert.rejects(read(crypto.randomUUID()), failure("AUTHORITY_SCOPE_UNKNOWN"));
    await assert.rejects(
      revokeScope(stranger, { id, actor: owner }),
      failure("AUTHORITY_SCOPE_UNKNOWN"),
    );
    await read(id);
    await revokeScope(desk, { id, actor: owner });
    await assert.rejects(read(id), failure("AUTHORITY_SCOPE_OVER"), "at once");
    assert.deepEqual(
      await listAuthorisations(office, { viewer: AUTHORITY, on: ON, actor: inspector }),
      [],
    );
    await assert.rejects(
      revokeScope(desk, { id, actor: owner }),
      failure("AUTHORITY_SCOPE_SETTLED"),
    );
    const later = await grantScope(desk, { ...GRANT, from: "2026-03-04", until: "2026-03-04" });
    assert.equal(later.state, "over");
    for (const [now, shows] of [
      ["2026-03-03T15:59:59.000Z", false],
      ["2026-03-03T16:00:00.000Z", true],
      ["2026-03-04T15:59:59.000Z", true],
      ["2026-03-04T16:00:00.000Z", false],
    ] as const) {
      clock.now = new Date(now);
      if (shows) await read(later.id);
      else await assert.rejects(read(later.id), failure("AUTHORITY_SCOPE_OVER"), now);
    }
    assert.deepEqual(await readsOf(desk), ["requests", "settings", "settings"]);
  });
});

test("P10: who may grant, and what a grant has to say", async (context) => {
  await withBareDesk(context, async (desk) => {
    const denied = failure("ACCESS_DENIED");
    for (const role of [
      "headquarters-operator",
      "branch-manager",
      "inspector",
      "courier",
    ] as const) {
      await assert.rejects(grantScope(desk, { ...GRANT, actor: signedIn("某人", role) }), denied);
    }
    const ofBranch = { ...owner, organisationId: "x", organisationPath: ["h", "x"] };
    await assert.rejects(grantScope(desk, { ...GRANT, actor: ofBranch }), denied);
    const wrongs: readonly (readonly [Partial<ScopeGrant>, string])[] = [
      [{ scope: "everything" }, "AUTHORITY_SCOPE_UNKNOWN"],
      [{ from: "2026-03-01" }, "AUTHORITY_SCOPE_BOUNDS"],
      [{ until: "2026-03-01" }, "AUTHORITY_SCOPE_BOUNDS"],
      [{ until: "2028-03-03" }, "AUTHORITY_SCOPE_BOUNDS"],
      [{ until: "someday" }, "AUTHORITY_SCOPE_BOUNDS"],
      [{ authority: HEADQUARTERS }, "ORGANISATION_UNKNOWN"],
      [{ basis: " " }, "TEXT_LENGTH"],
      [{ document: "电话 13800000000" }, "TEXT_PERSONAL"],
    ];
    for (const [wrong, code] of wrongs) {
      await assert.rejects(grantScope(desk, { ...GRANT, ...wrong }), failure(code), code);
    }
    await assert.rejects(grantScope(await officeOf(desk), GRANT), failure("OFFICE_OF_CARRIER"));
    const operator = { ...owner, kind: "operator", role: "operator" } as const;
    await grantScope(desk, { ...GRANT, until: "2028-03-01", actor: operator });
    await grantScope(desk, GRANT);
    const listed = await listScopes(desk, owner);
    const told = listed.map(({ source, state }) => `${source} ${state}`);
    assert.deepEqual(told.toSorted(), ["installation counts", "tenant counts"]);
    assert.equal((await listScopes(await officeOf(desk), inspector)).length, 2);
    assert.deepEqual(await listScopes(await deskOf(desk, "乙快递"), owner), []);
  });
});

test("P10: where policy asks for two, a grant waits for another person", async (context) => {
  await withBareDesk(context, async (desk, clock) => {
    const office = await officeOf(desk);
    const two = { name: "authority-grant", value: "two", mode: "set", by: null, reason: "两人" };
    await changeSetting(desk, { ...two, organisation: HEADQUARTERS, actor: owner });
    clock.now = new Date(clock.now.getTime() + 1000);
    const { id, state } = await grantScope(desk, GRANT);
    assert.equal(state, "waiting");
    const read = async () => readScope(office, { id, actor: inspector });
    await assert.rejects(read(), failure("AUTHORITY_SCOPE_OVER"));
    await assert.rejects(approveScope(desk, { id, actor: owner }), failure("AUTHORITY_SCOPE_SELF"));
    const operator = { ...owner, kind: "operator", role: "operator" } as const;
    await assert.rejects(approveScope(desk, { id, actor: operator }), failure("SIGN_IN_NEEDED"));
    assert.equal((await approveScope(desk, { id, actor: officer })).state, "counts");
    await read();
    const again = approveScope(desk, { id, actor: officer });
    await assert.rejects(again, failure("AUTHORITY_SCOPE_SETTLED"));
    const late = await grantScope(desk, GRANT);
    clock.now = new Date(clock.now.getTime() + 73 * 3_600_000);
    const lapsed = approveScope(desk, { id: late.id, actor: officer });
    await assert.rejects(lapsed, failure("AUTHORITY_SCOPE_SETTLED"));
    const modes = (await leafBodies(desk.database))
      .filter(({ type }) => type === "authority-scope")
      .map((body) => body["mode"]);
    assert.deepEqual(modes, ["proposed", "approved", "proposed"]);
  });
});

test("P10: a database from before a revocation does not bring the scope back", async (context) => {
  await withBareDesk(context, async (desk) => {
    const office = await officeOf(desk);
    const scope: AuthorityScope = "requests";
    const [gone, kept] = [
      await grantScope(desk, { ...GRANT, scope }),
      await grantScope(desk, { ...GRANT, scope: "settings" }),
    ];
    await revokeScope(desk, { id: gone.id, actor: owner });
    await connected(desk.database, async (connection) =>
      execute(connection, {
        text: "update authority_scope set revoked_at = null, revoked_by = null",
        values: [],
      }),
    );
    assert.equal(await applyLogged(desk.database), 1);
    const read = async (id: string) => readScope(office, { id, actor: inspector });
    await assert.rejects(read(gone.id), failure("AUTHORITY_SCOPE_OVER"));
    await read(kept.id);
  });
});
