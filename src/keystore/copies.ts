/**
 * The copies of the key store that exist: backups are made, listed and put back here. Until
 * somebody says that a copy is destroyed, what it holds is not (P6).
 */
import type { KeyObject } from "node:crypto";
import { X25519_BYTES } from "../crypto/x25519.ts";
import { Failure } from "../rules/failure.ts";
import { backupHead, sealBackup } from "./backup.ts";
import type { Backup, BackupEntry, BackupPart } from "./backup.ts";
import { LANE_POSITIONS, parseRecord, parseSerial, recordBytes } from "./compartment-record.ts";
import type { KeyMedium } from "./key-medium.ts";
import { ROOT_CHANGED } from "./root-change.ts";
import { SECRET_PARTS } from "./secrets.ts";
import type { SecretPart, Secrets } from "./secrets.ts";

export interface KeyCopy {
  /** 32 hex characters. */
  readonly id: string;
  readonly madeAt: Date;
  /** Which offline key opens it, 16 hex characters; null for one that was made by hand. */
  readonly recipient: string | null;
  /** Living compartments whose keys are in it; null where nobody counted them. */
  readonly compartments: number | null;
  /** Where one that was made by hand lies, as somebody wrote it down; else null. */
  readonly where: string | null;
}

interface CopiesOptions {
  readonly medium: KeyMedium;
  readonly secrets: Secrets;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
  /** 32 hex characters, random. */
  readonly newId: () => string;
  /** Runs as the only process on the store. */
  readonly locked: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Under this name a checkpoint says that a backup is being put back, and which one. */
const RESTORING = "midan.restoring";

/** A backup is written in the first version, which earlier programs read too. */
function copyBytes(copy: KeyCopy): Buffer {
  const { id, madeAt, recipient, compartments, where } = copy;
  const known = { id, madeAt: madeAt.toISOString(), recipient, compartments };
  const isBackup = recipient !== null && compartments !== null && where === null;
  const members = isBackup ? { v: 1, ...known } : { v: 2, ...known, where };
  return Buffer.from(JSON.stringify(members), "utf8");
}

function parseCopy(bytes: Buffer): KeyCopy {
  // Only `copyBytes` writes here; what is not of its form is damaged.
  const found = JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;
  const { v, id, madeAt, recipient, compartments, where } = found;
  if ((v !== 1 && v !== 2) || typeof id !== "string" || typeof madeAt !== "string") {
    throw new Failure("KEYSTORE_BROKEN", { file: "copies" });
  }
  return {
    id,
    madeAt: new Date(madeAt),
    recipient: typeof recipient === "string" ? recipient : null,
    compartments: typeof compartments === "number" ? compartments : null,
    where: typeof where === "string" ? where : null,
  };
}

/** Nobody holds what was put back, and nobody seals into it: how far it was used is not known. */
function closedRecord(bytes: Uint8Array, name: string): Uint8Array {
  const record = parseRecord(bytes, parseSerial(name));
  return recordBytes({ ...record, holder: null, ceiling: LANE_POSITIONS });
}

export class Copies {
  readonly #options: CopiesOptions;

  constructor(options: CopiesOptions) {
    this.#options = options;
  }

  /** All copies that were made and not said to be destroyed, oldest first. */
  async list(): Promise<KeyCopy[]> {
    const all = await this.#options.medium.readAll("copies");
    return [...all.values()]
      .map(parseCopy)
      .toSorted((a, b) => a.madeAt.getTime() - b.madeAt.getTime());
  }

