/** Somebody who is signed in, without the signing in. */
import { createHash } from "node:crypto";
import type { Actor } from "../../src/access/actor.ts";
import type { Role } from "../../src/rules/role.ts";

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
