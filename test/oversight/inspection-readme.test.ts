import assert from "node:assert/strict";
import { test } from "node:test";
import { BUNDLE_FILES } from "../../src/verifier/bundle-file.ts";
import { bundleReadme } from "../../src/oversight/inspection-readme.ts";

const MOMENT = new Date("2026-03-02T04:00:00Z");

test("BUN-1: README.txt names every other file that a bundle may have", () => {
  const facts = {
    madeAt: MOMENT,
    from: MOMENT,
    to: MOMENT,
    origin: "midan.example/log",
    size: 1,
    root: "00",
    key: "midan.example/log+0+A",
    carrier: "default",
    timeZone: "Asia/Shanghai",
    organisation: null,
    tally: [],
    settings: [],
    names: new Map<string, string>(),
    leaves: 1,
    earlier: 0,
    withheld: 0,
  };
  const words = new Set(
    Buffer.from(bundleReadme(facts))
      .toString("utf8")
      .split(/[\s,、]+/u),
  );
  const others = Object.keys(BUNDLE_FILES).filter((name) => name !== "README.txt");
  assert.ok(others.length > 10);
  assert.deepEqual(
    others.filter((name) => !words.has(name)),
    [],
  );
});
