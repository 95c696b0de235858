/** midan org and midan policy as a person types them. */
import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { CliContext, ExitCode } from "../../src/cli/context.ts";
import { runProgram } from "../../src/cli/program.ts";
import { parseConfig } from "../../src/config.ts";
import { SETTING_NAMES } from "../../src/rules/setting.ts";
import { openFonts } from "../../src/main.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { AUTHORITY, HEADQUARTERS, officeOf, OUTLETS, withDesk } from "./fresh-desk.ts";

const [FIRST] = OUTLETS;

interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

type Midan = (...words: string[]) => Promise<Ran>;

/** A stream whose text can be asked for. */
class Kept extends Writable {
  text = "";

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

function midanOn(vault: Vault): Midan {
  return async (...words) => {
    const [stdout, stderr] = [new Kept(), new Kept()];
    const context: CliContext = {
      config: parseConfig({ MIDAN_LANG: "en" }, "/"),
      stdin: new PassThrough(),
      stdout,
      stderr,
      openVault: async () => Promise.resolve(vault),
      openWorld: async () => Promise.reject(new Error("these commands open no world")),
      gazetteer: () => vault.gazetteer,
      fonts: openFonts,
    };
    const code = await runProgram(context, words);
    return { code, out: stdout.text, err: stderr.text };
  };
}

async function withMidan(
  context: TestContext,
  work: (midan: Midan, office: Midan) => Promise<void>,
): Promise<void> {
  await withDesk(context, async (vault) => work(midanOn(vault), midanOn(await officeOf(vault))));
}

/** What `--json` printed. */
function json(ran: Ran): Record<string, unknown> {
  assert.equal(ran.code, 0, ran.err);
  // Every command prints one JSON object.
  return JSON.parse(ran.out) as Record<string, unknown>;
}

test("P10: refusal, request, answer and lock, typed one after the other", async (context) => {
  await withMidan(context, async (midan, office) => {
    const why = ["--reason", "开启加密"];
    const unasked = ["policy", "set", "mask-profile", "strict", "--for", FIRST, ...why];
    const refused = await midan(...unasked);
    assert.equal(refused.code, 3);
    assert.match(refused.err, /SETTING_HEADQUARTERS_ONLY/);
    const ask = ["policy", "request", "mask-profile", "strict", "--from", FIRST, ...why];
    const filed = json(await midan(...ask, "--json"));
    // The shape that fileRequest returns.
    const { id } = filed["request"] as { id: string };
    const view = ["policy", "requests", "--viewer", AUTHORITY, "--on", "2026-03-12"];
    const foreign = await midan(...view);
    assert.deepEqual([foreign.code, foreign.out], [3, ""]);
    assert.match(foreign.err, /OFFICE_FOREIGN/);
    const listed = await office(...view);
    assert.match(listed.out, /no answer, waiting 10 days/);
    const answer = ["policy", "answer", id, "--answer", "granted", "--by", HEADQUARTERS, ...why];
    assert.match((await midan(...answer)).out, /granted/);
    assert.equal((await midan(...unasked)).code, 0);
    const lock = ["policy", "lock", "mask-profile", "full", "--for", HEADQUARTERS, ...why];
    assert.equal((await midan(...lock)).code, 0);
    assert.match((await midan(...unasked)).err, /SETTING_LOCKED/);
    const explained = await midan("policy", "explain", FIRST, "--lang", "zh");
    assert.match(explained.out, /mask-profile = full/);
    assert.match(explained.out, /无效:上级已锁定/);
    const shown = json(await midan("policy", "show", FIRST, "--json"));
    assert.equal(
      Array.isArray(shown["settings"]) && shown["settings"].length,
      SETTING_NAMES.length,
    );
  });
});

test("P10: what counts is shown with who said it, and how long is kept", async (context) => {
  await withMidan(context, async (midan) => {
    assert.match((await midan("policy", "show", FIRST, "--said")).out, /No organisation has set/);
    const term = ["retention", "set", "persons", "--days", "20", "--reason", "收紧"];
    assert.equal((await midan(...term)).code, 0);
    const lock = ["policy", "lock", "label-sizes", "76x130", "--reason", "统一纸张"];
    assert.equal((await midan(...lock, "--for", FIRST, "--by", HEADQUARTERS)).code, 0);
    const explained = await midan("policy", "explain", FIRST, "--setting", "label-sizes");
    assert.ok(explained.out.includes(`(by ${HEADQUARTERS} for ${FIRST}, locked)`), explained.out);
    const said = await midan("policy", "show", FIRST, "--said");
    assert.match(said.out, /label-sizes = 76x130/);
    assert.match(said.out, /fewer are stricter/);
    assert.doesNotMatch(said.out, /mask-profile/);
    const shown = await midan("policy", "show", FIRST);
    assert.match(shown.out, /loosest to strictest\): legacy-clear < /);
    assert.match(shown.out, /retention-persons = 365 .*\n.*\n {2}kept for 20 days/);
    const { settings } = json(await midan("policy", "show", FIRST, "--json"));
    const rows = settings as { readonly name: string; readonly effectiveDays?: number }[];
    assert.equal(rows.find(({ name }) => name === "retention-persons")?.effectiveDays, 20);
  });
});

