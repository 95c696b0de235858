/**
 * Who acts (行为人). Every verb of ring 3 takes an actor and writes its pseudonym into its entry;
 * what an actor may do is decided elsewhere, here stands only who is there.
 */
import { pseudonymOf } from "../crypto/blind-index.ts";
import { suiteOf } from "../crypto/suites.ts";
import type { Role } from "../rules/role.ts";
import type { Scope } from "../rules/scope.ts";
import type { Desk } from "./desk.ts";

export interface Actor {
  /** A person who signed in, a machine with an API key, or whoever may run this machine. */
  readonly kind: "person" | "machine" | "operator";
  /** Null for the local operator, who has no account. */
  readonly accountId: string | null;
  /** `st-…`, as entries of this tenant's log carry it. */
  readonly pseudonym: string;
  /** Null for the whole tenant. */
  readonly organisationId: string | null;
  /** Ids from the top down to `organisationId`; empty for the whole tenant. */
  readonly organisationPath: readonly string[];
  readonly role: Role;
  /** Id of the registered device that the request came from. */
  readonly device: string | null;
  /** Id of the session, never its token. */
  readonly session: string | null;
  /** What a machine's key was made for; null where the role alone decides. */
  readonly scopes: readonly Scope[] | null;
}

const ACCOUNT_CHARACTERS_MAX = 128;

/** The name under which the local operator has its pseudonym; no account may have it. */
export const OPERATOR_NAME = "operator";

/**
 * Gives for the name of an account the pseudonym (`st-…`) under which it appears in the log of this
 * tenant. The key is read once, however many names are asked about.
 */
export async function staffPseudonyms(
  desk: Pick<Desk, "keys" | "tenant">,
): Promise<(name: string) => string> {
  const { pseudonym: key } = await desk.keys.tenantKeys(desk.tenant.id);
  const index = { suite: suiteOf(desk.tenant.suite), key };
  return (name) => pseudonymOf(index, name.trim().slice(0, ACCOUNT_CHARACTERS_MAX));
}

/** As `staffPseudonyms`, for one name. */
export async function staffPseudonym(
  desk: Pick<Desk, "keys" | "tenant">,
  name: string,
): Promise<string> {
  return (await staffPseudonyms(desk))(name);
}

const NOBODY = {
  accountId: null,
  organisationId: null,
  organisationPath: [],
  device: null,
  session: null,
  scopes: null,
} as const;

/** Whoever may run commands on this machine (本机操作员): there is no account, and no person. */
export async function localOperator(desk: Desk): Promise<Actor> {
  const pseudonym = await staffPseudonym(desk, OPERATOR_NAME);
  return { ...NOBODY, kind: "operator", role: "operator", pseudonym };
}

/** A person by name alone, as the story, the drill and benchmarks play them; nobody signed in. */
export async function playedActor(
  desk: Desk,
  played: { readonly name: string; readonly role: Role },
): Promise<Actor> {
  const pseudonym = await staffPseudonym(desk, played.name);
  return { ...NOBODY, kind: "person", role: played.role, pseudonym };
}
