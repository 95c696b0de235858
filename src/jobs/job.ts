/**
 * What runs on a clock, in this order. Each may be done again at any time; a day that was missed is
 * caught up by the next run, since what is due stays due. What destroys by the calendar asks for
 * the clock first and keeps the share that one run may destroy (P7).
 */
import { dayOf } from "../rules/calendar.ts";
import { clearOldDeliveries } from "../access/webhook-delivery.ts";
import { clearOldKeys } from "../access/idempotency.ts";
import { clearQuota } from "../access/quota.ts";
import { clearWarrantLists } from "../access/warrant.ts";
import { requireClockForShredding } from "../vault/clock.ts";
import { clearOldExports } from "../vault/export-own.ts";
import { provision } from "../vault/provision.ts";
import { rotateIfDue } from "../vault/rotate.ts";
import { settleHolds } from "../vault/settle-holds.ts";
import { settle } from "../vault/settle.ts";
import { settleSigningKeys } from "../vault/signing-key-rotation.ts";
import { requireNoBrake, shred } from "../vault/shred.ts";
import { retireTenantKeys } from "../vault/tenant-key-rotation.ts";
import type { Vault } from "../vault/vault.ts";

export interface JobRow {
  readonly name:
    | "settle"
    | "expire-holds"
    | "shred"
    | "rotate"
    | "provision"
    | "clear-quota"
    | "clear-webhooks"
    | "clear-idempotency"
    | "clear-exports"
    | "clear-warrants";
  readonly zh: string;
  readonly en: string;
  /** Returns how much it did. */
  readonly run: (vault: Vault) => Promise<number>;
}

async function expireHolds(vault: Vault): Promise<number> {
  await requireClockForShredding(vault);
  return settleHolds(vault, { expire: true });
}

async function shredDue(vault: Vault): Promise<number> {
  const on = dayOf(vault.now(), vault.timeZone);
  const report = await shred(vault, { on, dryRun: false, sharePercentMax: null });
  requireNoBrake(report);
  return report.compartments.length;
}

async function rotate(vault: Vault): Promise<number> {
  await requireClockForShredding(vault);
  const retired = await retireTenantKeys(vault);
  return retired + ((await rotateIfDue(vault)) ? 1 : 0);
}

export const JOBS: readonly JobRow[] = [
  {
    name: "settle",
    zh: "补完中断的操作",
    en: "finish what was interrupted",
    run: async (vault) => {
      await settle(vault);
      await settleSigningKeys(vault);
      return 0;
    },
  },
  { name: "expire-holds", zh: "解除到期冻结", en: "let expired holds go", run: expireHolds },
  { name: "shred", zh: "销毁到期密舱", en: "destroy what is due", run: shredDue },
  { name: "rotate", zh: "更换密钥代,销毁旧密钥", en: "replace and retire keys", run: rotate },
  { name: "provision", zh: "预备今后七天的密舱", en: "make keys ahead of need", run: provision },
  {
    name: "clear-quota",
    zh: "补发查看告警,清除过时的限额计数",
    en: "tell alarms, clear counts of quotas that are over",
    run: clearQuota,
  },
  {
    name: "clear-webhooks",
    zh: "清除三十天前的事件通知",
    en: "clear deliveries of webhooks after thirty days",
    run: clearOldDeliveries,
  },
  {
    name: "clear-idempotency",
    zh: "清除一天前的幂等键及其答复",
    en: "clear idempotency keys and their answers after a day",
    run: clearOldKeys,
  },
  {
    name: "clear-exports",
    zh: "清除一天前的导出文件",
    en: "clear exports after a day",
    run: clearOldExports,
  },
  {
    name: "clear-warrants",
    zh: "清除失效调取函的清单",
    en: "clear the lists of warrants that are over",
    run: clearWarrantLists,
  },
];
