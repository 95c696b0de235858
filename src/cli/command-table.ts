/** Every command of `midan`: its words, its options and what runs. */
import { typed } from "./command.ts";
import type { CommandGroup, CommandRow } from "./command.ts";
import { AUDIT } from "./audit.ts";
import { AUTHORITY } from "./authority.ts";
import { BREAK_GLASS } from "./break-glass.ts";
import { BUNDLE } from "./bundle.ts";
import { ACCOUNT } from "./account.ts";
import { API_KEY } from "./api-key.ts";
import { CAMPAIGN } from "./campaign.ts";
import { CASE } from "./case-commands.ts";
import { runCertificate } from "./certificate.ts";
import type { CertificateOptions } from "./certificate.ts";
import { CRYPTO } from "./crypto.ts";
import { KEYS } from "./keys.ts";
import { runLabel } from "./label.ts";
import type { LabelOptions } from "./label.ts";
import { LOG } from "./log.ts";
import { SIGN_IN_COMMANDS } from "./login.ts";
import { runMask } from "./mask.ts";
import type { MaskCommandOptions } from "./mask.ts";
import { ORG } from "./org.ts";
import { POLICY } from "./policy.ts";
import { QUOTA } from "./quota.ts";
import { REAL_NAME } from "./real-name.ts";
import { RECEIPT } from "./receipt.ts";
import { runReveal } from "./reveal.ts";
import type { RevealOptions } from "./reveal.ts";
import { runSeal } from "./seal.ts";
import type { SealOptions } from "./seal.ts";
import { MERGE } from "./merge.ts";
import { SEARCH } from "./search.ts";
import { STATEMENT } from "./statement.ts";
import { SESSION } from "./session.ts";
import { SANDBOX } from "./sandbox.ts";
import { SERVE } from "./serve.ts";
import { WITNESS } from "./witness.ts";
import { runShow } from "./show.ts";
import { runShred } from "./shred.ts";
import { REQUEST } from "./request.ts";
import { runBackup, runRestore } from "./backup.ts";
import type { BackupOptions } from "./backup.ts";
import { DEVICE } from "./device.ts";
import { DRILL } from "./drill.ts";
import { runErase } from "./erase.ts";
import type { EraseOptions } from "./erase.ts";
import { HOLD } from "./hold.ts";
import { JOBS_COMMANDS } from "./jobs.ts";
import { RETENTION_COMMANDS } from "./retention.ts";
import { PARCEL_COMMANDS } from "./parcel-commands.ts";
import { HANDHELD } from "./handheld.ts";
import { PRINT_AGENT } from "./print-agent.ts";
import { SHIFT } from "./shift.ts";
import { TICKET } from "./ticket.ts";
import { runStatus } from "./status.ts";
import { runStoryCommand } from "./story.ts";
import type { StoryOptions } from "./story.ts";
import { runVerifyLog } from "./verify-log.ts";
import { WARRANT } from "./warrant.ts";
import type { VerifyLogOptions } from "./verify-log.ts";
import { runSweepCommand } from "./sweep.ts";
import type { SweepCommandOptions } from "./sweep.ts";

const PROFILE = { flags: "--profile <name>", text: "cli.profile", unset: "gb41833" } as const;

/** What both commands that print take. */
const PAPER = [
  { flags: "--size <paper>", text: "cli.label.size", unset: "76x130" },
  { flags: "--dpi <dpi>", text: "cli.label.dpi", unset: "203" },
  { flags: "--merchant-text <text>", text: "cli.label.merchantText" },
  { flags: "--ticket", text: "cli.label.ticket" },
] as const;

