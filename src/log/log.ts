/** A transparency log, the installation's or a tenant's, opened: for those who write and ask. */
import { SUITES } from "../crypto/suites.ts";
import type { NoteKey, NoteSigner } from "../audit/note.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import { INSTALLATION_LOG, openHead } from "../store/log.ts";
import type { LogId } from "../store/log.ts";
import { connected } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import { hasSuite } from "../store/tenant.ts";
import { CommitGroups } from "./commit-group.ts";
import { LogKeeper } from "./keeper.ts";
import { LogFolder } from "./log-folder.ts";
import { changeWords, changesOf, earlierKeys } from "./key-changes.ts";
import type { SavedChange, SigningLine } from "./key-changes.ts";
import { checkpointRecord, logLine, newOrigin, signersOf, sm2Line } from "./log-keys.ts";
import { recoverLog } from "./recover.ts";
import { Witnesses } from "./witnesses.ts";
import type { Silence, WitnessAddress } from "./witnesses.ts";
import { Sequencer } from "./sequencer.ts";
import type { KeyHistory } from "./sequencer.ts";

export interface LogOptions {
  readonly log: LogId;
  readonly database: Database;
  readonly keys: Pick<KeyStore, "signing" | "checkpoints">;
  /** Where tiles and checkpoint lie. */
  readonly folder: string;
  /** Name of the installation's log if there is none yet; null for a random one. */
  readonly origin: string | null;
  readonly witnesses: readonly WitnessAddress[];
  /** Witnesses that did not answer, where several logs ask the same ones. */
  readonly silence?: Silence;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface Log {
  readonly id: LogId;
  readonly folder: LogFolder;
  readonly sequencer: Sequencer;
  readonly keeper: LogKeeper;
  readonly groups: CommitGroups;
  /** The key that signs for the log; kept in memory for a minute at most. */
  readonly signer: () => Promise<NoteSigner>;
  /** All keys that sign checkpoints, that one first; two of a kind while one is being changed. */
  readonly signers: () => Promise<readonly [NoteSigner, ...NoteSigner[]]>;
  /** The keys one after the other: Ed25519, and SM2 if it signs so too. */
  readonly lines: () => Promise<readonly [SigningLine, ...SigningLine[]]>;
  /** How its keys followed one another, as words that anybody may check. */
  readonly changes: () => Promise<readonly string[]>;
  /** As `recoverLog`. */
  readonly recover: () => Promise<number>;
}

/** A key may be replaced by another process; nothing is signed with an old one for longer. */
const SIGNER_MS_MAX = 60_000;

/** Reads again when what was read is older than a minute. */
function remembered<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: Promise<T>; readonly until: number } | null = null;
  return async () => {
    if (kept === null || performance.now() > kept.until) {
      const value = read();
      const made = { value, until: performance.now() + SIGNER_MS_MAX };
      kept = made;
      value.catch(() => {
        if (kept === made) kept = null;
      });
    }
    return kept.value;
  };
}

function newest<T>([one]: readonly [T, ...T[]]): T {
  return one;
}

/** Opens the log; nothing is read or written before it is needed. */
export function openLog(options: LogOptions): Log {
  const { log, database, keys, randomBytes, now } = options;
  const folder = new LogFolder(options.folder);
  const made = (): string => options.origin ?? newOrigin(randomBytes);
  const lines = async (origin: string): Promise<readonly [SigningLine, ...SigningLine[]]> => {
    const own = logLine({ log, origin }, randomBytes);
    const isGm = await connected(database, async (connection) =>
      hasSuite(connection, SUITES.gm.id, log === INSTALLATION_LOG ? null : log),
    );
    return isGm ? [own, sm2Line({ log, origin }, randomBytes)] : [own];
  };
  const signers = async (origin: string): Promise<readonly [NoteSigner, ...NoteSigner[]]> => {
    const [own, sm2] = await lines(origin);
    const first = await signersOf(keys, own);
    return sm2 === undefined ? first : [...first, ...(await signersOf(keys, sm2))];
  };
  const changes = async (origin: string): Promise<readonly SavedChange[]> =>
    (await Promise.all((await lines(origin)).map(async (line) => changesOf(keys, line)))).flat();
  const history = async (origin: string): Promise<KeyHistory> => {
    const found = await changes(origin);
    return { earlier: earlierKeys(found), changes: changeWords(found) };
  };
  const originNow = async (): Promise<string> =>
    (await connected(database, async (connection) => openHead(connection, log, made()))).origin;
  const signer = remembered(async () =>
    newest(await signersOf(keys, logLine({ log, origin: await originNow() }, randomBytes))),
  );
  const record = checkpointRecord(keys, log);
  const witnesses = new Witnesses(folder, options.witnesses, options.silence);
  const sequencer = new Sequencer({
    log,
    database,
    folder,
    record,
    signers,
    history,
    newOrigin: made,
    witnesses,
  });
  return {
    id: log,
    folder,
    sequencer,
    keeper: new LogKeeper(sequencer, witnesses),
    groups: new CommitGroups({ database, signer, now }),
    signer,
    signers: async () => signers(await originNow()),
    lines: async () => lines(await originNow()),
    changes: async () => changeWords(await changes(await originNow())),
    recover: async () => {
      const by = async (origin: string): Promise<readonly NoteKey[]> => [
        ...(await signers(origin)),
        ...(await history(origin)).earlier,
      ];
      return recoverLog({ log, database, folder, record, signers: by, newOrigin: made });
    },
  };
}
