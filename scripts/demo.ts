/**
 * `npm run demo`: the main job on the shipped sample, from an empty folder to a page that shows
 * what happened. It can be run again on the same data; what is sealed stays sealed, what is dead
 * stays dead.
 */
import { shownOf } from "../src/privacy/external.ts";
import { playedActor } from "../src/access/actor.ts";
import { createWriteStream } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openProgress } from "../src/cli/progress.ts";
import type { Progress } from "../src/cli/progress.ts";
import type { CliContext } from "../src/cli/context.ts";
import { parseConfig } from "../src/config.ts";
import type { PrintableLabel } from "../src/label/gate.ts";
import type { Fonts } from "../src/label/font.ts";
import { writePdf } from "../src/label/pdf.ts";
import { openFonts, openGazetteer, openVault, openWorld } from "../src/main.ts";
import { readOrders } from "../src/orders/read.ts";
import { openRejectedFile, openResultFile } from "../src/orders/result.ts";
import { dayOf, minuteOf } from "../src/rules/calendar.ts";
import type { FailureCode } from "../src/rules/failure.ts";
import { FAILURES, isFailure } from "../src/rules/failure.ts";
import { printBatches } from "../src/vault/print.ts";
import { reveal } from "../src/vault/reveal.ts";
import { seal } from "../src/vault/seal.ts";
import type { Rejection } from "../src/vault/order-batch.ts";
import type { SealedRow } from "../src/vault/sealed-row.ts";
import { search } from "../src/vault/search.ts";
import { runStory } from "../src/story/story.ts";
import type { ShreddedCompartment } from "../src/vault/shred.ts";
import { shred } from "../src/vault/shred.ts";
import type { Vault } from "../src/vault/vault.ts";
import { PLAYED, leafText, pickExample, picturesOf, readSample, rowOf } from "./demo-facts.ts";
import type { Example } from "./demo-facts.ts";
import { demoPage } from "./demo-page.ts";
import type { DemoFacts } from "./demo-page.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUT = path.join(ROOT, "demo");
const SAMPLE = path.join(ROOT, "samples/orders.csv");
const SPRING = path.join(ROOT, "samples/orders-spring.csv");
/**
 * The spring orders are sealed with the clock this far back: they die 120 days later, yesterday.
 */
const SPRING_DAYS_BACK = 121;
const STORY_WAYBILLS = 36_000;
const MILLISECONDS_PER_DAY = 86_400_000;

const config = parseConfig({ ...process.env, MIDAN_HOME: process.env["MIDAN_HOME"] ?? ROOT }, ROOT);
const zh = config.language === "zh";

function tell(chinese: string, english: string): void {
  process.stdout.write(`${zh ? chinese : english}\n`);
}

function relative(file: string): string {
  return path.relative(ROOT, file);
}

const context: CliContext = {
  config,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  openVault: async () => openVault(config),
  openWorld,
  gazetteer: openGazetteer,
  fonts: openFonts,
};

interface Sealed {
  readonly rows: readonly SealedRow[];
  readonly rejected: readonly Rejection[];
  readonly sealed: number;
  readonly repeated: number;
  readonly milliseconds: number;
}

async function sealSample(vault: Vault, file: string, progress: Progress): Promise<Sealed> {
  const reading = readOrders({ kind: "file", path: file });
  const rows: SealedRow[] = [];
  const rejected: Rejection[] = [];
  const summary = await seal(vault, reading, {
    actor: await playedActor(vault, PLAYED),
    sink: {
      committed: async (committed, refused, { sealed, repeated }) => {
        rows.push(...committed);
        rejected.push(...refused);
        progress.update(reading.bytesRead, reading.totalBytes, sealed + repeated);
        return Promise.resolve();
      },
    },
  });
  return { ...summary, rows, rejected };
}

async function writeResults(sealed: Sealed): Promise<readonly string[]> {
  const files = [path.join(OUT, "result.csv"), path.join(OUT, "rejected.csv")] as const;
  const results = await openResultFile(files[0]);
  await results.write(sealed.rows);
  await results.close();
  const rejections = await openRejectedFile(files[1]);
  await rejections.write(sealed.rejected.map((refusal) => ({ ok: false, ...refusal })));
  await rejections.close();
  return files;
}

async function* labelsOf(
  vault: Vault,
  run: { tokens: readonly string[]; fonts: Fonts; progress: Progress },
): AsyncGenerator<PrintableLabel> {
  const { tokens, fonts, progress } = run;
  let done = 0;
  for await (const batch of printBatches(vault, {
    tokens,
    fonts,
    actor: await playedActor(vault, PLAYED),
    // Counts only for labels that a run before this one printed and was stopped before it wrote.
    reprintReason: "resumed",
  })) {
    for (const { label } of batch) yield label;
    done += batch.length;
    progress.update(done, tokens.length, done);
  }
}

