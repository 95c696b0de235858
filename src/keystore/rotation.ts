/**
 * Rotation of the generation key: everything is wrapped anew, then the old generation is destroyed,
 * and with it every older copy of every file of the store (P6). It does not stop others: they wait
 * for a few files at a time. Interrupted anywhere, it leaves a store that works, and goes on when
 * called again.
 */
import path from "node:path";
import { destroyGenerationsBefore, makeNextGeneration, openGeneration } from "./generation.ts";
import type { Generation, OpenOptions } from "./generation.ts";
import { SealedFolder } from "./sealed-folder.ts";
import { locked } from "./store-lock.ts";

/** After so many days a generation is to be replaced. */
export const ROTATE_AFTER_DAYS = 7;
const MILLISECONDS_PER_DAY = 86_400_000;
/** Files wrapped anew before others get their turn: about a tenth of a second on a slow disk. */
const FILES_PER_TURN = 32;

const SEALED = [
  { folder: "compartments", kind: "compartment" },
  { folder: "tenants", kind: "tenant" },
  { folder: "index", kind: "index" },
  { folder: "held", kind: "held" },
  { folder: "signing", kind: "signing" },
  { folder: "checkpoints", kind: "checkpoint" },
] as const;

/**
 * Whether a rotation is due, or one was interrupted long enough ago. A generation from the future
 * was made under a wrong clock: its age is not known, and waiting for its day could take years.
 */
export function isRotationDue(madeAt: Date, now: Date): boolean {
  const ageMs = now.getTime() - madeAt.getTime();
  return ageMs < 0 || ageMs >= ROTATE_AFTER_DAYS * MILLISECONDS_PER_DAY;
}

/** A generation to rotate to: a new one, unless an interrupted rotation has left two. */
async function begin(options: OpenOptions): Promise<Generation> {
  return locked(options.folder, async () => {
    const generation = await openGeneration(options);
    const isInterrupted = generation.has(generation.current - 1);
    if (!isInterrupted) await makeNextGeneration(options, generation.current);
    await generation.refresh();
    return generation;
  });
}

async function rewrapInTurns(folder: string, sealed: SealedFolder): Promise<void> {
  const identities = await sealed.identities();
  for (let from = 0; from < identities.length; from += FILES_PER_TURN) {
    await locked(folder, async () => {
      for (const identity of identities.slice(from, from + FILES_PER_TURN)) {
        await sealed.rewrap(identity);
      }
    });
  }
}

/** Looks at everything once more with nobody else writing, then destroys what came before. */
async function finish(
  folder: string,
  generation: Generation,
  everything: readonly SealedFolder[],
): Promise<void> {
  await locked(folder, async () => {
    await generation.refresh();
    for (const sealed of everything) {
      for (const identity of await sealed.identities()) await sealed.rewrap(identity);
    }
    await destroyGenerationsBefore(folder, generation.current);
  });
}

/**
 * Rotates the generation of the store in `options.folder`, also while others use it. Returns when
 * the new generation was made, which is what the bound of erasure is counted from. Throws as
 * `KeyStore.open`; nothing is lost then, call it again.
 */
export async function rotateGeneration(options: OpenOptions): Promise<Date> {
  const { folder, randomBytes } = options;
  const generation = await begin(options);
  try {
    const everything = SEALED.map(
      (row) =>
        new SealedFolder({
          folder: path.join(folder, row.folder),
          kind: row.kind,
          generation,
          randomBytes,
        }),
    );
    for (const sealed of everything) await rewrapInTurns(folder, sealed);
    await finish(folder, generation, everything);
    await generation.refresh();
    return generation.madeAt;
  } finally {
    generation.wipe();
  }
}
