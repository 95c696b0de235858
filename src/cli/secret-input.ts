/** Passwords and codes: typed without echo, or read line by line from standard input. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { say } from "../rules/catalogue.ts";
import type { Language, TextKey } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { isTerminal } from "./context.ts";
import type { CliContext } from "./context.ts";
import { linesOf } from "./input-line.ts";

const LINE_BYTES_MAX = 1024;

/** Swallows what a terminal would echo. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

async function typed(context: CliContext, prompt: string): Promise<string> {
  context.stderr.write(`${prompt}: `);
  const lines = createInterface({ input: context.stdin, output: nowhere(), terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    context.stderr.write("\n");
  }
}

export interface Asked {
  readonly key: TextKey;
  /** Whether nothing will do; else an empty line is USAGE. */
  readonly optional?: true;
}

/**
 * The answers to `questions`, in order: asked for on a terminal, else the lines of standard input.
 * Throws USAGE naming the question that was not answered.
 */
export async function secretsOf(
  context: CliContext,
  language: Language,
  questions: readonly Asked[],
): Promise<readonly string[]> {
  const answers: string[] = [];
  const piped = isTerminal(context.stdin)
    ? null
    : linesOf(context.stdin, LINE_BYTES_MAX)[Symbol.asyncIterator]();
  for (const { key, optional } of questions) {
    const next = piped === null ? null : await piped.next();
    const answer =
      next === null
        ? await typed(context, say(language, key))
        : next.done === true
          ? ""
          : next.value;
    if (answer === null || (answer === "" && optional !== true))
      throw new Failure("USAGE", { input: key });
    answers.push(answer);
  }
  return answers;
}
