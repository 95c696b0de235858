/**
 * One way to send a statement and one way for it to fail. PostgreSQL's own errors quote key values
 * ("Key (phone)=(…) already exists") and inputs; none of that may reach a log (P9), so an error is
 * reduced to its SQLSTATE and the names of the schema objects, and its cause is dropped.
 */

import { DatabaseError } from "pg";
import type { ClientBase } from "pg";

import { Failure } from "../rules/failure.ts";
import type { FailureCode, FailureDetails } from "../rules/failure.ts";
import { traced } from "../trace/span.ts";
import type { SpanStart } from "../trace/span.ts";
import type { Row } from "./row.ts";

/** A connection in use by one caller: inside `transaction` or `connected` of pool.ts. */
export type Connection = ClientBase;

export interface Statement {
  /** Prepared once per connection under this name when given: for statements that come often. */
  readonly name?: string;
  readonly text: string;
  /** A Buffer goes over in PostgreSQL's binary form of the parameter's type, all else as text. */
  readonly values?: readonly unknown[];
}

export const SQLSTATE = {
  serializationFailure: "40001",
  deadlockDetected: "40P01",
  lockNotAvailable: "55P03",
  uniqueViolation: "23505",
  duplicateDatabase: "42P04",
  duplicateObject: "42710",
  duplicateTable: "42P07",
  undefinedTable: "42P01",
  diskFull: "53100",
} as const;

/* Connection trouble, shutdown in progress, start in progress, too many connections. */
const UNAVAILABLE_STATES = /^(08...|57P0[1-5]|53300)$/;
const UNAVAILABLE_TEXT =
  /^Connection terminated|timeout exceeded when trying to connect|^Client (was closed|has encountered)/;
/** ECONNREFUSED and the like, and an address that is none; other ERR_ are a program's faults. */
const SYSTEM_ERROR = /^(E(?!RR_)[A-Z0-9_]{2,30}|ERR_INVALID_URL)$/;

/** The SQLSTATE of an error that came from PostgreSQL or from this room; null for all others. */
export function sqlStateOf(error: unknown): string | null {
  if (error instanceof DatabaseError) return error.code ?? null;
  if (!(error instanceof Failure)) return null;
  const state = error.details["sqlstate"];
  return typeof state === "string" ? state : null;
}

function schemaNamesOf(error: DatabaseError): FailureDetails {
  return {
    ...(error.table === undefined ? {} : { table: error.table }),
    ...(error.constraint === undefined ? {} : { constraint: error.constraint }),
  };
}

function systemCodeOf(error: Error): string | null {
  const code: unknown = "code" in error ? error.code : undefined;
  if (typeof code === "string" && SYSTEM_ERROR.test(code)) return code;
  return UNAVAILABLE_TEXT.test(error.message) ? "ECONNRESET" : null;
}

function codeOf(sqlstate: string): FailureCode {
  if (sqlstate === SQLSTATE.diskFull) return "DATABASE_FULL";
  return UNAVAILABLE_STATES.test(sqlstate) ? "DATABASE_UNAVAILABLE" : "DATABASE_FAILED";
}

/**
 * What to throw instead of `error`: DATABASE_UNAVAILABLE (try again later), DATABASE_FULL (its
 * disk) or DATABASE_FAILED (a fault or a conflict; `sqlstate` says which). Failures and programmer
 * errors come back unchanged.
 */
export function databaseFailure(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  if (error instanceof DatabaseError) {
    const sqlstate = error.code ?? "XX000";
    return new Failure(codeOf(sqlstate), { sqlstate, ...schemaNamesOf(error) });
  }
  const system = systemCodeOf(error);
  return system === null ? error : new Failure("DATABASE_UNAVAILABLE", { system });
}

/** Runs `statement` and returns its rows. Throws as `databaseFailure` says. */
export async function query(connection: Connection, statement: Statement): Promise<Row[]> {
  return (await run(connection, statement)).rows;
}

/** Runs `statement` and returns how many rows it touched. Throws as `databaseFailure` says. */
export async function execute(connection: Connection, statement: Statement): Promise<number> {
  return (await run(connection, statement)).count;
}

const VERB_AND_TABLE =
  /^\s*([a-z]{2,10})\b(?:[^']*?\b(?:from|into|update|copy)\s+([a-z_]{1,60}))?/i;

/** What a statement does: its name, or verb and first table. Text of ours, never a value. */
function summaryOf({ name, text }: Statement): string {
  if (name !== undefined) return name;
  const [, verb = "statement", table = ""] = VERB_AND_TABLE.exec(text) ?? [];
  return `${verb} ${table}`.trim().toLowerCase();
}

/** A span of the database, named for what it does there. */
export function databaseSpan(summary: string): SpanStart {
  const attributes = { "db.system.name": "postgresql", "db.query.summary": summary } as const;
  return { name: summary, kind: "client", attributes };
}

async function run(connection: Connection, statement: Statement) {
  return traced(
    () => databaseSpan(summaryOf(statement)),
    async () => send(connection, statement),
  );
}

async function send(connection: Connection, statement: Statement) {
  const { name, text, values = [] } = statement;
  try {
    const config = { text, values: [...values], ...(name === undefined ? {} : { name }) };
    const result = await connection.query<Row>(config);
    return { rows: result.rows, count: result.rowCount ?? 0 };
  } catch (error) {
    throw databaseFailure(error);
  }
}
