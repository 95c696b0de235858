/** Sealed bytes that were moved or changed in the database, as who can edit it would do (P5). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFailure } from "../../src/rules/failure.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { shownWaybill } from "../../src/vault/show.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { inventOrder, sealOne } from "../support/orders.ts";
import { signedIn } from "../support/actor.ts";

const DAY_MS = 86_400_000;
const CONTACT = {
  fields: "phone",
  purpose: "contact",
  actor: signedIn("站点甲"),
  reason: null,
} as const;
const SET = { parties: "parties = $3", view: "view = $3" } as const;
type Column = keyof typeof SET;

interface Place {
  readonly compartment: number;
  readonly slot: number;
}

interface Sealed extends Place {
  readonly vault: Vault;
  readonly token: string;
  readonly index: number;
}

async function placesOf(home: Home): Promise<readonly Place[]> {
  const rows = await home.rows("select compartment::int as compartment, slot from party");
  return rows.map((row) => ({
    compartment: Number(row["compartment"]),
    slot: Number(row["slot"]),
  }));
}

/** Seals the order and finds where it came to lie. */
async function sealAt(home: Home, vault: Vault, index: number): Promise<Sealed> {
  const before = await placesOf(home);
  const token = await sealOne(vault, index);
  const fresh = (await placesOf(home)).filter(
    (place) =>
      !before.some((one) => one.compartment === place.compartment && one.slot === place.slot),
  );
  const [place, second] = fresh;
  assert.ok(place !== undefined && second === undefined);
  return { ...place, vault, token, index };
}

async function bytesAt(home: Home, { compartment, slot }: Place, column: Column): Promise<Buffer> {
  const text = "select parties, view from party where compartment = $1 and slot = $2";
  const [row] = await home.rows(text, [compartment, slot]);
  const bytes: unknown = row?.[column];
  assert.ok(Buffer.isBuffer(bytes));
  return bytes;
}

interface Put extends Place {
  readonly column: Column;
}

async function put(home: Home, where: Put, bytes: Uint8Array): Promise<void> {
  const text = `update party set ${SET[where.column]} where compartment = $1 and slot = $2`;
  assert.equal(await home.change(text, [where.compartment, where.slot, bytes]), 1);
}

const foreign = (everything: readonly Buffer[], own: Buffer): readonly Buffer[] =>
  everything.filter((bytes) => !bytes.equals(own));

const isBroken = (error: unknown): boolean => isFailure(error, "ENVELOPE_BROKEN");

/** Reads what stands in the column through the verb that opens it. */
async function read({ vault, token }: Sealed, column: Column): Promise<string> {
  if (column === "view") return JSON.stringify((await shownWaybill(vault, token)).view);
  return JSON.stringify((await reveal(vault, { ...CONTACT, token })).values);
}

test("P5: bytes moved between parts, waybills, days, tenants and suites do not open", async () => {
  await withHome(async (home) => {
    await using first = await home.open();
    await using second = await home.open({ tenant: "another" });
    await using national = await home.open({ tenant: "national", suite: "gm" });
    const earlier = (): Date => new Date(Date.now() - 3 * DAY_MS);
    await using before = await home.open({ now: earlier });
    const sealed = [
      await sealAt(home, before, 5),
      await sealAt(home, first, 1),
      await sealAt(home, first, 2),
      await sealAt(home, second, 3),
      await sealAt(home, national, 4),
    ];
    assert.equal(new Set(sealed.map(({ compartment }) => compartment)).size, 4);
    const everything: Buffer[] = [];
    for (const one of sealed)
      everything.push(await bytesAt(home, one, "parties"), await bytesAt(home, one, "view"));
    let moved = 0;
    for (const one of sealed) {
      for (const column of ["parties", "view"] as const) {
        const own = await bytesAt(home, one, column);
        const plain = await read(one, column);
        for (const bytes of foreign(everything, own)) {
          await put(home, { ...one, column }, bytes);
          await assert.rejects(read(one, column), isBroken);
          moved += 1;
        }
        await put(home, { ...one, column }, own);
        assert.equal(await read(one, column), plain);
      }
      assert.ok((await read(one, "parties")).includes(inventOrder(one.index).phone));
    }
    assert.equal(moved, 5 * 2 * 9);
  });
});

test("P5: each changed, missing or added byte of a stored envelope fails alike", async () => {
  for (const suite of ["intl", "gm"] as const) {
    await withHome(async (home) => {
      await using vault = await home.open({ suite });
      const one = await sealAt(home, vault, 1);
      const own = await bytesAt(home, one, "view");
      const where = { ...one, column: "view" } as const;
      const failures = new Set<string>();
      const tryBytes = async (bytes: Uint8Array): Promise<void> => {
        await put(home, where, bytes);
        await read(one, "view").then(
          () => assert.fail("it opened"),
          (error: unknown) => {
            assert.ok(isFailure(error), String(error));
            failures.add(`${error.code} ${JSON.stringify(error.details)}`);
          },
        );
      };
      for (let at = 0; at < own.length; at += 1) {
        const changed = Buffer.from(own);
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        await tryBytes(changed);
      }
      // The database itself refuses fewer than the 43 bytes of an empty envelope.
      for (const length of [43, 44, own.length - 1]) await tryBytes(own.subarray(0, length));
      await tryBytes(Buffer.concat([own, Buffer.alloc(1)]));
      assert.deepEqual([...failures], ["ENVELOPE_BROKEN {}"]);
      await put(home, where, own);
      await read(one, "view");
    });
  }
});
