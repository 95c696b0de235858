/**
 * Whom a route answers. Every route says it, and it is settled before a body is read: who may not
 * ask learns nothing of what would have been a right question, and costs little.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../access/actor.ts";
import { requireScope } from "../access/machine.ts";
import { requirePerson } from "../access/person.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { Scope } from "../rules/scope.ts";
import { Rates } from "./rate.ts";
import { requesterOf, sourceOf } from "./requester.ts";
import type { Requester } from "./requester.ts";
import type { App, Serving } from "./serving.ts";

/**
 * `anybody` without signing in; `any` key, or a person; a `person` and no key; or a person and the
 * keys that were made for that scope. What the role may do is the verb's to say.
 */
export type RouteCaller = Scope | "any" | "anybody" | "person";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whom the route answers; a route that does not say is not served. */
    readonly caller?: RouteCaller;
  }
  interface FastifyRequest {
    /** Who asks, where the route does not answer anybody. */
    requester: Requester | null;
  }
}

/** Of a route that a person asks, and no key. */
export const PERSON = { caller: "person" } as const;

/** As `PERSON`, where whoever repeats a request is given the answer that was kept. */
export const PERSON_KEPT = { caller: "person", once: "kept" } as const;

/** As `PERSON`, where the answer holds a secret, which is kept nowhere. */
export const PERSON_SHOWN_ONCE = { caller: "person", once: "shown-once" } as const;

/** Makes `app` refuse, when it is set up, a route that does not say whom it answers. */
export function requireCallers(app: App): void {
  app.decorateRequest("requester", null);
  app.addHook("onRoute", ({ config, method, url }) => {
    if (config?.caller === undefined) throw new Error(`${String(method)} ${url} answers whom?`);
  });
}

function requireWanted(actor: Actor, caller: RouteCaller): void {
  if (caller === "person") requirePerson(actor);
  else if (caller !== "anybody") requireScope(actor, caller);
}

/** Wrong tokens that one address may send in a minute; it is above what a branch's pages send. */
const WRONG_PER_MINUTE_MAX = 1_000;
const STATUS_UNKNOWN = 401;

/**
 * As `requesterOf`, but whoever guesses is counted by where he asks from. What is right is never
 * refused for it: others may stand behind the same address.
 */
async function countedRequester(
  serving: Serving,
  wrong: Rates,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<Requester> {
  try {
    return await requesterOf(serving, request);
  } catch (error) {
    if (isFailure(error) && error.row.status === STATUS_UNKNOWN)
      wrong.count(sourceOf(request), reply);
    throw error;
  }
}

/**
 * Finds out who asks, once the head of a request is there. Refuses as `requesterOf`, and with
 * SCOPE_MISSING or PERSON_REQUIRED a key that the route is not for; REQUESTS_TOO_MANY by `Rates`.
 */
export function knowCallers(app: App, serving: Serving): void {
  const rates = new Rates(serving.requestsPerMinute);
  const wrong = new Rates(Math.min(serving.requestsPerMinute, WRONG_PER_MINUTE_MAX));
  app.addHook("onRequest", async (request, reply) => {
    const { caller } = request.routeOptions.config;
    if (caller === undefined || caller === "anybody") return;
    const requester = await countedRequester(serving, wrong, { request, reply });
    rates.count(requester.actor.accountId ?? requester.actor.pseudonym, reply);
    requireWanted(requester.actor, caller);
    request.requester = requester;
  });
}

/** Who asks. Throws SESSION_ENDED where nobody was looked for: such a route opens to nobody. */
export function callerOf({ requester }: Pick<FastifyRequest, "requester">): Requester {
  if (requester === null) throw new Failure("SESSION_ENDED");
  return requester;
}

/** As `callerOf`: who acts. */
export function actorOf(request: Pick<FastifyRequest, "requester">): Actor {
  return callerOf(request).actor;
}