/** Commands of one word. */
export const COMMANDS: readonly CommandRow[] = [
  typed<SealOptions>({
    usage: "seal <files...>",
    text: "cli.seal",
    options: [
      { flags: "--out <dir>", text: "cli.seal.out", unset: "midan-out" },
      { flags: "--labels <format>", text: "cli.seal.labels" },
      ...PAPER,
      { flags: "--map <columns>", text: "cli.seal.map" },
      { flags: "--format <format>", text: "cli.seal.format" },
      { flags: "--merchant <name>", text: "cli.seal.merchant" },
      { flags: "--carrier <name>", text: "cli.seal.carrier" },
      { flags: "--platform <name>", text: "cli.seal.platform" },
      { flags: "--branch <organisation>", text: "cli.seal.branch" },
      { flags: "--profile <name>", text: "cli.seal.profile" },
      { flags: "--suite <name>", text: "cli.seal.suite" },
      { flags: "--allow-clock", text: "cli.shred.clock" },
    ],
    run: async (context, words, options) => runSeal(context, words, options),
  }),
  typed<MaskCommandOptions>({
    usage: "mask",
    text: "cli.mask",
    options: [
      { flags: "--kind <kind>", text: "cli.mask.kind", required: true },
      PROFILE,
      { flags: "--scanned", text: "cli.mask.scanned" },
      { flags: "--virtual-extensions", text: "cli.mask.virtual" },
    ],
    run: async (context, _words, options) => runMask(context, options),
  }),
  typed<RevealOptions>({
    usage: "reveal <token>",
    text: "cli.reveal",
    options: [
      { flags: "--fields <fields>", text: "cli.reveal.fields", required: true },
      { flags: "--purpose <purpose>", text: "cli.reveal.purpose", required: true },
      { flags: "--reason <text>", text: "cli.reveal.reason" },
      { flags: "--receipt <file>", text: "cli.reveal.receipt" },
    ],
    run: async (context, [token = ""], options) => runReveal(context, token, options),
  }),
  SEARCH,
  MERGE,
  {
    usage: "show <token>",
    text: "cli.show",
    options: [],
    run: async (context, [token = ""], options) => runShow(context, token, options),
  },
  typed<LabelOptions>({
    usage: "label <token>",
    text: "cli.label",
    options: [
      { flags: "--out <file>", text: "cli.label.out", required: true },
      { flags: "--format <format>", text: "cli.label.format" },
      { flags: "--preview", text: "cli.label.preview" },
      { flags: "--reason <reason>", text: "cli.label.reason" },
      { flags: "--printer <name>", text: "cli.label.printer" },
      { flags: "--for-agent <file>", text: "cli.label.forAgent" },
      ...PAPER,
      { flags: "--branch <organisation>", text: "cli.label.branch" },
    ],
    run: async (context, [token = ""], options) => runLabel(context, token, options),
  }),
  {
    usage: "shred",
    text: "cli.shred",
    options: [
      { flags: "--due", text: "cli.shred.due" },
      { flags: "--on <day>", text: "cli.shred.on" },
      { flags: "--dry-run", text: "cli.shred.dry" },
      { flags: "--allow-share <percent>", text: "cli.shred.share" },
      { flags: "--allow-clock", text: "cli.shred.clock" },
    ],
    run: async (context, _words, options) => runShred(context, options),
  },
  typed<EraseOptions>({
    usage: "erase <token>",
    text: "cli.erase",
    options: [
      { flags: "--reason <text>", text: "cli.erase.reason", required: true },
      { flags: "--over-limit", text: "cli.erase.over" },
    ],
    run: async (context, [token = ""], options) => runErase(context, token, options),
  }),
  typed<BackupOptions>({
    usage: "backup",
    text: "cli.backup",
    options: [{ flags: "--out <dir>", text: "cli.backup.out", required: true }],
    run: async (context, _words, options) => runBackup(context, options),
  }),
  {
    usage: "restore <folder>",
    text: "cli.restore",
    options: [],
    run: async (context, [folder = ""], options) => runRestore(context, folder, options),
  },
  ...PARCEL_COMMANDS,
  typed<SweepCommandOptions>({
    usage: "sweep <step>",
    text: "cli.sweep",
    options: [
      { flags: "--url <url>", text: "cli.sweep.url", required: true },
      { flags: "--table <table>", text: "cli.sweep.table", required: true },
      { flags: "--columns <columns>", text: "cli.sweep.columns", required: true },
      { flags: "--key <columns>", text: "cli.sweep.key" },
      { flags: "--older-than-days <days>", text: "cli.sweep.older" },
      { flags: "--date-column <column>", text: "cli.sweep.date" },
      PROFILE,
      { flags: "--accept <kinds>", text: "cli.sweep.accept" },
      { flags: "--chunk-rows <rows>", text: "cli.sweep.chunk", unset: "1000" },
      { flags: "--pause-ms <ms>", text: "cli.sweep.pause", unset: "0" },
      { flags: "--vacuum <kind>", text: "cli.sweep.vacuum" },
    ],
    run: async (context, [step = ""], options) => runSweepCommand(context, step, options),
  }),
  typed<CertificateOptions>({
    usage: "certificate [id]",
    text: "cli.certificate",
    options: [
      { flags: "--out <file>", text: "cli.certificate.out" },
      { flags: "--verify <file>", text: "cli.certificate.verify" },
      { flags: "--key <key>", text: "cli.certificate.key" },
      { flags: "--anew", text: "cli.certificate.anew" },
      { flags: "--page", text: "cli.certificate.page" },
    ],
    run: async (context, [id], options) => runCertificate(context, id, options),
  }),
  typed<VerifyLogOptions>({
    usage: "verify-log <place>",
    text: "cli.verify-log",
    options: [
      { flags: "--key <key>", text: "cli.verify-log.key", isRepeated: true },
      { flags: "--witness <file>", text: "cli.verify-log.witness" },
      { flags: "--since <file>", text: "cli.verify-log.since" },
      { flags: "--from <day>", text: "cli.verify-log.from" },
      { flags: "--to <day>", text: "cli.verify-log.to" },
      { flags: "--any-entries", text: "cli.verify-log.any" },
    ],
    run: async (context, [place = ""], options) => runVerifyLog(context, place, options),
  }),
  SERVE,
  SANDBOX,
  ...SIGN_IN_COMMANDS,
  typed<StoryOptions>({
    usage: "story",
    text: "cli.story",
    options: [
      { flags: "--seed <text>", text: "cli.story.seed", unset: "鹤岗 2022" },
      { flags: "--out <dir>", text: "cli.story.out", unset: "demo" },
      { flags: "--waybills <number>", text: "cli.story.waybills", unset: "36000" },
    ],
    run: async (context, _words, options) => runStoryCommand(context, options),
  }),
  {
    usage: "status",
    text: "cli.status",
    options: [],
    run: async (context, _words, options) => runStatus(context, options),
  },
];

/** Commands that stand under a word of their own; each group's rows stand beside its code. */
export const GROUPS: readonly CommandGroup[] = [
  ACCOUNT,
  SESSION,
  API_KEY,
  DEVICE,
  KEYS,
  ORG,
  POLICY,
  QUOTA,
  REAL_NAME,
  RETENTION_COMMANDS,
  HOLD,
  JOBS_COMMANDS,
  DRILL,
  REQUEST,
  CAMPAIGN,
  CASE,
  CRYPTO,
  LOG,
  AUDIT,
  AUTHORITY,
  BREAK_GLASS,
  BUNDLE,
  STATEMENT,
  RECEIPT,
  SHIFT,
  PRINT_AGENT,
  HANDHELD,
  TICKET,
  WARRANT,
  WITNESS,
];
