/** Where a verb's receipt is put: a file that was not there before. */
import { writeFile } from "node:fs/promises";
import { unwritable } from "../orders/output-file.ts";

/** Writes what the log signed. Throws as other outputs do when the file cannot be made. */
export async function writeReceipt(file: string, receipt: string): Promise<void> {
  try {
    await writeFile(file, receipt, { flag: "wx" });
  } catch (error) {
    throw unwritable(error);
  }
}