async function writeLabels(
  vault: Vault,
  tokens: readonly string[],
  fonts: Fonts,
): Promise<{ file: string; count: number }> {
  const file = path.join(OUT, "labels.pdf");
  const progress = openProgress(context, config.language, true);
  progress.stage("print.progress");
  const labels = labelsOf(vault, { tokens, fonts, progress });
  const { pages } = await writePdf(labels, createWriteStream(file, { mode: 0o600 }), {
    fonts,
    createdAt: vault.now(),
  });
  progress.end();
  return { file, count: pages };
}

async function revealPhone(vault: Vault, token: string): Promise<{ entry: string; value: string }> {
  const { entry, values } = await reveal(vault, {
    token,
    fields: "phone",
    purpose: "contact",
    actor: await playedActor(vault, PLAYED),
    reason: null,
  });
  return { entry, value: values[0]?.[1] ?? "" };
}

/** What the same reveal says: that it opened, or the code with which it failed. */
async function tryReveal(vault: Vault, token: string): Promise<"OPENED" | FailureCode> {
  try {
    await revealPhone(vault, token);
    return "OPENED";
  } catch (error) {
    if (isFailure(error)) return error.code;
    throw error;
  }
}

const MEMORY_FILE = path.join(OUT, "dead.json");

interface Dead {
  readonly token: string;
  readonly before: string;
  readonly compartments: readonly ShreddedCompartment[];
}

async function rememberedDead(): Promise<Dead | null> {
  const text = await readFile(MEMORY_FILE, "utf8").catch(() => null);
  // This script alone writes the file, in this form.
  return text === null ? null : (JSON.parse(text) as Dead);
}

/**
 * Lets the spring sample die; on a later run it is dead already, and the first run's facts stand.
 */
async function letDie(vault: Vault, spring: Spring | null): Promise<DemoFacts["death"]> {
  const report = await shred(vault, {
    on: dayOf(vault.now(), vault.timeZone),
    dryRun: false,
    sharePercentMax: null,
  });
  const dead =
    spring === null || report.waybills === 0
      ? await rememberedDead()
      : { ...spring, compartments: report.compartments.filter(({ waybills }) => waybills > 0) };
  if (dead === null)
    throw new Error(
      "no order of the spring sample was sealed; remove midan-data, midan-keys and demo",
    );
  await writeFile(MEMORY_FILE, JSON.stringify(dead), { mode: 0o600 });
  const after = await tryReveal(vault, dead.token);
  if (after === "OPENED") throw new Error("a shredded waybill was opened");
  return {
    compartments: dead.compartments.map(({ serial, dayOfDeath, waybills }) => ({
      serial,
      day: dayOfDeath,
      waybills,
    })),
    token: dead.token,
    before: dead.before,
    after,
    leafId: dead.compartments[0]?.entry ?? "",
  };
}

interface Spring {
  readonly token: string;
  /** What a reveal said while the waybill lived. */
  readonly before: string;
}

async function sealSpring(): Promise<Spring | null> {
  const back = (): Date => new Date(Date.now() - SPRING_DAYS_BACK * MILLISECONDS_PER_DAY);
  tell(
    `① 密封春季样本,时钟拨回 ${SPRING_DAYS_BACK} 天(它们今天到期)`,
    `1. Sealing the spring sample with the clock ${SPRING_DAYS_BACK} days back (it is due today)`,
  );
  await using vault = await openVault(config, { now: back });
  const sealed = await sealSample(vault, SPRING, openProgress(context, config.language, false));
  tell(`   密封 ${sealed.sealed} 单`, `   ${sealed.sealed} sealed`);
  const token = sealed.rows[0]?.token;
  return token === undefined ? null : { token, before: await tryReveal(vault, token) };
}

function tellSealed(sealed: Sealed, labels: { count: number }, files: readonly string[]): void {
  const { sealed: count, repeated, rejected } = sealed;
  tell(
    `   密封 ${count} 单,已存在 ${repeated} 单,拒收 ${rejected.length} 行;面单 ${labels.count} 张`,
    `   ${count} sealed, ${repeated} known already, ${rejected.length} rows refused; ` +
      `${labels.count} labels`,
  );
  for (const file of files) process.stdout.write(`   ${relative(file)}\n`);
}

interface Look {
  readonly search: DemoFacts["search"];
  readonly reveal: DemoFacts["reveal"];
  readonly looks: DemoFacts["looks"];
}

