/** Every command as a person or a program starts it: outputs, exit codes, both languages. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { addDays, dayOf, parseDay } from "../../src/rules/calendar.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { csvOf, inventOrder, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import type { Ended } from "../support/process.ts";
import { signInAt } from "../support/actor.ts";

type Document = Readonly<Record<string, unknown>>;

function runIn(home: Home, words: readonly string[], input = ""): Promise<Ended> {
  const { directory, environment } = home;
  return midan(words, { directory, environment, input });
}

async function expectIn(
  home: Home,
  code: number,
  given: { readonly words: readonly string[]; readonly input?: string },
): Promise<Ended> {
  const ended = await runIn(home, given.words, given.input);
  assert.equal(ended.code, code, `${given.words.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return ended;
}

function only(text: string): Document {
  const [document, ...more] = documents(text);
  assert.ok(document !== undefined && more.length === 0, text);
  return document;
}

/** Seals the order of that index and gives its token. */
async function sealed(home: Home, index = 1): Promise<string> {
  const input = csvOf([inventOrder(index)]);
  await expectIn(home, 0, { words: ["seal", "-", "--out", "sealed"], input });
  const [, row = ""] = readFileSync(join(home.directory, "sealed/result.csv"), "utf8").split(
    "\r\n",
  );
  return row.split(",")[0] ?? "";
}

test("seal: 0 when all rows are sealed, and what it writes is for its owner alone", async () => {
  await withHome(async (home) => {
    writeFileSync(join(home.directory, "orders.csv"), csvOf(inventOrders(3)));
    const words = ["seal", "orders.csv", "--out", "out", "--labels", "pdf", "--json"];
    const { stdout, stderr } = await expectIn(home, 0, { words });
    assert.equal(stderr, "");
    const [commit, done] = documents(stdout);
    assert.deepEqual(commit, {
      file: "orders.csv",
      committedThrough: 4,
      sealed: 3,
      repeated: 0,
      rejected: 0,
    });
    assert.equal(done?.["done"], true);
    assert.deepEqual(done["labels"], { file: "out/labels.pdf", count: 3, refused: [] });
    const pdf = readFileSync(join(home.directory, "out/labels.pdf"));
    assert.equal(pdf.subarray(0, 5).toString("latin1"), "%PDF-");
    for (const name of ["result.csv", "rejected.csv", "labels.pdf"])
      assert.equal((await stat(join(home.directory, "out", name))).mode & 0o777, 0o600, name);
    const result = readFileSync(join(home.directory, "out/result.csv"), "utf8")
      .trim()
      .split("\r\n");
    assert.equal(result.length, 4);
  });
});

test("seal: 1 when rows are refused; line, field and reason, never the value", async () => {
  await withHome(async (home) => {
    const bad = { ...inventOrder(2), phone: "139000" };
    const input = csvOf([inventOrder(1), bad, inventOrder(3)]);
    const { stdout } = await expectIn(home, 1, { words: ["seal", "-", "--out", "o"], input });
    assert.match(stdout, /rejected\.csv/);
    const rejected = readFileSync(join(home.directory, "o/rejected.csv"), "utf8");
    assert.match(rejected, /^3,recipient_phone,PHONE_INVALID,/m);
    assert.equal(rejected.includes("139000"), false);
  });
});

test("seal: 2 for a file without the needed columns or a wrong option, 3 for no file", async () => {
  await withHome(async (home) => {
    const input = "甲,乙,丙\n1,2,3\n";
    const unknown = await expectIn(home, 2, { words: ["seal", "-", "--json"], input });
    assert.equal((only(unknown.stderr)["error"] as Document)["code"], "COLUMNS_UNKNOWN");
    for (const words of [
      ["seal"],
      ["seal", "-", "--labels", "gif"],
      ["seal", "-", "--format", "doc"],
      ["seal", "-", "--colour", "red"],
    ])
      await expectIn(home, 2, { words });
    const missing = await expectIn(home, 3, { words: ["seal", "none.csv", "--json"] });
    const error = only(missing.stderr)["error"] as Document;
    assert.equal(error["code"], "FILE_UNREADABLE");
    assert.ok(String(error["zh"]).length > 3 && String(error["en"]).length > 3);
  });
});