  /** The operator says that a copy is destroyed. Throws KEY_COPY_UNKNOWN. */
  async discard(id: string): Promise<KeyCopy> {
    return this.#options.locked(async () => {
      const copy = (await this.list()).find((each) => each.id === id);
      if (copy === undefined) throw new Failure("KEY_COPY_UNKNOWN");
      await this.#options.medium.destroy("copies", id);
      return copy;
    });
  }

  /** Lists a copy that somebody made by hand, and says which id it has. */
  async note(made: Pick<KeyCopy, "madeAt" | "where">): Promise<KeyCopy> {
    const { newId, medium, locked } = this.#options;
    const copy = { ...made, id: newId(), recipient: null, compartments: null };
    await locked(async () => medium.write("copies", copy.id, copyBytes(copy)));
    return copy;
  }

  /** Lists those of `copies` that are not, and returns them; again lists none. */
  async listAgain(copies: readonly KeyCopy[]): Promise<KeyCopy[]> {
    return this.#options.locked(async () => {
      const known = new Set((await this.list()).map(({ id }) => id));
      const unlisted = copies.filter(({ id }) => !known.has(id));
      for (const copy of unlisted)
        await this.#options.medium.write("copies", copy.id, copyBytes(copy));
      return unlisted;
    });
  }

  async #secretsOf(part: SecretPart): Promise<BackupEntry[]> {
    const shelf = this.#options.secrets[part];
    const entries: BackupEntry[] = [];
    for (const name of await shelf.identities()) {
      const bytes = await shelf.read(name);
      if (bytes !== null) entries.push({ part, name, bytes });
    }
    return entries;
  }

  async #entries(): Promise<BackupEntry[]> {
    const { medium } = this.#options;
    const entries: BackupEntry[] = [];
    const add = (part: BackupPart, name: string, bytes: Uint8Array | null): void => {
      if (bytes !== null) entries.push({ part, name, bytes });
    };
    // The ledger first: whoever puts this back learns what is dead before he meets a key.
    const ledgerBytes = await medium.ledgerBytes();
    add("ledger", "", ledgerBytes === 0 ? null : await medium.readLedger(0, ledgerBytes));
    add("serial", "", await medium.readSerial());
    for (const [name, bytes] of await medium.readAll("records")) add("records", name, bytes);
    for (const part of SECRET_PARTS) entries.push(...(await this.#secretsOf(part)));
    return entries;
  }

  /**
   * Everything in the store, sealed to an offline X25519 key. The copy is listed, durably, before
   * the bytes leave. Throws as every read of the store; nothing is listed then.
   */
  async make(recipient: KeyObject): Promise<{ readonly copy: KeyCopy; readonly file: Buffer }> {
    const { medium, now, newId, randomBytes, locked } = this.#options;
    return locked(async () => {
      const head = { id: newId(), madeAt: now() };
      const entries = await this.#entries();
      const ephemeral = randomBytes(X25519_BYTES);
      const file = sealBackup(head, { to: recipient, ephemeral }, entries);
      for (const { bytes } of entries) bytes.fill(0);
      const compartments = entries.filter(({ part }) => part === "compartments").length;
      const { recipient: fingerprint } = backupHead(file);
      const copy = { ...head, recipient: fingerprint, compartments, where: null };
      await medium.write("copies", copy.id, copyBytes(copy));
      return { copy, file };
    });
  }

  /** Which backup is being put back, or null. */
  async restoring(): Promise<string | null> {
    const bytes = await this.#options.secrets.checkpoints.read(RESTORING);
    return bytes?.toString("latin1") ?? null;
  }

  /** Whether anything but this backup is in the store. */
  async #isTaken(id: string): Promise<boolean> {
    return (await this.restoring()) !== id && !(await this.#options.medium.isEmpty());
  }

  /**
   * Puts a backup into an empty store, wrapped under its own generation. Nobody seals into what was
   * put back. Interrupted, nothing opens until it is done again with the same backup. Throws
   * KEYSTORE_NOT_EMPTY.
   */
  async putBack(backup: Backup): Promise<void> {
    await this.#options.locked(async () => {
      if (await this.#isTaken(backup.id)) throw new Failure("KEYSTORE_NOT_EMPTY");
      const { checkpoints } = this.#options.secrets;
      await checkpoints.write(RESTORING, Buffer.from(backup.id, "latin1"));
      for (const entry of backup.entries) {
        if (entry.part !== "checkpoints" || entry.name !== ROOT_CHANGED) await this.#put(entry);
      }
      await this.#list(backup);
      await checkpoints.destroy(RESTORING);
    });
  }

  /** The backup itself goes on existing, so the store that came out of it knows of it. */
  async #list({ id, madeAt, recipient, entries }: Backup): Promise<void> {
    const compartments = entries.filter(({ part }) => part === "compartments").length;
    const bytes = copyBytes({ id, madeAt, recipient, compartments, where: null });
    await this.#options.medium.write("copies", id, bytes);
  }

  async #put({ part, name, bytes }: BackupEntry): Promise<void> {
    const { medium, secrets } = this.#options;
    switch (part) {
      case "ledger":
        await medium.cutLedger(0);
        await medium.appendLedger(bytes);
        break;
      case "serial":
        await medium.writeSerial(bytes);
        break;
      case "records":
        await medium.write("records", name, closedRecord(bytes, name));
        break;
      case "compartments":
      case "tenants":
      case "rings":
      case "index":
      case "held":
      case "signing":
      case "checkpoints":
        await secrets[part].write(name, bytes);
        break;
    }
  }
}
