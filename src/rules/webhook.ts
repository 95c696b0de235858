/**
 * Webhooks (事件通知): what is told to other systems, and how often it is tried. What is told holds
 * tokens, ids, days and counts, never a person.
 */

interface EventRow {
  readonly zh: string;
  readonly en: string;
}

export const WEBHOOK_EVENTS = {
  "waybill.sealed": { zh: "运单已密封", en: "waybills were sealed" },
  "waybill.printed": { zh: "面单已打印", en: "labels were printed" },
  "waybill.state": { zh: "运单状态变更", en: "a parcel's state was recorded" },
  "waybill.erased": { zh: "运单个人信息已删除", en: "a waybill's persons died early" },
  "compartment.destroyed": { zh: "密舱已销毁", en: "a compartment was destroyed on its day" },
  "hold.placed": { zh: "留存冻结", en: "a hold was placed" },
  "hold.ended": { zh: "留存冻结结束", en: "a hold ended" },
  "quota.alarm": { zh: "查看数量告警", en: "somebody opened unusually many waybills" },
  "break-glass.opened": { zh: "应急查看已启用", en: "somebody broke the glass over a waybill" },
} as const satisfies Record<string, EventRow>;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;

// The keys of the table are the events.
export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as readonly WebhookEvent[];

/** Above this many waybills an event tells their number alone. */
export const WEBHOOK_TOKENS_MAX = 100;

export const WEBHOOK_KEPT_DAYS = 30;

/** An earlier secret signs along for this long after a rotation. */
export const WEBHOOK_OVERLAP_HOURS = 24;

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;

/** Seconds to wait after each attempt that failed; after the last the delivery is dead. */
const WAITS_SECONDS: readonly number[] = [
  10,
  MINUTE_SECONDS,
  5 * MINUTE_SECONDS,
  30 * MINUTE_SECONDS,
  2 * HOUR_SECONDS,
  6 * HOUR_SECONDS,
  12 * HOUR_SECONDS,
  24 * HOUR_SECONDS,
];

/** Milliseconds until the next attempt after `attempts` that failed; null when there is none. */
export function retryAfterMs(attempts: number): number | null {
  const seconds = WAITS_SECONDS[attempts - 1];
  return seconds === undefined ? null : seconds * 1000;
}