test("seal: NDJSON from standard input, and a workbook that is none says the way out", async () => {
  await withHome(async (home) => {
    const { number, name, phone, address } = inventOrder(4);
    const order = { order_id: number, receiver_name: name, receiver_phone: phone, address };
    const input = `${JSON.stringify(order)}\n{"order_id":\n`;
    const { stdout } = await expectIn(home, 1, {
      words: ["seal", "-", "--format", "ndjson", "--json", "--out", "n"],
      input,
    });
    assert.deepEqual(documents(stdout).at(-1)?.["sealed"], 1);
    writeFileSync(join(home.directory, "broken.xlsx"), Buffer.from("PK\u0003\u0004 nothing more"));
    const refused = await expectIn(home, 3, { words: ["seal", "broken.xlsx"] });
    assert.match(refused.stderr, /^XLSX_BROKEN: .+\n.*CSV/);
  });
});

test("seal: two files write outputs of their own names", async () => {
  await withHome(async (home) => {
    for (const [index, name] of ["first", "second"].entries())
      writeFileSync(join(home.directory, `${name}.csv`), csvOf([inventOrder(index)]));
    await expectIn(home, 0, { words: ["seal", "first.csv", "second.csv", "--out", "two"] });
    for (const name of ["first", "second"])
      assert.ok(existsSync(join(home.directory, "two", `${name}.result.csv`)));
  });
});

test("reveal: prints the fields and the entry, in lines and as JSON", async () => {
  await withHome(async (home) => {
    const token = await sealed(home);
    await signInAt(home, "a");
    const words = ["reveal", token, "--fields", "phone", "--purpose", "contact"];
    const { phone } = inventOrder(1);
    const lines = (await expectIn(home, 0, { words })).stdout;
    assert.ok(lines.includes(phone));
    assert.match(lines, /[0-9a-f]{32}/);
    const document = only((await expectIn(home, 0, { words: [...words, "--json"] })).stdout);
    assert.match(String(document["entry"]), /^[0-9a-f]{32}$/);
    assert.ok(JSON.stringify(document).includes(phone));
  });
});

test("reveal: 2 for a request that makes no sense, 3 for what is not allowed", async () => {
  await withHome(async (home) => {
    const token = await sealed(home);
    await signInAt(home, "a");
    const cases: readonly [number, string, string[]][] = [
      [2, "PURPOSE_UNKNOWN", [token, "--fields", "phone", "--purpose", "curious"]],
      [2, "FIELDS_UNKNOWN", [token, "--fields", "shoe", "--purpose", "contact"]],
      [2, "REASON_MISSING", [token, "--fields", "phone", "--purpose", "claim"]],
      [2, "TOKEN_CUT", [token.slice(0, -2), "--fields", "phone", "--purpose", "contact"]],
      [3, "FIELD_NOT_ALLOWED", [token, "--fields", "address", "--purpose", "contact"]],
    ];
    for (const [code, name, words] of cases) {
      const given = { words: ["reveal", ...words, "--json"] };
      const { stdout, stderr } = await expectIn(home, code, given);
      assert.equal(stdout, "");
      assert.equal((only(stderr)["error"] as Document)["code"], name);
    }
  });
});

