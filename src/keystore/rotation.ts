/**
 * Rotation of the generation key: everything is wrapped anew, then the old generation is destroyed,
 * and with it every older copy of every secret of the store (P6). It does not stop others: they
 * wait for a few secrets at a time. Interrupted anywhere, it leaves a store that works, and goes on
 * when called again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../rules/failure.ts";
import {
  countUnderOldRoot,
  destroyGenerationsBefore,
  makeNextGeneration,
  mediumOf,
  openGeneration,
  resealGeneration,
} from "./generation.ts";
import type { Generation, OpenOptions } from "./generation.ts";
import type { KeyMedium } from "./key-medium.ts";
import { keepRootChange } from "./root-change.ts";
import { SECRET_PARTS, secretsOver } from "./secrets.ts";
import type { Secrets } from "./secrets.ts";
import { BETWEEN_TURNS_MS } from "./store-lock.ts";

/** After so many days a generation is to be replaced. */
export const ROTATE_AFTER_DAYS = 7;
const MILLISECONDS_PER_DAY = 86_400_000;
/** Secrets wrapped anew before others get their turn: a tenth of a second on a slow disk. */
const SECRETS_PER_TURN = 32;

/**
 * How far a rotation is: made, secrets wrapped anew, old generations (and root key) destroyed.
 * `root` counts the generations that the root key which goes still opens: before, and at the end.
 */
export interface RotationProgress {
  readonly phase: "make" | "wrap" | "root" | "destroy";
  /** Secrets that are still wrapped under an older generation or root key, of `total`. */
  readonly old: number;
  readonly total: number;
}

export interface RotationRequest {
  /** Whether a new root key takes the place of the present one too. */
  readonly root?: boolean;
  readonly onProgress?: (progress: RotationProgress) => void;
}

/**
 * Whether a rotation is due, or one was interrupted long enough ago. A generation from the future
 * was made under a wrong clock: its age is not known, and waiting for its day could take years.
 */
export function isRotationDue(madeAt: Date, now: Date): boolean {
  const ageMs = now.getTime() - madeAt.getTime();
  return ageMs < 0 || ageMs >= ROTATE_AFTER_DAYS * MILLISECONDS_PER_DAY;
}

interface Rotation {
  readonly options: OpenOptions;
  readonly medium: KeyMedium;
  readonly generation: Generation;
  readonly secrets: Secrets;
}

interface Begun {
  readonly generation: Generation;
  /** Whether the root key is being changed too. */
  readonly root: boolean;
}

/**
 * A generation to rotate to: a new one, unless an interrupted rotation has left two. The root key
 * is changed only after the generations were opened, which may show that it is on its way already.
 */
async function begin(
  options: OpenOptions,
  medium: KeyMedium,
  request: Required<RotationRequest>,
): Promise<Begun> {
  return medium.locked(async () => {
    const generation = await openGeneration(options);
    const root = await beginRoot(options, request.root);
    if (root) request.onProgress({ phase: "root", ...(await countUnderOldRoot(options)) });
    const isInterrupted = generation.has(generation.current - 1);
    if (!isInterrupted) await makeNextGeneration(options, generation.current);
    await generation.refresh();
    return { generation, root };
  });
}

interface Waiting {
  readonly shelf: Secrets[keyof Secrets];
  readonly identity: string;
}

/** Secrets that are not wrapped under the current generation. */
async function oldOnes({ secrets }: Rotation): Promise<{ old: Waiting[]; total: number }> {
  const old: Waiting[] = [];
  let total = 0;
  for (const shelf of SECRET_PARTS.map((part) => secrets[part])) {
    const { current, older } = await shelf.byAge();
    total += current + older.length;
    old.push(...older.map((identity) => ({ shelf, identity })));
  }
  return { old, total };
}

