/**
 * Telling webhooks (Standard Webhooks 1.0.0): signed, tried again with longer and longer waits, and
 * dead after two days. At least once: a receiver knows a repetition by `webhook-id`.
 */
import { createHmac } from "node:crypto";
import { request as plainRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as tlsRequest } from "node:https";
import { retryAfterMs, WEBHOOK_KEPT_DAYS, WEBHOOK_OVERLAP_HOURS } from "../rules/webhook.ts";
import { connected, transaction } from "../store/pool.ts";
import { findTenant } from "../store/tenant.ts";
import {
  clearDeliveries,
  findWebhook,
  setDeliveryOutcome,
  takeDueDeliveries,
} from "../store/webhook.ts";
import type { DeliveryRow, WebhookRow } from "../store/webhook.ts";
import { traceparentHere, traced, whileOpen } from "../trace/span.ts";
import type { Tracer } from "../trace/span.ts";
import type { Desk } from "./desk.ts";
import { guardedLookup, isRefusedLiteral, mayConnect, parseTarget } from "./webhook-address.ts";
import type { OwnNetworks, Target } from "./webhook-address.ts";
import { openWebhookSecret } from "./webhook.ts";

const AT_ONCE = 16;
const TIMEOUT_MS = 10_000;
/** Longer than one attempt may take: whoever has not told by then is dead. */
const TAKEN_MS = 60_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const OK_MIN = 200;
const OK_MAX = 299;

/** How an attempt went: the status of an answer, or a word for why there was none. */
interface Outcome {
  readonly status: number | null;
  readonly failure: "address" | "connection" | "timeout" | "status" | null;
}

interface Delivering {
  readonly own: OwnNetworks;
  /** What makes a trace of each attempt, or null. */
  readonly tracer: Tracer | null;
}

