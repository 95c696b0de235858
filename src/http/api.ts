/** What the routes of waybills are served with, and what all of them say about themselves. */
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { OwnNetworks } from "../access/webhook-address.ts";
import type { Fonts } from "../label/font.ts";
import { isFailure, isOfStorage } from "../rules/failure.ts";
import type { Failure } from "../rules/failure.ts";
import type { CodeSender } from "../vault/code-sender.ts";
import type { ExportDesk } from "../vault/export-job.ts";
import type { SealingDesk } from "../vault/sealing-desk.ts";
import type { Vault } from "../vault/vault.ts";
import { languageOf } from "./problem.ts";
import type { Serving } from "./serving.ts";

export interface ApiServing extends Serving {
  readonly vault: Vault;
  readonly sealing: SealingDesk;
  readonly fonts: () => Fonts;
  readonly exporting: ExportDesk;
  /** Where webhooks may lead beside the public network. */
  readonly ownNetworks: OwnNetworks;
  /** How a code reaches the person who makes a request. */
  readonly codeSender: CodeSender;
}

/** Bounds what is read; whether it is a token is said by the failures of `parseToken` (P4). */
const TOKEN_CHARACTERS_MAX = 100;
export const TOKEN = Type.String({ minLength: 1, maxLength: TOKEN_CHARACTERS_MAX });
export const TOKEN_PARAMS = Type.Object({ token: TOKEN });

export const MASKED_PARTY = Type.Object({
  name: Type.String(),
  phone: Type.String(),
  address: Type.String(),
});

/** Problem details (RFC 9457): `code` is a row of docs/errors.md, `details` never holds input. */
const PROBLEM = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  requestId: Type.Optional(Type.String()),
  details: Type.Optional(
    Type.Unsafe<Record<string, unknown>>({
      type: "object",
      additionalProperties: { type: ["string", "number", "boolean"] },
    }),
  ),
});

const PROBLEM_ANSWER = {
  description: "What failed: docs/errors.md has every code.",
  content: { "application/problem+json": { schema: PROBLEM } },
} as const;

/**
 * The answers of a route: its own, and a problem for everything else. The type keeps its own only,
 * for nobody returns a problem: `sendProblem` makes it of what was thrown.
 */
export function answers<const Own extends Readonly<Record<number, unknown>>>(own: Own): Own {
  const others = { "4xx": PROBLEM_ANSWER, "5xx": PROBLEM_ANSWER };
  return { ...own, ...others };
}

/** One item of many that could not be done. */
export const REFUSED = Type.Object({
  ok: Type.Literal(false),
  code: Type.String(),
  title: Type.String(),
  field: Type.String(),
});

export interface Refused {
  readonly ok: false;
  readonly code: string;
  readonly title: string;
  readonly field: string;
}

/** A failure as one item of an answer says it, in the language of the request. */
export function refusedItem(request: FastifyRequest, failure: Failure): Refused {
  const { code, row, details } = failure;
  const { field } = details;
  const place = typeof field === "string" ? field : "";
  return { ok: false, code, title: row[languageOf(request)], field: place };
}

/** As `REFUSED`, where the item is a waybill. */
export const REFUSED_TOKEN = Type.Object({ token: Type.String(), ...REFUSED.properties });

/** As `refusedItem`, of the waybill of `token`. */
export function refusedToken(request: FastifyRequest, token: string, failure: Failure) {
  return { token, ...refusedItem(request, failure) };
}

/**
 * Each of `tokens` in turn through `work`; what is refused becomes an item, and what stops
 * everything (the database, the log) is thrown.
 */
export async function eachToken<T>(
  request: FastifyRequest,
  tokens: readonly string[],
  work: (token: string) => Promise<T>,
): Promise<((T & { ok: true; token: string }) | (Refused & { token: string }))[]> {
  const items: ((T & { ok: true; token: string }) | (Refused & { token: string }))[] = [];
  for (const token of tokens) {
    try {
      items.push({ ...(await work(token)), ok: true, token });
    } catch (error) {
      if (!isFailure(error) || isOfStorage(error)) throw error;
      items.push(refusedToken(request, token, error));
    }
  }
  return items;
}
