/** What a search by phone opens and compares: party rows with their shells, in one statement. */
import { columnsOf, columnsWithout } from "./column.ts";
import { PARTY_COLUMNS, partyOf } from "./party.ts";
import type { PartyRow, TagInWeek } from "./party.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { textOrNull } from "./row.ts";
import { SHELL_COLUMNS, shellOf } from "./shell.ts";
import type { FoundShell } from "./shell.ts";
import { dateArray, int4Array } from "./wire.ts";

export interface Candidate {
  readonly party: PartyRow;
  /** Null when the waybill has none (any more). */
  readonly shell: FoundShell | null;
}

export interface FoundCandidates {
  /** The mark of the tenant's policies at that moment; null for a tenant that has none. */
  readonly mark: string | null;
  readonly candidates: readonly Candidate[];
}

const OF_BOTH: ReadonlySet<string> = new Set(["compartment", "slot", "bucket"]);
/* A shell has place and bucket of its party row. */
const SHELL = columnsOf("s", columnsWithout(SHELL_COLUMNS, OF_BOTH));
const PARTY = columnsOf("p", PARTY_COLUMNS);

/**
 * Candidates whose phone tag stands in one of the weeks, at most `limit`, newest week first. A tag
 * is truncated and keyed per tenant and week: the caller opens each candidate and drops the wrong
 * ones. Rows of other tenants and of destroyed compartments are left out.
 */
export async function findByPhoneTags(
  connection: Connection,
  tenantId: string,
  options: { readonly tags: readonly TagInWeek[]; readonly limit: number },
): Promise<FoundCandidates> {
  const rows = await query(connection, {
    name: "party_by_phone_tags",
    text: `
      select m.mark, f.*, ${SHELL}
      from (select (select mark from policy_mark where tenant_id = $3::uuid) as mark) m
      left join (
        select found.*, c.shell_week as week_of_shell
        from unnest($1::date[], $2::integer[]) as wanted (week, tag)
        cross join lateral
          (select ${PARTY} from party p
           where p.death_week = wanted.week and p.phone_tag = wanted.tag
           -- A fence: otherwise a partition without statistics may be read by compartment.
           offset 0) as found
        join compartment c on c.serial = found.compartment
        where c.tenant_id = $3::uuid and c.state <> 'destroyed'
        order by death_week desc, compartment desc, slot desc
        limit $4::integer) f on true
      left join lateral shell_at(f.week_of_shell, f.compartment, f.slot) s on true
      order by f.death_week desc, f.compartment desc, f.slot desc`,
    values: [
      dateArray(options.tags.map((tag) => tag.deathWeek)),
      int4Array(options.tags.map((tag) => tag.tag)),
      tenantId,
      options.limit,
    ],
  });
  const found = rows.filter((row) => row["compartment"] !== null);
  return {
    mark: textOrNull(rows[0] ?? {}, "mark"),
    candidates: found.map((row) => ({
      party: partyOf(row),
      shell: row["shell_week"] === null ? null : shellOf(row),
    })),
  };
}
