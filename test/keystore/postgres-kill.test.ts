/**
 * Servers on one key store in PostgreSQL, killed with SIGKILL at each step of what changes it. What
 * another server finds then is judged from outside: not begun or completed, and no key of what is
 * dead in any row.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { serialText } from "../../src/keystore/compartment-record.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { PostgresMedium } from "../../src/keystore/postgres-medium.ts";
import { connected } from "../../src/store/pool.ts";
import type { Database } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
import { withDatabase } from "../support/database.ts";
import { freshBase, optionsIn } from "./fresh-store.ts";
import { urlOf } from "./media.ts";
import { look, OFFLINE, ONCE, OPERATIONS, prepare } from "./operations.ts";
import type { Seen } from "./operations.ts";

const GUEST = fileURLToPath(new URL("mortal-guest.ts", import.meta.url));
const TABLES = ["item", "ledger"] as const;
const STEPS_MAX = 200;

/** Every `stride`th step of what has many of one kind, all of the others. */
const KILLED: Readonly<Record<string, number>> = {
  shred: 1,
  puncture: 1,
  hold: 1,
  "let go, after the end": 1,
  "take a lease": 1,
  rotate: 3,
  "retire a signing key": 1,
};

/** A key store in a database, which can be put back as it was. */
class Scene {
  readonly #database: Database;
  readonly url: string;
  readonly base: string;
  readonly #copy: string;

  constructor(database: Database, place: { readonly url: string; readonly base: string }) {
    this.#database = database;
    this.url = place.url;
    this.base = path.join(place.base, "now");
    this.#copy = path.join(place.base, "copy");
  }

  async #run(...texts: readonly string[]): Promise<void> {
    await connected(this.#database, async (connection) => {
      for (const text of texts) await execute(connection, { text });
    });
  }

  async keep(): Promise<void> {
    cpSync(this.base, this.#copy, { recursive: true });
    await this.#run("create schema kept");
    for (const table of TABLES)
      await this.#run(`create table kept.${table} as select * from midan_keys.${table}`);
  }

  async putBack(): Promise<void> {
    rmSync(this.base, { recursive: true });
    cpSync(this.#copy, this.base, { recursive: true });
    for (const table of ["server", ...TABLES]) await this.#run(`delete from midan_keys.${table}`);
    for (const table of TABLES)
      await this.#run(`insert into midan_keys.${table} select * from kept.${table}`);
  }

  /** A new server in front of a database in which nothing was ever kept. */
  async empty(): Promise<void> {
    rmSync(this.base, { recursive: true });
    mkdirSync(this.base);
    for (const table of ["server", ...TABLES]) await this.#run(`delete from midan_keys.${table}`);
  }

  async items(): Promise<number> {
    return connected(this.#database, async (connection) => {
      const text = "select count(*)::int as items from midan_keys.item";
      return Number((await query(connection, { text }))[0]?.["items"]);
    });
  }

  async open<T>(work: (store: KeyStore) => Promise<T>): Promise<T> {
    const medium = new PostgresMedium({ url: this.url, serverId: randomUUID() });
    try {
      const store = await KeyStore.open({ ...optionsIn(this.base), medium });
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    } finally {
      await medium.close();
    }
  }

  async seen(): Promise<Seen> {
    return this.open(look);
  }

  /** Runs the guest; whether it killed itself, as it must unless there is no such step. */
  async kill(what: string, at: number): Promise<boolean> {
    const words = [GUEST, this.base, this.url, what, String(at)];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    child.stderr.on("data", (piece: Buffer) => (told += piece.toString("utf8")));
    await once(child, "close");
    if (child.signalCode !== "SIGKILL") assert.equal(child.exitCode, 0, told.slice(0, 600));
    return child.signalCode === "SIGKILL";
  }

  /** Rows that hold a key of a compartment of which the ledger says that it is dead. */
  async keysOfTheDead(): Promise<string[]> {
    return connected(this.#database, async (connection) => {
      const text = "select convert_from(lines, 'UTF8') as lines from midan_keys.ledger order by at";
      const ledger = (await query(connection, { text }))
        .map((row) => String(row["lines"]))
        .join("");
      // A line of the compartment is [1 or 2, serial, …]; `leaf` and `index` stand elsewhere.
      const dead = Array.from(ledger.matchAll(/^\[[12],(\d+),/gmu), ([, serial]) =>
        serialText(Number(serial)),
      );
      const rows = await query(connection, {
        text: "select name from midan_keys.item where shelf = 'compartments' and name = any($1)",
        values: [dead],
      });
      assert.ok(dead.length > 0, "nothing was looked at");
      return rows.map((row) => String(row["name"]));
    });
  }
}

async function withScene(context: TestContext, work: (scene: Scene) => Promise<void>) {
  const base = freshBase(context);
  await withDatabase(async (database, address) => {
    const scene = new Scene(database, { url: urlOf(address), base });
    const medium = new PostgresMedium({ url: scene.url, serverId: randomUUID() });
    await prepare({ ...optionsIn(scene.base), medium });
    await medium.close();
    await scene.keep();
    await work(scene);
  });
}

for (const [name, stride] of Object.entries(KILLED)) {
  test(`KS-21: ${name}: a server killed at a step has not begun or is done`, async (t) => {
    const operation = OPERATIONS[name] ?? assert.fail();
    await withScene(t, async (scene) => {
      const before = await scene.seen();
      const again = async (): Promise<Seen> => {
        const medium = new PostgresMedium({ url: scene.url, serverId: randomUUID() });
        const options = { ...optionsIn(scene.base), medium };
        const store = await KeyStore.open(options);
        await operation(store, options);
        await store.close();
        await medium.close();
        return scene.seen();
      };
      const after = await again();
      let killed = 0;
      for (let at = 1; at < STEPS_MAX; at += stride) {
        await scene.putBack();
        if (!(await scene.kill(name, at))) break;
        killed += 1;
        const seen = await scene.seen();
        const isDone = isDeepStrictEqual(seen, after);
        const isBefore = isDeepStrictEqual(seen, before);
        assert.ok(isBefore || isDone, `step ${at}: ${seen.keys} ${seen.signing}`);
        assert.deepEqual(await scene.keysOfTheDead(), [], `step ${at}`);
        if (!isDone || !ONCE.has(name)) assert.deepEqual(await again(), after, `step ${at}`);
      }
      assert.ok(killed >= 3, `${killed} killed`);
      t.diagnostic(`${name}: ${killed} killed`);
    });
  });
}

test("KS-21: a server killed while it restores leaves nothing or all of it", async (t) => {
  await withScene(t, async (scene) => {
    const before = await scene.seen();
    const { file } = await scene.open(async (store) => store.copies.make(OFFLINE.publicKey));
    const pem = OFFLINE.privateKey.export({ type: "pkcs8", format: "pem" });
    let killed = 0;
    for (let at = 1; at < STEPS_MAX; at += 7) {
      await scene.empty();
      writeFileSync(path.join(scene.base, "backup"), file);
      writeFileSync(path.join(scene.base, "offline.pem"), pem);
      if (!(await scene.kill("restore", at))) break;
      killed += 1;
      if ((await scene.items()) === 0)
        assert.equal(await scene.kill("restore", Number.MAX_SAFE_INTEGER), false);
      assert.deepEqual(await scene.seen(), before, `step ${at}`);
      assert.deepEqual(await scene.keysOfTheDead(), [], `step ${at}`);
    }
    assert.ok(killed >= 3, `${killed} killed`);
    t.diagnostic(`restore: ${killed} killed`);
  });
});
