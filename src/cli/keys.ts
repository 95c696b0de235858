/** `midan keys`: what a security officer does with the key store. */
import { readFile } from "node:fs/promises";

import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import {
  backupKeys,
  discardCopy,
  noteCopy,
  restoreKeys,
  WHERE_CHARACTERS_MAX,
} from "../vault/keys.ts";
import type { Reconciled } from "../vault/reconcile.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson, requiredDay } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { runRotate } from "./key-rotation.ts";
import type { RotateOptions } from "./key-rotation.ts";
import { runKeysStatus } from "./key-status.ts";
import { writeNew } from "./new-file.ts";
import { runReissued } from "./reissued.ts";
import type { ReissuedOptions } from "./reissued.ts";

interface BackupOptions extends SharedOptions {
  readonly to: string;
  readonly out: string;
}

interface NoteOptions extends SharedOptions {
  readonly made: string;
  readonly where: string;
}

interface RestoreOptions extends SharedOptions {
  readonly key?: string;
  readonly acceptOlder?: boolean;
}

/** As large as a backup may be; PEM files are far smaller. */
const FILE_BYTES_MAX = 260 * 1024 * 1024;

async function readInput(option: string, file: string): Promise<Buffer> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= FILE_BYTES_MAX) return bytes;
  } catch {
    // Falls through: a file that cannot be read is as wrong as one that is too large.
  }
  throw new Failure("USAGE", { option });
}

async function runBackup(context: CliContext, options: BackupOptions): Promise<ExitCode> {
  const recipientPem = (await readInput("--to", options.to)).toString("latin1");
  await using vault = await context.openVault();
  const request = { recipientPem, actor: await acting(context, vault) };
  const { copy, entry } = await writeNew(options.out, async () => backupKeys(vault, request));
  const { id } = copy;
  const compartments = copy.compartments ?? 0;
  if (options.json === true) {
    printJson(context, { ...copy, file: options.out, entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "keys.backed", { compartments, path: options.out, id }));
  print(context, say(language, "keys.entry", { id: entry }));
  return 0;
}

/** Control characters, halves of characters, separators of lines: they would break our lines. */
const NOT_A_PLACE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

function placeOf({ where }: NoteOptions): string {
  const place = where.trim();
  const isFit = place !== "" && [...place].length <= WHERE_CHARACTERS_MAX;
  if (!isFit || NOT_A_PLACE.test(place)) throw new Failure("USAGE", { option: "--where" });
  return place;
}

async function runNoteCopy(context: CliContext, options: NoteOptions): Promise<ExitCode> {
  const where = placeOf(options);
  const made = requiredDay(options.made, "--made");
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const { copy, entry } = await noteCopy(vault, { made, where, actor });
  if (options.json === true) {
    printJson(context, { ...copy, entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "keys.noted", { id: copy.id, day: made }));
  print(context, say(language, "keys.entry", { id: entry }));
  return 0;
}

function printRestored(context: CliContext, language: Language, found: Reconciled): void {
  const {
    destroyedAgain,
    erasedAgain: erased,
    lost,
    reissued,
    signing,
    copiesAgain,
    entry,
  } = found;
  const used = lost.filter(({ waybills }) => waybills > 0);
  const counts = { destroyed: destroyedAgain.length, erased, lost: used.length };
  print(context, say(language, "keys.restored", counts));
  for (const { compartment, dayOfDeath: day, waybills } of used) {
    print(context, say(language, "keys.lost", { compartment, day, waybills }));
  }
  const empty = lost.length - used.length;
  if (empty > 0) print(context, say(language, "keys.lostEmpty", { count: empty }));
  for (const { tenant, waybills, sealedFrom, sealedTo } of reissued) {
    const span = { from: sealedFrom.toISOString(), to: sealedTo.toISOString() };
    print(context, say(language, "keys.reissued", { tenant, waybills, ...span }));
  }
  for (const { name, isLost } of signing)
    print(context, say(language, isLost ? "keys.signingLost" : "keys.signingAgain", { name }));
  for (const id of copiesAgain) print(context, say(language, "keys.copyAgain", { id }));
  print(context, say(language, "keys.entry", { id: entry }));
}

async function runRestore(
  context: CliContext,
  file: string | undefined,
  options: RestoreOptions,
): Promise<ExitCode> {
  const { key, acceptOlder = false } = options;
  if ((file === undefined) !== (key === undefined)) throw new Failure("USAGE", { option: "--key" });
  const backup =
    file === undefined || key === undefined
      ? null
      : {
          file: await readInput("file", file),
          keyPem: (await readInput("--key", key)).toString("latin1"),
        };
  await using vault = await context.openVault({ restoresKeys: true });
  const found = await restoreKeys(vault, { backup, acceptOlder });
  if (options.json === true) printJson(context, found);
  else printRestored(context, languageOf(context, options), found);
  return 0;
}

async function runDiscard(
  context: CliContext,
  id: string,
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { copy, entry } = await discardCopy(vault, {
    id,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, { ...copy, entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "keys.discarded", { id: copy.id }));
  print(context, say(language, "keys.entry", { id: entry }));
  return 0;
}

export const KEYS: CommandGroup = {
  name: "keys",
  text: "cli.keys",
  commands: [
    typed<SharedOptions>({
      usage: "status",
      text: "cli.keys.status",
      options: [],
      run: async (context, _words, options) => runKeysStatus(context, options),
    }),
    typed<BackupOptions>({
      usage: "backup",
      text: "cli.keys.backup",
      options: [
        { flags: "--to <pem>", text: "cli.keys.backup.to", required: true },
        { flags: "--out <file>", text: "cli.keys.backup.out", required: true },
      ],
      run: async (context, _words, options) => runBackup(context, options),
    }),
    typed<NoteOptions>({
      usage: "note-copy",
      text: "cli.keys.noteCopy",
      options: [
        { flags: "--made <day>", text: "cli.keys.noteCopy.made", required: true },
        { flags: "--where <text>", text: "cli.keys.noteCopy.where", required: true },
      ],
      run: async (context, _words, options) => runNoteCopy(context, options),
    }),
    typed<RestoreOptions>({
      usage: "restore [file]",
      text: "cli.keys.restore",
      options: [
        { flags: "--key <pem>", text: "cli.keys.restore.key" },
        { flags: "--accept-older", text: "cli.keys.restore.older" },
      ],
      run: async (context, [file], options) => runRestore(context, file, options),
    }),
    typed<ReissuedOptions>({
      usage: "reissued",
      text: "cli.keys.reissued",
      options: [
        { flags: "--from <instant>", text: "cli.keys.reissued.from", required: true },
        { flags: "--to <instant>", text: "cli.keys.reissued.to", required: true },
      ],
      run: async (context, _words, options) => runReissued(context, options),
    }),
    typed<SharedOptions>({
      usage: "discard <copy>",
      text: "cli.keys.discard",
      options: [],
      run: async (context, [id = ""], options) => runDiscard(context, id, options),
    }),
    typed<RotateOptions>({
      usage: "rotate",
      text: "cli.keys.rotate",
      options: [
        { flags: "--root", text: "cli.keys.rotate.root" },
        { flags: "--to <kind>", text: "cli.keys.rotate.to" },
        { flags: "--tenant", text: "cli.keys.rotate.tenant" },
        { flags: "--signing <use>", text: "cli.keys.rotate.signing" },
      ],
      run: async (context, _words, options) => runRotate(context, options),
    }),
  ],
};
