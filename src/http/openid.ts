/** Sign-in at an OpenID Connect provider: there and back. */
import type { FastifyReply } from "fastify";
import { beginOpenid, finishOpenid } from "../identity/openid.ts";
import type { OpenidClient } from "../identity/openid.ts";
import { Failure } from "../rules/failure.ts";
import { cookiesOf, keepSession } from "./requester.ts";
import type { App, Serving } from "./serving.ts";

const FLOW_COOKIE = "midan-flow";
const FLOW_SECONDS = 600;

/**
 * The one cookie that comes along when the provider sends the browser back, which is a step from
 * another site; it opens nothing by itself.
 */
function flags({ secure }: Serving) {
  return { path: "/v1/openid", httpOnly: true, sameSite: "lax", secure } as const;
}

function clientOf({ openid }: Serving): OpenidClient {
  if (openid === null) throw new Failure("OPENID_OFF");
  return openid;
}

/**
 * A page of ours that goes on to the start: a redirect would still count as a step from the
 * provider's site, and the session's cookie would stay behind.
 */
function goOn(reply: FastifyReply): FastifyReply {
  const page = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><a href="/">Midan</a>';
  return reply.type("text/html; charset=utf-8").send(page);
}

/** `/v1/openid`. */
export function openidRoutes(app: App, serving: Serving): void {
  const config = { caller: "anybody" } as const;
  app.get("/v1/openid", { config }, async (_request, reply) => {
    const { url, browser } = await beginOpenid(serving.desk, clientOf(serving));
    reply.setCookie(FLOW_COOKIE, browser, { ...flags(serving), maxAge: FLOW_SECONDS });
    return reply.redirect(url, 303);
  });
  app.get("/v1/openid/callback", { config }, async (request, reply) => {
    const [, query = ""] = /\?([^#]*)/.exec(request.url) ?? [];
    const browser = request.cookies[FLOW_COOKIE] ?? null;
    const previous = cookiesOf(serving, request).session;
    reply.clearCookie(FLOW_COOKIE, flags(serving));
    const made = await finishOpenid(serving.desk, clientOf(serving), { query, browser, previous });
    keepSession(serving, reply, made);
    return goOn(reply);
  });
}
