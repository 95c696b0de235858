/**
 * Webhooks (事件通知): registered by headquarters, told in the transaction of what they tell. Each
 * change is an entry of the log; the secret is shown once and kept sealed.
 */
import { hash, randomUUID } from "node:crypto";
import { Failure } from "../rules/failure.ts";
import type { WebhookEvent } from "../rules/webhook.ts";
import { transaction, connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import {
  deliveriesOf,
  endWebhookRow,
  insertDeliveries,
  insertWebhook,
  livingWebhooks,
  lockWebhook,
  replayDelivery,
  setWebhookSecret,
} from "../store/webhook.ts";
import type { DeliveryRow, WebhookRow } from "../store/webhook.ts";
import type { Actor } from "./actor.ts";
import { authorise } from "./authorise.ts";
import type { Desk } from "./desk.ts";
import { writeEntry } from "./entry.ts";
import { requireNamed } from "./named-row.ts";
import { openValue, sealValue } from "./sealed-value.ts";
import { parseTarget, requireReachable } from "./webhook-address.ts";
import type { OwnNetworks } from "./webhook-address.ts";

const SECRET_BYTES = 32;
const WEBHOOKS_MAX = 20;
const DELIVERIES_MAX = 1_000;

export interface MadeWebhook {
  readonly id: string;
  /** `whsec_…`, which nobody sees again. */
  readonly secret: string;
  /** Id of the audit entry, hex. */
  readonly entry: string;
}

interface Acting {
  readonly id: string;
  readonly actor: Actor;
}

type Mode = "created" | "rotated" | "ended";

async function tellChange(
  desk: Desk,
  connection: Connection,
  changed: {
    readonly row: Pick<WebhookRow, "id" | "url">;
    readonly actor: Actor;
    readonly mode: Mode;
  },
): Promise<string> {
  const { row, actor, mode } = changed;
  const digest = hash("sha256", row.url);
  return writeEntry(desk, connection, {
    type: "webhook-changed",
    actor,
    request: row.id,
    mode,
    digest,
  });
}

function secretText(secret: Uint8Array): string {
  return `whsec_${Buffer.from(secret).toString("base64")}`;
}

/** The secret bytes of a webhook, or of its earlier self. */
export async function openWebhookSecret(
  desk: Desk,
  id: string,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  return openValue(desk, { label: "midan.hook", belongsTo: id }, sealed);
}

async function newSecret(desk: Desk, id: string) {
  const secret = desk.randomBytes(SECRET_BYTES);
  const sealed = await sealValue(desk, { label: "midan.hook", belongsTo: id }, secret);
  return { text: secretText(secret), sealed };
}

/**
 * Registers an address for events. Throws ACCESS_DENIED, WEBHOOK_ADDRESS for one that is none or
 * that no webhook may lead to, or WEBHOOKS_MAX.
 */
export async function addWebhook(
  desk: Desk,
  asked: { readonly url: string; readonly events: readonly WebhookEvent[]; readonly actor: Actor },
  own: OwnNetworks,
): Promise<MadeWebhook> {
  const { actor } = asked;
  await authorise(desk, { actor, verb: "webhook" });
  const target = parseTarget(asked.url);
  await requireReachable(own, target);
  const id = randomUUID();
  const { text, sealed } = await newSecret(desk, id);
  const row = {
    id,
    tenantId: desk.tenant.id,
    madeAt: desk.now(),
    url: target.url.href,
    events: [...new Set(asked.events)].toSorted(),
    actor: actor.pseudonym,
    secret: sealed,
  };
  return transaction(desk.database, async (connection) => {
    const others = await livingWebhooks(connection, row.tenantId, WEBHOOKS_MAX);
    if (others.length >= WEBHOOKS_MAX) throw new Failure("WEBHOOKS_MAX");
    await insertWebhook(connection, row);
    const entry = await tellChange(desk, connection, { row, actor, mode: "created" });
    return { id, secret: text, entry };
  });
}

/** The tenant's webhooks, oldest first, without their secrets. */
export async function listWebhooks(
  desk: Desk,
  actor: Actor,
): Promise<readonly Omit<WebhookRow, "secret" | "earlierSecret">[]> {
  await authorise(desk, { actor, verb: "webhook" });
  const rows = await connected(desk.database, async (connection) =>
    livingWebhooks(connection, desk.tenant.id, WEBHOOKS_MAX),
  );
  return rows.map(({ secret: _secret, earlierSecret: _earlier, ...row }) => row);
}

async function requireWebhook(desk: Desk, connection: Connection, id: string): Promise<WebhookRow> {
  return requireNamed(id, "WEBHOOK_UNKNOWN", async (named) =>
    lockWebhook(connection, desk.tenant.id, named),
  );
}

/**
 * A new secret; the one before signs along for a day, so that the receiver can change over. Throws
 * ACCESS_DENIED or WEBHOOK_UNKNOWN.
 */
export async function rotateWebhook(desk: Desk, { id, actor }: Acting): Promise<MadeWebhook> {
  await authorise(desk, { actor, verb: "webhook" });
  const { text, sealed } = await newSecret(desk, id);
  return transaction(desk.database, async (connection) => {
    const row = await requireWebhook(desk, connection, id);
    await setWebhookSecret(connection, id, { secret: sealed, at: desk.now() });
    const entry = await tellChange(desk, connection, { row, actor, mode: "rotated" });
    return { id, secret: text, entry };
  });
}

/** Ends a webhook; what waits is told to nobody. Throws ACCESS_DENIED or WEBHOOK_UNKNOWN. */
export async function endWebhook(desk: Desk, { id, actor }: Acting): Promise<string> {
  await authorise(desk, { actor, verb: "webhook" });
  return transaction(desk.database, async (connection) => {
    const row = await requireWebhook(desk, connection, id);
    await endWebhookRow(connection, id, desk.now());
    return tellChange(desk, connection, { row, actor, mode: "ended" });
  });
}

/** What a webhook was told lately, newest first, at most 1,000. Throws as `endWebhook`. */
export async function listDeliveries(desk: Desk, { id, actor }: Acting): Promise<DeliveryRow[]> {
  await authorise(desk, { actor, verb: "webhook" });
  return transaction(desk.database, async (connection) => {
    await requireWebhook(desk, connection, id);
    return deliveriesOf(connection, id, DELIVERIES_MAX);
  });
}

/** Tells a delivery again, dead or not. Throws as `endWebhook`, or WEBHOOK_DELIVERY_UNKNOWN. */
export async function replayWebhookDelivery(
  desk: Desk,
  { id, actor, delivery }: Acting & { readonly delivery: string },
): Promise<void> {
  await authorise(desk, { actor, verb: "webhook" });
  const isFound = await transaction(desk.database, async (connection) => {
    await requireWebhook(desk, connection, id);
    return replayDelivery(connection, { webhookId: id, id: delivery }, desk.now());
  });
  if (!isFound) throw new Failure("WEBHOOK_DELIVERY_UNKNOWN");
}

/** What an event says: tokens, ids, days, counts and words of ours, never a person. */
export type EventData = Readonly<Record<string, string | number | readonly string[] | null>>;

/** Tells the tenant's webhooks of an event, in the caller's transaction. */
export async function tellWebhooks(
  desk: Pick<Desk, "tenant" | "now">,
  connection: Connection,
  { event, data }: { readonly event: WebhookEvent; readonly data: EventData },
): Promise<void> {
  const at = desk.now();
  const body = JSON.stringify({ type: event, timestamp: at.toISOString(), data });
  await insertDeliveries(connection, { tenantId: desk.tenant.id, event, body, at });
}
