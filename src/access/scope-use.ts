/**
 * What authorities look at under their scopes. Each look is an entry of the carrier that is shown:
 * who is looked at can see when, by which authority, and under which grant.
 */
import type { AuthorityScope } from "../rules/authority-scope.ts";
import { Failure } from "../rules/failure.ts";
import { lockScope, scopesOf } from "../store/authority-scope.ts";
import type { AuthorityScopeRow } from "../store/authority-scope.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { findTenant } from "../store/tenant.ts";
import type { Actor } from "./actor.ts";
import { scopeState } from "./authority-scope.ts";
import { todayAt } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { SYSTEM_ACTOR, writeEntry } from "./entry.ts";
import { findNamed } from "./named-row.ts";
import { requireOffice } from "./office-guard.ts";

const SCOPES_MAX = 100_000;

/** The scopes of these authorities that count now, one for each carrier that is shown. */
export async function scopesInForce(
  desk: Desk,
  connection: Connection,
  asked: { readonly authorities: readonly string[]; readonly scope: AuthorityScope },
): Promise<ReadonlyMap<string, AuthorityScopeRow>> {
  const { authorities, scope } = asked;
  const today = todayAt(desk);
  const rows = await scopesOf(connection, { authorities }, SCOPES_MAX);
  const counting = rows.filter((row) => row.scope === scope && scopeState(row, today) === "counts");
  return new Map(counting.map((row) => [row.tenantId, row] as const));
}

/** Writes that the authority looked: an entry of the carrier. Returns its id, hex. */
export async function tellRead(
  desk: Desk,
  connection: Connection,
  read: {
    readonly scope: AuthorityScopeRow;
    /** The office's person, by the office's own pseudonym; null where the program reads. */
    readonly actor: Actor | null;
    /** How many rows or figures were shown. */
    readonly count: number;
  },
): Promise<string> {
  const { scope, actor, count } = read;
  const tenant = await findTenant(connection, scope.tenantId);
  if (tenant === null) throw new RangeError("a scope is one of a tenant that exists");
  return writeEntry({ ...desk, tenant }, connection, {
    type: "authority-read",
    // Neither path nor device: they are the office's, and nothing to the carrier.
    actor: actor?.pseudonym ?? SYSTEM_ACTOR,
    organisation: scope.authority,
    request: scope.id,
    value: scope.scope,
    count,
  });
}

async function refuseOver(desk: Desk, row: AuthorityScopeRow, actor: Actor): Promise<never> {
  const failure = "AUTHORITY_SCOPE_OVER";
  const draft = { type: "office-refused", actor, failure, organisation: row.authority } as const;
  const entry = await transaction(desk.database, async (connection) =>
    writeEntry(desk, connection, draft),
  );
  throw new Failure(failure, { entry });
}

/**
 * The scope of that id, for an office that may read under it now. Throws OFFICE_FOREIGN with an
 * entry to every other tenant, AUTHORITY_SCOPE_UNKNOWN, and AUTHORITY_SCOPE_OVER with an entry.
 */
export async function requireScopeInForce(
  desk: Desk,
  { id, actor }: { readonly id: string; readonly actor: Actor },
): Promise<AuthorityScopeRow> {
  const row = await connected(desk.database, async (connection) =>
    findNamed(id, async (named) => lockScope(connection, named)),
  );
  await requireOffice(desk, { owners: row === null ? "any" : [row.authority], actor });
  if (row === null) throw new Failure("AUTHORITY_SCOPE_UNKNOWN");
  const today = todayAt(desk);
  return scopeState(row, today) === "counts" ? row : refuseOver(desk, row, actor);
}
