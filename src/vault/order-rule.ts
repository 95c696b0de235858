/**
 * What settings ask of single orders: a private waybill (隐私运单) is masked more, and where virtual
 * numbers are required an order with another phone is refused. A merchant's own word counts beside
 * that of the branch that seals, and of both the stricter.
 */
import { merchantPolicies, shopKey } from "../access/merchant-policy.ts";
import { policyAt } from "../access/policy.ts";
import type { Policy } from "../access/policy.ts";
import { tighterProfile } from "../access/print-profile.ts";
import type { Order } from "../orders/order.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { PRIVATE_WAYBILL_PROFILE } from "../rules/setting.ts";
import type { Rejection } from "./order-batch.ts";
import type { Vault } from "./vault.ts";
import { hasVirtual, needsVirtual } from "./virtual-contact.ts";

export interface OrderRules {
  /** The profile that the order is sealed with. */
  readonly profileFor: (order: Order) => MaskProfile;
  /** Why the order is not sealed, or null. */
  readonly refusalOf: (order: Order) => Rejection | null;
}

/** The rules of one run of sealing for `organisation` (id or name; null for the tenant). */
export async function orderRules(vault: Vault, organisation: string | null): Promise<OrderRules> {
  const here = await policyAt(vault, organisation);
  const merchants = await merchantPolicies(vault, ["private-waybill", "virtual-number"]);
  const says = (order: Order, isSo: (policy: Policy) => boolean): boolean => {
    const own = merchants.get(shopKey(order.merchant)) ?? [];
    return isSo(here) || own.some(isSo);
  };
  const isPrivate = (policy: Policy) => policy.rulingOf("private-waybill").value === "on";
  const tight = tighterProfile(vault.profile, PROFILES[PRIVATE_WAYBILL_PROFILE]);
  return {
    profileFor: (order) => (says(order, isPrivate) ? tight : vault.profile),
    refusalOf: (order) =>
      says(order, needsVirtual) && !hasVirtual(order.recipient)
        ? { line: order.line, field: "recipient_phone", code: "VIRTUAL_NUMBER_NEEDED" }
        : null,
  };
}
