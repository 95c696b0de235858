/** A log of its own for one test: a fresh database, a key store and a folder for tiles. */
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { encodeLeaf } from "../../src/audit/leaf.ts";
import { verifierKeyText } from "../../src/audit/note.ts";
import type { NoteSigner } from "../../src/audit/note.ts";
import { KeyStore } from "../../src/keystore/key-store.ts";
import { LogFolder } from "../../src/log/log-folder.ts";
import { checkpointRecord, logLine, signersOf } from "../../src/log/log-keys.ts";
import { Sequencer } from "../../src/log/sequencer.ts";
import { INSTALLATION_LOG } from "../../src/store/log.ts";
import type { LogId } from "../../src/store/log.ts";
import { insertLeaves } from "../../src/store/audit-leaf.ts";
import type { NewLeaf } from "../../src/store/audit-leaf.ts";
import { transaction } from "../../src/store/pool.ts";
import type { Database, DatabaseAddress } from "../../src/store/pool.ts";
import { signedCheckpoint } from "../../src/verifier/checkpoint.ts";
import { parseKey } from "../../src/verifier/note.ts";
import { checkWholeLog } from "../../src/verifier/whole-log.ts";
import { optionsIn, freshBase } from "../keystore/fresh-store.ts";
import { withDatabase } from "../support/database.ts";
import { PLATFORM, folder as folderSource } from "../verifier/node-platform.ts";

export const ORIGIN = "midan.example/test";
export const TENANT: string = randomUUID();

/** Thrown at the step that a test chose. */
export class Fault extends Error {
  readonly code = "ENOSPC";
}

export interface OpenLog {
  readonly log: LogId;
  readonly database: Database;
  readonly keys: KeyStore;
  readonly folder: string;
  readonly signer: NoteSigner;
  readonly verifierKey: string;
}

export interface FreshLog extends OpenLog {
  readonly address: DatabaseAddress;
  /** Holds key store, root key and tiles. */
  readonly base: string;
}

export function newLeaf(at = new Date(), tenant = TENANT): NewLeaf {
  const id = randomBytes(16);
  const leaf = { type: "search", tenant, id, at, actor: "st-0000000000000000" } as const;
  return { id, type: "search", subject: null, body: encodeLeaf(leaf).bytes, note: null };
}

/** Writes `count` leaves as a verb does; what came back was acknowledged. */
export async function writeLeaves(
  database: Database,
  count: number,
  tenant = TENANT,
): Promise<string[]> {
  const leaves = Array.from({ length: count }, () => newLeaf(new Date(), tenant));
  await transaction(database, async (connection) => insertLeaves(connection, leaves));
  return leaves.map(({ id }) => Buffer.from(id).toString("hex"));
}

/** A sequencer that calls `onStep` before each step that reaches disk, key store or database. */
export function sequencerOf(log: OpenLog, onStep: (step: string) => void = () => {}): Sequencer {
  const record = checkpointRecord(log.keys, log.log);
  return new Sequencer({
    log: log.log,
    database: log.database,
    folder: new LogFolder(log.folder, onStep),
    record: {
      last: record.last,
      save: async (bytes, before) => {
        onStep("key-store");
        return record.save(bytes, before);
      },
    },
    signers: async () => Promise.resolve([log.signer]),
    newOrigin: () => ORIGIN,
    onCommit: onStep,
  });
}

/** Runs the verifier over the whole log; the ids of all its leaves, in order. */
export async function verifiedIds(log: Pick<OpenLog, "folder" | "verifierKey">): Promise<string[]> {
  const source = folderSource(log.folder);
  const key = parseKey(PLATFORM, log.verifierKey);
  const bytes = (await source.read("checkpoint")) ?? new Uint8Array(0);
  const checkpoint = await signedCheckpoint(PLATFORM, bytes, { file: "checkpoint", key });
  const ids: string[] = [];
  const onLeaf = ({ id }: { readonly id: string }): void => void ids.push(id);
  await checkWholeLog(PLATFORM, source, { checkpoint, since: [], areLeaves: true, onLeaf });
  return ids;
}

/** The log, a tenant's or the shared one, whose key store and tiles lie in `base`. */
export async function openIn(
  base: string,
  database: Database,
  log: LogId = INSTALLATION_LOG,
): Promise<OpenLog> {
  const isOwn = log !== INSTALLATION_LOG;
  const origin = isOwn ? `${ORIGIN}/${log}` : ORIGIN;
  const keys = await KeyStore.open(optionsIn(base));
  const line = logLine({ log, origin }, (count) => randomBytes(count));
  const [signer] = await signersOf(keys, line);
  const folder = join(base, "midan-log", isOwn ? log : "");
  return { log, database, keys, folder, signer, verifierKey: verifierKeyText(signer) };
}

export async function withLog(
  context: TestContext,
  work: (log: FreshLog) => Promise<void>,
): Promise<void> {
  const base = freshBase(context);
  await withDatabase(async (database, address) => {
    const log = await openIn(base, database);
    await work({ ...log, address, base });
    await log.keys.close();
  });
}
