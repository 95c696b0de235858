/**
 * What every act of oversight works with, and how it writes to the log. An open vault is an office:
 * the tenant is the authority's own, so its staff have pseudonyms that nobody else can compare.
 */
import { encodeLeaf, LEAF_ID_BYTES } from "../audit/leaf.ts";
import type { LeafDraft } from "../audit/leaf.ts";
import { parcelReferenceOf, pseudonymOf } from "../crypto/blind-index.ts";
import type { IndexKey } from "../crypto/blind-index.ts";
import { suiteOf } from "../crypto/suites.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { insertLeaves } from "../store/audit-leaf.ts";
import type { Database } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import type { TenantRow } from "../store/tenant.ts";

export interface Office {
  readonly tenant: TenantRow;
  readonly database: Database;
  readonly keys: KeyStore;
  readonly gazetteer: Gazetteer;
  readonly timeZone: string;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
}

export type ActDraft = Omit<LeafDraft, "tenant" | "id" | "at" | "subject">;

const ACCOUNT_CHARACTERS_MAX = 128;

async function indexKeyOf(office: Office): Promise<IndexKey> {
  const { intake } = await office.keys.tenantKeys(office.tenant.id);
  return { suite: suiteOf(office.tenant.suite), key: intake };
}

/** The pseudonym under which `account` appears in the log of this office. */
export async function officerOf(office: Office, account: string): Promise<string> {
  return pseudonymOf(await indexKeyOf(office), account.trim().slice(0, ACCOUNT_CHARACTERS_MAX));
}

/** Turns waybill numbers into the references that this office keeps of them. */
export async function parcelReferences(office: Office): Promise<(waybill: string) => string> {
  const index = await indexKeyOf(office);
  return (waybill) => parcelReferenceOf(index, waybill);
}

/** Writes one leaf in the caller's transaction and returns its id, 16 bytes. */
export async function writeAct(
  office: Office,
  connection: Connection,
  draft: ActDraft,
): Promise<Uint8Array> {
  const id = office.randomBytes(LEAF_ID_BYTES);
  const leaf = encodeLeaf({ ...draft, tenant: office.tenant.id, id, at: office.now() });
  const { type, bytes: body } = leaf;
  await insertLeaves(connection, [{ id, type, subject: null, body, note: null }]);
  return id;
}

/** The id of a leaf as people and programs refer to it. */
export function entryText(entry: Uint8Array): string {
  return Buffer.from(entry).toString("hex");
}

export function today(office: Office): Day {
  return dayOf(office.now(), office.timeZone);
}
