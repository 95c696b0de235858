/**
 * Who asks, in one statement for all who ask at once: a session or a key, its account, and the mark
 * under which what is remembered of the tenant's organisations still counts.
 */
import { columnsOf, withoutPrefix } from "./column.ts";
import { Gathered } from "./gathered.ts";
import type { Database } from "./pool.ts";
import { query } from "./query.ts";
import { textOrNull, wholeNumber } from "./row.ts";
import type { Row } from "./row.ts";
import { ACCOUNT_COLUMNS, accountOf } from "./staff-account.ts";
import type { AccountRow } from "./staff-account.ts";
import { API_KEY_COLUMNS, apiKeyOf } from "./staff-api-key.ts";
import type { ApiKeyRow } from "./staff-api-key.ts";
import { SESSION_COLUMNS, sessionOf } from "./staff-session.ts";
import type { SessionRow } from "./staff-session.ts";
import { byteaArray } from "./wire.ts";

interface Caller {
  readonly account: AccountRow;
  /** The mark of the tenant's policies at that moment; null for a tenant that has none. */
  readonly mark: string | null;
}

export interface SessionCaller extends Caller {
  readonly session: SessionRow;
}

export interface KeyCaller extends Caller {
  readonly key: ApiKeyRow;
}

/* Columns of the account have a prefix: both tables have an id, and more. */
const PREFIX = "account_";

const ACCOUNT = columnsOf("a", ACCOUNT_COLUMNS, PREFIX);
const JOINED = `
  join staff_account a on a.tenant_id = $1::uuid and a.id = t.account_id
  left join policy_mark m on m.tenant_id = $1::uuid`;

function callerOf(row: Row): Caller {
  const account = accountOf(withoutPrefix(row, ACCOUNT_COLUMNS, PREFIX));
  return { account, mark: textOrNull(row, "mark") };
}

/** The answer for each of `asked`, by the place that its row names. */
function inOrder<T>(rows: readonly Row[], asked: number, of: (row: Row) => T): (T | null)[] {
  const answers: (T | null)[] = Array.from({ length: asked }, () => null);
  for (const row of rows) answers[wholeNumber(row, "nth") - 1] = of(row);
  return answers;
}

const bySession = new Gathered<Uint8Array, SessionCaller | null>(
  "caller_by_session",
  async (connection, tenantId, digests) => {
    const rows = await query(connection, {
      name: "caller_by_session",
      text: `
        select asked.nth, ${columnsOf("t", SESSION_COLUMNS)}, ${ACCOUNT}, m.mark
        from unnest($2::bytea[]) with ordinality as asked (digest, nth)
          cross join lateral (select * from staff_session
            where digest = asked.digest and tenant_id = $1::uuid offset 0) t ${JOINED}`,
      values: [tenantId, byteaArray(digests)],
    });
    const of = (row: Row): SessionCaller => ({ session: sessionOf(row), ...callerOf(row) });
    return inOrder(rows, digests.length, of);
  },
);

/** The session whose token has that digest, ended or not, and its account, or null. */
export async function callerBySession(
  database: Database,
  tenantId: string,
  digest: Uint8Array,
): Promise<SessionCaller | null> {
  return bySession.ask(database, tenantId, digest);
}

const byKey = new Gathered<string, KeyCaller | null>(
  "caller_by_key",
  async (connection, tenantId, ids) => {
    const rows = await query(connection, {
      name: "caller_by_key",
      text: `
        select asked.nth, ${columnsOf("t", API_KEY_COLUMNS)}, ${ACCOUNT}, m.mark
        from unnest($2::text[]) with ordinality as asked (id, nth)
          cross join lateral (select * from staff_api_key
            where id = asked.id and tenant_id = $1::uuid offset 0) t ${JOINED}`,
      values: [tenantId, [...ids]],
    });
    const of = (row: Row): KeyCaller => ({ key: apiKeyOf(row), ...callerOf(row) });
    return inOrder(rows, ids.length, of);
  },
);

/** The key of that id, ended or not, and its account, or null. */
export async function callerByKey(
  database: Database,
  tenantId: string,
  id: string,
): Promise<KeyCaller | null> {
  return byKey.ask(database, tenantId, id);
}
