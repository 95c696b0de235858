import assert from "node:assert/strict";
import { openGeneration } from "../../src/keystore/generation.ts";
import type { KeyStore } from "../../src/keystore/key-store.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { sealFile } from "../../src/keystore/sealed-file.ts";
import type { TenantKeys } from "../../src/keystore/tenant-keys.ts";
import { day, OTHER_TENANT, TENANT } from "./fresh-store.ts";
import { both } from "./media.ts";
import type { Bench } from "./media.ts";

const UNTIL = { token: day("2028-11-27"), intake: day("2027-11-24") };

function shapeOf({ token, intake }: TenantKeys): unknown {
  return [token, intake].map((keys) => keys.map((one) => [one.number, one.neededUntil]));
}

/** Puts the keys of a tenant as earlier versions kept them. */
async function putPair(bench: Bench, tenant: string, pair: Uint8Array): Promise<void> {
  const generation = await openGeneration(bench.another());
  const head = { kind: "tenant", generation: generation.current, identity: tenant } as const;
  const wrapping = { key: generation.keyOf(generation.current), nonce: new Uint8Array(12) };
  const file = sealFile(head, wrapping, pair);
  await bench.medium.locked(async () => bench.medium.write("tenants", tenant, file));
  generation.wipe();
}

async function reads(store: KeyStore): Promise<TenantKeys> {
  return store.tenantKeys(TENANT);
}

both.test("KS-23: the newest makes what is new, earlier ones stay until retired", async (bench) => {
  const store = await bench.open();
  const other = await bench.open();
  const first = await reads(store);
  await other.tenants.renew(TENANT, UNTIL);
  const second = await reads(store);
  assert.deepEqual(shapeOf(second), [
    [
      [2, null],
      [1, UNTIL.token],
    ],
    [
      [2, null],
      [1, UNTIL.intake],
    ],
  ]);
  assert.deepEqual(second.token[1]?.key, first.token[0].key);
  assert.notDeepEqual(second.token[0].key, first.token[0].key);
  assert.deepEqual(second.pseudonym, first.pseudonym);
  await rotateGeneration(bench.another());
  assert.deepEqual(await reads(store), second);
  await other.tenants.retire(TENANT, "token", 1);
  await other.tenants.retire(TENANT, "token", 1);
  assert.deepEqual(shapeOf(await reads(store)), [
    [[2, null]],
    [
      [2, null],
      [1, UNTIL.intake],
    ],
  ]);
  await assert.rejects(store.tenants.retire(TENANT, "token", 2), RangeError);
  assert.equal((await other.tenants.renew(TENANT, UNTIL)).token[0].number, 3);
});

both.test("KS-23: what an earlier version kept opens, and moves when renewed", async (bench) => {
  const store = await bench.open();
  const pair = Uint8Array.from({ length: 64 }, (_, at) => at);
  await putPair(bench, TENANT, pair);
  const before = await reads(store);
  assert.deepEqual(Buffer.from(before.token[0].key), Buffer.from(pair.subarray(0, 32)));
  assert.deepEqual(Buffer.from(before.intake[0].key), Buffer.from(pair.subarray(32)));
  assert.deepEqual(before.pseudonym, before.intake[0].key);
  assert.equal(await bench.medium.read("rings", TENANT), null);
  const after = await store.tenants.renew(TENANT, UNTIL);
  assert.equal(await bench.medium.read("tenants", TENANT), null);
  assert.deepEqual(after.pseudonym, before.pseudonym);
  assert.deepEqual(after.token[1]?.key, before.token[0].key);
  assert.equal((await store.tenantKeys(OTHER_TENANT)).token[0].number, 1);
});
