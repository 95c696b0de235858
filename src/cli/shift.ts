/** `midan shift`: a courier's handheld gets the ticket keys of a shift, and settles it after. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { unwritable } from "../orders/output-file.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { endOwnHandheld, handheldsOf, registerHandheld } from "../vault/handheld.ts";
import { giveShift, SHIFT_HOURS_MAX } from "../vault/shift-give.ts";
import type { GivenShift } from "../vault/shift-give.ts";
import {
  JOURNAL_BYTES_MAX,
  settleByJournal,
  settleLost,
  unsettledShifts,
} from "../vault/shift-settle.ts";
import type { ShiftBalance } from "../vault/shift-settle.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface RegisterOptions extends SharedOptions {
  readonly name: string;
}

interface GiveOptions extends SharedOptions {
  readonly handheld: string;
  readonly hours: string;
  readonly out: string;
}

interface SettleOptions extends SharedOptions {
  readonly lost?: string;
}

async function textFile(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > JOURNAL_BYTES_MAX) throw new Failure("JOURNAL_BROKEN");
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("FILE_UNREADABLE");
  }
}

async function runRegister(
  context: CliContext,
  file: string,
  options: RegisterOptions,
): Promise<ExitCode> {
  const key = await textFile(file);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const id = await registerHandheld(vault, actor, { name: options.name, key });
  if (options.json === true) printJson(context, { handheld: id });
  else print(context, say(languageOf(context, options), "shift.registered", { id }));
  return 0;
}

async function runEnd(context: CliContext, id: string, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  await endOwnHandheld(vault, await acting(context, vault), id);
  if (options.json === true) printJson(context, { handheld: id, ended: true });
  else print(context, say(languageOf(context, options), "shift.ended", { id }));
  return 0;
}

function tellGiven(context: CliContext, options: GiveOptions, made: GivenShift): void {
  const { shift, expiresAt, given, notGiven } = made;
  if (options.json === true) {
    printJson(context, { shift, expiresAt, given, notGiven, file: options.out });
    return;
  }
  const language = languageOf(context, options);
  for (const { token, code } of notGiven) print(context, `${token}  ${code}`);
  const until = expiresAt.toISOString();
  print(context, say(language, "shift.given", { count: given.length, shift, until }));
}

/** The file is there before any entry is written: keys that were logged should also arrive. */
async function reserve(file: string): Promise<void> {
  try {
    await writeFile(file, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw unwritable(error);
  }
}

async function runGive(
  context: CliContext,
  tokens: readonly string[],
  options: GiveOptions,
): Promise<ExitCode> {
  const hours = wholeOption("--hours", options.hours, { min: 1, max: SHIFT_HOURS_MAX });
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  await reserve(options.out);
  const made = await giveShift(vault, { handheld: options.handheld, tokens, hours, actor });
  await writeFile(options.out, made.bundle);
  tellGiven(context, options, made);
  return made.notGiven.length === 0 ? 0 : 1;
}

function tellBalance(context: CliContext, options: SettleOptions, balance: ShiftBalance): void {
  if (options.json === true) {
    printJson(context, balance);
    return;
  }
  const language = languageOf(context, options);
  const { given, opened, delivered, returned, unaccounted, missing, entry } = balance;
  const counts = { given, opened, delivered, returned, unaccounted };
  print(context, say(language, "shift.balance", counts));
  for (const token of missing) print(context, say(language, "shift.missing", { token }));
  printEntry(context, language, entry);
}

async function runSettle(
  context: CliContext,
  file: string | undefined,
  options: SettleOptions,
): Promise<ExitCode> {
  const { lost } = options;
  if ((file === undefined) === (lost === undefined))
    throw new Failure("USAGE", { option: "--lost" });
  const journal = file === undefined ? null : await textFile(file);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const balance =
    journal === null
      ? await settleLost(vault, actor, lost ?? "")
      : await settleByJournal(vault, actor, journal);
  tellBalance(context, options, balance);
  return balance.unaccounted === 0 ? 0 : 1;
}

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const handhelds = await handheldsOf(vault, actor);
  const shifts = await unsettledShifts(vault, actor);
  if (options.json === true) {
    const told = handhelds.map(({ id, name, registeredAt, endedAt }) => ({
      id,
      name,
      registeredAt,
      endedAt,
    }));
    printJson(context, { handhelds: told, shifts });
    return 0;
  }
  const language = languageOf(context, options);
  for (const { id, name, endedAt } of handhelds)
    print(context, `${id}  ${name}${endedAt === null ? "" : ` (${endedAt.toISOString()})`}`);
  for (const { id, parcels, expiresAt, isOver } of shifts) {
    const key = isOver ? "shift.over" : "shift.running";
    print(context, say(language, key, { id, parcels, until: expiresAt.toISOString() }));
  }
  return 0;
}

export const SHIFT: CommandGroup = {
  name: "shift",
  text: "cli.shift",
  commands: [
    typed<RegisterOptions>({
      usage: "register <file>",
      text: "cli.shift.register",
      options: [{ flags: "--name <name>", text: "cli.shift.name", required: true }],
      run: async (context, [file = ""], options) => runRegister(context, file, options),
    }),
    typed<SharedOptions>({
      usage: "end <handheld>",
      text: "cli.shift.end",
      options: [],
      run: async (context, [id = ""], options) => runEnd(context, id, options),
    }),
    typed<GiveOptions>({
      usage: "give <tokens...>",
      text: "cli.shift.give",
      options: [
        { flags: "--handheld <id>", text: "cli.shift.handheld", required: true },
        { flags: "--hours <hours>", text: "cli.shift.hours", unset: "12" },
        { flags: "--out <file>", text: "cli.shift.out", required: true },
      ],
      run: async (context, words, options) => runGive(context, words, options),
    }),
    typed<SettleOptions>({
      usage: "settle [file]",
      text: "cli.shift.settle",
      options: [{ flags: "--lost <shift>", text: "cli.shift.lost" }],
      run: async (context, [file], options) => runSettle(context, file, options),
    }),
    {
      usage: "list",
      text: "cli.shift.list",
      options: [],
      run: async (context, _words, options) => runList(context, options),
    },
  ],
};
