/** Webhooks, and what is still to be told to them. */
import { WEBHOOK_EVENT_NAMES } from "../rules/webhook.ts";
import type { WebhookEvent } from "../rules/webhook.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import {
  bytes,
  bytesOrNull,
  instant,
  instantOrNull,
  text,
  textOrNull,
  wholeNumber,
  wholeNumberOrNull,
  word,
} from "./row.ts";
import type { Row } from "./row.ts";

export interface WebhookRow {
  readonly id: string;
  readonly tenantId: string;
  readonly madeAt: Date;
  readonly rotatedAt: Date | null;
  readonly endedAt: Date | null;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Pseudonym of who registered it. */
  readonly actor: string;
  /** Sealed. */
  readonly secret: Uint8Array;
  readonly earlierSecret: Uint8Array | null;
}

export type DeliveryState = "waiting" | "delivered" | "dead";
const STATES = ["waiting", "delivered", "dead"] as const;

export interface DeliveryRow {
  readonly id: string;
  readonly webhookId: string;
  readonly madeAt: Date;
  /** When it is tried next; null when it is not. */
  readonly nextAt: Date | null;
  readonly endedAt: Date | null;
  readonly attempts: number;
  /** Status of the last answer; null where there was none. */
  readonly status: number | null;
  readonly state: DeliveryState;
  readonly event: WebhookEvent;
  /** Why the last attempt failed, a word; null when it did not. */
  readonly failure: string | null;
  readonly body: string;
}

const COLUMNS =
  "id, tenant_id, made_at, rotated_at, ended_at, url, events, actor, secret, earlier_secret";
const DELIVERY_COLUMNS =
  "id, webhook_id, made_at, next_at, ended_at, attempts, status, state, event, failure, body";

function eventsOf(row: Row): WebhookEvent[] {
  const { events } = row;
  // A text[] comes as an array of strings; a name that this version does not know is left out.
  return Array.isArray(events)
    ? WEBHOOK_EVENT_NAMES.filter((event) => (events as unknown[]).includes(event))
    : [];
}

function webhookOf(row: Row): WebhookRow {
  return {
    id: text(row, "id"),
    tenantId: text(row, "tenant_id"),
    madeAt: instant(row, "made_at"),
    rotatedAt: instantOrNull(row, "rotated_at"),
    endedAt: instantOrNull(row, "ended_at"),
    url: text(row, "url"),
    events: eventsOf(row),
    actor: text(row, "actor"),
    secret: bytes(row, "secret"),
    earlierSecret: bytesOrNull(row, "earlier_secret"),
  };
}

function deliveryOf(row: Row): DeliveryRow {
  return {
    id: text(row, "id"),
    webhookId: text(row, "webhook_id"),
    madeAt: instant(row, "made_at"),
    nextAt: instantOrNull(row, "next_at"),
    endedAt: instantOrNull(row, "ended_at"),
    attempts: wholeNumber(row, "attempts"),
    status: wholeNumberOrNull(row, "status"),
    state: word(row, "state", STATES),
    event: word(row, "event", WEBHOOK_EVENT_NAMES),
    failure: textOrNull(row, "failure"),
    body: text(row, "body"),
  };
}

export async function insertWebhook(
  connection: Connection,
  row: Omit<WebhookRow, "rotatedAt" | "endedAt" | "earlierSecret">,
): Promise<void> {
  const { id, tenantId, madeAt, url, events, actor, secret } = row;
  await execute(connection, {
    text: `
      insert into webhook (id, tenant_id, made_at, url, events, actor, secret)
      values ($1::uuid, $2::uuid, $3::timestamptz, $4, $5::text[], $6, $7::bytea)`,
    values: [id, tenantId, madeAt, url, [...events], actor, Buffer.from(secret)],
  });
}

/** The tenant's webhooks that have not ended, oldest first. */
export async function livingWebhooks(
  connection: Connection,
  tenantId: string,
  limit: number,
): Promise<WebhookRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from webhook where tenant_id = $1::uuid and ended_at is null
      order by made_at, id limit $2::integer`,
    values: [tenantId, limit],
  });
  return rows.map(webhookOf);
}

/** One of the tenant's, locked until the transaction ends; null for another's or an ended one. */
export async function lockWebhook(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<WebhookRow | null> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS} from webhook
      where id = $1::uuid and tenant_id = $2::uuid and ended_at is null for no key update`,
    values: [id, tenantId],
  });
  const [row] = rows;
  return row === undefined ? null : webhookOf(row);
}

/** A webhook by its id, as long as it has not ended. */
export async function findWebhook(connection: Connection, id: string): Promise<WebhookRow | null> {
  const rows = await query(connection, {
    text: `select ${COLUMNS} from webhook where id = $1::uuid and ended_at is null`,
    values: [id],
  });
  const [row] = rows;
  return row === undefined ? null : webhookOf(row);
}

/** A new secret; the one before signs along until the overlap is over. */
export async function setWebhookSecret(
  connection: Connection,
  id: string,
  { secret, at }: { readonly secret: Uint8Array; readonly at: Date },
): Promise<void> {
  await execute(connection, {
    text: `
      update webhook set earlier_secret = secret, secret = $2::bytea, rotated_at = $3::timestamptz
      where id = $1::uuid`,
    values: [id, Buffer.from(secret), at],
  });
}

