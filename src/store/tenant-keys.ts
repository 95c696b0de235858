/**
 * Who seals holds the tenant's lasting keys shared, who renews them alone: so after a renewal
 * nothing new is made with the earlier ones. And what still needs an earlier one.
 */
import type { Day } from "../rules/calendar.ts";
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { dayOrNull, instant, wholeNumber } from "./row.ts";
import { SHELL_COLUMNS, shellOf } from "./shell.ts";
import type { FoundShell } from "./shell.ts";

const LOCK_KEY = "hashtextextended('midan.tenant-keys.' || $1, 0)";

/** Until the end of the caller's transaction nobody renews the keys. Waits for who does now. */
export async function shareTenantKeys(connection: Connection, tenantId: string): Promise<void> {
  await query(connection, {
    text: `select pg_advisory_xact_lock_shared(${LOCK_KEY})`,
    values: [tenantId],
  });
}

/** Until the end of the caller's transaction nobody seals with the keys. Waits for who does now. */
export async function holdTenantKeys(connection: Connection, tenantId: string): Promise<void> {
  await query(connection, {
    text: `select pg_advisory_xact_lock(${LOCK_KEY})`,
    values: [tenantId],
  });
}

/** The last day of death and the last week of shells of any compartment; null without any. */
export async function lastDaysOf(
  connection: Connection,
  tenantId: string,
): Promise<{ readonly dayOfDeath: Day | null; readonly shellWeek: Day | null }> {
  const [row = {}] = await query(connection, {
    text: `
      select max(day_of_death) as day_of_death, max(shell_week) as shell_week
      from compartment where tenant_id = $1::uuid`,
    values: [tenantId],
  });
  return { dayOfDeath: dayOrNull(row, "day_of_death"), shellWeek: dayOrNull(row, "shell_week") };
}

/** Waybills that got new tokens, and the first and last moment at which they were sealed. */
export interface ReissuedSpan {
  readonly waybills: number;
  readonly sealedFrom: Date;
  readonly sealedTo: Date;
}

/**
 * Shells whose token key is lost get the newest that there is: what was printed leads nowhere any
 * more, and whoever finds the waybill by phone gets its new token. Null where there were none.
 */
export async function reissueTokens(
  connection: Connection,
  tenantId: string,
  newest: number,
): Promise<ReissuedSpan | null> {
  const [row = {}] = await query(connection, {
    text: `
      with moved as (
        update shell set token_key = $2::integer
        where tenant_id = $1::uuid and token_key > $2::integer returning sealed_at)
      select count(*) as shells, min(sealed_at) as sealed_from, max(sealed_at) as sealed_to
      from moved`,
    values: [tenantId, newest],
  });
  const waybills = wholeNumber(row, "shells");
  if (waybills === 0) return null;
  return { waybills, sealedFrom: instant(row, "sealed_from"), sealedTo: instant(row, "sealed_to") };
}

/** The oldest `limit` shells of the tenant that were sealed from `from` up to and with `to`. */
export async function shellsSealedWithin(
  connection: Connection,
  tenantId: string,
  span: { readonly from: Date; readonly to: Date; readonly limit: number },
): Promise<FoundShell[]> {
  const rows = await query(connection, {
    text: `
      select ${SHELL_COLUMNS} from shell
      where tenant_id = $1::uuid and sealed_at between $2::timestamptz and $3::timestamptz
      order by sealed_at, compartment, slot limit $4::integer`,
    values: [tenantId, span.from, span.to, span.limit],
  });
  return rows.map(shellOf);
}

/** How many shells have a token of this key. Reads every shell: for once a day. */
export async function countTokensOf(
  connection: Connection,
  tenantId: string,
  tokenKey: number,
): Promise<number> {
  const [row = {}] = await query(connection, {
    text: `
      select count(*) as shells from shell
      where tenant_id = $1::uuid and token_key = $2::integer`,
    values: [tenantId, tokenKey],
  });
  return wholeNumber(row, "shells");
}
