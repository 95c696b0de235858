/** Founds the sandbox's carrier, and gives everybody a way in. */
import { localOperator } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { foundBelow, foundHeadquarters } from "../access/organisation.ts";
import { createAccount } from "../identity/account.ts";
import { createApiKey } from "../identity/api-key.ts";
import { acceptInvitation, foundOwner, invite, OWNER_NAME } from "../identity/invitation.ts";
import { openSession } from "../identity/session.ts";
import type { Role } from "../rules/role.ts";
import type { Vault } from "../vault/vault.ts";
import { SANDBOX_MACHINES, SANDBOX_PEOPLE, SANDBOX_PLACES } from "./sandbox-cast.ts";

const PASSWORD_BYTES = 15;
const KEY_DAYS = 366;

export interface SandboxPerson {
  readonly name: string;
  readonly role: Role;
  readonly organisation: string | null;
  readonly password: string;
}

export interface SandboxMachine {
  readonly name: string;
  readonly role: "erp-machine";
  readonly organisation: string | null;
  readonly scopes: readonly string[];
  readonly key: string;
}

export interface SandboxPeople {
  readonly people: readonly SandboxPerson[];
  readonly machines: readonly SandboxMachine[];
  /** By the names of their accounts, as signed in; their sessions are still open. */
  readonly actors: ReadonlyMap<string, Actor>;
}

/** Sets a new password with the link, and gives it with the actor whom it signed in. */
async function entered(
  vault: Vault,
  token: string,
): Promise<{ readonly password: string; readonly actor: Actor }> {
  const password = Buffer.from(vault.randomBytes(PASSWORD_BYTES)).toString("base64url");
  const accepted = await acceptInvitation(vault, { token, password, code: null });
  return { password, actor: (await openSession(vault, accepted.token)).actor };
}

async function foundPlaces(vault: Vault, actor: Actor): Promise<void> {
  const { headquarters, branch, outlet, station, merchant, supplier } = SANDBOX_PLACES;
  await foundHeadquarters(vault, { name: headquarters, outlets: [], actor });
  await foundBelow(vault, { kind: "branch", parent: headquarters, names: [branch], actor });
  await foundBelow(vault, { kind: "outlet", parent: branch, names: [outlet], actor });
  await foundBelow(vault, { kind: "station", parent: outlet, names: [station], actor });
  const names = [merchant, supplier];
  await foundBelow(vault, { kind: "merchant", parent: outlet, names, actor });
}

async function addMachines(vault: Vault, actor: Actor): Promise<readonly SandboxMachine[]> {
  const machines: SandboxMachine[] = [];
  const role = "erp-machine";
  for (const { name, place, scopes } of SANDBOX_MACHINES) {
    const organisation = place === null ? null : SANDBOX_PLACES[place];
    await createAccount(vault, { actor, name, role, organisation, kind: "machine" });
    const { key } = await createApiKey(vault, { name, scopes, days: KEY_DAYS, actor });
    machines.push({ name, role, organisation, scopes, key });
  }
  return machines;
}

/**
 * Makes the carrier's organisations, an account of each role with a password of its own, and keys
 * of machines. For an installation without accounts; fails as the verbs do.
 */
export async function addSandboxPeople(vault: Vault): Promise<SandboxPeople> {
  const first = await foundOwner(vault, await localOperator(vault));
  if (first === null) throw new RangeError("a new sandbox has no accounts");
  const { password, actor: owner } = await entered(vault, first.token);
  const people: SandboxPerson[] = [
    { name: OWNER_NAME, role: "owner", organisation: null, password },
  ];
  const actors = new Map([[OWNER_NAME, owner]]);
  await foundPlaces(vault, owner);
  for (const { name, role, place } of SANDBOX_PEOPLE) {
    const organisation = place === null ? null : SANDBOX_PLACES[place];
    await createAccount(vault, { actor: owner, name, role, organisation, kind: "person" });
    const { token } = await invite(vault, { name, actor: owner });
    const made = await entered(vault, token);
    actors.set(name, made.actor);
    people.push({ name, role, organisation, password: made.password });
  }
  return { people, machines: await addMachines(vault, owner), actors };
}
