/**
 * Telling webhooks (Standard Webhooks 1.0.0): signed, tried again with longer and longer waits, and
 * dead after two days. At least once: a receiver knows a repetition by `webhook-id`.
 */
import { createHmac } from "node:crypto";
import { retryAfterMs, WEBHOOK_KEPT_DAYS, WEBHOOK_OVERLAP_HOURS } from "../rules/webhook.ts";
import { connected, transaction } from "../store/pool.ts";
import { findTenant } from "../store/tenant.ts";
import {
  clearDeliveries,
  findWebhook,
  giveBackDelivery,
  setDeliveryOutcome,
} from "../store/webhook.ts";
import type { DeliveryRow, WebhookRow } from "../store/webhook.ts";
import { traceparentHere, traced, whileOpen } from "../trace/span.ts";
import type { Tracer } from "../trace/span.ts";
import type { Desk } from "./desk.ts";
import { isFailure } from "../rules/failure.ts";
import { parseTarget } from "./webhook-address.ts";
import type { OwnNetworks } from "./webhook-address.ts";
import { post } from "./webhook-post.ts";
import type { Message, Outcome } from "./webhook-post.ts";
import { openWebhookSecret } from "./webhook.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

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

const FINAL: ReadonlySet<Outcome["failure"]> = new Set(["secret"]);

function after({ attempts }: DeliveryRow, { status, failure }: Outcome, at: Date) {
  if (failure === null)
    return { state: "delivered", nextAt: null, endedAt: at, status, failure } as const;
  const wait = FINAL.has(failure) ? null : retryAfterMs(attempts);
  if (wait === null) return { state: "dead", nextAt: null, endedAt: at, status, failure } as const;
  const nextAt = new Date(at.getTime() + wait);
  return { state: "waiting", nextAt, endedAt: null, status, failure } as const;
}

export interface Delivering {
  /** Networks of the installation's own to which webhooks may lead. */
  readonly own: OwnNetworks;
  /** What makes a trace of each attempt, or null. */
  readonly tracer: Tracer | null;
}

/** What is being told, and until when. */
interface Telling extends Delivering {
  readonly stop: AbortSignal;
}

/** The request itself: how it was answered, and never where it went. */
async function postTraced({ own, stop }: Telling, message: Message): Promise<Outcome> {
  const attributes = { "http.request.method": "POST" };
  return traced(
    () => ({ name: "POST webhook", kind: "client", attributes }),
    async (span) => {
      const header = traceparentHere();
      const headers = { ...message.headers, ...(header === null ? {} : { traceparent: header }) };
      const outcome = await post(own, { ...message, headers }, stop);
      if (outcome.status !== null) span?.set({ "http.response.status_code": outcome.status });
      if (outcome.failure !== null) span?.fail(outcome.failure);
      return outcome;
    },
  );
}

/** A message that cannot be signed is an attempt that failed, and never somebody else's delay. */
async function attempted(
  desk: Desk,
  telling: Telling,
  { webhook, delivery }: { readonly webhook: WebhookRow; readonly delivery: DeliveryRow },
): Promise<Outcome> {
  try {
    return await postTraced(telling, await messageFor(desk, webhook, delivery));
  } catch (error) {
    if (!isFailure(error) || error.code.startsWith("DATABASE_")) throw error;
    return { status: null, failure: error.code === "ROW_UNREADABLE" ? "secret" : "keys" };
  }
}

async function deliver(desk: Desk, telling: Telling, delivery: DeliveryRow): Promise<void> {
  const found = await connected(desk.database, async (connection) => {
    const webhook = await findWebhook(connection, delivery.webhookId);
    const tenant = webhook === null ? null : await findTenant(connection, webhook.tenantId);
    return webhook === null || tenant === null ? null : { webhook, tenant };
  });
  // It ended meanwhile, and its deliveries with it.
  if (found === null) return;
  const { webhook, tenant } = found;
  const outcome = await attempted({ ...desk, tenant }, telling, { webhook, delivery });
  const at = desk.now();
  await connected(desk.database, async (connection) =>
    outcome.failure === "stopped"
      ? giveBackDelivery(connection, delivery.id, at)
      : setDeliveryOutcome(connection, delivery.id, after(delivery, outcome, at)),
  );
}

/**
 * Makes one attempt, as a trace of its own where there is a tracer. Throws as the stores do: what
 * was taken is due again a minute later then.
 */
export async function deliverOne(
  desk: Desk,
  telling: Telling,
  delivery: DeliveryRow,
): Promise<void> {
  const { tracer } = telling;
  if (tracer === null) return deliver(desk, telling, delivery);
  const attributes = {
    "midan.webhook.id": delivery.webhookId,
    "midan.webhook.event": delivery.event,
    "midan.webhook.attempt": delivery.attempts,
  };
  const span = tracer.begin({ name: "webhook delivery", kind: "internal", attributes }, null);
  return whileOpen(span, async () => deliver(desk, telling, delivery));
}

/** Takes away deliveries that are older than thirty days; how many. */
export async function clearOldDeliveries(desk: Desk): Promise<number> {
  const before = new Date(desk.now().getTime() - WEBHOOK_KEPT_DAYS * DAY_MS);
  return transaction(desk.database, async (connection) => clearDeliveries(connection, before));
}
