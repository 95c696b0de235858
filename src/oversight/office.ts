/**
 * What every act of oversight works with, and how it writes to the log. An open vault is an office:
 * the tenant is the authority's own, so its staff have pseudonyms that nobody else can compare.
 */
import type { Actor } from "../access/actor.ts";
import type { Desk } from "../access/desk.ts";
import { writeEntry } from "../access/entry.ts";
import type { EntryDraft } from "../access/entry.ts";
import { findVisible } from "../access/organisation.ts";
import { parcelReferenceOf } from "../crypto/blind-index.ts";
import { suiteOf } from "../crypto/suites.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import { Failure } from "../rules/failure.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import type { Connection } from "../store/query.ts";

export interface Office extends Desk {
  readonly keys: KeyStore;
}

/** What an act says of itself; who acted is an account, which the log holds as a pseudonym. */
export interface Act extends Omit<EntryDraft, "actor" | "id" | "about" | "note"> {
  readonly actor: Actor;
}

/** Turns waybill numbers into the references that this office keeps of them. */
export async function parcelReferences(office: Office): Promise<(waybill: string) => string> {
  const { pseudonym } = await office.keys.tenantKeys(office.tenant.id);
  const index = { suite: suiteOf(office.tenant.suite), key: pseudonym };
  return (waybill) => parcelReferenceOf(index, waybill);
}

/** Writes one entry in the caller's transaction and returns its id, 16 bytes. */
export async function writeAct(
  office: Office,
  connection: Connection,
  act: Act,
): Promise<Uint8Array> {
  const { actor, ...draft } = act;
  return Buffer.from(await writeEntry(office, connection, { ...draft, actor }), "hex");
}

/**
 * The authority that `reference` names, by id or name. Throws ORGANISATION_UNKNOWN, also
 * for a carrier's own organisation: nobody oversees himself.
 */
export async function authorityOf(
  office: Office,
  connection: Connection,
  reference: string,
): Promise<OrganisationRow> {
  const found = await findVisible(office, connection, reference);
  if (found.tenantId !== null) throw new Failure("ORGANISATION_UNKNOWN");
  return found;
}

/** The id of an entry as people and programs refer to it. */
export function entryText(entry: Uint8Array): string {
  return Buffer.from(entry).toString("hex");
}