test("P10: organisations and training, typed one after the other", async (context) => {
  await withMidan(context, async (midan) => {
    const added = await midan("org", "add", "三号网点", "四号网点", "--kind", "outlet");
    assert.match(added.out, /2 organisations founded/);
    assert.equal((await midan("org", "add", "某地", "--kind", "shop")).code, 2);
    const shop = ["org", "add", "某商家", "--kind", "merchant"];
    assert.equal((await midan(...shop, "--form", "direct")).code, 2, "a merchant has no form");
    const two = await midan("org", "add", "甲院", "乙院", "--kind", "procuratorate");
    assert.equal(two.code, 2);
    const listed = await midan("org", "list");
    assert.equal(listed.out.trim().split("\n").length, 6);
    assert.match(listed.out, /^ {2}三号网点 {2}outlet/m);
    const passed = json(
      await midan("org", "training", "快递员一", "--passed", "2026-01-05", "--json"),
    );
    assert.match(String(passed["entry"]), /^[0-9a-f]{32}$/);
    assert.match((await midan("org", "training", "--on", "2027-02-01")).out, /expired/);
    assert.equal((await midan("org", "training", "--on", "someday")).code, 2);
    assert.equal((await midan("org", "training", "快递员一")).code, 2);
  });
});

test("P10: delegation, stale versions and simulation, typed one by one", async (context) => {
  await withMidan(context, async (midan) => {
    const why = ["--for", HEADQUARTERS, "--reason", "试行"];
    const quota = ["policy", "set", "quota-person-day", "100", ...why];
    const first = await midan(...quota, "--after", "0");
    assert.match(first.out, /quota-person-day of .* = 100, version 1/);
    assert.match((await midan(...quota, "--after", "0")).err, /SETTING_STALE/);
    assert.equal((await midan(...quota, "--after", "x")).code, 2);
    const looser = await midan("policy", "delegate", "quota-person-day", "100", ...why);
    assert.equal(looser.code, 0, looser.err);
    const wide = ["policy", "delegate", "quota-person-day", "100", "--loosest", "300", ...why];
    assert.match((await midan(...wide)).err, /SIGN_IN_NEEDED/, "it loosens, so it takes two");
    assert.match((await midan("policy", "proposals")).out, /No change waits/);
    assert.equal((await midan("policy", "approve", "1")).code, 3);
    const day = ["--on", "2026-03-02"];
    const seen = await midan("policy", "simulate", "--role", "courier", "--branch", FIRST, ...day);
    assert.match(
      seen.out,
      /deliver \(deliver\): recipient.name,.*hours 5-22; until it is handed over/,
    );
    assert.match(seen.out, /from 2026-03-02 \d\d:\d\d: mask profile/);
    assert.match(seen.out, /branch, day: 6000/);
    const narrow = ["policy", "simulate", "purposes-courier", "deliver"];
    const none = json(await midan(...narrow, "--for", FIRST, ...day, "--json"));
    assert.deepEqual([none["looked"], none["denied"]], [0, []]);
    assert.equal((await midan(...narrow)).code, 2);
    assert.equal((await midan("policy", "simulate")).code, 2);
  });
});
