/** The tree that proofs lead to: the last checkpoint, after what waits was taken in. */
import { setTimeout } from "node:timers/promises";
import { parseCheckpoint } from "../audit/checkpoint.ts";
import type { Checkpoint } from "../audit/checkpoint.ts";
import { parseNote } from "../audit/note.ts";
import { Failure } from "../rules/failure.ts";
import type { Vault } from "./vault.ts";

const ATTEMPTS = 50;
const PAUSE_MS = 100;

export interface SignedTree {
  /** The signed note with its cosignatures. */
  readonly note: Uint8Array;
  readonly checkpoint: Checkpoint;
}

/** Another process may be taking leaves in now; what was committed is in with its next turn. */
async function takeIn(vault: Vault): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if ((await vault.log.sequencer.integrate()) !== null) return;
    await setTimeout(PAUSE_MS);
  }
}

/**
 * The log's last checkpoint, with everything in it that is committed now. Throws LOG_FILES_BROKEN.
 */
export async function lastCheckpoint(vault: Vault): Promise<SignedTree> {
  await takeIn(vault);
  const note = await vault.log.folder.read("checkpoint");
  const text = note === null ? null : (parseNote(Buffer.from(note).toString("utf8"))?.text ?? null);
  const checkpoint = text === null ? null : parseCheckpoint(text);
  if (note === null || checkpoint === null)
    throw new Failure("LOG_FILES_BROKEN", { file: "checkpoint" });
  return { note, checkpoint };
}
