/** Accounts, keys of machines and devices: who may make them, and how they end. */
import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { test } from "node:test";
import type { Actor } from "../../src/access/actor.ts";
import { localOperator } from "../../src/access/actor.ts";
import { foundHeadquarters } from "../../src/access/organisation.ts";
import { changeRole, createAccount, endAccount, listAccounts } from "../../src/identity/account.ts";
import {
  createApiKey,
  endKey,
  listApiKeys,
  openApiKey,
  rotateApiKey,
} from "../../src/identity/api-key.ts";
import {
  decideDevice,
  deviceMessage,
  listDevices,
  registerDevice,
} from "../../src/identity/device.ts";
import type { DeviceProof } from "../../src/identity/device.ts";
import { acceptInvitation, invite } from "../../src/identity/invitation.ts";
import { listSessions, openSession } from "../../src/identity/session.ts";
import { signIn } from "../../src/identity/sign-in.ts";
import { isFailure } from "../../src/rules/failure.ts";
import type { FailureCode } from "../../src/rules/failure.ts";
import { dayOf } from "../../src/rules/calendar.ts";
import { ROLES } from "../../src/rules/role.ts";
import { assign } from "../../src/vault/assign.ts";
import { recordState } from "../../src/vault/parcel-state.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { search } from "../../src/vault/search.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { accountActor } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { PASSWORD } from "../support/login.ts";
import { inventOrder, sealOne } from "../support/orders.ts";

function fails(code: FailureCode): (error: unknown) => boolean {
  return (error) => isFailure(error, code);
}

interface Firm {
  readonly home: Home;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly owner: Actor;
  readonly manager: Actor;
}

/** A carrier with two outlets, its owner, and the manager of the first outlet. */
async function withFirm(work: (firm: Firm) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    const clock = new Clock();
    await using vault = await home.open({ now: clock.now });
    const owner = await accountActor(vault, "founder", "owner");
    await foundHeadquarters(vault, { name: "青禾速运", outlets: ["东站", "西站"], actor: owner });
    const manager = await signedInAs({ vault, owner }, "dong-manager", "branch-manager", "东站");
    await work({ home, vault, clock, owner, manager });
  });
}

async function signedInAs(
  firm: Pick<Firm, "vault" | "owner">,
  ...[name, role, organisation]: readonly [string, string, string | null]
): Promise<Actor> {
  const { vault, owner } = firm;
  await createAccount(vault, { actor: owner, name, role, organisation, kind: "person" });
  const { token } = await invite(vault, { name, actor: owner });
  const made = await acceptInvitation(vault, { token, password: PASSWORD, code: null });
  return (await openSession(vault, made.token)).actor;
}

type Wanted = readonly [name: string, role: string, organisation: string | null, actor?: Actor];

test("P10: a manager makes accounts below the own outlet, and no others", async () => {
  await withFirm(async ({ vault, owner, manager }) => {
    assert.equal(manager.organisationPath.length, 2);
    const make = (...[name, role, organisation, actor = manager]: Wanted) =>
      createAccount(vault, { actor, name, role, organisation, kind: "person" });
    await make("dong-1", "courier", "东站");
    const none = fails("ACCOUNT_FORBIDDEN");
    await assert.rejects(make("xi-1", "courier", "西站"), none, "another outlet");
    await assert.rejects(make("hq-1", "support", null), none, "the whole tenant");
    await assert.rejects(make("dong-2", "branch-manager", "东站"), none, "the own role");
    for (const role of ["owner", "privacy-officer", "inspector", "security-officer"])
      await assert.rejects(make("dong-3", role, "东站"), none, role);
    await assert.rejects(make("dong-1", "courier", "东站"), fails("ACCOUNT_EXISTS"));
    for (const role of ["operator", "subject", "king"])
      await assert.rejects(make("dong-4", role, "东站", owner), fails("ROLE_UNKNOWN"));
    for (const name of ["a", "operator", "System", "x y", "-a", "a".repeat(65), "a\u202eb"])
      await assert.rejects(make(name, "courier", "东站", owner), fails("ACCOUNT_NAME"), name);
    await make("xi-1", "courier", "西站", owner);
    const listed = (await listAccounts(vault, manager)).map(({ name }) => name);
    assert.deepEqual(listed, ["dong-1", "dong-manager"]);
    const operator = await localOperator(vault);
    await assert.rejects(make("dong-5", "courier", "东站", operator), fails("SIGN_IN_NEEDED"));
    await assert.rejects(
      invite(vault, { name: "dong-1", actor: operator }),
      fails("SIGN_IN_NEEDED"),
      "the machine rescues owners only",
    );
    await invite(vault, { name: "founder", actor: operator });
  });
});

