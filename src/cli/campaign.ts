/** `midan campaign`: draw, look, result, scores, and the comparison with the log. */
import { readFile, writeFile } from "node:fs/promises";
import { parseParcels, parsePrinted } from "../oversight/campaign-lines.ts";
import { proveCampaign } from "../oversight/campaign-proof.ts";
import { campaignResult, campaignsOf } from "../oversight/campaign-result.ts";
import type { Found } from "../oversight/campaign-result.ts";
import { openCampaign, recordPrinted } from "../oversight/campaign.ts";
import { populationOf } from "../oversight/population.ts";
import { recordScores } from "../oversight/recorded-scores.ts";
import { scoresOf } from "../oversight/responsibility.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { COVERAGE_LEVELS, sayCoverage } from "../rules/coverage.ts";
import type { CoverageLevel } from "../rules/coverage.ts";
import { Failure } from "../rules/failure.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { askedDay, languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

interface OpenOptions extends SharedOptions {
  readonly authority: string;
  readonly name: string;
  readonly seed: string;
  readonly outlets: string;
  readonly parcels: string;
  readonly from: string;
  readonly inspectors?: string;
  readonly level: string;
  readonly out?: string;
}

interface LookOptions extends SharedOptions {
  readonly from: string;
}

interface ReadOptions extends SharedOptions {}

interface ScoreOptions extends ReadOptions {
  readonly on?: string;
  readonly record?: boolean;
}

/** The list names waybills: only the user who drew them may read the file. */
const LIST_MODE = 0o600;

function levelOf(name: string): CoverageLevel {
  if (!Object.hasOwn(COVERAGE_LEVELS, name)) throw new Failure("USAGE", { option: "--level" });
  // hasOwn shows that the name is a key of the table.
  return name as CoverageLevel;
}

function wordsOf(list: string | undefined): string[] {
  const words = (list ?? "").split(/[,,]/).map((word) => word.trim());
  return words.filter((word) => word !== "");
}

async function runOpen(context: CliContext, options: OpenOptions): Promise<ExitCode> {
  const { authority, name, seed } = options;
  const level = levelOf(options.level);
  const parcels = parseParcels(await readFile(options.from, "utf8"));
  await using vault = await context.openVault();
  const opened = await openCampaign(vault, {
    authority,
    name,
    seed,
    level,
    actor: await acting(context, vault),
    outletsPerCarrier: Number(options.outlets),
    parcelsPerOutlet: Number(options.parcels),
    inspectors: wordsOf(options.inspectors),
    population: await populationOf(vault, parcels),
  });
  const { drawn, ...rest } = opened;
  if (options.out !== undefined) {
    const lines = drawn.map((parcel) => `${JSON.stringify(parcel)}\n`);
    await writeFile(options.out, lines.join(""), { mode: LIST_MODE });
  }
  if (options.json === true) {
    printJson(context, opened);
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "campaign.opened", { ...rest, drawn: drawn.length }));
  if (options.out === undefined) {
    for (const { ordinal, outlet, parcel } of drawn) {
      print(context, `  ${ordinal}  ${outlet}  ${parcel}`);
    }
  }
  printEntry(context, language, opened.entry);
  return 0;
}

async function runLook(
  context: CliContext,
  campaign: string,
  options: LookOptions,
): Promise<ExitCode> {
  const printed = parsePrinted(await readFile(options.from, "utf8"));
  await using vault = await context.openVault();
  const report = await recordPrinted(
    vault,
    { campaign, actor: await acting(context, vault) },
    printed,
  );
  if (options.json === true) printJson(context, report);
  else print(context, say(languageOf(context, options), "campaign.looked", { ...report }));
  return 0;
}

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const campaigns = await campaignsOf(vault);
  if (options.json === true) printJson(context, { campaigns });
  for (const { id, name, seed, openedAt } of options.json === true ? [] : campaigns) {
    print(context, `${id}  ${openedAt.slice(0, 10)}  ${name}  “${seed}”`);
  }
  return 0;
}

function foundText(found: Found, language: Language): string {
  const { figure, says } = found;
  if (figure === null || says === null) return say(language, "campaign.unlooked");
  const end = language === "zh" ? ";" : "; ";
  return `${sayCoverage(figure)[language]}${end}${says[language]}`;
}

