/**
 * Founding and finding organisations: a carrier's headquarters (总部) with its outlets (网点), and
 * the authorities, which stand outside every tenant.
 */
import { randomUUID } from "node:crypto";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { hasForm, mayStandUnder } from "../rules/organisation-kind.ts";
import type {
  AuthorityKind,
  LowerKind,
  OrganisationForm,
  OrganisationKind,
} from "../rules/organisation-kind.ts";
import { UUID } from "../rules/uuid.ts";
import { authoritiesOf, insertOffice, lockTenant } from "../store/authority-office.ts";
import {
  findHeadquarters,
  findOrganisation,
  findOrganisationByName,
  insertOrganisations,
  lineOf,
  organisationsOf,
  TREE_DEPTH_MAX,
} from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import { todayAt } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { placeOf } from "./place.ts";
import { recordedText } from "./recorded-text.ts";

export interface Founded {
  readonly organisations: readonly OrganisationRow[];
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

const NAME_CHARACTERS_MAX = 100;
const FOUND_MAX = 10_000;
const LIST_MAX = 100_000;

interface OrganisationPlace {
  readonly kind: OrganisationKind;
  readonly tenantId: string | null;
  readonly parentId: string | null;
  readonly openedOn: Day;
  readonly form: OrganisationForm | null;
}

function newOrganisation(desk: Desk, name: string, place: OrganisationPlace): OrganisationRow {
  const bounds = { field: "name", charactersMax: NAME_CHARACTERS_MAX };
  return {
    ...place,
    id: randomUUID(),
    name: recordedText(name, bounds, desk.gazetteer),
    closedOn: null,
  };
}

/** Nobody oversees himself: a tenant is either a carrier or the office of authorities. */
async function requireOneSide(
  desk: Desk,
  connection: Connection,
  founded: OrganisationRow,
): Promise<void> {
  const other =
    founded.tenantId === null
      ? (await findHeadquarters(connection, desk.tenant.id)) !== null
      : (await authoritiesOf(connection, desk.tenant.id)).length > 0;
  if (other) throw new Failure("OFFICE_OF_CARRIER");
}

async function requireOpen(connection: Connection, parentId: string | null): Promise<void> {
  const parent = parentId === null ? null : await findOrganisation(connection, parentId);
  if (parent !== null && parent.closedOn !== null) throw new Failure("ORGANISATION_CLOSED");
}

/** Stores `rows`, one family, with the entry that tells of them. */
async function storeAll(
  desk: Desk,
  rows: readonly OrganisationRow[],
  { pseudonym: actor }: Actor,
): Promise<Founded> {
  const [first] = rows;
  if (first === undefined || rows.length > FOUND_MAX) {
    throw new Failure("ORGANISATION_PLACE", { count: rows.length });
  }
  return transaction(desk.database, async (connection) => {
    await lockTenant(connection, desk.tenant.id);
    await requireOneSide(desk, connection, first);
    // Its outlets would have nothing to stand under.
    const isSecond =
      first.kind === "headquarters" &&
      (await findHeadquarters(connection, desk.tenant.id)) !== null;
    if (isSecond) throw new Failure("ORGANISATION_EXISTS");
    await requireOpen(connection, first.parentId);
    const added = await insertOrganisations(connection, rows);
    if (added !== rows.length) throw new Failure("ORGANISATION_EXISTS");
    if (first.tenantId === null) {
      await insertOffice(connection, { authority: first.id, tenantId: desk.tenant.id });
    }
    const organisation = first.parentId ?? first.id;
    const draft = { type: "organisation-founded", actor, organisation, count: added } as const;
    return { organisations: rows, entry: await writeEntry(desk, connection, draft) };
  });
}

/**
 * Founds the one headquarters of the desk's tenant with its first outlets; the headquarters comes
 * first in the result. Fails with ORGANISATION_EXISTS, OFFICE_OF_CARRIER, TEXT_LENGTH or
 * TEXT_PERSONAL, and then founds nothing.
 */
export async function foundHeadquarters(
  desk: Desk,
  plan: { readonly name: string; readonly outlets: readonly string[]; readonly actor: Actor },
): Promise<Founded> {
  await authorise(desk, { actor: plan.actor, verb: "found" });
  const common = { tenantId: desk.tenant.id, openedOn: todayAt(desk) };
  const place = { ...common, kind: "headquarters", parentId: null, form: null } as const;
  const headquarters = newOrganisation(desk, plan.name, place);
  const below = {
    ...common,
    kind: "outlet",
    parentId: headquarters.id,
    form: "direct",
  } as const;
  const outlets = plan.outlets.map((name) => newOrganisation(desk, name, below));
  return storeAll(desk, [headquarters, ...outlets], plan.actor);
}

async function parentFor(
  desk: Desk,
  reference: string | null,
  kind: OrganisationKind,
): Promise<OrganisationRow> {
  const line = await connected(desk.database, async (connection) => {
    const parent =
      reference === null
        ? await ownHeadquarters(desk, connection)
        : await findOwn(desk, connection, reference);
    return lineOf(connection, parent.id);
  });
  const parent = line.at(-1);
  if (parent === undefined || line.length >= TREE_DEPTH_MAX) {
    throw new Failure("ORGANISATION_PLACE", { levels: line.length });
  }
  if (!mayStandUnder(kind, parent.kind)) {
    throw new Failure("ORGANISATION_PLACE", { kind, above: parent.kind });
  }
  return parent;
}

/**
 * Founds organisations of one kind under `parent` (id or name; null for the tenant's headquarters).
 * From then on everything that was decided above counts for them. `form` is direct where it is left
 * out. Fails with ORGANISATION_UNKNOWN, ORGANISATION_PLACE, ORGANISATION_CLOSED,
 * ORGANISATION_EXISTS, TEXT_LENGTH or TEXT_PERSONAL, and then founds nothing.
 */
export async function foundBelow(
  desk: Desk,
  plan: {
    readonly kind: LowerKind;
    readonly form?: OrganisationForm;
    readonly parent: string | null;
    readonly names: readonly string[];
    readonly actor: Actor;
  },
): Promise<Founded> {
  const { kind, form = "direct", actor } = plan;
  await authorise(desk, { actor, verb: "found" }, { place: "own" });
  const parent = await parentFor(desk, plan.parent, kind);
  const whose = await connected(desk.database, async (c) => placeOf(c, actor, parent.id));
  await authorise(desk, { actor, verb: "found" }, { place: whose });
  const place = {
    kind,
    form: hasForm(kind) ? form : null,
    tenantId: desk.tenant.id,
    parentId: parent.id,
    openedOn: todayAt(desk),
  } as const;
  const rows = plan.names.map((name) => newOrganisation(desk, name, place));
  return storeAll(desk, rows, actor);
}

/** As `foundBelow`, for outlets (网点) run directly. */
export async function foundOutlets(
  desk: Desk,
  plan: {
    readonly parent: string | null;
    readonly outlets: readonly string[];
    readonly actor: Actor;
  },
): Promise<Founded> {
  const { parent, outlets: names, actor } = plan;
  return foundBelow(desk, { kind: "outlet", parent, names, actor });
}

/**
 * Founds an authority and makes the desk's tenant its office, which alone acts in its name. Fails
 * with ORGANISATION_EXISTS, OFFICE_OF_CARRIER, TEXT_LENGTH or TEXT_PERSONAL.
 */
export async function foundAuthority(
  desk: Desk,
  plan: { readonly kind: AuthorityKind; readonly name: string; readonly actor: Actor },
): Promise<Founded> {
  await authorise(desk, { actor: plan.actor, verb: "found" });
  const openedOn = todayAt(desk);
  const place = { kind: plan.kind, tenantId: null, parentId: null, openedOn, form: null };
  return storeAll(desk, [newOrganisation(desk, plan.name, place)], plan.actor);
}

/**
 * The organisation that `reference` names, by id or by name: one of the desk's tenant or an
 * authority. ORGANISATION_UNKNOWN for all others, of other tenants too.
 */
export async function findVisible(
  desk: Desk,
  connection: Connection,
  reference: string,
): Promise<OrganisationRow> {
  const own = desk.tenant.id;
  const asked = reference.normalize("NFC").trim();
  const found = UUID.test(asked)
    ? await findOrganisation(connection, asked)
    : ((await findOrganisationByName(connection, own, asked)) ??
      (await findOrganisationByName(connection, null, asked)));
  if (found === null || (found.tenantId !== null && found.tenantId !== own)) {
    throw new Failure("ORGANISATION_UNKNOWN");
  }
  return found;
}

/** As `findVisible`, but authorities are unknown too. */
export async function findOwn(
  desk: Desk,
  connection: Connection,
  reference: string,
): Promise<OrganisationRow> {
  const found = await findVisible(desk, connection, reference);
  if (found.tenantId === null) throw new Failure("ORGANISATION_UNKNOWN");
  return found;
}

/** The tenant's headquarters; ORGANISATION_UNKNOWN when there is none yet. */
export async function ownHeadquarters(
  desk: Desk,
  connection: Connection,
): Promise<OrganisationRow> {
  const found = await findHeadquarters(connection, desk.tenant.id);
  if (found === null) throw new Failure("ORGANISATION_UNKNOWN");
  return found;
}

/** The name of the tenant's headquarters; ORGANISATION_UNKNOWN when there is none yet. */
export async function headquartersName(desk: Desk): Promise<string> {
  const { name } = await connected(desk.database, async (connection) =>
    ownHeadquarters(desk, connection),
  );
  return name;
}

export interface ListedOrganisation extends OrganisationRow {
  /** 0 for what has nobody above it. */
  readonly depth: number;
}

/** The authorities, and the tenant's tree with every organisation after the one above it. */
export async function listOrganisations(desk: Desk): Promise<ListedOrganisation[]> {
  const rows = await connected(desk.database, async (connection) => [
    ...(await organisationsOf(connection, null, LIST_MAX)),
    ...(await organisationsOf(connection, desk.tenant.id, LIST_MAX)),
  ]);
  const children = Map.groupBy(rows, (row) => row.parentId);
  const listed: ListedOrganisation[] = [];
  const list = (parentId: string | null, depth: number): void => {
    for (const row of children.get(parentId) ?? []) {
      listed.push({ ...row, depth });
      list(row.id, depth + 1);
    }
  };
  list(null, 0);
  return listed;
}
