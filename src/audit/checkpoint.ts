/** Checkpoints (C2SP tlog-checkpoint): which tree a log vouches for, in three lines. */
import { HASH_BYTES } from "./merkle.ts";
import { LOG_SIZE_MAX } from "./tile.ts";

export interface Checkpoint {
  /** Names the log, once for all: a name without a scheme, such as `midan.local/4c2f…/log`. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

const SIZE = /^(?:0|[1-9]\d{0,15})$/;

/** The text of a checkpoint's note. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}

/** The checkpoint of a note's text; null when it is none. Extension lines are passed over. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = "", digits = "", base64 = ""] = text.split("\n");
  const size = Number(digits);
  const root = Buffer.from(base64, "base64");
  if (origin === "" || !SIZE.test(digits) || size > LOG_SIZE_MAX) return null;
  return root.length === HASH_BYTES && root.toString("base64") === base64
    ? { origin, size, root }
    : null;
}
