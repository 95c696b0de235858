/** A file that a command makes and that must not take the place of another. */
import { open, unlink } from "node:fs/promises";
import { Failure } from "../rules/failure.ts";

/**
 * Makes `file`, for its owner only, then asks `make` for the bytes and writes them durably: what is
 * made is not made for nothing. Throws USAGE when the file is there already or cannot be made;
 * nothing is asked for then. It is taken away again when `make` throws.
 */
export async function writeNew<T extends { readonly file: Uint8Array }>(
  file: string,
  make: () => Promise<T>,
): Promise<T> {
  const handle = await open(file, "wx", 0o600).catch(() => {
    throw new Failure("USAGE", { option: "--out" });
  });
  try {
    const made = await make();
    await handle.writeFile(made.file);
    await handle.sync();
    return made;
  } catch (error) {
    await unlink(file);
    throw error;
  } finally {
    await handle.close();
  }
}