async function lookAt(vault: Vault, example: Example, maskedPhone: string): Promise<Look> {
  tell(
    "③ 按电话查找,再按用途查看一个字段",
    "3. Searching one phone, then opening one field for a purpose",
  );
  const found = await search(vault, {
    phone: shownOf(example.order.recipient).phone,
    actor: await playedActor(vault, PLAYED),
  });
  tell(
    `   命中 ${found.hits.length} 单:${example.token}`,
    `   ${found.hits.length} found: ${example.token}`,
  );
  const revealed = await revealPhone(vault, example.token);
  tell(
    `   查看电话(用途 contact):${revealed.value}`,
    `   phone (purpose contact): ${revealed.value}`,
  );
  const leaf = await leafText(vault, revealed.entry);
  tell(`   留痕 ${revealed.entry}`, `   audit entry ${revealed.entry}`);
  process.stdout.write(`${leaf.replaceAll(/^/gm, "   ")}\n`);
  return {
    search: { asked: maskedPhone, hits: found.hits.length, leafId: found.entry },
    // The page does not get the number: plaintext is shown once, on the terminal.
    reveal: { field: "recipient.phone", purpose: "contact" },
    looks: [
      { id: found.entry, leaf: await leafText(vault, found.entry) },
      { id: revealed.entry, leaf },
    ],
  };
}

async function demo(): Promise<void> {
  const began = performance.now();
  await mkdir(OUT, { recursive: true, mode: 0o700 });
  // Opened once with the true clock, so that the key store is not born in the past.
  await (await openVault(config))[Symbol.asyncDispose]();
  const spring = await sealSpring();
  tell("② 密封样本订单,打印脱敏面单", "2. Sealing the sample orders and printing masked labels");
  const fonts = openFonts();
  await using vault = await openVault(config);
  const progress = openProgress(context, config.language, true);
  const sealed = await sealSample(vault, SAMPLE, progress).finally(() => progress.end());
  const files = await writeResults(sealed);
  const labels = await writeLabels(
    vault,
    sealed.rows.map((row) => row.token),
    fonts,
  );
  tellSealed(sealed, labels, [...files, labels.file]);
  const example = pickExample(await readSample(SAMPLE), sealed);
  const pictures = await picturesOf(vault, example, fonts);
  const masked = sealed.rows.find((row) => row.token === example.token)?.recipient.phone ?? "";
  const row = await rowOf(vault, example.token);
  const look = await lookAt(vault, example, masked);
  tell("④ 销毁到期的密舱", "4. Shredding what is due");
  const death = await letDie(vault, spring);
  tellDeath(death);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const page = path.join(OUT, "index.html");
  const facts: DemoFacts = {
    generatedAt: minuteOf(vault.now(), vault.timeZone),
    summary: {
      sealed: sealed.sealed,
      repeated: sealed.repeated,
      rejected: sealed.rejected.length,
      labels: labels.count,
      seconds,
      ordersPerSecond: Math.round((sealed.rows.length / sealed.milliseconds) * 1000),
    },
    ...pictures,
    token: example.token,
    row,
    ...look,
    death,
    refused: sealed.rejected,
    files: [...files, labels.file, page].map(relative),
  };
  await writeFile(page, demoPage(facts));
  tell(
    `完成,用时 ${seconds} 秒。打开 ${relative(page)} 看全程。`,
    `Done in ${seconds} s. Open ${relative(page)} to see it all.`,
  );
  const command = `npx midan label ${example.token} --out label.png --reason damaged`;
  tell(`接着试:${command}`, `Next: ${command}`);
}

function tellDeath(death: DemoFacts["death"]): void {
  const waybills = death.compartments.reduce((total, { waybills: count }) => total + count, 0);
  const row = FAILURES[death.after];
  tell(`   已销毁 ${waybills} 单的密钥`, `   the keys of ${waybills} waybills are destroyed`);
  tell(
    `   同一次查看:之前 ${death.before},现在 ${death.after}(${row.zh})`,
    `   the same reveal: before ${death.before}, now ${death.after} (${row.en})`,
  );
}

/** Files of a told story that `demo/` shows; database and keys stay in the story's own folder. */
const SHOWN_FILE = /\.(?:html|pdf|docx)$|^facts\.json$/;

/** `npm run demo -- --story`: the whole story afresh, and its page at demo/story.html. */
async function story(): Promise<void> {
  const { dir, facts } = await runStory({
    out: OUT,
    seed: "鹤岗 2022",
    waybills: STORY_WAYBILLS,
    end: new Date(),
    fonts: openFonts(),
    openWorld,
    tell,
  });
  for (const name of await readdir(dir)) {
    if (SHOWN_FILE.test(name)) await copyFile(path.join(dir, name), path.join(OUT, name));
  }
  const page = relative(path.join(OUT, "story.html"));
  tell(
    `完成,用时 ${facts.seconds.value} 秒。打开 ${page} 看全程。`,
    `Done in ${facts.seconds.value} s. Open ${page} to see it all.`,
  );
  const asking = `MIDAN_HOME=${relative(dir)} MIDAN_TENANT=顺达快运 npx midan policy requests`;
  tell(`查证:${asking}`, `Look it up: ${asking}`);
}

try {
  await (process.argv.includes("--story") ? story() : demo());
} catch (error) {
  if (!isFailure(error)) throw error;
  const { row } = error;
  tell(`${error.code}:${row.zh}。${row.doZh}`, `${error.code}: ${row.en}. ${row.doEn}`);
  process.exitCode = 3;
}
