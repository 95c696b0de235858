/** `midan handheld`: a courier's handheld, played on this machine without database and keys. */
import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { Handheld, HANDHELD_BUNDLE_BYTES_MAX, newHandheld } from "../terminal/handheld.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { typed } from "./command.ts";
import type { CommandGroup, CommandRow } from "./command.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { valueOf } from "./input-line.ts";

interface HandheldOptions extends SharedOptions {
  readonly dir: string;
}

interface NewOptions extends HandheldOptions {
  readonly suite: string;
}

const placeOf = (options: HandheldOptions) => ({
  folder: options.dir,
  now: () => new Date(),
  randomBytes,
});

async function runNew(context: CliContext, options: NewOptions): Promise<ExitCode> {
  if (options.suite !== "intl" && options.suite !== "gm")
    throw new Failure("USAGE", { option: "--suite" });
  const text = await newHandheld(placeOf(options), options.suite);
  if (options.json === true) printJson(context, { key: text.trim() });
  else print(context, text.trim());
  return 0;
}

async function bundleBytes(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).size > HANDHELD_BUNDLE_BYTES_MAX) throw new Failure("BUNDLE_BROKEN");
    return await readFile(file);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("FILE_UNREADABLE");
  }
}

async function runLoad(
  context: CliContext,
  file: string,
  options: HandheldOptions,
): Promise<ExitCode> {
  const handheld = await Handheld.at(placeOf(options));
  const parcels = await handheld.load(await bundleBytes(file));
  if (options.json === true) printJson(context, { parcels });
  else print(context, say(languageOf(context, options), "handheld.loaded", { parcels }));
  return 0;
}

async function runScan(
  context: CliContext,
  code: string,
  options: HandheldOptions,
): Promise<ExitCode> {
  const handheld = await Handheld.at(placeOf(options));
  const opened = await handheld.open(await valueOf(context.stdin, "code", code));
  if (options.json === true) {
    printJson(context, opened);
    return 0;
  }
  const language = languageOf(context, options);
  const { token, printNumber, leftOut } = opened;
  print(context, say(language, "ticket.of", { token, number: printNumber }));
  for (const field of ["room", "name", "contact"] as const)
    if (opened[field] !== "")
      print(context, `${say(language, `ticket.${field}`)}: ${opened[field]}`);
  for (const field of leftOut)
    print(context, say(language, "ticket.leftOut", { field: say(language, `ticket.${field}`) }));
  return 0;
}

function finishRow(word: "deliver" | "return", event: "delivered" | "returned"): CommandRow {
  return typed<HandheldOptions>({
    usage: `${word} <token>`,
    text: `cli.handheld.${word}`,
    options: [DIR],
    run: async (context, [token = ""], options) => {
      await (await Handheld.at(placeOf(options))).finish(token, event);
      if (options.json === true) printJson(context, { token, event });
      else print(context, say(languageOf(context, options), "handheld.gone"));
      return 0;
    },
  });
}

const DIR = { flags: "--dir <dir>", text: "cli.handheld.dir", unset: "midan-handheld" } as const;

export const HANDHELD: CommandGroup = {
  name: "handheld",
  text: "cli.handheld",
  commands: [
    typed<NewOptions>({
      usage: "new",
      text: "cli.handheld.new",
      options: [DIR, { flags: "--suite <suite>", text: "cli.handheld.suite", unset: "intl" }],
      run: async (context, _words, options) => runNew(context, options),
    }),
    typed<HandheldOptions>({
      usage: "load <file>",
      text: "cli.handheld.load",
      options: [DIR],
      run: async (context, [file = ""], options) => runLoad(context, file, options),
    }),
    typed<HandheldOptions>({
      usage: "scan <code>",
      text: "cli.handheld.scan",
      options: [DIR],
      run: async (context, [code = ""], options) => runScan(context, code, options),
    }),
    finishRow("deliver", "delivered"),
    finishRow("return", "returned"),
    typed<HandheldOptions>({
      usage: "wipe",
      text: "cli.handheld.wipe",
      options: [DIR],
      run: async (context, _words, options) => {
        const parcels = await (await Handheld.at(placeOf(options))).wipe();
        if (options.json === true) printJson(context, { parcels });
        else print(context, say(languageOf(context, options), "handheld.wiped", { parcels }));
        return 0;
      },
    }),
    typed<HandheldOptions>({
      usage: "journal",
      text: "cli.handheld.journal",
      options: [DIR],
      run: async (context, _words, options) => {
        const text = await (await Handheld.at(placeOf(options))).journal();
        if (options.json === true) printJson(context, { journal: text });
        else print(context, text.trimEnd());
        return 0;
      },
    }),
  ],
};