test("search and show: masked views and the history of looks", async () => {
  await withHome(async (home) => {
    const token = await sealed(home);
    await signInAt(home, "a");
    const { phone, name } = inventOrder(1);
    const found = await expectIn(home, 0, { words: ["search", "--phone", phone, "--json"] });
    const [hit] = only(found.stdout)["hits"] as Document[];
    assert.equal(hit?.["token"], token);
    const none = await expectIn(home, 0, { words: ["search", "--phone", "13811112222"] });
    assert.match(none.stdout, /Nothing found/);
    const words = ["reveal", token, "--fields", "name", "--purpose", "contact"];
    await expectIn(home, 0, { words });
    const shown = only((await expectIn(home, 0, { words: ["show", token, "--json"] })).stdout);
    assert.equal((shown["looks"] as Document[]).length, 1);
    assert.equal(shown["life"], "live");
    const lines = (await expectIn(home, 0, { words: ["show", token, "--lang", "zh"] })).stdout;
    for (const text of [found.stdout, JSON.stringify(shown), lines])
      for (const hidden of [phone, name]) assert.equal(text.includes(hidden), false);
    assert.ok(lines.includes(token) && lines.includes("南京市"));
  });
});

test("label: a picture and a page; 2 for another form", async () => {
  await withHome(async (home) => {
    const token = await sealed(home);
    await expectIn(home, 0, { words: ["label", token, "--out", "l.png"] });
    const png = readFileSync(join(home.directory, "l.png"));
    assert.equal(png.subarray(1, 4).toString("latin1"), "PNG");
    const again = ["label", token, "--out", "l.pdf", "--json", "--reason", "misprint"];
    const printed = only((await expectIn(home, 0, { words: again })).stdout);
    assert.equal(printed["printNumber"], 2);
    assert.equal((await stat(join(home.directory, "l.pdf"))).mode & 0o777, 0o600);
    await expectIn(home, 2, { words: ["label", token, "--out", "l.gif"] });
    await expectIn(home, 2, { words: ["label", token, "--out", "l.png", "--size", "100x100"] });
    await expectIn(home, 2, { words: ["label", token, "--out", "l.png", "--format", "jpeg"] });
    await expectIn(home, 2, { words: ["label", token, "--out", "l.png", "--dpi", "72"] });
  });
});

test("label: a job for each kind of printer, on the paper that is asked for", async () => {
  await withHome(async (home) => {
    const token = await sealed(home);
    const heads = { zpl: "^XA^PW1181^LL1772", tspl: "SIZE 100 mm,150 mm\r\n", cpcl: "! 0 300 " };
    for (const [format, head] of Object.entries(heads)) {
      const paper = ["--size", "100x150", "--dpi", "300", "--reason", "lost", "--format", format];
      await expectIn(home, 0, { words: ["label", token, "--out", "label.prn", ...paper] });
      const job = readFileSync(join(home.directory, "label.prn")).toString("latin1");
      assert.equal(job.slice(0, head.length), head);
    }
    await expectIn(home, 0, { words: ["label", token, "--out", "label.svg", "--reason", "lost"] });
    assert.match(readFileSync(join(home.directory, "label.svg"), "utf8"), /^<svg .*viewBox/);
  });
});

test("P14: a preview counts as no print; for a printer there is none", async () => {
  await withHome(async (home) => {
    const token = await sealed(home);
    const looked = ["label", token, "--preview", "--out", "p.png", "--json"];
    const answer = only((await expectIn(home, 0, { words: looked })).stdout);
    assert.deepEqual(answer, { file: "p.png", preview: true });
    await expectIn(home, 2, { words: ["label", token, "--preview", "--out", "p.zpl"] });
    const words = ["label", token, "--out", "l.png", "--json"];
    assert.equal(only((await expectIn(home, 0, { words })).stdout)["printNumber"], 1);
  });
});

test("P1: personal data in the merchant's own area refuses the label", async () => {
  await withHome(async (home) => {
    const token = await sealed(home);
    const text = ["--merchant-text", "买家16125807436"];
    const ended = await expectIn(home, 3, { words: ["label", token, "--out", "l.png", ...text] });
    assert.match(ended.stderr, /LABEL_LINT_FAILED/);
    assert.doesNotMatch(ended.stderr, /16125807436/);
    assert.ok(!existsSync(join(home.directory, "l.png")));
    const fine = ["--merchant-text", "感谢惠顾"];
    await expectIn(home, 0, { words: ["label", token, "--out", "l.png", ...fine] });
  });
});

