/** `midan backup` and `midan restore`: the database, never the keys. */
import { say } from "../rules/catalogue.ts";
import { backup, restore } from "../vault/backup.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";

export interface BackupOptions extends SharedOptions {
  readonly out: string;
}

const BYTES_PER_MEBIBYTE = 1024 * 1024;

function mebibytes(bytes: number): string {
  return (bytes / BYTES_PER_MEBIBYTE).toFixed(1);
}

export async function runBackup(context: CliContext, options: BackupOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { out: folder } = options;
  const made = await backup(vault, {
    places: context.config,
    folder,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, made);
    return 0;
  }
  const language = languageOf(context, options);
  const { files, bytes } = made;
  const named = { folder: made.folder, files, size: mebibytes(bytes) };
  print(context, say(language, "backup.made", named));
  print(context, say(language, "backup.keys"));
  printEntry(context, language, made.entry);
  return 0;
}

export async function runRestore(
  context: CliContext,
  folder: string,
  options: SharedOptions,
): Promise<ExitCode> {
  const restored = await restore(context.config, folder);
  if (options.json === true) {
    printJson(context, restored);
    return 0;
  }
  const language = languageOf(context, options);
  const { madeAt, files, bytes } = restored;
  print(context, say(language, "backup.restored", { at: madeAt, files, size: mebibytes(bytes) }));
  return 0;
}
