/** `midan mask`: JSON Lines in, JSON Lines out, for programs that know nothing of the rest. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { test } from "node:test";
import { linesOf } from "../../src/cli/input-line.ts";
import { withDirectory } from "../support/home.ts";
import { documents, midan } from "../support/process.ts";
import type { Ended } from "../support/process.ts";

async function mask(words: readonly string[], input: string, language = "en"): Promise<Ended> {
  return withDirectory(async (directory) => {
    const environment = { MIDAN_HOME: directory, MIDAN_LANG: language };
    const ended = await midan(["mask", ...words], { directory, environment, input });
    assert.deepEqual(readdirSync(directory), [], "masking makes no files");
    return ended;
  });
}

const LINES = {
  name: "宋砚舟",
  phone: "13912345678",
  address: "江苏省南京市玄武区栖霞支路8号3幢1203室",
  line: "宋砚舟 13912345678 江苏省南京市玄武区栖霞支路8号3幢1203室",
  text: "请打13912345678联系宋先生",
} as const;

const SECRETS = ["宋砚舟", "13912345678", "1203"];
const PROFILES = ["gb41833", "strict", "full", "gb41833-tail4"];

for (const [kind, text] of Object.entries(LINES)) {
  test(`mask --kind ${kind}: each line comes out with its id, unreadable`, async () => {
    const input = [
      { id: 1, text },
      { id: "b", raw: text },
      { id: 3, name: text },
    ];
    const sent = `${input.map((line) => JSON.stringify(line)).join("\r\n")}\n\n`;
    const { code, stdout, stderr } = await mask(["--kind", kind], sent);
    assert.deepEqual([code, stderr], [0, ""]);
    const lines = documents(stdout);
    assert.deepEqual(
      lines.map((line) => line["id"]),
      [1, "b", 3],
    );
    for (const line of lines) {
      const masked = String(line["masked"]);
      assert.match(masked, /\*/);
      for (const secret of SECRETS) assert.equal(masked.includes(secret), false);
    }
    assert.deepEqual(
      Object.keys(lines[0] ?? {}).toSorted(),
      {
        name: ["id", "kind", "masked"],
        line: ["entities", "id", "masked"],
        phone: ["id", "kind", "masked"],
        text: ["entities", "id", "masked", "spans"],
      }[kind] ?? ["id", "masked"],
    );
  });
}

test("mask --kind line: entities give labels and places in the text", async () => {
  const input = JSON.stringify({ id: 1, text: LINES.line });
  const [line] = documents((await mask(["--kind", "line"], input)).stdout);
  // The stable form of an entity is [label, start, end).
  const entities = line?.["entities"] as [string, number, number][];
  const texts = entities.map(([label, start, end]) => [label, LINES.line.slice(start, end)]);
  const found = Object.fromEntries(texts) as Record<string, string>;
  assert.equal(found["name"], "宋砚舟");
  assert.equal(found["phone"], "13912345678");
  assert.equal(found["city"], "南京市");
});

test("P3: every profile hides, and only tail4 shows the tail that stations search by", async () => {
  for (const profile of PROFILES) {
    const input = JSON.stringify({ id: 1, text: LINES.phone });
    const { code, stdout } = await mask(["--kind", "phone", "--profile", profile], input);
    assert.equal(code, 0);
    const masked = String(documents(stdout)[0]?.["masked"]);
    assert.equal(masked.includes(LINES.phone), false);
    assert.equal(masked.endsWith("5678"), profile === "gb41833-tail4");
  }
});

test("mask --kind phone: a virtual number stays readable only when told so", async () => {
  const number = "17000001234转5678";
  const input = [
    { id: 1, text: number },
    { id: 2, text: number, source: "virtual" },
    { id: 3, text: "13912345678" },
  ];
  const sent = input.map((line) => JSON.stringify(line)).join("\n");
  const plain = documents((await mask(["--kind", "phone"], sent)).stdout);
  assert.deepEqual(
    plain.map((line) => [line["masked"], line["source"]]),
    [
      ["170******34转****", undefined],
      [number, "virtual"],
      ["139******78", undefined],
    ],
  );
  const told = documents((await mask(["--kind", "phone", "--virtual-extensions"], sent)).stdout);
  assert.deepEqual(
    told.map((line) => line["masked"]),
    [number, number, "139******78"],
  );
});

