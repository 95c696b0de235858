/**
 * Orders as intake knows them: by keyed hashes of their number and of everything they say, under
 * the newest intake key; and under the earlier ones, as long as an order can be remembered by them.
 */
import { bodyKeyOf, orderKeyOf } from "../crypto/blind-index.ts";
import type { IndexKey } from "../crypto/blind-index.ts";
import { suiteOf } from "../crypto/suites.ts";
import type { RingKey } from "../keystore/key-ring.ts";
import type { NumberedKeys, TenantKeys } from "../keystore/tenant-keys.ts";
import { isExternal } from "../privacy/external.ts";
import type { Recipient } from "../privacy/external.ts";
import type { Order } from "../orders/order.ts";
import { findClaims } from "../store/intake.ts";
import type { ClaimResult, EarlierClaim } from "../store/intake.ts";
import type { Connection } from "../store/query.ts";
import { shareTenantKeys } from "../store/tenant-keys.ts";
import type { Vault } from "./vault.ts";

type Suite = ReturnType<typeof suiteOf>;

/** An order whose number was claimed before. */
export interface EarlierOrder {
  readonly order: Order;
  readonly bodyKey: Uint8Array;
  readonly earlier: EarlierClaim;
}

/** The lasting keys with which a batch is sealed. */
export interface SealingKeys extends TenantKeys {
  readonly suite: Suite;
}

export async function sealingKeysOf({ keys, tenant }: Vault): Promise<SealingKeys> {
  return { ...(await keys.tenantKeys(tenant.id)), suite: suiteOf(tenant.suite) };
}

/**
 * Holds the keys as they are until the caller's transaction ends; false when they were renewed
 * since `keys` were read: then nothing may be made with them.
 */
export async function holdsKeys(
  vault: Vault,
  connection: Connection,
  keys: SealingKeys,
): Promise<boolean> {
  await shareTenantKeys(connection, vault.tenant.id);
  const now = await vault.keys.tenantKeys(vault.tenant.id);
  return (["token", "intake"] as const).every((use) => now[use][0].number === keys[use][0].number);
}

/** Under which what is new is hashed. */
export function intakeIndex(keys: Pick<SealingKeys, "suite" | "intake">): IndexKey {
  return indexOf(keys.suite, keys.intake[0]);
}

function indexOf(suite: Suite, { key }: RingKey): IndexKey {
  return { suite, key };
}

/** A platform seals a field anew whenever it is asked, so its id stands for its ciphertexts. */
function sameAgain(recipient: Recipient): unknown {
  if (!isExternal(recipient) || recipient.token === null) return recipient;
  const { platform, token, clear, shown } = recipient;
  return { platform, token, clear, shown };
}

/** Everything of an order that makes it the same order when it comes again. */
function bodyOf(order: Order): string {
  const { sender, goods, remark, sortCode, waybillNumber, carrier } = order;
  const recipient = sameAgain(order.recipient);
  return JSON.stringify([recipient, sender, goods, remark, sortCode, waybillNumber, carrier]);
}

export interface KeyedOrder {
  readonly order: Order;
  readonly orderKey: Uint8Array;
  readonly bodyKey: Uint8Array;
}

/** The first byte of a keyed hash: which of 256 lanes an order goes to. */
export function bucketOf(orderKey: Uint8Array): number {
  return orderKey[0] ?? 0;
}

/** Both hashes of one order, under an intake key. */
export function keyedOrder(intake: IndexKey, order: Order): KeyedOrder {
  return {
    order,
    orderKey: orderKeyOf(intake, order.merchant, order.orderNumber),
    bodyKey: bodyKeyOf(intake, bodyOf(order)),
  };
}

export interface KnownOrders {
  /** Of which no claim was found, in their order. */
  readonly unknown: readonly KeyedOrder[];
  readonly earlier: readonly EarlierOrder[];
}

/** Parts `keyed` by whether a claim stands under the very key that they are hashed with. */
export async function partByClaim(
  connection: Connection,
  keyed: readonly KeyedOrder[],
): Promise<KnownOrders> {
  const keys = keyed.map(({ orderKey }) => ({ bucket: bucketOf(orderKey), orderKey }));
  const known: ClaimResult = await findClaims(connection, keys);
  const isKnown = (index: number): boolean => (known[index] ?? null) !== null;
  return {
    unknown: keyed.filter((_, index) => !isKnown(index)),
    earlier: keyed.flatMap(({ order, bodyKey }, index) => {
      const earlier = known[index] ?? null;
      return earlier === null ? [] : [{ order, bodyKey, earlier }];
    }),
  };
}

/**
 * Parts `orders` by whether an earlier intake key remembers them. With one key in use there is
 * nothing to ask. Whoever claimed under an earlier key has committed before the newest was made.
 */
export async function partByEarlierKeys(
  connection: Connection,
  { suite, intake }: { readonly suite: Suite; readonly intake: NumberedKeys },
  orders: readonly Order[],
): Promise<{ readonly unknown: readonly Order[]; readonly earlier: readonly EarlierOrder[] }> {
  let unknown = orders;
  const earlier: EarlierOrder[] = [];
  for (const key of intake.slice(1)) {
    const index = indexOf(suite, key);
    const found = await partByClaim(
      connection,
      unknown.map((order) => keyedOrder(index, order)),
    );
    unknown = found.unknown.map(({ order }) => order);
    earlier.push(...found.earlier);
  }
  return { unknown, earlier };
}
