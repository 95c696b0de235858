/** `Idempotency-Key`: a request that creates something is done once, however often it is sent. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { beginOnce, giveBack, keepAnswer } from "../access/idempotency.ts";
import type { Begun } from "../access/idempotency.ts";
import { Failure } from "../rules/failure.ts";
import { callerOf } from "./caller.ts";
import type { App, Serving } from "./serving.ts";

/**
 * What becomes of the answer: it is kept and given again; or it holds what is shown once, and a
 * second asker learns only that it was done; or the verb itself answers the same again.
 */
export type OnceAnswer = "kept" | "shown-once" | "made-again";

type Place = Extract<Begun, { kind: "new" }>["place"];

declare module "fastify" {
  interface FastifyContextConfig {
    /** How the route takes an `Idempotency-Key`; without it the header says nothing. */
    readonly once?: OnceAnswer;
  }
  interface FastifyRequest {
    /** Where the answer will be kept. */
    once: Place | null;
  }
}

const KEY = /^[!-~]{1,255}$/;
/** Above it an answer is not kept, and a second asker learns only that it was done. */
const KEPT_CHARACTERS_MAX = 16_384;
const ERROR_STATUS_MIN = 400;
const FAULT_STATUS_MIN = 500;

function keyOf(request: FastifyRequest): string | null {
  const { "idempotency-key": key } = request.headers;
  if (request.routeOptions.config.once === undefined || key === undefined) return null;
  if (typeof key !== "string" || !KEY.test(key)) throw new Failure("IDEMPOTENCY_KEY_INVALID");
  return key;
}

async function begin({ desk }: Serving, request: FastifyRequest, reply: FastifyReply) {
  const key = keyOf(request);
  if (key === null) return;
  const { accountId, organisationId, role } = callerOf(request).actor;
  if (accountId === null) return;
  // An answer was given to a role at a place: in another one the same person is not told it again.
  const asked = [request.method, request.url, request.body ?? null];
  const text = JSON.stringify([...asked, role, organisationId]);
  const begun = await beginOnce(desk, { accountId, key, request: text });
  const isMadeAgain = request.routeOptions.config.once === "made-again";
  if (begun.kind === "new" || isMadeAgain) {
    request.once = "place" in begun ? begun.place : null;
    return;
  }
  if (begun.kind === "pending") throw new Failure("IDEMPOTENCY_PENDING");
  const { status, body } = begun.answer;
  if (body === null) throw new Failure("IDEMPOTENCY_SHOWN");
  reply.header("idempotency-replayed", "true").type("application/json; charset=utf-8");
  return reply.code(status).send(body);
}

/** After a fault of ours nobody knows whether it was done: the key stays, and says so if asked. */
async function end({ desk }: Serving, request: FastifyRequest, answer: Answer): Promise<void> {
  const { once: place } = request;
  request.once = null;
  const { status, payload } = answer;
  if (place === null || status >= FAULT_STATUS_MIN) return;
  if (status >= ERROR_STATUS_MIN) return giveBack(desk, place);
  const isKept =
    request.routeOptions.config.once === "kept" &&
    typeof payload === "string" &&
    payload.length <= KEPT_CHARACTERS_MAX;
  await keepAnswer(desk, place, { status, body: isKept ? payload : null });
}

interface Answer {
  readonly status: number;
  readonly payload: unknown;
}

/** Lets the routes of `app` that say so take an `Idempotency-Key`. */
export function answerOnce(app: App, serving: Serving): void {
  app.decorateRequest("once", null);
  app.addHook("preHandler", async (request, reply) => begin(serving, request, reply));
  app.addHook("onSend", async (request, reply, payload) => {
    // What was done is done: an answer that cannot be kept is still given, and the key is pending.
    await end(serving, request, { status: reply.statusCode, payload }).catch(() => undefined);
    return payload;
  });
}
