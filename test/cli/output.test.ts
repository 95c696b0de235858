/** What a run writes, what it must leave alone, and what happens when nobody takes its output. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../src/cli/program.ts";
import { openFonts, openGazetteer } from "../../src/main.ts";
import { withDirectory, withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { csvOf, inventOrder, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import type { Ended } from "../support/process.ts";
import { signInAt } from "../support/actor.ts";

const launcher = fileURLToPath(new URL("../../bin/midan.js", import.meta.url));

function runIn(home: Home, words: readonly string[], input = ""): Promise<Ended> {
  const { directory, environment } = home;
  return midan(words, { directory, environment, input });
}

function codeOf(ended: Ended): unknown {
  const [document] = documents(ended.stderr);
  const error = document?.["error"];
  return typeof error === "object" && error !== null && "code" in error ? error.code : null;
}

async function expectCode(home: Home, words: readonly string[], code: string): Promise<Ended> {
  const ended = await runIn(home, [...words, "--json"]);
  assert.equal(codeOf(ended), code, ended.stdout + ended.stderr);
  return ended;
}

const sealWords = ["seal", "orders.csv", "--out", "out"];

/** The tokens that a result file lists. */
function tokensIn(...path: string[]): string[] {
  const lines = readFileSync(join(...path), "utf8").split("\r\n");
  return lines.map((line) => line.split(",")[0] ?? "").filter((cell) => cell.startsWith("md1"));
}

test("seal: an output that is an input is refused before anything is touched", async () => {
  await withHome(async (home) => {
    const at = (name: string): string => join(home.directory, name);
    const orders = csvOf(inventOrders(2));
    for (const name of ["result.csv", "plain.csv", "labels.pdf.new"])
      writeFileSync(at(name), orders);
    mkdirSync(at("linked"));
    symlinkSync("../plain.csv", at("linked/rejected.csv"));
    mkdirSync(at("hard"));
    linkSync(at("plain.csv"), at("hard/result.csv"));
    const before = readdirSync(home.directory);
    for (const [file, out] of [
      ["result.csv", "."],
      ["./linked/../result.csv", home.directory],
      ["labels.pdf.new", "."],
      ["plain.csv", "linked"],
      ["linked/rejected.csv", "linked"],
      ["plain.csv", "hard"],
    ] as const) {
      const ended = await expectCode(home, ["seal", file, "--out", out], "OUTPUT_IS_INPUT");
      assert.equal(ended.code, 2);
    }
    assert.deepEqual(readdirSync(home.directory), before);
    for (const name of ["result.csv", "plain.csv", "labels.pdf.new"])
      assert.equal(readFileSync(at(name), "utf8"), orders);
  });
});

test("seal: standard input that comes from the result file is refused too", async () => {
  await withHome(async ({ directory, environment }) => {
    const file = join(directory, "result.csv");
    writeFileSync(file, csvOf(inventOrders(2)));
    const child = spawn(process.execPath, [launcher, "seal", "-", "--out", "."], {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: [openSync(file, "r"), "ignore", "ignore"],
    });
    await once(child, "close");
    assert.equal(child.exitCode, 2);
    assert.equal(readFileSync(file, "utf8"), csvOf(inventOrders(2)));
  });
});

test("seal: files of one stem get numbered outputs, and none takes another's", async () => {
  await withHome(async (home) => {
    const files = ["a/orders.csv", "b/orders.csv", "c/ORDERS.csv", "orders-2.csv"];
    for (const folder of ["a", "b", "c"]) mkdirSync(join(home.directory, folder));
    for (const [index, file] of files.entries())
      writeFileSync(join(home.directory, file), csvOf([inventOrder(index)]));
    const ended = await runIn(home, ["seal", ...files, "--out", "o2", "--json"]);
    assert.equal(ended.code, 0, ended.stderr);
    const results = documents(ended.stdout).flatMap((line) =>
      line["done"] === true ? [String(line["result"])] : [],
    );
    assert.deepEqual(results, [
      "o2/orders.result.csv",
      "o2/orders-2.result.csv",
      "o2/ORDERS-3.result.csv",
      "o2/orders-2-2.result.csv",
    ]);
    const tokens = results.flatMap((result) => tokensIn(home.directory, result));
    assert.equal(new Set(tokens).size, 4);
  });
});

