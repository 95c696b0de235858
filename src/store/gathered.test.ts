import assert from "node:assert/strict";
import { test } from "node:test";
import { Gathered } from "./gathered.ts";
import type { Database } from "./pool.ts";
import type { Connection } from "./query.ts";

/** A pool that lends nothing: what is asked here needs no database. */
function lending(): Database {
  const client = { on: () => client, removeListener: () => client, release: () => undefined };
  const pool = { connect: async () => Promise.resolve(client) };
  return { pool, close: async () => Promise.resolve() } as unknown as Database;
}

async function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Answers when it is let; keeps what came together. */
function halting() {
  const groups: (readonly number[])[] = [];
  const lets: (() => void)[] = [];
  const gathered = new Gathered<number, string>(
    "test",
    async (_connection: Connection, tenantId, asked) => {
      groups.push(asked);
      await new Promise<void>((resolve) => lets.push(resolve));
      if (asked.includes(-1)) throw new RangeError("refused");
      return asked.map((one) => `${tenantId}:${one}`);
    },
  );
  return { groups, lets, gathered };
}

test("P10: who asks while others are answered gets an answer of his own", async () => {
  const { groups, lets, gathered } = halting();
  const database = lending();
  const asked = [1, 2, 3, 4, 5].map(async (one) => {
    const answer = gathered.ask(database, "a", one);
    await turn();
    return answer;
  });
  await turn();
  const answers: Promise<string>[] = [...asked];
  for (let more = 6; more < 12; more += 1) answers.push(gathered.ask(database, "a", more));
  answers.push(gathered.ask(database, "b", 99));
  for (let done = 0; done < 20; done += 1) {
    await turn();
    lets.shift()?.();
  }
  const all = await Promise.all(answers);
  assert.deepEqual(all, [...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((one) => `a:${one}`), "b:99"]);
  assert.ok(groups.length < all.length, "nothing went together");
  assert.ok(
    groups.some((group) => group.length === 1 && group[0] === 99),
    "tenants went together",
  );
});

test("P10: a statement that fails fails for those whom it was for, and no others", async () => {
  const { lets, gathered } = halting();
  const database = lending();
  const first = gathered.ask(database, "a", 1);
  await turn();
  const second = gathered.ask(database, "a", -1);
  await turn();
  const third = gathered.ask(database, "a", 3);
  const outcomes = Promise.allSettled([first, second, third]);
  for (let done = 0; done < 10; done += 1) {
    await turn();
    lets.shift()?.();
  }
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});