test("mask --kind text --scanned: what a scanner made of a number is hidden too", async () => {
  const input = JSON.stringify({ id: 1, text: "电话 l39O2345678" });
  const [plain] = documents((await mask(["--kind", "text"], input)).stdout);
  const [scanned] = documents((await mask(["--kind", "text", "--scanned"], input)).stdout);
  assert.deepEqual(plain?.["spans"], []);
  assert.deepEqual(scanned?.["spans"], [
    { kind: "phone", start: 3, end: 14, confidence: 0.7, reason: "blurred" },
  ]);
  assert.doesNotMatch(String(scanned?.["masked"]), /2345/);
});

test("mask: broken lines are counted, the others are masked, and the exit code is 1", async () => {
  const long = JSON.stringify({ id: 9, text: "1".repeat(1_100_000) });
  const bad = ["{", "[]", "null", '"13912345678"', '{"id":1}', '{"id":2,"text":5}', long];
  const good = JSON.stringify({ id: 7, text: LINES.phone });
  const { code, stdout, stderr } = await mask(["--kind", "phone"], [...bad, good].join("\n"));
  assert.equal(code, 1);
  assert.deepEqual(
    documents(stdout).map((line) => line["id"]),
    [7],
  );
  assert.match(stderr, /JSON_BROKEN.*7/);
  assert.equal(stderr.includes("13912345678"), false);
});

test("mask: 2 for a kind or profile that is none, in both languages", async () => {
  for (const [language, pattern] of [
    ["zh", /\p{Script=Han}/u],
    ["en", /^[\p{ASCII}\n–—’]+$/u],
  ] as const) {
    for (const words of [
      ["--kind", "shoe"],
      ["--kind", "constructor"],
      ["--kind", "name", "--profile", "none"],
    ]) {
      const { code, stdout, stderr } = await mask(words, "", language);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, /^(USAGE|PROFILE_UNKNOWN): /);
      assert.match(stderr, pattern);
    }
  }
  assert.equal((await mask([], "")).code, 2);
});

test("mask: only a line feed ends a line, wherever the pieces of the input are cut", async () => {
  const separators = ["\u2028", "\u2029", "\u0085"];
  const input = separators.map((sign, id) => `{"id":${id},"text":"打${sign}13912345678"}`);
  const { code, stdout } = await mask(["--kind", "text"], `\uFEFF${input.join("\r\n")}`);
  assert.equal(code, 0);
  const lines = documents(stdout);
  assert.deepEqual(
    lines.map((line) => line["id"]),
    [0, 1, 2],
  );
  for (const [index, line] of lines.entries()) {
    const masked = String(line["masked"]);
    assert.ok(masked.includes(separators[index] ?? "?"));
    assert.equal(masked.includes("13912345678"), false);
  }
});

test("mask: a line over a mebibyte is refused while it is read, in constant memory", async () => {
  const piece = Buffer.alloc(1_048_576, 0x31);
  let bytesMax = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    for (let count = 0; count < 256; count += 1) yield piece;
    yield Buffer.from('\n{"id":1}\n');
    yield Buffer.from([0xff, 0x0a]);
    yield Buffer.from("last");
  }
  const lines: (string | null)[] = [];
  for await (const line of linesOf(Readable.from(endless()), piece.length)) {
    bytesMax = Math.max(bytesMax, process.memoryUsage().arrayBuffers);
    lines.push(line);
  }
  assert.deepEqual(lines, [null, '{"id":1}', null, "last"]);
  assert.ok(bytesMax < 128 * 1_048_576, `${bytesMax} bytes`);
});

test("mask: ten thousand lines come out in their order", async () => {
  const input = Array.from({ length: 10_000 }, (_, id) =>
    JSON.stringify({ id, text: `139${String(id).padStart(8, "0")}` }),
  );
  const { stdout } = await mask(["--kind", "phone"], input.join("\n"));
  const lines = documents(stdout);
  assert.equal(lines.length, 10_000);
  assert.ok(lines.every((line, index) => line["id"] === index));
});

test("help is written in both languages and is no failure", async () => {
  const english = await mask(["--help"], "");
  const chinese = await mask(["--help"], "", "zh");
  assert.deepEqual([english.code, chinese.code], [0, 0]);
  assert.match(english.stdout, /--profile/);
  assert.match(chinese.stdout, /\p{Script=Han}/u);
});
