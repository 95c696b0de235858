/**
 * Who may do what in a case and in a spot check. A case belongs to the procuratorate that handles
 * it and to the authority whose duty it is about; a spot check to the authority that opened it.
 */
import type { Actor } from "../access/actor.ts";
import { findNamed } from "../access/named-row.ts";
import { ownAuthorities, requireOffice } from "../access/office-guard.ts";
import { Failure } from "../rules/failure.ts";
import { findCampaign } from "../store/campaign.ts";
import { connected } from "../store/pool.ts";
import { findCase, findCaseById, procuratoratesOf } from "../store/public-interest-case.ts";
import type { CaseRow } from "../store/public-interest-case.ts";
import type { Office } from "./office.ts";

/** Which of its two authorities may: it reads both ways, but each writes its own part. */
const CASE_ACTS = {
  read: ["procuratorate", "agency"],
  handle: ["procuratorate"],
  correct: ["agency"],
} as const satisfies Record<string, readonly ("procuratorate" | "agency")[]>;

export type CaseAct = keyof typeof CASE_ACTS;

interface Asked {
  readonly act: CaseAct;
  readonly actor: Actor | null;
}

async function requireFor(office: Office, matter: CaseRow | null, asked: Asked): Promise<void> {
  const { act, actor } = asked;
  const owners = matter === null ? ("any" as const) : CASE_ACTS[act].map((role) => matter[role]);
  const about = matter === null ? {} : { case: matter.number };
  await requireOffice(office, { owners, actor, ...about });
  if (matter === null) throw new Failure("CASE_UNKNOWN");
}

/**
 * Lets pass whoever may do `act` in the case of that number. Throws OFFICE_FOREIGN with an entry,
 * and CASE_UNKNOWN to an authority that asks for a case that is not there.
 */
export async function requireCase(office: Office, number: string, asked: Asked): Promise<void> {
  const matter = await connected(office.database, async (connection) =>
    findCase(connection, number),
  );
  await requireFor(office, matter, asked);
}

/** As `requireCase`, for what is linked with the case of that id; null for nothing. */
export async function requireLinkedCase(
  office: Office,
  id: string | null,
  asked: Asked,
): Promise<void> {
  const matter =
    id === null
      ? null
      : await connected(office.database, async (connection) => findCaseById(connection, id));
  await requireFor(office, matter, asked);
}

/**
 * Lets pass the authority that opened the spot check, and to `read` it the procuratorate of a case
 * that rests on it. Throws OFFICE_FOREIGN with an entry, and CAMPAIGN_UNKNOWN to an authority that
 * asks for one that is not there.
 */
export async function requireCampaign(
  office: Office,
  id: string,
  asked: { readonly act: "read" | "look"; readonly actor: Actor | null },
): Promise<void> {
  const { act, actor } = asked;
  const found = await connected(office.database, async (connection) => {
    const campaign = await findNamed(id, async (named) => findCampaign(connection, named));
    if (campaign === null) return null;
    const readers = act === "read" ? await procuratoratesOf(connection, id) : [];
    return [campaign.authority, ...readers];
  });
  const about = found === null ? {} : { campaign: id };
  await requireOffice(office, { owners: found ?? "any", actor, ...about });
  if (found === null) throw new Failure("CAMPAIGN_UNKNOWN");
}

/** The rows that concern an authority of this office: all others do not even show as counts. */
export async function concerning<T>(
  office: Office,
  rows: readonly T[],
  authorities: (row: T) => readonly string[],
): Promise<T[]> {
  const own = await ownAuthorities(office);
  return rows.filter((row) => authorities(row).some((id) => own.includes(id)));
}
