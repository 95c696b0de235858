/** What a command of the command line is: its words, its options, and what runs. */
import type { OptionValues } from "commander";
import type { TextKey } from "../rules/catalogue.ts";
import type { CliContext, ExitCode } from "./context.ts";

type Run = (
  context: CliContext,
  words: readonly string[],
  options: OptionValues,
) => Promise<ExitCode>;

export interface OptionRow {
  readonly flags: string;
  readonly text: TextKey;
  readonly required?: true;
  /** It may be given more than once; its value is a list then, in the order given. */
  readonly isRepeated?: true;
  readonly unset?: string;
}

export interface CommandRow {
  readonly usage: string;
  readonly text: TextKey;
  readonly options: readonly OptionRow[];
  readonly run: Run;
}

/** Commands under one word, such as `midan policy set`. */
export interface CommandGroup {
  readonly name: string;
  readonly text: TextKey;
  /** What the word does by itself, where it does something. */
  readonly own?: CommandRow;
  readonly commands: readonly CommandRow[];
}

type RunWith<Options> = (
  context: CliContext,
  words: readonly string[],
  options: Options,
) => Promise<ExitCode>;

/**
 * A row whose options have a type of their own. Commander hands options over untyped; the row
 * declares exactly those that `Options` names, and the command checks their content itself.
 */
export function typed<Options>(
  row: Omit<CommandRow, "run"> & { run: RunWith<Options> },
): CommandRow {
  const { run, ...declared } = row;
  // The options were parsed by this very row's declarations.
  return {
    ...declared,
    run: async (context, words, options) => run(context, words, options as Options),
  };
}