test("seal: a link at an output's name is replaced, never followed", async () => {
  await withHome(async (home) => {
    const at = (name: string): string => join(home.directory, name);
    writeFileSync(at("orders.csv"), csvOf(inventOrders(2)));
    mkdirSync(at("out"));
    const names = ["result.csv", "rejected.csv", "labels.pdf"];
    for (const name of names.flatMap((plain) => [plain, `${plain}.new`])) {
      writeFileSync(at(`kept-${name}`), "mine");
      chmodSync(at(`kept-${name}`), 0o644);
      symlinkSync(`../kept-${name}`, at(`out/${name}`));
    }
    const ended = await runIn(home, [...sealWords, "--labels", "pdf"]);
    assert.equal(ended.code, 0, ended.stderr);
    for (const name of names) {
      assert.ok(lstatSync(at(`out/${name}`)).isFile());
      for (const kept of [`kept-${name}`, `kept-${name}.new`]) {
        assert.equal(readFileSync(at(kept), "utf8"), "mine");
        assert.equal(statSync(at(kept)).mode & 0o777, 0o644);
      }
    }
    assert.deepEqual(readdirSync(at("out")).toSorted(), names.toSorted());
  });
});

test("P16: a run that commits nothing leaves the results of an earlier run", async () => {
  await withHome(async (home) => {
    const file = join(home.directory, "orders.csv");
    writeFileSync(file, csvOf(inventOrders(3)));
    assert.equal((await runIn(home, sealWords)).code, 0);
    const before = tokensIn(home.directory, "out/result.csv");
    assert.equal(before.length, 3);
    writeFileSync(file, "甲,乙\n1,2\n");
    await expectCode(home, sealWords, "COLUMNS_UNKNOWN");
    writeFileSync(file, "");
    await expectCode(home, sealWords, "FILE_EMPTY");
    assert.deepEqual(tokensIn(home.directory, "out/result.csv"), before);
    assert.deepEqual(readdirSync(join(home.directory, "out")), ["rejected.csv", "result.csv"]);
  });
});

/** Gives more orders than one batch holds, and fails once the first commit has been told. */
async function* brokenSource(stdout: PassThrough): AsyncGenerator<Buffer> {
  const told = once(stdout, "data");
  yield Buffer.from(csvOf(inventOrders(6000)));
  await told;
  throw new Error("the source failed");
}

test("P16: what was committed before a run failed is in the results, whole", async () => {
  await withHome(async (home) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const context = {
      config: home.config(),
      stdin: Readable.from(brokenSource(stdout)),
      stdout,
      stderr,
      openWorld: async () => Promise.reject(new Error("no world is opened here")),
      openVault: async () => home.open(),
      gazetteer: openGazetteer,
      fonts: openFonts,
    };
    mkdirSync(join(home.directory, "out"));
    writeFileSync(join(home.directory, "out/result.csv"), "of an earlier run");
    const words = ["seal", "-", "--out", join(home.directory, "out"), "--json"];
    stdout.resume();
    assert.equal(await runProgram(context, words), 3);
    const tokens = tokensIn(home.directory, "out/result.csv");
    assert.ok(tokens.length > 0);
    const [row] = await home.rows("select count(*) as sealed from shell");
    assert.equal(Number(row?.["sealed"]), tokens.length);
    assert.deepEqual(readdirSync(join(home.directory, "out")), ["rejected.csv", "result.csv"]);
  });
});

test("P16: labels that cannot be written leave the results of what was sealed", async () => {
  await withHome(async (home) => {
    writeFileSync(join(home.directory, "orders.csv"), csvOf(inventOrders(3)));
    mkdirSync(join(home.directory, "out/labels.pdf"), { recursive: true });
    const ended = await expectCode(home, [...sealWords, "--labels", "pdf"], "FILE_UNWRITABLE");
    assert.equal(ended.code, 3);
    assert.equal(tokensIn(home.directory, "out/result.csv").length, 3);
  });
});

