/**
 * Who asks, in one statement: a session or a key, its account, and the mark under which what is
 * remembered of the tenant's organisations still counts.
 */
import { query } from "./query.ts";
import type { Connection } from "./query.ts";
import { textOrNull } from "./row.ts";
import type { Row } from "./row.ts";
import { ACCOUNT_COLUMNS, accountOf } from "./staff-account.ts";
import type { AccountRow } from "./staff-account.ts";
import { API_KEY_COLUMNS, apiKeyOf } from "./staff-api-key.ts";
import type { ApiKeyRow } from "./staff-api-key.ts";
import { SESSION_COLUMNS, sessionOf } from "./staff-session.ts";
import type { SessionRow } from "./staff-session.ts";

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

function named(alias: string, columns: string, prefix = ""): string {
  return columns
    .split(", ")
    .map((column) => `${alias}.${column} as "${prefix}${column}"`)
    .join(", ");
}

const ACCOUNT = named("a", ACCOUNT_COLUMNS, PREFIX);
const JOINED = `
  join staff_account a on a.tenant_id = $1::uuid and a.id = t.account_id
  left join policy_mark m on m.tenant_id = $1::uuid`;

function callerOf(row: Row): Caller {
  const account = Object.fromEntries(
    ACCOUNT_COLUMNS.split(", ").map((column) => [column, row[PREFIX + column]]),
  );
  return { account: accountOf(account), mark: textOrNull(row, "mark") };
}

/** The session whose token has that digest, ended or not, and its account, or null. */
export async function callerBySession(
  connection: Connection,
  tenantId: string,
  digest: Uint8Array,
): Promise<SessionCaller | null> {
  const [row] = await query(connection, {
    name: "caller_by_session",
    text: `
      select ${named("t", SESSION_COLUMNS)}, ${ACCOUNT}, m.mark
      from staff_session t ${JOINED} where t.digest = $2::bytea and t.tenant_id = $1::uuid`,
    values: [tenantId, Buffer.from(digest)],
  });
  return row === undefined ? null : { session: sessionOf(row), ...callerOf(row) };
}

/** The key of that id, ended or not, and its account, or null. */
export async function callerByKey(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<KeyCaller | null> {
  const [row] = await query(connection, {
    name: "caller_by_key",
    text: `
      select ${named("t", API_KEY_COLUMNS)}, ${ACCOUNT}, m.mark
      from staff_api_key t ${JOINED} where t.id = $2 and t.tenant_id = $1::uuid`,
    values: [tenantId, id],
  });
  return row === undefined ? null : { key: apiKeyOf(row), ...callerOf(row) };
}
