/** `midan bundle` makes an inspector's bundle; `midan bundle verify` is what the inspector runs. */
import { mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { intoOutputFile, unwritable } from "../orders/output-file.ts";
import { bundleSource } from "../outside/bundle-source.ts";
import { logSource } from "../outside/log-source.ts";
import { nodePlatform } from "../outside/node-platform.ts";
import { startOfDay } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { TextKey } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import type { BundleKit } from "../vault/export-job.ts";
import { makeBundle } from "../vault/inspector-bundle.ts";
import type { MadeBundle } from "../vault/inspector-bundle.ts";
import type { Vault } from "../vault/vault.ts";
import { verifyBundle } from "../verifier/inspector-bundle.ts";
import type { BundleAnswer } from "../verifier/inspector-bundle.ts";
import { REASONS, Refused } from "../verifier/reason.ts";
import { acting } from "./acting.ts";
import { kitOf } from "./bundle-kit.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson, printPair, requiredDay } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { optionFile } from "./verify-log.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

interface MakeOptions extends SharedOptions {
  readonly from?: string;
  readonly to?: string;
  readonly org?: string;
  readonly out?: string;
}

function dayOption(option: string, text: string | undefined, timeZone: string): Date {
  if (text === undefined) throw new Failure("USAGE", { option });
  return startOfDay(requiredDay(text, option), timeZone);
}

async function made(
  context: CliContext,
  vault: Vault,
  { options, kit }: { readonly options: MakeOptions; readonly kit: BundleKit },
): Promise<MadeBundle> {
  const from = dayOption("--from", options.from, vault.timeZone);
  const to = dayOption("--to", options.to, vault.timeZone);
  if (from >= to) throw new Failure("USAGE", { option: "--to" });
  const request = {
    actor: await acting(context, vault),
    organisation: options.org ?? null,
    from,
    to,
    witnessPolicy: await kit.witnessPolicy(),
    page: await kit.page(),
  };
  return makeBundle(vault, request, kit.draw);
}

/** A new folder is made first, so that nothing is logged whose outcome has no place. */
async function intoFolder(out: string, make: () => Promise<MadeBundle>): Promise<MadeBundle> {
  await mkdir(out, { mode: FOLDER_MODE }).catch(() => {
    throw new Failure("USAGE", { option: "--out" });
  });
  try {
    const bundle = await make();
    for (const [name, bytes] of bundle.files) {
      await using handle = await open(path.join(out, name), "wx", FILE_MODE);
      await handle.writeFile(bytes);
      await handle.sync();
    }
    return bundle;
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    throw unwritable(error);
  }
}

async function intoArchive(
  out: string,
  make: () => Promise<MadeBundle>,
  { pack }: BundleKit,
): Promise<MadeBundle> {
  return intoOutputFile(out, async (handle) => {
    const bundle = await make();
    await handle.writeFile(pack(bundle.files));
    return bundle;
  });
}

async function runMake(context: CliContext, options: MakeOptions): Promise<ExitCode> {
  const { out = "" } = options;
  if (out === "") throw new Failure("USAGE", { option: "--out" });
  await using vault = await context.openVault();
  const kit = kitOf(context);
  const make = async (): Promise<MadeBundle> => made(context, vault, { options, kit });
  const bundle = out.endsWith(".zip")
    ? await intoArchive(out, make, kit)
    : await intoFolder(out, make);
  const { leaves, earlier, withheld, origin, size, entry } = bundle;
  if (options.json === true) {
    printJson(context, { place: out, leaves, earlier, withheld, origin, size, entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "bundle.made", { place: out, leaves, earlier, entry }));
  return 0;
}

interface VerifyOptions extends SharedOptions {
  readonly key?: readonly string[];
  readonly witness?: string;
  readonly log?: string;
}

function pairsOf(answer: BundleAnswer): (readonly [TextKey, string])[] {
  const { checkpoint, scope, refused } = answer;
  const where = refused?.where ?? {};
  const ifGood = (value: number | null): number | null => (refused === null ? value : null);
  const rows: (readonly [TextKey, string | number | null | undefined])[] = [
    ["verify.origin", checkpoint?.origin],
    ["verify.size", checkpoint?.size],
    ["bundle.period", scope === null ? null : `${scope.from} … ${scope.to}`],
    ["bundle.organisation", scope?.organisation],
    ["bundle.madeAt", scope?.madeAt],
    ["verify.signatures", answer.signatures],
    ["bundle.files", ifGood(answer.files)],
    ["bundle.leaves", ifGood(answer.leaves)],
    ["bundle.earlier", ifGood(answer.earlier)],
    ["bundle.withheld", ifGood(answer.withheld)],
    ["bundle.proofs", ifGood(answer.proofs)],
    ["bundle.settings", ifGood(answer.settings)],
    ["bundle.figures", ifGood(answer.figures)],
    ["bundle.inLog", ifGood(answer.inLog)],
    ["verify.file", where.file],
    ["verify.byte", where.byte],
    ["verify.index", where.index],
    ["verify.detail", where.detail],
  ];
  return rows.flatMap(([key, value]) =>
    (value ?? null) === null ? [] : [[key, String(value)] as const],
  );
}

function printAnswer(context: CliContext, options: VerifyOptions, answer: BundleAnswer): void {
  const language = languageOf(context, options);
  const { refused, witnesses } = answer;
  const reason = refused === null ? "" : `${refused.reason} ${REASONS[refused.reason][language]}`;
  print(context, say(language, refused === null ? "verify.good" : "verify.refused", { reason }));
  for (const [key, value] of pairsOf(answer)) printPair(context, language, { key, value });
  for (const { name, said } of witnesses) {
    const isHeld = said.state === "held";
    const at = isHeld ? said.at.toISOString() : "";
    const seen = say(language, isHeld ? "verify.witness.held" : "verify.witness.missing", { at });
    print(context, `  ${say(language, "verify.witness", { name })}: ${seen}`);
  }
  if (!answer.isKeyGiven) print(context, say(language, "verify.ownKey"));
  if (answer.isGood && answer.inLog === null) print(context, say(language, "bundle.unasked"));
}

async function answerOf(place: string, options: VerifyOptions): Promise<BundleAnswer> {
  const platform = nodePlatform(() => new Date());
  try {
    return await verifyBundle(platform, {
      source: await bundleSource(place),
      key: options.key?.join("\n") ?? null,
      policy: options.witness === undefined ? null : await optionFile(options.witness),
      log: options.log === undefined ? null : logSource(options.log),
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Failure("LOG_REFUSED", { reason: error.reason, ...error.where });
  }
}

async function runVerify(
  context: CliContext,
  place: string,
  options: VerifyOptions,
): Promise<ExitCode> {
  const answer = await answerOf(place, options);
  if (options.json === true) printJson(context, answer);
  else printAnswer(context, options, answer);
  return answer.isGood ? 0 : 3;
}

export const BUNDLE: CommandGroup = {
  name: "bundle",
  text: "cli.bundle",
  own: typed<MakeOptions>({
    usage: "bundle",
    text: "cli.bundle",
    options: [
      { flags: "--from <day>", text: "cli.bundle.from" },
      { flags: "--to <day>", text: "cli.bundle.to" },
      { flags: "--org <organisation>", text: "cli.bundle.org" },
      { flags: "--out <place>", text: "cli.bundle.out" },
    ],
    run: async (context, _words, options) => runMake(context, options),
  }),
  commands: [
    typed<VerifyOptions>({
      usage: "verify <place>",
      text: "cli.bundle.verify",
      options: [
        { flags: "--key <key>", text: "cli.verify-log.key", isRepeated: true },
        { flags: "--witness <file>", text: "cli.verify-log.witness" },
        { flags: "--log <place>", text: "cli.bundle.log" },
      ],
      run: async (context, [place = ""], options) => runVerify(context, place, options),
    }),
  ],
};
