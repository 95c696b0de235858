/** Somebody who is signed in, without the signing in. */
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Actor } from "../../src/access/actor.ts";
import type { Desk } from "../../src/access/desk.ts";
import { findOwn } from "../../src/access/organisation.ts";
import { pathTo } from "../../src/access/place.ts";
import { writeSessionFile } from "../../src/cli/session-file.ts";
import { actorOfAccount, beginSession } from "../../src/identity/session.ts";
import type { Role } from "../../src/rules/role.ts";
import { connected, transaction } from "../../src/store/pool.ts";
import { findAccountByName, insertAccount } from "../../src/store/staff-account.ts";
import type { Home } from "./home.ts";

const TEST_PSEUDONYM_LETTERS = 16;

/**
 * A signed-in person of that name and role, for the whole tenant. The pseudonym is of the form of
 * real ones but the same in every tenant; use `playedActor` where the tenant's own one matters.
 */
export function signedIn(name: string, role: Role = "privacy-officer"): Actor {
  const hex = createHash("sha256").update(name).digest("hex").slice(0, TEST_PSEUDONYM_LETTERS);
  return {
    kind: "person",
    accountId: null,
    pseudonym: `st-${hex}`,
    organisationId: null,
    organisationPath: [],
    role,
    device: null,
    session: null,
    scopes: null,
  };
}

/** `actor` as somebody of the tenant's organisation of that name. */
export async function placedAt(desk: Desk, actor: Actor, name: string): Promise<Actor> {
  return connected(desk.database, async (connection) => {
    const { id } = await findOwn(desk, connection, name);
    return { ...actor, organisationId: id, organisationPath: await pathTo(connection, id) };
  });
}

/**
 * An account of that name and role with no password, made without asking anybody, and the actor it
 * is. Signs nobody in.
 */
export async function accountActor(desk: Desk, name: string, role: Role): Promise<Actor> {
  return connected(desk.database, async (connection) => {
    const account = {
      id: randomUUID(),
      tenantId: desk.tenant.id,
      organisationId: null,
      kind: "person",
      name,
      role,
      createdAt: desk.now(),
    } as const;
    await insertAccount(connection, account);
    const found = await findAccountByName(connection, desk.tenant.id, name);
    if (found === null) throw new Error("the account is not there");
    return actorOfAccount(desk, connection, { account: found });
  });
}

/** Signs somebody in at the command line of `home`, without a password. */
export async function signInAt(
  home: Home,
  name: string,
  options: { readonly role?: Role; readonly tenant?: string } = {},
): Promise<void> {
  const { role = "privacy-officer", tenant = "default" } = options;
  await using vault = await home.open({ tenant });
  await accountActor(vault, name, role);
  const { token } = await transaction(vault.database, async (connection) => {
    const account = await findAccountByName(connection, vault.tenant.id, name);
    if (account === null) throw new Error("the account is not there");
    return beginSession(vault, connection, { account, mode: "password", deviceId: null });
  });
  await writeSessionFile(join(home.directory, "midan-session"), tenant, { token, known: "" });
}
