/** Policy sets by digest with their text, and from when on each ruled over a tenant. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, instant, text } from "./row.ts";

export interface PolicyTerm {
  readonly from: Date;
  /** SHA-256 of the text, 32 bytes. */
  readonly digest: Uint8Array;
}

/** Keeps the text of a set; one that is there stays as it is. */
export async function keepPolicySet(
  connection: Connection,
  set: PolicyTerm & { readonly body: string },
): Promise<void> {
  await execute(connection, {
    text: `
      insert into policy_set (first_seen_at, digest, body) values ($1, $2::bytea, $3)
      on conflict do nothing`,
    values: [set.from, Buffer.from(set.digest), set.body],
  });
}

/** The text of the set of that digest, or null. */
export async function findPolicySet(
  connection: Connection,
  digest: Uint8Array,
): Promise<string | null> {
  const rows = await query(connection, {
    text: "select body from policy_set where digest = $1::bytea",
    values: [Buffer.from(digest)],
  });
  return rows[0] === undefined ? null : text(rows[0], "body");
}

/** The sets that ruled over a tenant, oldest first. */
export async function policyTerms(connection: Connection, tenantId: string): Promise<PolicyTerm[]> {
  const rows = await query(connection, {
    text: "select from_at, digest from policy_set_term where tenant_id = $1::uuid order by from_at",
    values: [tenantId],
  });
  return rows.map((row) => ({ from: instant(row, "from_at"), digest: bytes(row, "digest") }));
}

/**
 * From then on this set rules over the tenant. Its time is after that of every earlier one,
 * whatever clock it comes from: the past is asked by time.
 */
export async function addPolicyTerm(
  connection: Connection,
  tenantId: string,
  { from, digest }: PolicyTerm,
): Promise<void> {
  await execute(connection, {
    text: `
      insert into policy_set_term (tenant_id, from_at, digest)
      select $1::uuid, greatest($2::timestamptz, max(from_at) + interval '1 millisecond'), $3::bytea
      from policy_set_term where tenant_id = $1::uuid`,
    values: [tenantId, from, Buffer.from(digest)],
  });
}
