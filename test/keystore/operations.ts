/** What changes a key store, and what can be seen of a store from outside. */
import { generateKeyPairSync } from "node:crypto";
import { leafKey } from "../../src/crypto/key-tree.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { day, NOW, OTHER_TENANT, REQUEST, TENANT, WEEK } from "./fresh-store.ts";

export const OFFLINE = generateKeyPairSync("x25519");
const NEEDED_UNTIL = { token: day("2028-11-27"), intake: day("2027-11-24") };
const SLOTS = [3, 5, 7] as const;
const SIGNING = ["log", "receipt", "certificate"] as const;
const SECOND_KEY = (): Uint8Array => new Uint8Array(32).fill(2);

/** What a store gives: keys of three slots of two compartments, and everything else that lives. */
export interface Seen {
  readonly keys: readonly string[];
  readonly rings: readonly string[];
  readonly others: string;
  /** Of each name: the announced number, how many old keys, the numbers in use. */
  readonly signing: readonly string[];
}

async function keyOf(store: KeyStore, serial: number, slot: number): Promise<string> {
  try {
    const { record, cover } = await store.openCompartment(serial);
    const tree = { suite: suiteOf(record.suite), serial };
    return Buffer.from(leafKey(tree, cover, slot)).toString("hex");
  } catch (error) {
    if (isFailure(error, "KEY_DESTROYED")) return "dead";
    throw error;
  }
}

/** Numbers and last days; of the first keys, which no run makes anew, themselves. */
async function ringOf(store: KeyStore, tenant: string): Promise<string[]> {
  const { token, intake } = await store.tenantKeys(tenant);
  return [...token, ...intake].map(({ use, number, neededUntil, key }) =>
    [use, number, neededUntil, number === 1 ? Buffer.from(key).toString("hex") : ""].join(" "),
  );
}

export async function look(store: KeyStore): Promise<Seen> {
  const keys: string[] = [];
  for (const serial of [1, 2]) {
    for (const slot of SLOTS) keys.push(await keyOf(store, serial, slot));
  }
  const index = await store.indexKey(TENANT, WEEK, null);
  const others = [(await store.tenantKeys(TENANT)).pseudonym, index?.key ?? []];
  const signing: string[] = [];
  for (const name of SIGNING) {
    const { announced, old } = await store.signing.state(name);
    const inUse = (await store.signing.inUse(name)).map(({ number }) => number);
    signing.push([name, announced, old, ...inUse].join(" "));
  }
  const rings = [await ringOf(store, TENANT), await ringOf(store, OTHER_TENANT)].flat();
  return {
    keys,
    rings,
    others: others.map((each) => Buffer.from(each).toString("hex")).join(),
    signing,
  };
}

/** Two compartments: slot 3 of the first is held; the second is destroyed but for slot 3. */
export async function prepare(options: OpenOptions): Promise<void> {
  const store = await KeyStore.open(options);
  await store.lease(REQUEST);
  await store.lease(REQUEST);
  await store.tenantKeys(TENANT);
  await store.tenants.renew(OTHER_TENANT, NEEDED_UNTIL);
  await store.indexKey(TENANT, WEEK, 24);
  await store.signing.current("log", () => new Uint8Array(32).fill(1));
  for (const name of ["receipt", "certificate"]) {
    await store.signing.current(name, () => new Uint8Array(32).fill(1));
    await store.signing.announced(name, SECOND_KEY);
  }
  await store.signing.use("certificate");
  await store.hold(1, [3]);
  await store.hold(2, [3]);
  await store.destroy(2, NOW);
  await store.close();
}

export type Operation = (store: KeyStore, options: OpenOptions) => Promise<unknown>;

/** Each leads from one state to another and passes through nothing else that anybody could see. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  "take a lease": async (store) => store.lease(REQUEST),
  "announce a signing key": async (store) => store.signing.announced("log", SECOND_KEY),
  "use a signing key": async (store) => store.signing.use("receipt"),
  "retire a signing key": async (store) => store.signing.retire("certificate"),
  shred: async (store) => store.destroy(1, NOW),
  puncture: async (store) => store.puncture(1, [5], NOW),
  hold: async (store) => store.hold(1, [7]),
  "let go, while it lives": async (store) => store.letGo(1, [3], NOW),
  "let go, after the end": async (store) => store.letGo(2, [3], NOW),
  rotate: async (_store, options) => rotateGeneration(options),
  "rotate the root key": async (_store, options) => rotateGeneration(options, { root: true }),
  "raise a ceiling": async (store) => store.reserve(1, 200),
  "make ahead": async (store) => store.createAhead([REQUEST], 1),
  backup: async (store) => store.copies.make(OFFLINE.publicKey),
  "renew a tenant's keys": async (store) => store.tenants.renew(TENANT, NEEDED_UNTIL),
  "retire a tenant's key": async (store) => store.tenants.retire(OTHER_TENANT, "token", 1),
};

/** Done again, these do more, or are refused. */
export const ONCE: ReadonlySet<string> = new Set(["renew a tenant's keys", "use a signing key"]);