test("P10: who works at a branch has a place, or stands nowhere", async () => {
  await withFirm(async ({ vault, owner }) => {
    // The keys of the table are the roles.
    const roles = (Object.keys(ROLES) as (keyof typeof ROLES)[]).filter(
      (role) => role !== "operator" && role !== "subject",
    );
    const placed = ["branch-manager", "clerk", "courier", "station", "merchant"];
    let refused = 0;
    for (const role of roles) {
      const asked = { name: `new-${role}`, role, organisation: null, actor: owner };
      const making = createAccount(vault, { ...asked, kind: "person" });
      if (placed.includes(role)) {
        await assert.rejects(making, fails("ACCOUNT_PLACE"), role);
        refused += 1;
      } else await making;
    }
    assert.equal(refused, placed.length);
    const moved = { name: "new-support", role: "clerk", organisation: null, actor: owner };
    await assert.rejects(changeRole(vault, moved), fails("ACCOUNT_PLACE"));
    for (const role of ["branch-manager", "clerk", "courier", "station"]) {
      const asked = { name: "new-support", role, organisation: "青禾速运", actor: owner };
      await assert.rejects(changeRole(vault, asked), fails("ACCOUNT_PLACE"), role);
    }

    // An account from before places were asked for is nobody's colleague.
    const token = await sealOne(vault);
    const on = dayOf(vault.now(), vault.timeZone);
    const arrived = { token, state: "arrived", on, organisation: "西站" };
    await recordState(vault, { ...arrived, actor: owner });
    const look = { token, fields: "phone", purpose: "contact", reason: null };
    const nowhere = await accountActor(vault, "old-clerk", "clerk");
    const denied = fails("ACCESS_DENIED");
    await assert.rejects(reveal(vault, { ...look, actor: nowhere }), denied);
    await assert.rejects(
      assign(vault, { token, branch: "西站", to: null, on, actor: nowhere }),
      denied,
    );
    await assert.rejects(recordState(vault, { ...arrived, actor: nowhere }), denied);
    const counter = await signedInAs({ vault, owner }, "xi-1", "clerk", "西站");
    assert.equal((await reveal(vault, { ...look, actor: counter })).values.length, 1);
  });
});

test("P10: no role but the managing ones makes an account", async () => {
  await withFirm(async ({ vault }) => {
    // The keys of the table are the roles.
    const roles = Object.keys(ROLES).filter(
      (role) => !["owner", "security-officer", "branch-manager", "operator"].includes(role),
    ) as (keyof typeof ROLES)[];
    assert.ok(roles.length > 8);
    for (const role of roles) {
      const actor = await accountActor(vault, `by-${role}`, role);
      const asked = { actor, name: "fresh", organisation: "东站", kind: "person" } as const;
      for (const wanted of ["clerk", "owner"])
        await assert.rejects(
          createAccount(vault, { ...asked, role: wanted }),
          fails("ACCOUNT_FORBIDDEN"),
          `${role} makes ${wanted}`,
        );
    }
  });
});

