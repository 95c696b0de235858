/** `midan crypto selftest`: every algorithm against its known answer. */
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { selftest } from "../vault/selftest.ts";
import type { SelftestRow } from "../vault/selftest.ts";
import type { CommandGroup } from "./command.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";

const COLUMNS = { suite: 6, algorithm: 18, source: 28 };

function lineOf({ suite, algorithm, source }: SelftestRow, verdict: string): string {
  const cells = [
    suite.padEnd(COLUMNS.suite),
    algorithm.padEnd(COLUMNS.algorithm),
    source.padEnd(COLUMNS.source),
  ];
  return `  ${cells.join("")}${verdict}`;
}

async function runSelftest(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  const rows = selftest();
  const failed = rows.filter((row) => !row.passed);
  if (options.json === true) printJson(context, { answers: rows, failed: failed.length });
  else {
    const language = languageOf(context, options);
    for (const row of rows) {
      const verdict = say(language, row.passed ? "selftest.passed" : "selftest.failed");
      print(context, lineOf(row, verdict));
    }
  }
  if (failed.length === 0 && rows.length > 0) return Promise.resolve(0);
  const algorithms = failed.map((row) => row.algorithm).join("; ");
  throw new Failure("SELFTEST_FAILED", { algorithms });
}

export const CRYPTO: CommandGroup = {
  name: "crypto",
  text: "cli.crypto",
  commands: [
    {
      usage: "selftest",
      text: "cli.crypto.selftest",
      options: [],
      run: async (context, _words, options) => runSelftest(context, options),
    },
  ],
};
