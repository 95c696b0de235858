/** `midan real-name`: whether a document's number can be one (实名收寄). Keeps and prints no number. */
import { checkDocument, DOCUMENT_KINDS, DOCUMENTS } from "../privacy/document.ts";
import { dayOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { valueOf } from "./input-line.ts";

interface VerifyOptions extends SharedOptions {
  readonly kind: string;
  readonly number: string;
}

async function runVerify(context: CliContext, options: VerifyOptions): Promise<ExitCode> {
  const language = languageOf(context, options);
  const kind = DOCUMENT_KINDS.find((candidate) => candidate === options.kind);
  if (kind === undefined) throw new Failure("DOCUMENT_KIND_UNKNOWN");
  const text = await valueOf(context.stdin, "--number", options.number);
  const { byCode } = context.gazetteer();
  const tables = { isDivision: (code: string) => byCode.has(code), today: dayOf(new Date()) };
  const { fault } = checkDocument(kind, text, tables);
  if (options.json === true) printJson(context, { kind, fault });
  else {
    const document = DOCUMENTS[kind][language];
    print(context, say(language, `real-name.${fault ?? "fits"}`, { document }));
  }
  return fault === null ? 0 : 1;
}

export const REAL_NAME: CommandGroup = {
  name: "real-name",
  text: "cli.real-name",
  commands: [
    typed<VerifyOptions>({
      usage: "verify",
      text: "cli.real-name.verify",
      options: [
        { flags: "--kind <kind>", text: "cli.real-name.kind", required: true },
        { flags: "--number <number>", text: "cli.real-name.number", required: true },
      ],
      run: async (context, _words, options) => runVerify(context, options),
    }),
  ],
};