/** Ends a webhook, and with it whatever waits to be told to it. */
export async function endWebhookRow(connection: Connection, id: string, at: Date): Promise<void> {
  await execute(connection, {
    text: `update webhook set ended_at = $2::timestamptz where id = $1::uuid`,
    values: [id, at],
  });
  await execute(connection, {
    text: `
      update webhook_delivery set state = 'dead', next_at = null, ended_at = $2::timestamptz
      where webhook_id = $1::uuid and state = 'waiting'`,
    values: [id, at],
  });
}

/** Writes one delivery for each of the tenant's webhooks that want the event. */
export async function insertDeliveries(
  connection: Connection,
  told: {
    readonly tenantId: string;
    readonly event: WebhookEvent;
    readonly body: string;
    readonly at: Date;
  },
): Promise<void> {
  await execute(connection, {
    name: "webhook_delivery_insert",
    text: `
      insert into webhook_delivery (id, webhook_id, made_at, next_at, attempts, state, event, body)
      select gen_random_uuid(), id, $3::timestamptz, $3::timestamptz, 0, 'waiting', $2::text,
             $4::text
      from webhook where tenant_id = $1::uuid and ended_at is null and $2::text = any(events)`,
    values: [told.tenantId, told.event, told.at, told.body],
  });
}

export interface DueRequest {
  readonly at: Date;
  readonly until: Date;
  readonly limit: number;
  /** How many one webhook gets of them at most. */
  readonly receiverLimit: number;
  /** The webhooks that get fewer, and how many. */
  readonly rooms: ReadonlyMap<string, number>;
}

/**
 * Takes up to `limit` deliveries that are due, of all tenants; nobody else gets them before
 * `until`, by which time whoever took them has said how it went, or is dead.
 */
export async function takeDueDeliveries(
  connection: Connection,
  { at, until, limit, receiverLimit, rooms }: DueRequest,
): Promise<DeliveryRow[]> {
  const rows = await query(connection, {
    name: "webhook_delivery_take",
    text: `
      with taken as materialized (
        select due.id
        from webhook
          left join unnest($5::uuid[], $6::integer[]) as busy (id, room) on busy.id = webhook.id
          cross join lateral (
            select id, next_at from webhook_delivery
            where webhook_id = webhook.id and state = 'waiting' and next_at <= $1::timestamptz
            order by next_at limit least(coalesce(busy.room, $4::integer), $4::integer)
            for update skip locked) as due
        where webhook.ended_at is null
        order by due.next_at limit $3::integer)
      update webhook_delivery set next_at = $2::timestamptz, attempts = attempts + 1
      where id in (select id from taken)
      returning ${DELIVERY_COLUMNS}`,
    values: [at, until, limit, receiverLimit, [...rooms.keys()], [...rooms.values()]],
  });
  return rows.map(deliveryOf);
}

/** Takes back an attempt that was not made to its end: it is due again from `at` on. */
export async function giveBackDelivery(
  connection: Connection,
  id: string,
  at: Date,
): Promise<void> {
  await execute(connection, {
    text: `
      update webhook_delivery
      set next_at = $2::timestamptz, attempts = greatest(attempts - 1, 0)
      where id = $1::uuid and state = 'waiting'`,
    values: [id, at],
  });
}

/** How the last attempt went, and what comes next. Nothing for one that has ended meanwhile. */
export async function setDeliveryOutcome(
  connection: Connection,
  id: string,
  set: Pick<DeliveryRow, "state" | "nextAt" | "endedAt" | "status" | "failure">,
): Promise<void> {
  await execute(connection, {
    text: `
      update webhook_delivery
      set state = $2, next_at = $3::timestamptz, ended_at = $4::timestamptz,
          status = $5::integer, failure = $6
      where id = $1::uuid and state = 'waiting'`,
    values: [id, set.state, set.nextAt, set.endedAt, set.status, set.failure],
  });
}

/** The newest deliveries of a webhook. */
export async function deliveriesOf(
  connection: Connection,
  webhookId: string,
  limit: number,
): Promise<DeliveryRow[]> {
  const rows = await query(connection, {
    text: `
      select ${DELIVERY_COLUMNS} from webhook_delivery where webhook_id = $1::uuid
      order by made_at desc, id limit $2::integer`,
    values: [webhookId, limit],
  });
  return rows.map(deliveryOf);
}

/** Tells a delivery anew from `at` on, with all its attempts; false when there is none such. */
export async function replayDelivery(
  connection: Connection,
  which: { readonly webhookId: string; readonly id: string },
  at: Date,
): Promise<boolean> {
  const rows = await query(connection, {
    text: `
      update webhook_delivery
      set state = 'waiting', next_at = $3::timestamptz, ended_at = null, attempts = 0
      where webhook_id = $1::uuid and id = $2::uuid returning id`,
    values: [which.webhookId, which.id, at],
  });
  return rows.length > 0;
}

/** Takes away a bounded number of deliveries from before `before`; how many. */
export async function clearDeliveries(connection: Connection, before: Date): Promise<number> {
  const rows = await query(connection, {
    text: `
      delete from webhook_delivery where id in (
        select id from webhook_delivery where made_at < $1::timestamptz
        order by made_at limit 10000 for update skip locked)
      returning id`,
    values: [before],
  });
  return rows.length;
}