test("P10: a leaver ends everywhere at once, on every server", async () => {
  await withFirm(async ({ home, vault, clock, owner, manager }) => {
    const courier = await signedInAs({ vault, owner }, "dong-9", "courier", "东站");
    const { id } = await registered(vault, courier);
    await decideDevice(vault, manager, { id, decision: "approved" });
    clock.wait(1);
    const asked = { name: "dong-9", password: PASSWORD, code: null, source: "local" };
    const second = await signIn(vault, asked);
    await using other = await home.open({ now: clock.now });
    await openSession(other, second.token);
    assert.equal((await listSessions(vault, courier)).length, 2);
    const begun = performance.now();
    const ended = await endAccount(vault, { name: "dong-9", actor: manager });
    assert.equal(ended.sessions, 2);
    await assert.rejects(openSession(other, second.token), fails("SESSION_ENDED"));
    assert.ok(performance.now() - begun < 5_000, "within five seconds on the other server");
    await assert.rejects(signIn(other, asked), fails("SIGN_IN_REFUSED"));
    await assert.rejects(invite(vault, { name: "dong-9", actor: owner }), fails("ACCOUNT_UNKNOWN"));
    const again = { actor: owner, name: "dong-9", role: "courier", organisation: "东站" } as const;
    await assert.rejects(
      createAccount(vault, { ...again, kind: "person" }),
      fails("ACCOUNT_EXISTS"),
      "a name is never given twice",
    );
    const [row] = await home.rows("select * from staff_account where name = 'dong-9'");
    assert.deepEqual([row?.["password"], row?.["totp"]], [null, null]);
    const revoked = await home.rows("select 1 from staff_device where revoked_at is null");
    assert.equal(revoked.length, 0);
    const changes = (await leaves(home, "account-changed")).map((leaf) => leaf["mode"]);
    assert.equal(changes.at(-1), "disabled");
  });
});

test("P10: a role changes by somebody else, and what was signed in before ends", async () => {
  await withFirm(async ({ home, vault, owner, manager }) => {
    const change = (name: string, role: string, actor: Actor) =>
      changeRole(vault, { name, role, organisation: "东站", actor });
    await assert.rejects(change("dong-manager", "owner", manager), fails("ACCOUNT_FORBIDDEN"));
    await assert.rejects(change("founder", "clerk", owner), fails("ACCOUNT_FORBIDDEN"));
    assert.equal((await listSessions(vault, manager)).length, 1);
    await change("dong-manager", "clerk", owner);
    assert.equal((await listSessions(vault, manager)).length, 0);
    assert.equal((await leaves(home, "role-changed"))[0]?.["role"], "clerk");
    const second = await accountActor(vault, "founder-2", "owner");
    await endAccount(vault, { name: "founder", actor: second });
    await assert.rejects(
      endAccount(vault, { name: "founder-2", actor: second }),
      fails("ACCOUNT_LAST_OWNER"),
    );
  });
});

test("P10: a machine's key is shown once, scoped, rotated, and never reveals", async () => {
  await withFirm(async ({ home, vault, clock, owner }) => {
    const token = await sealOne(vault);
    const erp = { actor: owner, name: "erp-1", role: "erp-machine", organisation: "东站" } as const;
    await createAccount(vault, { ...erp, kind: "machine" });
    const asked = { name: "erp-1", scopes: ["seal", "print"], days: 90, actor: owner };
    const made = await createApiKey(vault, asked);
    const kept = JSON.stringify(await home.rows("select * from staff_api_key"));
    assert.equal(kept.includes(made.key) || kept.includes(made.key.slice(20, 50)), false);
    const actor = await openApiKey(vault, made.key);
    assert.deepEqual(
      [actor.kind, actor.role, actor.scopes],
      ["machine", "erp-machine", ["print", "seal"]],
    );
    const look = { token, fields: "phone", purpose: "contact", actor, reason: null };
    await assert.rejects(reveal(vault, look), fails("PERSON_REQUIRED"));
    await assert.rejects(
      search(vault, { phone: inventOrder(1).phone, actor }),
      fails("PERSON_REQUIRED"),
    );
    const operator = await localOperator(vault);
    await assert.rejects(reveal(vault, { ...look, actor: operator }), fails("SIGN_IN_NEEDED"));
    assert.equal((await leaves(home, "reveal-denied")).length, 2);

    await assert.rejects(openApiKey(vault, made.key.slice(0, -1)), fails("API_KEY_CUT"));
    const altered = `${made.key.slice(0, 30)}${made.key[30] === "0" ? "1" : "0"}`;
    await assert.rejects(openApiKey(vault, altered + made.key.slice(31)), fails("API_KEY_ALTERED"));
    const [listed] = await listApiKeys(vault, owner);
    assert.deepEqual(listed?.usedAt, clock.now());

    const next = await rotateApiKey(vault, {
      id: made.id,
      overlapHours: 24,
      days: 90,
      actor: owner,
    });
    clock.wait(23 * 3600);
    await openApiKey(vault, made.key);
    await openApiKey(vault, next.key);
    clock.wait(3601);
    await assert.rejects(openApiKey(vault, made.key), fails("API_KEY_REFUSED"));
    await openApiKey(vault, next.key);
    await endKey(vault, { id: next.id, actor: owner });
    await assert.rejects(openApiKey(vault, next.key), fails("API_KEY_REFUSED"));
    const modes = (await leaves(home, "api-key-changed")).map((leaf) => leaf["mode"]);
    assert.deepEqual(modes, ["created", "rotated", "ended"]);
    await assert.rejects(
      createApiKey(vault, { ...asked, scopes: ["seal", "reveal"] }),
      fails("SCOPE_UNKNOWN"),
    );
    await assert.rejects(
      createApiKey(vault, { ...asked, name: "dong-manager" }),
      fails("ACCOUNT_FORBIDDEN"),
      "a person has no key",
    );
  });
});

