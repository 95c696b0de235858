/** The same test on both media of the key store: a folder, and a PostgreSQL database. */
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { folderMedium } from "../../src/keystore/folder-medium.ts";
import type { OpenOptions } from "../../src/keystore/generation.ts";
import type { KeyMedium } from "../../src/keystore/key-medium.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { PostgresMedium } from "../../src/keystore/postgres-medium.ts";
import type { DatabaseAddress } from "../../src/store/pool.ts";
import { withDatabase } from "../support/database.ts";
import { freshOptions } from "./fresh-store.ts";

/** One key store of a test, on whichever medium. */
export interface Bench {
  readonly kind: "folder" | "postgres";
  readonly context: TestContext;
  /** What another server, or another process, would open the store with. */
  readonly another: () => OpenOptions;
  /** Opens the store once more, as another server does; closed with the test. */
  readonly open: () => Promise<KeyStore>;
  /** The bytes themselves. */
  readonly medium: KeyMedium;
}

export function urlOf(address: DatabaseAddress): string {
  if ("url" in address) return address.url;
  const { host, port, user, name } = address;
  return `postgresql://${user}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
}

function benchOver(
  context: TestContext,
  kind: Bench["kind"],
  another: () => OpenOptions,
): Bench & { readonly end: () => Promise<void> } {
  const opened: { close(): Promise<void> }[] = [];
  const medium = another().medium ?? folderMedium(another().folder);
  opened.push(medium);
  return {
    kind,
    context,
    another,
    medium,
    open: async () => {
      const store = await KeyStore.open(another());
      opened.push(store);
      return store;
    },
    end: async () => {
      for (const each of opened) await each.close();
    },
  };
}

async function onFolder(context: TestContext, work: (bench: Bench) => Promise<void>) {
  const options = freshOptions(context);
  const bench = benchOver(context, "folder", () => options);
  try {
    await work(bench);
  } finally {
    await bench.end();
  }
}

async function onPostgres(context: TestContext, work: (bench: Bench) => Promise<void>) {
  const options = freshOptions(context);
  await withDatabase(async (_database, address) => {
    const url = urlOf(address);
    const media: KeyMedium[] = [];
    const another = (): OpenOptions => {
      const medium = new PostgresMedium({ url, serverId: randomUUID() });
      media.push(medium);
      return { ...options, medium };
    };
    const bench = benchOver(context, "postgres", another);
    try {
      await work(bench);
    } finally {
      await bench.end();
      for (const medium of media) await medium.close();
    }
  });
}

export const both = {
  /** Registers `work` as two tests, one for each medium. */
  test(name: string, work: (bench: Bench) => Promise<void>): void {
    void test(`${name} (folder)`, async (context) => onFolder(context, work));
    void test(`${name} (postgres)`, async (context) => onPostgres(context, work));
  },
};