async function runResult(context: CliContext, id: string, options: ReadOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const result = await campaignResult(vault, id, await acting(context, vault));
  if (options.json === true) {
    printJson(context, result);
    return 0;
  }
  const language = languageOf(context, options);
  for (const carrier of result.carriers) {
    const says = foundText(carrier, language);
    print(context, say(language, "campaign.carrier", { carrier: carrier.name, says }));
  }
  print(context, say(language, "campaign.total", { says: foundText(result.total, language) }));
  return 0;
}

async function runScores(
  context: CliContext,
  campaign: string,
  options: ScoreOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const asked = {
    campaign,
    on: askedDay(vault, options.on),
    actor: await acting(context, vault),
  };
  const scores = await scoresOf(vault, asked);
  const recorded = options.record === true ? await recordScores(vault, { ...asked, scores }) : null;
  if (options.json === true) {
    printJson(context, recorded === null ? { scores } : { scores, recorded });
    return 0;
  }
  const language = languageOf(context, options);
  for (const { name, score: found } of scores) {
    const score = found.score?.toFixed(1) ?? "–";
    print(context, say(language, "campaign.score", { name, score, weight: found.measuredWeight }));
  }
  if (recorded !== null) printEntry(context, language, recorded.entry);
  return 0;
}

/** Exit code 1 when some batch does not add up to what the log says. */
async function runProve(
  context: CliContext,
  campaign: string,
  options: ReadOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const batches = await proveCampaign(vault, campaign, await acting(context, vault));
  const language = languageOf(context, options);
  if (options.json === true) printJson(context, { batches });
  for (const { entry, looked, isProved } of options.json === true ? [] : batches) {
    const verdict = say(language, isProved ? "campaign.proved" : "campaign.unproved");
    print(context, say(language, "campaign.proof", { entry, looked, verdict }));
  }
  return batches.every(({ isProved }) => isProved) ? 0 : 1;
}

export const CAMPAIGN: CommandGroup = {
  name: "campaign",
  text: "cli.campaign",
  commands: [
    typed<OpenOptions>({
      usage: "open",
      text: "cli.campaign.open",
      options: [
        { flags: "--authority <name>", text: "cli.campaign.authority", required: true },
        { flags: "--name <name>", text: "cli.campaign.name", required: true },
        { flags: "--seed <seed>", text: "cli.campaign.seed", required: true },
        { flags: "--outlets <count>", text: "cli.campaign.outlets", required: true },
        { flags: "--parcels <count>", text: "cli.campaign.parcels", required: true },
        { flags: "--from <file>", text: "cli.campaign.from", required: true },
        { flags: "--inspectors <accounts>", text: "cli.campaign.inspectors" },
        { flags: "--level <level>", text: "cli.campaign.level", unset: "gb41833" },
        { flags: "--out <file>", text: "cli.campaign.out" },
      ],
      run: async (context, _words, options) => runOpen(context, options),
    }),
    typed<LookOptions>({
      usage: "look <campaign>",
      text: "cli.campaign.look",
      options: [{ flags: "--from <file>", text: "cli.campaign.printed", required: true }],
      run: async (context, [id = ""], options) => runLook(context, id, options),
    }),
    typed<SharedOptions>({
      usage: "list",
      text: "cli.campaign.list",
      options: [],
      run: async (context, _words, options) => runList(context, options),
    }),
    typed<ReadOptions>({
      usage: "result <campaign>",
      text: "cli.campaign.result",
      options: [],
      run: async (context, [id = ""], options) => runResult(context, id, options),
    }),
    typed<ScoreOptions>({
      usage: "scores <campaign>",
      text: "cli.campaign.scores",
      options: [
        { flags: "--on <day>", text: "cli.case.on" },
        { flags: "--record", text: "cli.campaign.record" },
      ],
      run: async (context, [id = ""], options) => runScores(context, id, options),
    }),
    typed<ReadOptions>({
      usage: "prove <campaign>",
      text: "cli.campaign.prove",
      options: [],
      run: async (context, [id = ""], options) => runProve(context, id, options),
    }),
  ],
};