test("seal --labels zpl: one job for each order, in the order of the file", async () => {
  await withHome(async (home) => {
    writeFileSync(join(home.directory, "orders.csv"), csvOf(inventOrders(4)));
    const words = ["seal", "orders.csv", "--out", "out", "--labels", "zpl", "--size", "100x180"];
    const { stdout } = await expectIn(home, 0, { words: [...words, "--json"] });
    const done = documents(stdout).at(-1) ?? {};
    assert.deepEqual(done["labels"], { file: "out/labels.zpl", count: 4, refused: [] });
    const jobs = readFileSync(join(home.directory, "out/labels.zpl"), "latin1");
    assert.equal(jobs.match(/\^XA\^PW800\^LL1440/g)?.length, 4);
  });
});

test("shred: a future day only as a dry run; nothing due is no failure", async () => {
  await withHome(async (home) => {
    await sealed(home);
    const future = addDays(dayOf(new Date()), 130);
    const refused = await expectIn(home, 2, { words: ["shred", "--due", "--on", future] });
    assert.match(refused.stderr, /^SHRED_FUTURE: /);
    const words = ["shred", "--due", "--on", future, "--dry-run", "--json"];
    const listed = only((await expectIn(home, 0, { words })).stdout);
    assert.deepEqual([listed["waybills"], listed["dryRun"]], [1, true]);
    const done = only((await expectIn(home, 0, { words: ["shred", "--due", "--json"] })).stdout);
    assert.deepEqual(done["compartments"], []);
    await expectIn(home, 2, { words: ["shred"] });
    await expectIn(home, 2, { words: ["shred", "--due", "--on", "2026-02-30"] });
    await expectIn(home, 2, { words: ["shred", "--due", "--allow-share", "101"] });
  });
});

test("status: counts, days and sizes, in lines and as JSON", async () => {
  await withHome(async (home) => {
    await sealed(home);
    const found = only((await expectIn(home, 0, { words: ["status", "--json"] })).stdout);
    assert.deepEqual(found["waybills"], { total: 1, live: 1, closing: 0, dead: 0 });
    assert.notEqual(parseDay(String(found["nextDayOfDeath"])), null);
    const lines = (await expectIn(home, 0, { words: ["status", "--lang", "zh"] })).stdout;
    assert.match(lines, /PostgreSQL|\d+\.\d+/);
    assert.match(lines, /\p{Script=Han}/u);
  });
});

test("a database that is not there is exit code 3, without its address", async () => {
  await withHome(async ({ directory, environment }) => {
    const address = { MIDAN_DATABASE_URL: "postgres://who:secretive@127.0.0.1:9/what" };
    const options = { directory, environment: { ...environment, ...address } };
    const { code, stderr } = await midan(["status", "--json"], options);
    assert.equal(code, 3);
    assert.equal((only(stderr)["error"] as Document)["code"], "DATABASE_UNAVAILABLE");
    assert.equal(stderr.includes("secretive"), false);
  });
});

/** A Node of the machine's own that cannot run the sources itself, or null. */
function olderNode(): string | null {
  for (const folder of ["/usr/bin", "/usr/local/bin"]) {
    const node = join(folder, "node");
    if (!existsSync(node)) continue;
    const major = Number.parseInt(
      execFileSync(node, ["-p", "process.versions.node"]).toString(),
      10,
    );
    if (major < 26) return node;
  }
  return null;
}

const older = olderNode();

test(
  "the launcher runs under an older Node, with arguments, input and exit code passed on",
  { skip: older === null ? "this machine has no older Node" : false },
  async () => {
    await withHome(async ({ directory, environment }) => {
      // Skipped above when there is none.
      const options = { directory, environment, node: older ?? process.execPath };
      const input = `{"id":1,"text":"13912345678"}\nbroken\n`;
      const ended = await midan(["mask", "--kind", "phone"], { ...options, input });
      assert.equal(ended.code, 1);
      assert.equal(documents(ended.stdout).length, 1);
      assert.equal((await midan(["nonsense"], options)).code, 2);
    });
  },
);
