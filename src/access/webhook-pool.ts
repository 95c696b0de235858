/**
 * Attempts that are under way: one begins as another ends, and no receiver has more than its share,
 * so that who answers slowly delays itself and nobody else.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isFailure } from "../rules/failure.ts";
import { transaction } from "../store/pool.ts";
import { takeDueDeliveries } from "../store/webhook.ts";
import type { DeliveryRow } from "../store/webhook.ts";
import type { Desk } from "./desk.ts";
import type { OwnNetworks } from "./webhook-address.ts";
import { deliverOne } from "./webhook-delivery.ts";
import type { Delivering } from "./webhook-delivery.ts";
import type { Tracer } from "../trace/span.ts";

const AT_ONCE = 32;
const RECEIVER_AT_ONCE = 4;
/** Of a receiver whose last attempt was slow, and of all of those together. */
const SLOW_AT_ONCE = 1;
const ALL_SLOW_AT_ONCE = 16;
const SLOW_MS = 2_000;
const SLOW_KNOWN_MAX = 10_000;
/** Longer than one attempt may take: whoever has not told by then is dead. */
const TAKEN_MS = 60_000;
/** What is under way at a stop has this long to end; then it is given back, and told anew. */
const STOP_GRACE_MS = 1_000;
/** Beyond it nobody waits, not even for a database that does not answer. */
const STOP_MS_MAX = 3_000;

export class WebhookPool {
  readonly #desk: Desk;
  readonly #delivering: Delivering;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  /** How many attempts each webhook has under way. */
  readonly #counts = new Map<string, number>();
  readonly #slow = new Set<string>();
  #fault: { readonly error: unknown } | null = null;

  constructor(desk: Desk, delivering: Delivering) {
    this.#desk = desk;
    this.#delivering = delivering;
  }

  /** How many more attempts each webhook may have that has some, or is slow. */
  #rooms(): ReadonlyMap<string, number> {
    const counts = this.#counts;
    const slowNow = [...this.#slow].reduce((sum, id) => sum + (counts.get(id) ?? 0), 0);
    const rooms = new Map<string, number>();
    for (const [id, count] of counts) rooms.set(id, RECEIVER_AT_ONCE - count);
    for (const id of this.#slow) {
      const room = slowNow >= ALL_SLOW_AT_ONCE ? 0 : SLOW_AT_ONCE - (counts.get(id) ?? 0);
      rooms.set(id, Math.max(room, 0));
    }
    return rooms;
  }

  /**
   * Begins as many attempts as there is room for; how many. Throws as the stores do, and the fault
   * of the program that an earlier attempt met.
   */
  async fill(): Promise<number> {
    if (this.#fault !== null) throw this.#fault.error;
    const limit = AT_ONCE - this.#running.size;
    if (limit <= 0 || this.#stop.signal.aborted) return 0;
    const at = this.#desk.now();
    const until = new Date(at.getTime() + TAKEN_MS);
    const asked = { at, until, limit, receiverLimit: RECEIVER_AT_ONCE, rooms: this.#rooms() };
    const due = await transaction(this.#desk.database, async (connection) =>
      takeDueDeliveries(connection, asked),
    );
    for (const delivery of due) this.#begin(delivery);
    return due.length;
  }

  #begin(delivery: DeliveryRow): void {
    const { webhookId } = delivery;
    this.#counts.set(webhookId, (this.#counts.get(webhookId) ?? 0) + 1);
    const attempt = this.#attempt(delivery).finally(() => {
      this.#running.delete(attempt);
      const left = (this.#counts.get(webhookId) ?? 1) - 1;
      if (left === 0) this.#counts.delete(webhookId);
      else this.#counts.set(webhookId, left);
    });
    this.#running.add(attempt);
  }

  async #attempt(delivery: DeliveryRow): Promise<void> {
    const began = performance.now();
    const telling = { ...this.#delivering, stop: this.#stop.signal };
    try {
      await deliverOne(this.#desk, telling, delivery);
    } catch (error) {
      // What a store says is for the next attempt; a fault of the program ends the run.
      if (!isFailure(error)) this.#fault ??= { error };
    }
    this.#know(delivery.webhookId, performance.now() - began);
  }

  #know(webhookId: string, tookMs: number): void {
    if (tookMs < SLOW_MS) this.#slow.delete(webhookId);
    else if (this.#slow.size < SLOW_KNOWN_MAX) this.#slow.add(webhookId);
  }

  /** Waits until an attempt ends, for at most `ms`, or until `signal`. */
  async change(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    // An aborted sleep is the end that was asked for.
    const pause = sleep(ms, undefined, { signal: either }).catch(() => undefined);
    await Promise.race([pause, ...this.#running]);
    over.abort();
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#fault !== null) throw this.#fault.error;
  }

  /** Ends within three seconds: what is under way then is told again by the next server. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(), STOP_GRACE_MS);
    const late = sleep(STOP_MS_MAX, undefined, { ref: false });
    await Promise.race([Promise.allSettled(this.#running), late]);
    clearTimeout(timer);
  }
}

/**
 * Makes one attempt at each of what is due, as far as the pool has room, and waits for their end;
 * how many. Throws as the stores do.
 */
export async function deliverDue(
  desk: Desk,
  own: OwnNetworks,
  tracer: Tracer | null = null,
): Promise<number> {
  const pool = new WebhookPool(desk, { own, tracer });
  const begun = await pool.fill();
  await pool.settled();
  return begun;
}
