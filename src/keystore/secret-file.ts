/**
 * Short secrets that stand in a file of their own and not in the environment, where other processes
 * and crash reports would show them: passphrases, PINs, access tokens.
 */
import { Failure } from "../rules/failure.ts";
import { readWhole, requirePrivate } from "./durable-file.ts";

const SECRET_BYTES_MAX = 4096;

/**
 * The text in `file` without its last line break, in Unicode form C. Throws KEYSTORE_PERMISSIONS
 * when others can read the file, and KEYSTORE_ROOT_UNAVAILABLE when it is not there, empty, over
 * 4096 bytes or not UTF-8.
 */
export async function readSecret(file: string): Promise<string> {
  const bytes = await readWhole(file);
  const unfit = new Failure("KEYSTORE_ROOT_UNAVAILABLE", { reason: "secret-file" });
  if (bytes === null || bytes.length > SECRET_BYTES_MAX) throw unfit;
  await requirePrivate(file);
  const text = textOf(bytes)
    ?.replace(/\r?\n$/u, "")
    .normalize("NFC");
  bytes.fill(0);
  if (text === undefined || text === "") throw unfit;
  return text;
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}