interface Registered {
  readonly id: string;
  readonly prove: (name: string, at: Date) => DeviceProof;
}

function proofBy(key: KeyObject, device: string): Registered["prove"] {
  return (name, moment) => {
    const at = moment.toISOString();
    const message = deviceMessage(name, { device, at });
    const signature = sign("sha256", message, { key, dsaEncoding: "ieee-p1363" });
    return { device, at, signature: signature.toString("base64url") };
  };
}

async function registered(vault: Vault, actor: Actor): Promise<Registered> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const der = publicKey.export({ format: "der", type: "spki" }).toString("base64");
  const { device } = await registerDevice(vault, actor, { name: "巴枪 7", publicKey: der });
  return { id: device.id, prove: proofBy(privateKey, device.id) };
}

test("P10: a device is approved by its branch, proves itself, and is revoked", async () => {
  await withFirm(async ({ home, vault, clock, owner, manager }) => {
    const courier = await signedInAs({ vault, owner }, "dong-7", "courier", "东站");
    const { id, prove } = await registered(vault, courier);
    const enter = (device: DeviceProof | null, name = "dong-7") =>
      signIn(vault, { name, password: PASSWORD, code: null, source: randomUUID(), device });
    clock.wait(1);
    await assert.rejects(enter(prove("dong-7", clock.now())), fails("DEVICE_REFUSED"), "waiting");
    const approve = (actor: Actor) => decideDevice(vault, actor, { id, decision: "approved" });
    await assert.rejects(approve(courier), fails("ACCOUNT_FORBIDDEN"), "nobody approves himself");
    const far = await signedInAs({ vault, owner }, "xi-manager", "branch-manager", "西站");
    await assert.rejects(approve(far), fails("ACCOUNT_FORBIDDEN"), "another branch");
    await approve(manager);
    const proof = prove("dong-7", clock.now());
    const { token } = await enter(proof);
    assert.equal((await openSession(vault, token)).actor.device, id);
    await assert.rejects(enter(proof), fails("DEVICE_REFUSED"), "a replay");
    clock.wait(1);
    await signedInAs({ vault, owner }, "dong-8", "courier", "东站");
    await assert.rejects(enter(prove("dong-8", clock.now()), "dong-8"), fails("DEVICE_REFUSED"));
    const stranger = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
    const forged = proofBy(stranger, id)("dong-7", clock.now());
    await assert.rejects(enter(forged), fails("DEVICE_REFUSED"));
    const late = prove("dong-7", new Date(clock.now().getTime() + 61_000));
    await assert.rejects(enter(late), fails("DEVICE_REFUSED"), "a clock that is off");
    await decideDevice(vault, manager, { id, decision: "revoked" });
    await assert.rejects(openSession(vault, token), fails("SESSION_ENDED"));
    await assert.rejects(enter(prove("dong-7", clock.now())), fails("DEVICE_REFUSED"));
    const own = (await listDevices(vault, courier)).map((device) => device.id);
    assert.deepEqual(own, [id]);
    assert.equal((await listDevices(vault, far)).length, 0);
    const modes = (await leaves(home, "device-registered")).map((leaf) => leaf["mode"]);
    assert.deepEqual(modes, ["registered", "approved", "revoked"]);
    for (const publicKey of ["", "AAAA", Buffer.alloc(500).toString("base64")])
      await assert.rejects(
        registerDevice(vault, courier, { name: "x", publicKey }),
        fails("DEVICE_KEY"),
      );
  });
});
