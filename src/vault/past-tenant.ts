/**
 * What a tenant was at a moment that is over: where its organisations stood and which roles its
 * people had, from what the log tells. What cannot be known is said to be unknown, never guessed.
 */
import { staffPseudonym } from "../access/actor.ts";
import type { Desk } from "../access/desk.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Role } from "../rules/role.ts";
import { loggedMoves, loggedRoles } from "../store/logged-history.ts";
import type { LoggedMove, LoggedRole } from "../store/logged-history.ts";
import { organisationsOf, TREE_DEPTH_MAX } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import type { Connection } from "../store/query.ts";
import { accountsOf } from "../store/staff-account.ts";
import { ORGANISATIONS_MAX } from "./bundle-scope.ts";

const ACCOUNTS_MAX = 100_000;

/** Where organisations stood: their places of today, and their moves from the last one back. */
export class TreeTimes {
  readonly #byId: ReadonlyMap<string, OrganisationRow>;
  readonly #moves: ReadonlyMap<string, readonly LoggedMove[]>;
  readonly #timeZone: string;

  /** `moves` oldest first. */
  constructor(tree: readonly OrganisationRow[], moves: readonly LoggedMove[], timeZone: string) {
    this.#byId = new Map(tree.map((row) => [row.id, row] as const));
    this.#moves = Map.groupBy(moves, ({ organisation }) => organisation);
    this.#timeZone = timeZone;
  }

  get top(): string | null {
    const all = [...this.#byId.values()];
    return all.find(({ kind }) => kind === "headquarters")?.id ?? null;
  }

  /** The moments at which an organisation moved, after `from` and before `to`. */
  changesIn({ from, to }: { readonly from: Date; readonly to: Date }): readonly Date[] {
    const times = [...this.#moves.values()].flat().map(({ at }) => at);
    return times.filter((at) => at > from && at < to);
  }

  #parentAt(row: OrganisationRow, at: Date): string | null {
    const next = (this.#moves.get(row.id) ?? []).find((move) => move.at > at);
    if (next === undefined) return row.parentId;
    if (next.from === null) throw new Failure("HISTORY_TOO_SHORT", { of: "organisations" });
    return next.from;
  }

  /**
   * The line down to the organisation as it was then, the top first; empty when it was not open on
   * that day. Throws HISTORY_TOO_SHORT where a move of it is told without where it came from.
   */
  lineAt(id: string | null, at: Date): readonly OrganisationRow[] {
    const line: OrganisationRow[] = [];
    let above = id;
    while (above !== null && line.length < TREE_DEPTH_MAX) {
      const row = this.#byId.get(above);
      if (row === undefined) break;
      const parentId = this.#parentAt(row, at);
      line.unshift({ ...row, parentId });
      above = parentId;
    }
    const day = dayOf(at, this.#timeZone);
    const last = line.at(-1);
    const isOpen =
      last !== undefined &&
      last.openedOn <= day &&
      (last.closedOn === null || last.closedOn >= day);
    return isOpen ? line : [];
  }
}

export async function treeTimes(
  desk: Pick<Desk, "tenant" | "timeZone">,
  connection: Connection,
): Promise<TreeTimes> {
  const tree = await organisationsOf(connection, desk.tenant.id, ORGANISATIONS_MAX);
  return new TreeTimes(tree, await loggedMoves(connection, desk.tenant.id), desk.timeZone);
}

/** Which roles accounts had, by pseudonym. */
export class RoleTimes {
  readonly #told: ReadonlyMap<string, readonly LoggedRole[]>;
  readonly #now: ReadonlyMap<string, Role>;

  /** `told` oldest first; `now` has the role of every account of today. */
  constructor(told: readonly LoggedRole[], now: ReadonlyMap<string, Role>) {
    this.#told = Map.groupBy(told, ({ account }) => account);
    this.#now = now;
  }

  /**
   * The role at that moment; null where nobody knows it. Only an entry changes a role, so who has
   * no entry always had the one of today; who has one only later had another before, or no account.
   */
  roleAt(account: string, at: Date): Role | null {
    const told = this.#told.get(account) ?? [];
    if (told.length === 0) return this.#now.get(account) ?? null;
    return told.findLast((one) => one.at <= at)?.role ?? null;
  }
}

export async function roleTimes(
  desk: Pick<Desk, "keys" | "tenant">,
  connection: Connection,
): Promise<RoleTimes> {
  const now = new Map<string, Role>();
  for (const { name, role } of await accountsOf(connection, desk.tenant.id, ACCOUNTS_MAX)) {
    now.set(await staffPseudonym(desk, name), role);
  }
  return new RoleTimes(await loggedRoles(connection, desk.tenant.id), now);
}
