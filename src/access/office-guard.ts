/**
 * Who may act for an authority: the tenant whose office it is, and nobody else. A refusal is an
 * entry of the log before it is thrown, so that whoever is concerned can see who tried.
 */
import { Failure } from "../rules/failure.ts";
import { authoritiesOf } from "../store/authority-office.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";
import { SYSTEM_ACTOR, writeEntry } from "./entry.ts";

export interface Guarded {
  /** Ids of the authorities that may; "any" for whatever every authority may and no carrier. */
  readonly owners: readonly string[] | "any";
  /** Who asks; null where the program reads for itself. */
  readonly actor: Actor | null;
  /** What was asked for, for the entry. */
  readonly campaign?: string;
  readonly case?: string;
}

/** Ids of the authorities in whose name the desk acts; none for a carrier's. */
export async function ownAuthorities(desk: Desk): Promise<readonly string[]> {
  return connected(desk.database, async (connection) => authoritiesOf(connection, desk.tenant.id));
}

/** Writes the refusal as an entry and throws OFFICE_FOREIGN, whose `entry` names it. */
async function refuse(desk: Desk, { owners, actor: asking, ...about }: Guarded): Promise<never> {
  const actor = asking ?? SYSTEM_ACTOR;
  const [owner] = owners === "any" ? [] : owners;
  const entry = await transaction(desk.database, async (connection) =>
    writeEntry(desk, connection, {
      type: "office-refused",
      actor,
      failure: "OFFICE_FOREIGN",
      ...(owner === undefined ? {} : { organisation: owner }),
      ...about,
    }),
  );
  throw new Failure("OFFICE_FOREIGN", { entry });
}

/**
 * Lets the desk pass when it is the office of one of `owners`. Else leaves an entry
 * `office-refused` of its own and throws OFFICE_FOREIGN; call it outside any transaction, which
 * would take the entry back with it.
 */
export async function requireOffice(desk: Desk, guarded: Guarded): Promise<void> {
  const { owners } = guarded;
  const own = await ownAuthorities(desk);
  const passes = owners === "any" ? own.length > 0 : own.some((id) => owners.includes(id));
  if (!passes) await refuse(desk, guarded);
}