test("P16: an output that cannot be written is FILE_UNWRITABLE with its cause, and 3", async () => {
  await withHome(async (home) => {
    writeFileSync(join(home.directory, "orders.csv"), csvOf([inventOrder(1)]));
    for (const out of ["orders.csv", "orders.csv/below"]) {
      const ended = await expectCode(home, ["seal", "orders.csv", "--out", out], "FILE_UNWRITABLE");
      assert.equal(ended.code, 3);
      assert.match(ended.stderr, /"reason":"(EEXIST|ENOTDIR)"/);
    }
    assert.equal((await runIn(home, sealWords)).code, 0);
    const [token = ""] = tokensIn(home.directory, "out/result.csv");
    mkdirSync(join(home.directory, "folder.png"));
    for (const out of ["none/x.png", "none/x.pdf", "folder.png", "orders.csv/x.png"]) {
      const ended = await expectCode(home, ["label", token, "--out", out], "FILE_UNWRITABLE");
      assert.equal(ended.code, 3);
    }
    writeFileSync(join(home.directory, "l.png"), "old", { mode: 0o644 });
    const printed = await runIn(home, ["label", token, "--out", "l.png", "--json"]);
    assert.equal(documents(printed.stdout)[0]?.["printNumber"], 1, "nothing was counted before");
    assert.equal(statSync(join(home.directory, "l.png")).mode & 0o777, 0o600);
  });
});

interface Piped {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs a command whose standard output is `device`, or a pipe that nobody reads when null. */
async function unheard(
  words: readonly string[],
  options: {
    readonly directory: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly device: string | null;
  },
): Promise<Piped> {
  const { directory, environment, device } = options;
  const child = spawn(process.execPath, [launcher, ...words], {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ["pipe", device === null ? "pipe" : openSync(device, "w"), "pipe"],
  });
  child.stdout?.destroy();
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(`{"id":1,"text":"13912345678"}\n`.repeat(20_000));
  const pieces: Buffer[] = [];
  child.stderr?.on("data", (piece: Buffer) => pieces.push(piece));
  await once(child, "close");
  return { code: child.exitCode, stderr: Buffer.concat(pieces).toString("utf8") };
}

test("P16: standard output without a reader ends quietly with 3, a full one says so", async () => {
  await withHome(async (home) => {
    writeFileSync(join(home.directory, "orders.csv"), csvOf(inventOrders(3)));
    assert.equal((await runIn(home, sealWords)).code, 0);
    await signInAt(home, "a");
    const [token = ""] = tokensIn(home.directory, "out/result.csv");
    const reveal = ["reveal", token, "--fields", "phone", "--purpose", "contact"];
    for (const words of [
      reveal,
      ["status"],
      ["mask", "--kind", "phone"],
      [...sealWords, "--json"],
      ["--help"],
    ]) {
      assert.deepEqual(
        await unheard(words, { ...home, device: null }),
        { code: 3, stderr: "" },
        words.join(" "),
      );
      const full = await unheard(words, { ...home, device: "/dev/full" });
      assert.equal(full.code, 3, words.join(" "));
      assert.match(full.stderr, /^(\{"error":\{"code":")?FILE_UNWRITABLE.*ENOSPC/, words.join(" "));
      assert.equal(full.stderr.includes("    at "), false);
    }
    assert.equal(tokensIn(home.directory, "out/result.csv").length, 3);
  });
});

test("P16: a failure that nobody can be told keeps its exit code", async () => {
  await withDirectory(async (directory) => {
    for (const [words, code] of [
      [["nonsense"], 2],
      [["mask", "--kind", "shoe"], 2],
      [["show", "md1"], 3],
    ] as const) {
      const child = spawn(process.execPath, [launcher, ...words], {
        cwd: directory,
        env: {
          ...process.env,
          MIDAN_HOME: directory,
          MIDAN_DATABASE_URL: "postgres://nobody@127.0.0.1:9/none",
        },
        stdio: ["ignore", "ignore", openSync("/dev/full", "w")],
      });
      await once(child, "close");
      assert.equal(child.exitCode, code, words.join(" "));
    }
  });
});

/** Throws where nobody catches, once the launcher is ready for it. */
const FAULT =
  "data:text/javascript,setInterval(()=>{if(process.listenerCount('uncaughtException'))" +
  "throw/**/new/**/TypeError('13912345678')},20)";

test("P9: a fault of the program ends as 3, without the text of its error", async () => {
  await withDirectory(async (directory) => {
    const child = spawn(process.execPath, [launcher, "mask", "--kind", "phone"], {
      cwd: directory,
      env: { ...process.env, MIDAN_HOME: directory, NODE_OPTIONS: `--import=${FAULT}` },
      stdio: ["pipe", "ignore", "pipe"],
    });
    const pieces: Buffer[] = [];
    child.stderr.on("data", (piece: Buffer) => pieces.push(piece));
    await once(child, "close");
    assert.equal(child.exitCode, 3);
    assert.match(
      Buffer.concat(pieces).toString("utf8"),
      /^midan: .+\(Error\)\nmidan: .+\(Error\)\n$/,
    );
  });
});
