import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { zip } from "./zip.ts";

const LIST = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
files = archive.infolist()
print(json.dumps([[i.filename, i.compress_type, archive.read(i).decode()] for i in files]))
`;

const FILES = [
  { name: "word/document.xml", bytes: Buffer.from("<a>中文</a>".repeat(100)) },
  { name: "short.txt", bytes: Buffer.from("x") },
  { name: "empty.txt", bytes: new Uint8Array(0) },
];

function pythonReads(bytes: Uint8Array): unknown {
  const folder = mkdtempSync(path.join(tmpdir(), "midan-zip-"));
  try {
    const file = path.join(folder, "a.zip");
    writeFileSync(file, bytes);
    return JSON.parse(execFileSync("python3", ["-c", LIST, file], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hasPython(): boolean {
  try {
    execFileSync("python3", ["-c", "import zipfile"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("another program reads the archive, deflated where that is smaller", (context) => {
  if (!hasPython()) return context.skip("no python3 here");
  assert.deepEqual(pythonReads(zip(FILES)), [
    ["word/document.xml", 8, "<a>中文</a>".repeat(100)],
    ["short.txt", 0, "x"],
    ["empty.txt", 0, ""],
  ]);
  return undefined;
});

test("the same files give the same bytes, and strange names are refused", () => {
  assert.deepEqual(zip(FILES), zip(FILES));
  assert.throws(() => zip([{ name: "中文.xml", bytes: new Uint8Array(1) }]), RangeError);
  assert.throws(() => zip([{ name: "", bytes: new Uint8Array(1) }]), RangeError);
});