interface Message {
  readonly target: Target;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function answered({ statusCode: status = 0 }: IncomingMessage): Outcome {
  // A redirect is no delivery: it is not followed.
  return { status, failure: status >= OK_MIN && status <= OK_MAX ? null : "status" };
}

/** Lets go of a connection that leads to where none may; true when it was. */
function endsAtWrongPlace(sending: ClientRequest, own: OwnNetworks, target: Target): void {
  sending.once("socket", (socket) => {
    socket.once("connect", () => {
      const { remoteAddress = "" } = socket;
      if (!mayConnect(own, target, remoteAddress)) sending.destroy(new Error("address"));
    });
  });
}

function failureOf(error: Error): Outcome {
  const isRefused = error.message === "address" || ("code" in error && error.code === "EREFUSED");
  if (isRefused) return { status: null, failure: "address" };
  return { status: null, failure: error.name === "AbortError" ? "timeout" : "connection" };
}

/** Sends one message and waits for the head of the answer; of the body nothing is read. */
async function post(own: OwnNetworks, { target, headers, body }: Message): Promise<Outcome> {
  if (isRefusedLiteral(own, target)) return { status: null, failure: "address" };
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const options = { method: "POST", headers, agent: false, lookup: guardedLookup(own, target) };
  const send = target.isPlain ? plainRequest : tlsRequest;
  const sending = send(target.url, { ...options, signal });
  endsAtWrongPlace(sending, own, target);
  sending.once("response", (response) => {
    resolve(answered(response));
    response.destroy();
  });
  sending.on("error", (error) => resolve(signal.aborted ? TIMED_OUT : failureOf(error)));
  // Whatever ends it with neither an answer nor an error, such as a change of protocol.
  sending.once("close", () => resolve({ status: null, failure: "connection" }));
  sending.end(body);
  return promise;
}

const TIMED_OUT: Outcome = { status: null, failure: "timeout" };

/** `v1,` and the HMAC-SHA256 over id, time and body, in base64. */
export function signatureOf(
  secret: Uint8Array,
  {
    id,
    timestamp,
    body,
  }: { readonly id: string; readonly timestamp: string; readonly body: string },
): string {
  const code = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return `v1,${code}`;
}

async function messageFor(
  desk: Desk,
  webhook: WebhookRow,
  { id, body }: DeliveryRow,
): Promise<Message> {
  const now = desk.now();
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const secrets = [webhook.secret];
  const { earlierSecret, rotatedAt } = webhook;
  const overlapsUntil = (rotatedAt?.getTime() ?? 0) + WEBHOOK_OVERLAP_HOURS * HOUR_MS;
  if (earlierSecret !== null && now.getTime() < overlapsUntil) secrets.push(earlierSecret);
  const signatures: string[] = [];
  for (const sealed of secrets) {
    const secret = await openWebhookSecret(desk, webhook.id, sealed);
    signatures.push(signatureOf(secret, { id, timestamp, body }));
  }
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "Midan-Webhook/1",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
  return { target: parseTarget(webhook.url), headers, body };
}

function after({ attempts }: DeliveryRow, { status, failure }: Outcome, at: Date) {
  if (failure === null)
    return { state: "delivered", nextAt: null, endedAt: at, status, failure } as const;
  const wait = retryAfterMs(attempts);
  if (wait === null) return { state: "dead", nextAt: null, endedAt: at, status, failure } as const;
  const nextAt = new Date(at.getTime() + wait);
  return { state: "waiting", nextAt, endedAt: null, status, failure } as const;
}

/** One attempt as a trace of its own: the receiver is told which, as `traceparent`. */
async function deliverTraced(
  desk: Desk,
  { own, tracer }: Delivering,
  delivery: DeliveryRow,
): Promise<void> {
  if (tracer === null) return deliver(desk, own, delivery);
  const attributes = {
    "midan.webhook.id": delivery.webhookId,
    "midan.webhook.event": delivery.event,
    "midan.webhook.attempt": delivery.attempts,
  };
  const span = tracer.begin({ name: "webhook delivery", kind: "internal", attributes }, null);
  return whileOpen(span, async () => deliver(desk, own, delivery));
}

/** The request itself: how it was answered, and never where it went. */
async function postTraced(own: OwnNetworks, message: Message): Promise<Outcome> {
  const attributes = { "http.request.method": "POST" };
  return traced(
    () => ({ name: "POST webhook", kind: "client", attributes }),
    async (span) => {
      const header = traceparentHere();
      const headers = { ...message.headers, ...(header === null ? {} : { traceparent: header }) };
      const outcome = await post(own, { ...message, headers });
      if (outcome.status !== null) span?.set({ "http.response.status_code": outcome.status });
      if (outcome.failure !== null) span?.fail(outcome.failure);
      return outcome;
    },
  );
}

async function deliver(desk: Desk, own: OwnNetworks, delivery: DeliveryRow): Promise<void> {
  const found = await connected(desk.database, async (connection) => {
    const webhook = await findWebhook(connection, delivery.webhookId);
    const tenant = webhook === null ? null : await findTenant(connection, webhook.tenantId);
    return webhook === null || tenant === null ? null : { webhook, tenant };
  });
  // It ended meanwhile, and its deliveries with it.
  if (found === null) return;
  const message = await messageFor({ ...desk, tenant: found.tenant }, found.webhook, delivery);
  const outcome = await postTraced(own, message);
  const set = after(delivery, outcome, desk.now());
  await connected(desk.database, async (connection) =>
    setDeliveryOutcome(connection, delivery.id, set),
  );
}

/**
 * Tells what is due, of every tenant; how many attempts were made. Several servers may do so at
 * once. Throws as the stores do; what was taken and not told is due again a minute later.
 */
export async function deliverDue(
  desk: Desk,
  own: OwnNetworks,
  tracer: Tracer | null = null,
): Promise<number> {
  const at = desk.now();
  const until = new Date(at.getTime() + TAKEN_MS);
  const due = await transaction(desk.database, async (connection) =>
    takeDueDeliveries(connection, { at, until, limit: AT_ONCE }),
  );
  await Promise.all(due.map(async (delivery) => deliverTraced(desk, { own, tracer }, delivery)));
  return due.length;
}

/** Takes away deliveries that are older than thirty days; how many. */
export async function clearOldDeliveries(desk: Desk): Promise<number> {
  const before = new Date(desk.now().getTime() - WEBHOOK_KEPT_DAYS * DAY_MS);
  return transaction(desk.database, async (connection) => clearDeliveries(connection, before));
}
