/** `midan verify-log`: what an outsider runs. Opens neither database nor key store. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { logSource } from "../outside/log-source.ts";
import { nodePlatform } from "../outside/node-platform.ts";
import { say } from "../rules/catalogue.ts";
import type { Language, TextKey } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import type { TimeRange } from "../verifier/part-log.ts";
import { REASONS } from "../verifier/reason.ts";
import { verify } from "../verifier/verify.ts";
import type { Answer, Question } from "../verifier/verify.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson, printPair, requiredDay } from "./context.ts";

export interface VerifyLogOptions extends SharedOptions {
  /** Each may hold several lines. */
  readonly key?: readonly string[];
  readonly witness?: string;
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
  readonly anyEntries?: boolean;
}

/** The bytes of a file that an option names. Throws FILE_UNREADABLE. */
export async function optionFile(name: string): Promise<Uint8Array> {
  try {
    return await readFile(name);
  } catch {
    throw new Failure("FILE_UNREADABLE", { file: path.basename(name) });
  }
}

const FIRST = new Date(0);
const LAST = new Date(8.64e15);

function instantOf(option: string, text: string | undefined, unset: Date): Date {
  if (text === undefined) return unset;
  const day = requiredDay(text, option);
  return new Date(`${day}T00:00:00.000Z`);
}

/** The span that `--from` and `--to` name, from midnight to midnight UTC; null without both. */
export function rangeOf(options: Pick<VerifyLogOptions, "from" | "to">): TimeRange | null {
  if (options.from === undefined && options.to === undefined) return null;
  const from = instantOf("--from", options.from, FIRST);
  const to = instantOf("--to", options.to, LAST);
  if (from >= to) throw new Failure("USAGE", { option: "--to" });
  return { from, to };
}

async function questionOf(place: string, options: VerifyLogOptions): Promise<Question> {
  const since = options.since;
  return {
    source: logSource(place),
    key: options.key?.join("\n") ?? null,
    policy: options.witness === undefined ? null : await optionFile(options.witness),
    since:
      since === undefined ? [] : [{ file: path.basename(since), bytes: await optionFile(since) }],
    range: rangeOf(options),
    areLeaves: options.anyEntries !== true,
  };
}

function pairsOf(answer: Answer): (readonly [TextKey, string])[] {
  const { checkpoint, part, since, refused } = answer;
  const where = refused?.where ?? {};
  const rows: (readonly [TextKey, string | number | undefined])[] = [
    ["verify.origin", checkpoint?.origin],
    ["verify.size", checkpoint?.size],
    ["verify.entries", refused === null ? answer.entries : undefined],
    ["verify.bytes", refused === null && part === null ? answer.entryBytes : undefined],
    ["verify.tiles", refused === null ? answer.tiles : undefined],
    ["verify.signatures", answer.signatures],
    ["verify.since", since.length === 0 ? undefined : since.join(", ")],
    ["verify.part", part === null ? undefined : `${part.from} … ${part.to}`],
    ["verify.file", where.file],
    ["verify.byte", where.byte],
    ["verify.index", where.index],
    ["verify.detail", where.detail],
  ];
  return rows.flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as const],
  );
}

function printAnswer(context: CliContext, language: Language, answer: Answer): void {
  const { refused, witnesses } = answer;
  const reason = refused === null ? "" : `${refused.reason} ${REASONS[refused.reason][language]}`;
  print(context, say(language, refused === null ? "verify.good" : "verify.refused", { reason }));
  for (const [key, value] of pairsOf(answer)) printPair(context, language, { key, value });
  for (const { name, said } of witnesses) {
    const seen =
      said.state === "held"
        ? say(language, "verify.witness.held", { at: said.at.toISOString() })
        : say(language, "verify.witness.missing");
    print(context, `  ${say(language, "verify.witness", { name })}: ${seen}`);
  }
  if (!answer.isKeyGiven) print(context, say(language, "verify.ownKey"));
}

/** Verifies the log at `place`; exit code 3 when it is refused. */
export async function runVerifyLog(
  context: CliContext,
  place: string,
  options: VerifyLogOptions,
): Promise<ExitCode> {
  const question = await questionOf(place, options);
  const answer = await verify(
    nodePlatform(() => new Date()),
    question,
  );
  if (options.json === true) printJson(context, answer);
  else printAnswer(context, languageOf(context, options), answer);
  return answer.isGood ? 0 : 3;
}
