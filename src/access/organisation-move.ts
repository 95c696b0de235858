/**
 * Moving (移交) and closing (撤销) organisations. Neither may make anything looser: a branch that
 * moves keeps at least what bound it before, and nothing is left standing below what has ended.
 */
import { authoriseWithin } from "./authorise-within.ts";
import { Failure } from "../rules/failure.ts";
import type { FailureDetails } from "../rules/failure.ts";
import { mayStandUnder } from "../rules/organisation-kind.ts";
import { lockTenant } from "../store/authority-office.ts";
import {
  countOpenBelow,
  lockTree,
  organisationsOf,
  setClosed,
  setParent,
  TREE_DEPTH_MAX,
} from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { settingsOfTenant } from "../store/setting.ts";
import type { Actor } from "./actor.ts";
import { todayAt } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { digestOf } from "./setting.ts";
import { findOwn, ownHeadquarters } from "./organisation.ts";
import { loosenedByMove } from "./move-ruling.ts";
import { recordedReason } from "./recorded-text.ts";
import { wayUp } from "./way-up.ts";

export interface Changed {
  readonly organisation: OrganisationRow;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

const ORGANISATIONS_MAX = 100_000;

/** The organisation that was named, with the whole tree held until the transaction ends. */
async function held(
  desk: Desk,
  connection: Connection,
  reference: string,
): Promise<OrganisationRow> {
  // Whoever founds something below waits here too, and then finds it closed.
  await lockTenant(connection, desk.tenant.id);
  const top = await ownHeadquarters(desk, connection);
  await lockTree(connection, top.id);
  const found = await findOwn(desk, connection, reference);
  if (found.kind === "headquarters") throw new Failure("ORGANISATION_PLACE", { kind: found.kind });
  if (found.closedOn !== null) throw new Failure("ORGANISATION_CLOSED");
  return found;
}

/**
 * Closes an organisation as of today. Its settings and its entries stay. Fails with
 * ORGANISATION_UNKNOWN, ORGANISATION_PLACE (headquarters never close: a new one would begin without
 * its locks), ORGANISATION_CLOSED, ORGANISATION_OPEN_BELOW, TEXT_LENGTH or TEXT_PERSONAL.
 */
export async function closeOrganisation(
  desk: Desk,
  asked: { readonly organisation: string; readonly reason: string; readonly actor: Actor },
): Promise<Changed> {
  await authoriseWithin(desk, { actor: asked.actor, verb: "close-organisation" }, [
    asked.organisation,
  ]);
  const reason = recordedReason(asked.reason, desk.gazetteer);
  return transaction(desk.database, async (connection) => {
    const organisation = await held(desk, connection, asked.organisation);
    const count = await countOpenBelow(connection, organisation.id);
    if (count > 0) throw new Failure("ORGANISATION_OPEN_BELOW", { count });
    const closedOn = todayAt(desk);
    await setClosed(connection, organisation.id, closedOn);
    const entry = await writeEntry(desk, connection, {
      type: "organisation-closed",
      actor: asked.actor.pseudonym,
      organisation: organisation.id,
      digest: digestOf(reason),
    });
    return { organisation: { ...organisation, closedOn }, entry };
  });
}

function levelsBelow(tree: readonly OrganisationRow[], id: string): number {
  const byId = new Map(tree.map((row) => [row.id, row] as const));
  const depths = tree.map((row) => wayUp((at) => byId.get(at)?.parentId, row.id).indexOf(id));
  return Math.max(...depths);
}

/** Why it may not stand there, whatever the settings say. */
function misplaced(
  tree: readonly OrganisationRow[],
  moved: OrganisationRow,
  above: OrganisationRow,
): FailureDetails | null {
  if (!mayStandUnder(moved.kind, above.kind)) return { kind: moved.kind, above: above.kind };
  const byId = new Map(tree.map((row) => [row.id, row] as const));
  const line = wayUp((at) => byId.get(at)?.parentId, above.id);
  if (line.includes(moved.id)) return { loop: true };
  const levels = line.length + 1 + levelsBelow(tree, moved.id);
  return levels > TREE_DEPTH_MAX ? { levels } : null;
}

async function requirePlace(
  desk: Desk,
  connection: Connection,
  { moved, above }: { readonly moved: OrganisationRow; readonly above: OrganisationRow },
): Promise<void> {
  if (above.closedOn !== null) throw new Failure("ORGANISATION_CLOSED");
  const tree = await organisationsOf(connection, desk.tenant.id, ORGANISATIONS_MAX);
  const wrong = misplaced(tree, moved, above);
  if (wrong !== null) throw new Failure("ORGANISATION_PLACE", wrong);
  const settings = await settingsOfTenant(connection, desk.tenant.id);
  const loosened = loosenedByMove({ tree, settings }, { id: moved.id, above: above.id });
  if (loosened !== null) throw new Failure("ORGANISATION_MOVE_LOOSER", { setting: loosened });
}

/**
 * Puts an organisation, with all that stands below it, under another one of the same tenant. Fails
 * with ORGANISATION_UNKNOWN, ORGANISATION_CLOSED, ORGANISATION_PLACE, TEXT_LENGTH, TEXT_PERSONAL,
 * and with ORGANISATION_MOVE_LOOSER when any setting of any organisation that moves would count for
 * less there, or could be made to: tighten the new place first.
 */
export async function moveOrganisation(
  desk: Desk,
  asked: {
    readonly organisation: string;
    readonly under: string;
    readonly reason: string;
    readonly actor: Actor;
  },
): Promise<Changed> {
  const moving = { actor: asked.actor, verb: "move-organisation" } as const;
  await authoriseWithin(desk, moving, [asked.organisation, asked.under]);
  const reason = recordedReason(asked.reason, desk.gazetteer);
  return transaction(desk.database, async (connection) => {
    const moved = await held(desk, connection, asked.organisation);
    const above = await findOwn(desk, connection, asked.under);
    await requirePlace(desk, connection, { moved, above });
    await setParent(connection, moved.id, above.id);
    const entry = await writeEntry(desk, connection, {
      type: "organisation-moved",
      actor: asked.actor.pseudonym,
      organisation: moved.id,
      by: above.id,
      ...(moved.parentId === null ? {} : { from: moved.parentId }),
      digest: digestOf(reason),
    });
    return { organisation: { ...moved, parentId: above.id }, entry };
  });
}
