/** A file that a command makes and that must not take the place of another. */
import { open } from "node:fs/promises";
import { Failure } from "../rules/failure.ts";

/** Writes `bytes`, for its owner only and durably. Throws USAGE when the file is there already. */
export async function writeNew(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "wx", 0o600).catch(() => {
    throw new Failure("USAGE", { option: "--out" });
  });
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
