/** Sign-ins that went to a provider and have not come back yet; each comes back once. */
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { bytes, text } from "./row.ts";

export interface OpenidFlow {
  /** SHA-256 of the cookie of the browser that began. */
  readonly browser: Uint8Array;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

export async function insertOpenidFlow(
  connection: Connection,
  made: OpenidFlow & {
    readonly tenantId: string;
    /** SHA-256 of the state. */
    readonly digest: Uint8Array;
    readonly expiresAt: Date;
  },
): Promise<void> {
  await execute(connection, {
    text: `
      insert into openid_flow (tenant_id, expires_at, digest, browser, nonce, verifier)
      values ($1::uuid, $2::timestamptz, $3::bytea, $4::bytea, $5, $6)`,
    values: [
      made.tenantId,
      made.expiresAt,
      Buffer.from(made.digest),
      Buffer.from(made.browser),
      made.nonce,
      made.verifier,
    ],
  });
}

/** Takes a flow out: whoever comes second with the same state finds nothing. */
export async function takeOpenidFlow(
  connection: Connection,
  asked: { readonly tenantId: string; readonly digest: Uint8Array },
  at: Date,
): Promise<OpenidFlow | null> {
  await execute(connection, {
    text: "delete from openid_flow where expires_at <= $1::timestamptz",
    values: [at],
  });
  const rows = await query(connection, {
    text: `
      delete from openid_flow where digest = $2::bytea and tenant_id = $1::uuid
      returning browser, nonce, verifier`,
    values: [asked.tenantId, Buffer.from(asked.digest)],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    browser: bytes(row, "browser"),
    nonce: text(row, "nonce"),
    verifier: text(row, "verifier"),
  };
}
