/** Who asks over HTTP: by the cookie of a browser or by a token, and never from another site. */
import { hash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../access/actor.ts";
import { openApiKey } from "../identity/api-key.ts";
import { openSession } from "../identity/session.ts";
import { Failure } from "../rules/failure.ts";
import type { Serving } from "./serving.ts";

const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const BEARER = /^Bearer (m(?:ds|dk)1[\w-]{1,100})$/;
const CSRF_HEADER = "x-midan-csrf";
const KNOWN_DAYS = 90;
const DAY_SECONDS = 86_400;

function cookieNames({ secure }: Serving): { readonly session: string; readonly known: string } {
  // The prefix makes browsers refuse a cookie that was planted from a neighbouring host or by HTTP.
  const prefix = secure ? "__Host-" : "";
  return { session: `${prefix}midan`, known: `${prefix}midan-known` };
}

/** The session token and the mark of a known browser that came with the request. */
export function cookiesOf(
  serving: Serving,
  request: FastifyRequest,
): { readonly session: string | null; readonly known: string | null } {
  const names = cookieNames(serving);
  const { [names.session]: session = null, [names.known]: known = null } = request.cookies;
  return { session, known };
}

function flags({ secure }: Serving) {
  return { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
}

/** Lets the browser keep its session; it is gone when the browser closes. */
export function keepSession(
  serving: Serving,
  reply: FastifyReply,
  kept: { readonly token: string; readonly known: string },
): void {
  const names = cookieNames(serving);
  reply.setCookie(names.session, kept.token, flags(serving));
  const maxAge = KNOWN_DAYS * DAY_SECONDS;
  reply.setCookie(names.known, kept.known, { ...flags(serving), maxAge });
}

export function dropSession(serving: Serving, reply: FastifyReply): void {
  reply.clearCookie(cookieNames(serving).session, flags(serving));
}

/** What a page sends back with each change, and no other site can know. */
export function csrfOf(token: string): string {
  return hash("sha256", `midan.csrf\0${token}`, "base64url");
}

/**
 * Throws CROSS_SITE when the browser says that another site's page made the request (Fetch
 * Metadata, Origin). Clients that are no browsers say nothing and have no cookies to be misused.
 */
export function requireOwnSite(serving: Serving, request: FastifyRequest): void {
  const { origin, "sec-fetch-site": site } = request.headers;
  if (origin !== undefined && origin !== serving.origin) throw new Failure("CROSS_SITE");
  if (typeof site === "string" && site !== "same-origin" && site !== "none")
    throw new Failure("CROSS_SITE");
}

function requireCsrf(request: FastifyRequest, token: string): void {
  const given = request.headers[CSRF_HEADER];
  const wanted = Buffer.from(csrfOf(token));
  const bytes = Buffer.from(typeof given === "string" ? given : "");
  if (bytes.length !== wanted.length || !timingSafeEqual(bytes, wanted))
    throw new Failure("CROSS_SITE");
}

export interface Requester {
  readonly actor: Actor;
  /** Name of the account; null for a machine. */
  readonly name: string | null;
  /** The session's token; null for a machine. */
  readonly token: string | null;
}

/**
 * Who asks. Throws SESSION_ENDED for nobody, CROSS_SITE for a change by cookie that does not come
 * from our own page, and as `openApiKey` for a key.
 */
export async function requesterOf(serving: Serving, request: FastifyRequest): Promise<Requester> {
  const [, bearer] = BEARER.exec(request.headers.authorization ?? "") ?? [];
  if (bearer?.startsWith("mdk1") === true)
    return { actor: await openApiKey(serving.desk, bearer), name: null, token: null };
  const token = bearer ?? cookiesOf(serving, request).session;
  if (token === null) throw new Failure("SESSION_ENDED");
  if (bearer === undefined && !SAFE.has(request.method)) {
    requireOwnSite(serving, request);
    requireCsrf(request, token);
  }
  const { actor, account } = await openSession(serving.desk, token);
  return { actor, name: account.name, token };
}

const IPV6_GROUPS_OF_A_HOLDER = 4;

/** Where a request comes from, for counting: an address, or the whole /64 of one holder. */
export function sourceOf(request: FastifyRequest): string {
  const { ip } = request;
  if (!ip.includes(":") || ip.startsWith("::ffff:")) return ip.replace("::ffff:", "");
  return ip.split(":").slice(0, IPV6_GROUPS_OF_A_HOLDER).join(":");
}
