/**
 * What the composition root hands to every command, so that no command reaches past ring 3 itself.
 */
import type { Readable, Writable } from "node:stream";
import { todayAt } from "../access/desk.ts";
import type { Config } from "../config.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { Language, TextKey } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import type { Fonts } from "../label/font.ts";
import type { World, WorldRequest } from "../story/world.ts";
import type { Vault } from "../vault/vault.ts";

export interface CliContext {
  readonly config: Config;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /**
   * Opens database and key store; each command that needs them calls it once and closes the vault.
   */
  readonly openVault: (overrides?: {
    /** Of another installation, in place of this one. */
    readonly config?: Config;
    readonly clockTrusted?: boolean;
    readonly restoresKeys?: boolean;
  }) => Promise<Vault>;
  /** Opens an installation of its own beside this one, as the story does. */
  readonly openWorld: (request: WorldRequest) => Promise<World>;
  readonly gazetteer: () => Gazetteer;
  readonly fonts: () => Fonts;
}

/** Options that every command shares. */
export interface SharedOptions {
  readonly json?: boolean;
  readonly lang?: string;
}

/** 0 done, 1 some rows refused, 2 wrong use, 3 failed. */
export type ExitCode = 0 | 1 | 2 | 3;

/** The day that an option holds. Fails with USAGE naming the option when it is none. */
export function requiredDay(text: string, option: string): Day {
  const day = parseDay(text);
  if (day === null) throw new Failure("USAGE", { option });
  return day;
}

/** The day that `--on` names, or today by the vault's clock. Fails with USAGE when it is no day. */
export function askedDay(vault: Vault, text: string | undefined): Day {
  return text === undefined ? todayAt(vault) : requiredDay(text, "--on");
}

const WHOLE_NUMBER = /^\d{1,9}$/;

/** A whole number within bounds that an option holds. Fails with USAGE naming the option. */
export function wholeOption(
  option: string,
  text: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const number = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!(number >= bounds.min && number <= bounds.max)) throw new Failure("USAGE", { option });
  return number;
}

export function languageOf(context: CliContext, options: SharedOptions): Language {
  const asked = options.lang ?? context.config.language;
  if (asked !== "zh" && asked !== "en") throw new Failure("USAGE", { option: "--lang" });
  return asked;
}

/**
 * Writes one line for people or programs to standard output. Throws the stream's error once that
 * has failed, so that a command ends when nobody reads what it says.
 */
export function print(context: CliContext, line: string): boolean {
  if (context.stdout.errored !== null) throw context.stdout.errored;
  return context.stdout.write(`${line}\n`);
}

/** Whether somebody sits at `stream`. */
export function isTerminal(stream: Readable | Writable): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

/** Writes one JSON document on one line: the stable form that `--json` promises. */
export function printJson(context: CliContext, value: unknown): void {
  print(context, JSON.stringify(value));
}

/** Names the entry of the log (32 hex digits) that tells of what was done. */
export function printEntry(context: CliContext, language: Language, id: string): void {
  print(context, say(language, "entry.id", { id }));
}

/** A label of the catalogue beside its value, aligned for a terminal that shows wide characters. */
export function printPair(
  context: CliContext,
  language: Language,
  pair: { readonly key: TextKey; readonly value: string },
): void {
  const label = say(language, pair.key);
  print(
    context,
    `  ${label}${" ".repeat(Math.max(1, LABEL_COLUMNS - columnsOf(label)))}${pair.value}`,
  );
}

const LABEL_COLUMNS = 22;

/** Columns that `text` takes on a terminal: Chinese characters and full-width signs take two. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += /[\u1100-\u115f\u2e80-\uffef]/u.test(character) ? 2 : 1;
  return columns;
}
