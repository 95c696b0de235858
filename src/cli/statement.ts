/** `midan statement`: the proof for one label, and what anybody runs to check it. */
import { logSource } from "../outside/log-source.ts";
import { nodePlatform } from "../outside/node-platform.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import type { TextKey } from "../rules/catalogue.ts";
import { matchStatement, printedStringsIn } from "../vault/statement-match.ts";
import type { Found } from "../vault/statement-match.ts";
import { proveStatement } from "../vault/statement-proof.ts";
import { REASONS } from "../verifier/reason.ts";
import { verifyStatement } from "../verifier/statement-proof.ts";
import type { StatementAnswer } from "../verifier/statement-proof.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson, printPair, wholeOption } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { valueOf } from "./input-line.ts";
import { writeNew } from "./new-file.ts";
import { optionFile } from "./verify-log.ts";

const PRINTS_MAX = 32_767;

interface ProofOptions extends SharedOptions {
  readonly print?: string;
  readonly seal?: boolean;
  readonly out: string;
}

function whichOf(options: ProofOptions): number | "seal" | null {
  if (options.seal === true) return "seal";
  const { print: number } = options;
  return number === undefined ? null : wholeOption("--print", number, { min: 1, max: PRINTS_MAX });
}

async function runProof(
  context: CliContext,
  token: string,
  options: ProofOptions,
): Promise<ExitCode> {
  const which = whichOf(options);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const made = await writeNew(options.out, async () => {
    const proof = await proveStatement(vault, { token, actor, which });
    return { ...proof, file: Buffer.from(proof.text, "utf8") };
  });
  const { kind, printNumber, place, index, entry } = made;
  if (options.json === true) {
    printJson(context, { kind, printNumber, place, index, entry, file: options.out });
    return 0;
  }
  const said = { place: options.out, number: place.index + 1, count: place.count, index, entry };
  print(context, say(languageOf(context, options), "statement.made", said));
  return 0;
}

interface MatchOptions extends SharedOptions {
  readonly strings?: string;
  readonly code?: string;
}

async function foundIn(context: CliContext, options: MatchOptions): Promise<Found> {
  const { strings, code } = options;
  if ((strings === undefined) === (code === undefined))
    throw new Failure("USAGE", { option: "--strings" });
  if (code !== undefined)
    return { of: "ticket", text: await valueOf(context.stdin, "--code", code) };
  const text =
    strings === "-"
      ? await valueOf(context.stdin, "--strings", "-")
      : Buffer.from(await optionFile(strings ?? "")).toString("utf8");
  return { of: "printed", strings: printedStringsIn(text) };
}

async function runMatch(
  context: CliContext,
  token: string,
  options: MatchOptions,
): Promise<ExitCode> {
  const found = await foundIn(context, options);
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const { prints, statements, entry } = await matchStatement(vault, { token, actor, found });
  const isSame = prints.length > 0;
  if (options.json === true) {
    printJson(context, { isSame, prints, statements, entry });
  } else {
    const key = isSame ? "statement.match.same" : "statement.match.none";
    const said = { prints: prints.join(", "), statements, entry };
    print(context, say(languageOf(context, options), key, said));
  }
  return isSame ? 0 : 3;
}

interface VerifyOptions extends SharedOptions {
  readonly key: readonly string[];
  readonly witness?: string;
  readonly log?: string;
}

function pairsOf(answer: StatementAnswer, kind: string): (readonly [TextKey, string])[] {
  const { item, place, entry, checkpoint, refused } = answer;
  const where = refused?.where ?? {};
  const rows: (readonly [TextKey, string | number | null | undefined])[] = [
    ["statement.kind", kind],
    ["statement.item", typeof item === "string" || item === null ? item : JSON.stringify(item)],
    ["statement.place", place === null ? null : `${place.index + 1} / ${place.count}`],
    ["statement.entry", entry === null ? null : `${entry.id} ${entry.at} (${entry.index})`],
    ["verify.origin", checkpoint?.origin],
    ["verify.size", checkpoint?.size],
    ["statement.hashes", refused === null ? answer.hashes : null],
    ["verify.file", where.file],
    ["verify.index", where.index],
    ["verify.detail", where.detail],
  ];
  return rows.flatMap(([key, value]) =>
    (value ?? null) === null ? [] : [[key, String(value)] as const],
  );
}

function printAnswer(context: CliContext, options: VerifyOptions, answer: StatementAnswer): void {
  const language = languageOf(context, options);
  const { refused, kind, witnesses } = answer;
  const reason = refused === null ? "" : `${refused.reason} ${REASONS[refused.reason][language]}`;
  print(context, say(language, refused === null ? "verify.good" : "verify.refused", { reason }));
  const named = kind === null ? "" : say(language, `statement.kind.${kind}`);
  for (const [key, value] of pairsOf(answer, named)) printPair(context, language, { key, value });
  for (const { name, said } of witnesses) {
    const isHeld = said.state === "held";
    const at = isHeld ? said.at.toISOString() : "";
    const seen = say(language, isHeld ? "verify.witness.held" : "verify.witness.missing", { at });
    print(context, `  ${say(language, "verify.witness", { name })}: ${seen}`);
  }
  if (answer.isInLog) print(context, say(language, "statement.inLog"));
}

async function runVerify(
  context: CliContext,
  file: string,
  options: VerifyOptions,
): Promise<ExitCode> {
  const answer = await verifyStatement(
    nodePlatform(() => new Date()),
    {
      proof: await optionFile(file),
      key: options.key.join("\n"),
      policy: options.witness === undefined ? null : await optionFile(options.witness),
      log: options.log === undefined ? null : logSource(options.log),
    },
  );
  if (options.json === true) printJson(context, answer);
  else printAnswer(context, options, answer);
  return answer.isGood ? 0 : 3;
}

export const STATEMENT: CommandGroup = {
  name: "statement",
  text: "cli.statement",
  commands: [
    typed<ProofOptions>({
      usage: "proof <token>",
      text: "cli.statement.proof",
      options: [
        { flags: "--print <number>", text: "cli.statement.print" },
        { flags: "--seal", text: "cli.statement.seal" },
        { flags: "--out <file>", text: "cli.statement.out", required: true },
      ],
      run: async (context, [token = ""], options) => runProof(context, token, options),
    }),
    typed<MatchOptions>({
      usage: "match <token>",
      text: "cli.statement.match",
      options: [
        { flags: "--strings <file>", text: "cli.statement.strings" },
        { flags: "--code <text>", text: "cli.statement.code" },
      ],
      run: async (context, [token = ""], options) => runMatch(context, token, options),
    }),
    typed<VerifyOptions>({
      usage: "verify <file>",
      text: "cli.statement.verify",
      options: [
        { flags: "--key <key>", text: "cli.verify-log.key", required: true, isRepeated: true },
        { flags: "--witness <file>", text: "cli.verify-log.witness" },
        { flags: "--log <place>", text: "cli.statement.log" },
      ],
      run: async (context, [file = ""], options) => runVerify(context, file, options),
    }),
  ],
};
