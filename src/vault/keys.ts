/**
 * What a security officer does with the key store: looks at it, copies it to an offline key, puts a
 * copy back, rotates it. Each act leaves an entry.
 */
import { authorise } from "../access/authorise.ts";
import { createPrivateKey, createPublicKey, hash } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { openBackup, serialsIn } from "../keystore/backup.ts";
import type { KeyCopy } from "../keystore/copies.ts";
import type { RootState } from "../keystore/generation.ts";
import { rootChangedAt } from "../keystore/root-change.ts";
import { ROTATE_AFTER_DAYS } from "../keystore/rotation.ts";
import type { RotationProgress } from "../keystore/rotation.ts";
import type { SecretsByAge } from "../keystore/secrets.ts";
import { addDays, dayOf, daysBetween, startOfDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { transaction } from "../store/pool.ts";
import { differencesOf, reconcile, requireNone } from "./reconcile.ts";
import type { Reconciled } from "./reconcile.ts";
import { reissueForCopy } from "./reissue.ts";
import { settle } from "./settle.ts";
import { signingKeyStatus } from "./signing-key-rotation.ts";
import type { SigningKeyStatus } from "./signing-key-rotation.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import { tenantKeyStatus } from "./tenant-key-rotation.ts";
import type { KeysOfUse } from "./tenant-key-rotation.ts";
import type { Vault } from "./vault.ts";

export type { RotationProgress };

export interface CopyAge extends KeyCopy {
  readonly ageDays: number;
}

export interface KeysStatus {
  readonly compartments: { readonly live: number; readonly closing: number; readonly dead: number };
  readonly heldLeaves: number;
  readonly puncturedLeaves: number;
  readonly secrets: SecretsByAge;
  readonly root: RootState;
  /** The lasting keys of this tenant: how many earlier ones still live, and until when. */
  readonly tenantKeys: readonly KeysOfUse[];
  /** The keys that sign, and how many private keys before them are still there. */
  readonly signingKeys: readonly SigningKeyStatus[];
  readonly generationMadeAt: Date;
  readonly copies: readonly CopyAge[];
  /**
   * What was destroyed on this day or before is in nothing that is known to exist; what was
   * destroyed since is in the oldest copy, or under the oldest generation.
   */
  readonly bound: {
    readonly since: Day;
    readonly days: number;
    readonly by: "copy" | "generation";
    /** When the generation is to be replaced next: it may be later. */
    readonly rotationDueOn: Day;
    readonly rotationEveryDays: number;
    /** When the root key was changed last; null when it never was, or that is not known. */
    readonly rootChangedOn: Day | null;
  };
}

/** Reads what there is; opens nothing. */
export async function keysStatus(vault: Vault): Promise<KeysStatus> {
  const { keys, timeZone } = vault;
  const today = dayOf(vault.now(), timeZone);
  const ageOf = (at: Date): number => daysBetween(dayOf(at, timeZone), today);
  const records = await keys.list();
  const closing = records.filter(({ state }) => state === "closing").length;
  const held = (await keys.held()).reduce((total, { slots }) => total + slots.length, 0);
  const copies = (await keys.copies.list()).map((copy) => ({
    ...copy,
    ageDays: ageOf(copy.madeAt),
  }));
  const { generationMadeAt } = keys;
  const [oldest] = copies;
  const isCopy = oldest !== undefined && oldest.madeAt < generationMadeAt;
  const rootChange = await rootChangedAt(keys.checkpoints);
  const since = isCopy ? oldest.madeAt : generationMadeAt;
  return {
    compartments: {
      live: records.length - closing,
      closing,
      dead: (await keys.tombstones()).length,
    },
    heldLeaves: held,
    puncturedLeaves: (await keys.leafTombstones()).length,
    secrets: await keys.secretsByAge(),
    root: await keys.root(),
    tenantKeys: await tenantKeyStatus(vault),
    signingKeys: await signingKeyStatus(vault),
    generationMadeAt,
    copies,
    bound: {
      since: dayOf(since, timeZone),
      days: ageOf(since),
      by: isCopy ? "copy" : "generation",
      rotationDueOn: addDays(dayOf(generationMadeAt, timeZone), ROTATE_AFTER_DAYS),
      rotationEveryDays: ROTATE_AFTER_DAYS,
      rootChangedOn: rootChange === null ? null : dayOf(rootChange, timeZone),
    },
  };
}

/** An X25519 key from PEM. Throws KEY_OFFLINE_WRONG for anything else. */
function offlineKey(pem: string, read: (pem: string) => KeyObject): KeyObject {
  try {
    const key = read(pem);
    if (key.asymmetricKeyType === "x25519") return key;
  } catch {
    // Falls through: what does not parse is as wrong as a key of another kind.
  }
  throw new Failure("KEY_OFFLINE_WRONG");
}

export interface MadeBackup {
  readonly copy: KeyCopy;
  readonly file: Uint8Array;
  /** Id of the entry about it. */
  readonly entry: string;
}

/**
 * The whole key store, sealed to the offline key whose public half is `recipientPem`. It is listed
 * and logged before the bytes are handed out. Throws KEY_OFFLINE_WRONG.
 */
export async function backupKeys(
  vault: Vault,
  request: { readonly recipientPem: string; readonly actor: Actor },
): Promise<MadeBackup> {
  await authorise(vault, { actor: request.actor, verb: "back-up" });
  const recipient = offlineKey(request.recipientPem, createPublicKey);
  const { copy, file } = await vault.keys.copies.make(recipient);
  const actor = request.actor;
  const digest = hash("sha256", file);
  const entry = await tellCopied(vault, actor, { copy, digest });
  return { copy, file, entry };
}

/** The log knows the copy by its id, so that a store which forgot it can be told. */
async function tellCopied(
  vault: Vault,
  actor: Actor,
  { copy, digest }: { readonly copy: KeyCopy; readonly digest: string | null },
): Promise<string> {
  const { id, recipient, compartments } = copy;
  const told = {
    type: "keys-copied",
    actor,
    copy: id,
    madeAt: copy.madeAt.toISOString(),
    ...(recipient === null ? { mode: "by-hand" } : { recipient }),
    ...(digest === null ? {} : { digest }),
    ...(compartments === null ? {} : { count: compartments }),
  } as const;
  return transaction(vault.database, async (connection) => writeEntry(vault, connection, told));
}

export const WHERE_CHARACTERS_MAX = 200;

/**
 * Lists a copy of the store that somebody made by hand on a day until now, and where it lies (1 to
 * 200 characters, in the store alone and never in the log). It counts as holding whatever lived
 * when that day began. Throws USAGE for a day that has not come.
 */
export async function noteCopy(
  vault: Vault,
  request: { readonly made: Day; readonly where: string; readonly actor: Actor },
): Promise<{ readonly copy: KeyCopy; readonly entry: string }> {
  const { made, where, actor } = request;
  await authorise(vault, { actor, verb: "back-up" });
  if (made > dayOf(vault.now(), vault.timeZone)) throw new Failure("USAGE", { option: "--made" });
  const madeAt = startOfDay(made, vault.timeZone);
  const copy = await vault.keys.copies.note({ madeAt, where });
  return { copy, entry: await tellCopied(vault, actor, { copy, digest: null }) };
}

/**
 * Somebody answers for it that a copy is destroyed; certificates that named it are issued anew.
 * Throws KEY_COPY_UNKNOWN.
 */
export async function discardCopy(
  vault: Vault,
  request: { readonly id: string; readonly actor: Actor },
): Promise<{ readonly copy: KeyCopy; readonly entry: string }> {
  await authorise(vault, { actor: request.actor, verb: "back-up" });
  const actor = request.actor;
  const copy = await vault.keys.copies.discard(request.id);
  const { id, compartments } = copy;
  const count = compartments === null ? {} : { count: compartments };
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, { type: "copy-discarded", actor, copy: id, ...count }),
  );
  await reissueForCopy(vault, id);
  return { copy, entry };
}

