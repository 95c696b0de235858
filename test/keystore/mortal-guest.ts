/**
 * A server on a key store in PostgreSQL that dies at a step: `mortal-guest.ts BASE URL WHAT AT`.
 * WHAT is one of the operations, or `restore`, which puts back the backup that lies in BASE.
 */
import { createPrivateKey, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { openBackup } from "../../src/keystore/backup.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { optionsIn } from "./fresh-store.ts";
import { arm, disarm, MortalMedium } from "./mortal-medium.ts";
import { OPERATIONS } from "./operations.ts";

const [, , base = "", url = "", what = "", at = ""] = process.argv;
const medium = new MortalMedium({ url, serverId: randomUUID() });
const options = { ...optionsIn(base), medium };

async function restore(): Promise<void> {
  const pem = await readFile(path.join(base, "offline.pem"), "utf8");
  const backup = openBackup(await readFile(path.join(base, "backup")), createPrivateKey(pem));
  const store = await KeyStore.open({ ...options, putsBack: true });
  arm(Number(at));
  await store.putBack(backup);
  disarm();
  await store.close();
}

async function operate(): Promise<void> {
  const operation = OPERATIONS[what];
  if (operation === undefined) throw new Error("no such operation");
  const store = await KeyStore.open(options);
  arm(Number(at));
  await operation(store, options);
  disarm();
  await store.close();
}

await (what === "restore" ? restore() : operate());
await medium.close();