async function wrapInTurns(
  rotation: Rotation,
  onProgress: (progress: RotationProgress) => void,
): Promise<number> {
  await rotation.generation.refresh();
  const { old, total } = await oldOnes(rotation);
  for (let from = 0; from < old.length; from += SECRETS_PER_TURN) {
    onProgress({ phase: "wrap", old: old.length - from, total });
    await rotation.medium.locked(async () => {
      for (const { shelf, identity } of old.slice(from, from + SECRETS_PER_TURN)) {
        await shelf.rewrap(identity);
      }
    });
    await sleep(BETWEEN_TURNS_MS);
  }
  return total;
}

/**
 * Destroys what came before, if a last look with nobody else writing finds nothing that it wraps;
 * returns how many secrets it found. Whoever writes since this rotation began uses the new
 * generation, so nothing old appears any more. Under a lock of its own: what was wrapped anew is
 * durable by then, also where a lock is a transaction.
 */
async function destroyOld(
  rotation: Rotation,
  { root, onProgress }: Required<RotationRequest>,
): Promise<number> {
  const { options, medium, generation } = rotation;
  return medium.locked(async () => {
    await generation.refresh();
    const { old } = await oldOnes(rotation);
    if (old.length > 0) return old.length;
    if (root) await resealGeneration(options, generation.current);
    await destroyGenerationsBefore(options.folder, generation.current);
    if (root) {
      await finishRoot(options, onProgress);
      // Killed just before, it is not known, and copies of the folder count as opening for longer.
      await generation.refresh();
      await keepRootChange(rotation.secrets.checkpoints, generation.madeAt);
    }
    return 0;
  });
}

/** Destroys the old root key after a look that finds nothing which it opens. */
async function finishRoot(
  options: OpenOptions,
  onProgress: Required<RotationRequest>["onProgress"],
): Promise<void> {
  const count = await countUnderOldRoot(options);
  onProgress({ phase: "root", ...count });
  // The new root key is the old one under another name, which must not be destroyed.
  if (count.old > 0) throw new Failure("KEYSTORE_ROOT_SAME");
  await options.rootKey.change?.finish();
}

async function run(rotation: Rotation, request: Required<RotationRequest>): Promise<void> {
  const { onProgress } = request;
  for (let old = -1; old !== 0;) {
    const total = await wrapInTurns(rotation, onProgress);
    old = await destroyOld(rotation, request);
    onProgress({ phase: "destroy", old, total });
  }
}

/** Whether the root key is to be changed: it was asked for, or an earlier change is unfinished. */
async function beginRoot({ rootKey }: OpenOptions, isAsked: boolean): Promise<boolean> {
  const isPending = (await rootKey.change?.isPending()) ?? false;
  if (!isAsked || isPending) return isPending;
  if (rootKey.change === undefined) {
    throw new Failure("KEYSTORE_ROOT_FIXED", { kind: rootKey.kind });
  }
  await rootKey.change.begin();
  return true;
}

/**
 * Rotates the generation of the store, and the root key if `request` says so, also while others use
 * it. Returns when the new generation was made, which is what the bound of erasure is counted from.
 * Throws as `KeyStore.open`, KEYSTORE_ROOT_FIXED when the new root key has to be named first, and
 * KEYSTORE_ROOT_SAME when it is the old one; nothing is lost then, call it again.
 */
export async function rotateGeneration(
  options: OpenOptions,
  request: RotationRequest = {},
): Promise<Date> {
  const medium = mediumOf(options);
  const onProgress = request.onProgress ?? ((): void => undefined);
  const asked = { root: request.root ?? false, onProgress };
  const { generation, root } = await begin(options, medium, asked);
  try {
    onProgress({ phase: "make", old: 0, total: 0 });
    const { randomBytes } = options;
    const secrets = secretsOver({ medium, generation, randomBytes });
    await run({ options, medium, generation, secrets }, { root, onProgress });
    await generation.refresh();
    return generation.madeAt;
  } finally {
    generation.wipe();
  }
}