export interface Rotated {
  readonly madeAt: Date;
  readonly secrets: SecretsByAge;
  /** Generations that the root key which went still opens; null when it was not changed. */
  readonly underOldRoot: number | null;
  /** Id of the entry about it. */
  readonly entry: string;
}

/** Rotates the generation, and the root key if asked; see `rotateGeneration`. */
export async function rotateKeys(
  vault: Vault,
  request: {
    readonly root: boolean;
    readonly actor: Actor;
    readonly onProgress: (progress: RotationProgress) => void;
  },
): Promise<Rotated> {
  await authorise(vault, { actor: request.actor, verb: "rotate-keys" });
  const { root } = request;
  let underOldRoot: number | null = null;
  const onProgress = (progress: RotationProgress): void => {
    if (progress.phase === "root") underOldRoot = progress.old;
    request.onProgress(progress);
  };
  const madeAt = await vault.rotateKeys({ root, onProgress });
  const actor = request.actor;
  const entry = await transaction(vault.database, async (connection) =>
    writeEntry(vault, connection, { type: "keys-rotated", actor }),
  );
  return { madeAt, secrets: await vault.keys.secretsByAge(), underOldRoot, entry };
}

export interface RestoreRequest {
  /** A backup and the offline key that opens it; null to accept the key store that lies there. */
  readonly backup: { readonly file: Uint8Array; readonly keyPem: string } | null;
  /** Whether compartments may be lost that live in the database. */
  readonly acceptOlder: boolean;
  readonly reached?: Reached;
}

/**
 * Puts a backup of the key store back, or accepts an older key store that was put in place, and
 * does again what the database knows to have been done since. The vault was opened for this alone.
 * Throws KEYSTORE_DIFFERS, and changes nothing, when that needs `acceptOlder`; KEYSTORE_NOT_EMPTY,
 * KEY_BACKUP_BROKEN, KEY_BACKUP_FOREIGN, KEY_OFFLINE_WRONG.
 */
export async function restoreKeys(vault: Vault, request: RestoreRequest): Promise<Reconciled> {
  const { backup, acceptOlder, reached = PASS } = request;
  if (backup !== null) {
    const key = offlineKey(backup.keyPem, createPrivateKey);
    const opened = openBackup(backup.file, key);
    if (!acceptOlder) requireNone(await differencesOf(vault, serialsIn(opened)));
    await vault.keys.putBack(opened);
    await reached("restore-put-back");
  } else if (!acceptOlder) {
    throw new Failure("USAGE", { option: "--accept-older" });
  }
  const reconciled = await reconcile(vault, reached);
  await settle(vault);
  return reconciled;
}
