/** The keys of the log, out of the key store: what signs checkpoints and receipts. */
import { hash } from "node:crypto";
import { SIGNATURE_TYPE, ed25519Signer } from "../audit/note.ts";
import type { NoteSigner } from "../audit/note.ts";
import { newSm2KeyPair, sm2KeyPairOf, sm2Sign } from "../crypto/sm2.ts";
import { INSTALLATION_LOG } from "../store/log.ts";
import type { LogId } from "../store/log.ts";
import type { Keys, SigningLine } from "./key-changes.ts";
import type { KeyStoreRecord } from "./memory.ts";

const SEED_BYTES = 32;
const KEY = "log";
const SM2_KEY = "log-sm2";
const RECORD = "log";
/**
 * C2SP signed-note leaves 0xff to those who name their own algorithm behind it: SM2 with SM3
 * (GB/T 32918.2), r and s, signer's id 1234567812345678.
 */
const SM2_NAME = Buffer.from("SM2-SM3\n", "latin1");

type RandomBytes = (count: number) => Uint8Array;

export interface NamedLog {
  readonly log: LogId;
  readonly origin: string;
}

/** What a log keeps in the key store under `name`: each tenant's log has its own. */
function nameFor(log: LogId, name: string): string {
  return log === INSTALLATION_LOG ? name : `${name}-${log}`;
}

/** The Ed25519 keys under which all verifiers know the log of that origin. */
export function logLine({ log, origin }: NamedLog, randomBytes: RandomBytes): SigningLine {
  return {
    name: nameFor(log, KEY),
    make: () => randomBytes(SEED_BYTES),
    signerOf: ({ secret }) => ed25519Signer(origin, secret),
  };
}

/** The SM2 keys that sign beside it for tenants of the suite `gm`. */
export function sm2Line({ log, origin }: NamedLog, randomBytes: RandomBytes): SigningLine {
  return {
    name: nameFor(log, SM2_KEY),
    make: () => newSm2KeyPair(randomBytes).privateKey,
    signerOf: ({ secret }) => {
      const pair = sm2KeyPairOf(secret);
      return {
        name: origin,
        key: Buffer.concat([Uint8Array.of(SIGNATURE_TYPE.other), SM2_NAME, pair.publicKey]),
        sign: (text) => sm2Sign(pair, Buffer.from(text, "utf8"), randomBytes),
      };
    },
  };
}

const LINES = { [KEY]: logLine, [SM2_KEY]: sm2Line } as const;
const LINE_NAME = /^(log|log-sm2)(?:-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?$/;

/** Of which log the keys of that name are, and which line; null for a name of no log's keys. */
export function lineNamed(
  name: string,
): { readonly log: LogId; readonly lineOf: typeof logLine } | null {
  const [, key, log = INSTALLATION_LOG] = LINE_NAME.exec(name) ?? [];
  return key === KEY || key === SM2_KEY ? { log, lineOf: LINES[key] } : null;
}

/** Who signs for a line, the newest first: one, or two while its key is being changed. */
export async function signersOf(
  keys: Keys,
  line: SigningLine,
): Promise<readonly [NoteSigner, ...NoteSigner[]]> {
  const current = await keys.signing.current(line.name, line.make);
  const others = (await keys.signing.inUse(line.name)).filter(
    ({ number }) => number < current.number,
  );
  return [line.signerOf(current), ...others.map(line.signerOf)];
}

/** The name in the key store of the record of a log's last signed checkpoint. */
export function recordNameOf(log: LogId): string {
  return nameFor(log, RECORD);
}

/** The record of a log's last signed checkpoint, in the key store. */
export function checkpointRecord({ checkpoints }: Keys, log: LogId): KeyStoreRecord {
  const name = recordNameOf(log);
  return {
    last: async () => checkpoints.last(name),
    save: async (bytes, before) => checkpoints.save(name, bytes, before),
  };
}

/** An origin for a new installation that nobody gave a name: random, and no host's. */
export function newOrigin(randomBytes: RandomBytes): string {
  return `midan.invalid/${hash("sha256", randomBytes(SEED_BYTES), "hex").slice(0, 16)}`;
}
