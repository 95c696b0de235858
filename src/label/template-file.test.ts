import assert from "node:assert/strict";
import { test } from "node:test";
import { LABEL_SIZES } from "./label-size.ts";
import { buildGazetteer } from "../privacy/gazetteer.ts";
import { lintPrintable } from "../privacy/lint.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import { templateOf } from "./shipped-template.ts";
import { parseTemplate } from "./template-file.ts";

const BLOCK = { text: "订单号：{orderNumber}", weight: "regular", sizeMm: 2.8 };
const BOX = { x: 2, y: 2, w: 40, h: 20 };
const TEXT = { kind: "text", zone: "goods", box: BOX, blocks: [BLOCK] };
const FILE = {
  format: "midan-label-template/1",
  name: "test",
  revision: 1,
  paper: "none",
  widthMm: 76,
  heightMm: 130,
  plies: [130],
  elements: [TEXT],
};

function read(change: object): ReturnType<typeof parseTemplate> {
  return parseTemplate(JSON.stringify({ ...FILE, ...change }));
}

function element(change: object): object {
  return { elements: [{ ...TEXT, ...change }] };
}

function block(change: object): object {
  return element({ blocks: [{ ...BLOCK, ...change }] });
}

test("TPL-1: what is left out has the value that the page names", () => {
  const [text] = read({}).elements;
  assert.ok(text?.kind === "text");
  assert.deepEqual(
    [text.align, text.stand, text.ink, text.when, text.unless],
    ["left", "middle", "black", null, null],
  );
  assert.deepEqual(text.blocks, [
    {
      parts: [{ literal: "订单号：" }, { field: "orderNumber" }],
      weight: "regular",
      sizeMm: 2.8,
      minMm: 1.8,
      linesMax: 1,
      isElided: false,
    },
  ]);
});

test("TPL-1: anything that the page does not know is refused, with its place", () => {
  const faults: readonly (readonly [object, RegExp])[] = [
    [{ format: "midan-label-template/2" }, /template\.format is none of/],
    [{ shadow: 1 }, /template\.shadow is not known/],
    [{ widthMm: "76" }, /template\.widthMm is no number/],
    [{ elements: [] }, /template\.elements is no list/],
    [{ elements: [null] }, /elements\[0\] is no object/],
    [element({ kind: "image" }), /elements\[0\]\.kind is none of/],
    [element({ zone: "stamp" }), /elements\[0\]\.zone is none of/],
    [element({ colour: "red" }), /elements\[0\]\.colour is not known/],
    [element({ when: "idCard" }), /elements\[0\]\.when names no field/],
    [element({ box: { ...BOX, w: 0 } }), /box\.w is no number from 0\.5 to 300/],
    [element({ box: { ...BOX, z: 1 } }), /box\.z is not known/],
    [block({ text: "{recipient.idCard}" }), /blocks\[0\]\.text names no field/],
    [block({ text: "{toString}" }), /blocks\[0\]\.text names no field/],
    [block({ text: "{open" }), /blocks\[0\]\.text names no field/],
    [block({ sizeMm: 1.7 }), /sizeMm is no number from 1\.8/],
    [block({ weight: "bold", sizeMm: 2.3 }), /sizeMm is no number from 2\.4/],
    [block({ minMm: 3 }), /minMm is no number from 1\.8 to 2\.8/],
    [block({ isElided: 1 }), /isElided is neither/],
  ];
  for (const [change, message] of faults) assert.throws(() => read(change), message);
  assert.throws(() => parseTemplate("{"), SyntaxError);
});

test("TPL-2: plies that do not add up to the height are refused", () => {
  assert.throws(() => read({ plies: [90, 60] }), /plies do not add up/);
  assert.throws(() => read({ plies: [130, 0] }), /plies holds no height/);
});

test("TPL-2: every shipped paper reads, has its name, and its size in it", () => {
  for (const size of LABEL_SIZES) {
    const template = templateOf(size);
    assert.equal(template.name, size);
    assert.equal(`${template.widthMm}x${template.heightMm}`, size);
  }
  assert.equal(LABEL_SIZES.length, 6);
});

test("TPL-4: the words of a shipped template pass the lint of the strictest profile", () => {
  const gazetteer = buildGazetteer("");
  let looked = 0;
  for (const size of LABEL_SIZES) {
    for (const text of templateOf(size).elements) {
      const words =
        text.kind === "disc"
          ? [text.text]
          : text.kind === "text"
            ? text.blocks.flatMap(({ parts }) =>
                parts.flatMap((part) => ("literal" in part ? [part.literal] : [])),
              )
            : [];
      const fields = words.map((word) => ({ zone: "other", kind: "text", text: word }) as const);
      looked += words.length;
      assert.deepEqual(lintPrintable(fields, PROFILES.full, gazetteer), [], size);
    }
  }
  assert.ok(looked > 60);
});
