import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { readAddress } from "./address-reading.ts";
import { maskAddress } from "./address.ts";
import { buildGazetteer } from "./gazetteer.ts";
import { PROFILES, type MaskProfile } from "./mask-profile.ts";

const GAZETTEER = buildGazetteer(
  readFileSync(new URL("../../assets/divisions/divisions.tsv", import.meta.url), "utf8"),
);
const LONG_TEXT_CHARS = 10_000;
const LONG_TEXT_MAX_MS = 200;

function mask(text: string, profile: MaskProfile = PROFILES.gb41833): string {
  return maskAddress(text, profile, GAZETTEER).masked;
}

/* Regions and their main roads are real, everything behind the road is invented. */
const DEFAULT_MASKS: readonly (readonly [text: string, masked: string])[] = [
  ["江苏省苏州市姑苏区平江路88号", "江苏省苏州市姑苏区平江路88号"],
  ["江苏省苏州市姑苏区青蛙湾小区3号楼2单元1201室", "江苏省苏州市姑苏区青蛙湾小区3号楼********"],
  ["青蛙湾小区3栋2单元", "青蛙湾小区3栋***"],
  ["青蛙湾3-2-1201", "青蛙湾3-*-****"],
  ["青蛙湾3一2一1201", "青蛙湾3*******"],
  ["青蛙湾12#3-1001", "青蛙湾12#*-****"],
  ["青蛙湾1201", "青蛙湾****"],
  ["青蛙湾５号楼６０１", "青蛙湾５号楼***"],
  ["青蛙湾五号楼一单元五零二", "青蛙湾五号楼******"],
  ["青蛙湾三-二-一二零一", "青蛙湾三-*-****"],
  ["青蛙湾一二零一", "青蛙湾****"],
  ["青蛙湾五一花园", "青蛙湾五一花园"],
  ["青蛙湾5栋A九五", "青蛙湾5栋***"],
  ["青蛙大厦东座123-4", "青蛙大厦东座***-*"],
  ["平江路东段512", "平江路东段***"],
  ["平江路512", "平江路512"],
  ["平江路57316", "平江路*****"],
  ["青蛙湾A座1203", "青蛙湾A座****"],
  ["青蛙湾5栋17A", "青蛙湾5栋***"],
  ["青蛙湾5栋西户", "青蛙湾5栋**"],
  ["青蛙湾5栋301左", "青蛙湾5栋****"],
  ["青蛙湾5号楼501-503", "青蛙湾5号楼***-***"],
  ["平江路15号501", "平江路15号***"],
  ["平江路70-74号", "平江路70-74号"],
  ["平江路88号附16号", "平江路88号附16号"],
  ["平江路12号5-2", "平江路12号*-*"],
  ["平江路98弄16号301", "平江路98弄16号***"],
  ["平江路92号甲2楼", "平江路92号***"],
  ["青蛙大厦22楼503", "青蛙大厦22楼***"],
  ["青蛙大厦4楼", "青蛙大厦**"],
  ["青蛙商城L4-12", "青蛙商城**-**"],
  ["青蛙市场3区512号", "青蛙市场3区****"],
  ["某某镇青蛙村三组12号", "某某镇青蛙村三组12号"],
  ["某某镇青蛙村6排8号", "某某镇青蛙村6排**"],
  ["某某学院12栋514寝室", "某某学院12栋*****"],
  ["青蛙大街18号楼", "青蛙大街18号楼"],
  ["18号大街66号", "18号大街66号"],
  ["青蛙路318国道旁", "青蛙路318国道旁"],
  ["平江路8号2栋顶楼", "平江路8号2栋**"],
  ["平江路8号2栋阁楼", "平江路8号2栋**"],
  ["平江路8号2栋对门", "平江路8号2栋**"],
  ["青蛙步行街108号", "青蛙步行街108号"],
  ["臺北市信義區青蛙路100號12樓之3", "臺北市信義區青蛙路100號*****"],
];

test("P3: the default keeps the address to its building and hides unit, floor and room", () => {
  for (const [text, masked] of DEFAULT_MASKS) assert.equal(mask(text), masked, text);
});

test("P2: an address without unit and room comes back whole", () => {
  for (const text of ["山西省太原市小店区体育路", "浙江省杭州市西湖区转塘街道青蛙村", "某某镇"]) {
    assert.equal(mask(text), text);
  }
});

test("P2: what stands behind the room is hidden unless surely a place or a plain remark", () => {
  assert.equal(mask("青蛙湾5栋301 苗阿满收"), "青蛙湾5栋*** ****");
  assert.equal(mask("青蛙湾5栋301电联"), "青蛙湾5栋***电联");
  assert.equal(mask("平江路15号501室青蛙湾花园"), "平江路15号****青蛙湾花园");
  assert.equal(mask("青蛙湾5栋301请放门口谢谢"), "青蛙湾5栋***请放门口谢谢");
  assert.equal(mask("青蛙湾5栋301放李明家门口"), "青蛙湾5栋*********");
  assert.equal(mask("青蛙湾5栋301放李明"), "青蛙湾5栋******");
  assert.equal(mask("青蛙湾5栋🏢301"), "青蛙湾5栋*****");
});

test("P1: names and numbers inside the address field are hidden", () => {
  const phone = "139" + "00000123";
  const texts: readonly (readonly [text: string, secret: string])[] = [
    [`某某镇青蛙村苗阿满${phone}`, "苗阿满"],
    [`某某镇 ${phone} 苗阿满,青蛙湾5栋301`, "苗阿满"],
    ["某某镇青蛙村 联系人:苗阿满", "苗阿满"],
    ["某某镇青蛙村大桥旁 张先生", "张先生"],
    [`青蛙湾5栋501${phone}四川`, "501"],
  ];
  for (const [text, secret] of texts) {
    const masked = mask(text);
    assert.ok(!masked.includes(secret), text);
    assert.ok(!/[0-9]{4}/.test(masked), text);
  }
});

test("strict keeps the road without its number, full keeps nothing", () => {
  const text = "江苏省苏州市姑苏区平江路88号青蛙湾3号楼2单元1201室";
  assert.equal(mask(text, PROFILES.strict), "江苏省苏州市姑苏区平江路***青蛙湾***********");
  assert.equal(mask(text, PROFILES.full), "*".repeat(text.length));
  const division = { ...PROFILES.strict, address: { keep: "division" as const } };
  assert.equal(mask(text, division), "江苏省苏州市姑苏区" + "*".repeat(text.length - 9));
});

const BUILDINGS = [
  "3号楼",
  "12栋",
  "b座",
  "7幢",
  "十二号楼",
  "５栋",
  "9#",
  "甲栋",
  "3號樓",
  "2公寓",
];
const UNITS = ["", "2单元", "二单元", "3门", "东单元", "2單元", "-1-", "b梯", "，"];
const FLOORS = ["", "5层", "五楼", "12F", "负一楼"];
const ROOMS = [
  "1201室",
  "301",
  "３０１",
  "一二零一",
  "17a",
  "501-503",
  "东户",
  "a08号房",
  "512寝室",
  "1203-05室",
];

test("P1: behind a building nothing of unit, floor and room stays, however it is written", () => {
  const parts = [BUILDINGS, UNITS, FLOORS, ROOMS].map((words) => fc.constantFrom(...words));
  fc.assert(
    fc.property(fc.tuple(...parts), ([building = "", ...rest]) => {
      const head = `青蛙湾小区${building}`;
      const masked = mask(head + rest.join(""));
      assert.equal(masked.slice(0, head.length), head);
      assert.match(masked.slice(head.length), /^[*\-，]*$/);
    }),
  );
});

const PIECES = fc.oneof(
  fc.constantFrom(..."路街号楼栋单元室层村组区弄附之一二十甲东西 -#,(）"),
  fc.constantFrom("浙江省", "杭州市", "小区", "先生", "电话", "收", "139", "0012", "12", "a", "F"),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);
const ANY_TEXT = fc.array(PIECES, { maxLength: 40 }).map((pieces) => pieces.join(""));

test("P2: no text throws; the mask has its length and shows only what stood there", () => {
  fc.assert(
    fc.property(ANY_TEXT, fc.constantFrom(...Object.values(PROFILES)), (text, profile) => {
      const masked = mask(text, profile);
      assert.equal(masked.length, text.length);
      for (let at = 0; at < text.length; at += 1) {
        assert.ok(masked[at] === "*" || masked[at] === text[at]);
      }
    }),
  );
});

test("P2: spans are in order, inside the text and do not overlap", () => {
  fc.assert(
    fc.property(ANY_TEXT, (text) => {
      let end = 0;
      for (const [, from, to] of readAddress(text, GAZETTEER).spans) {
        assert.ok(end <= from && from < to && to <= text.length);
        end = to;
      }
    }),
  );
});

test("P2: a stricter profile shows nothing that a looser one hides", () => {
  fc.assert(
    fc.property(ANY_TEXT, (text) => {
      const loose = mask(text);
      const strict = mask(text, PROFILES.strict);
      for (let at = 0; at < text.length; at += 1) {
        if (loose[at] === "*") assert.equal(strict[at], "*");
      }
    }),
  );
});

const GENERATED = fc
  .tuple(
    fc.constantFrom("江苏省苏州市姑苏区", "苏州姑苏区", "某某镇", ""),
    fc.constantFrom(
      "平江路88号",
      "平江路12弄3号",
      "青蛙村3组5号",
      "平江路1088",
      "青蛙街15-3号",
      "",
    ),
    fc.constantFrom("青蛙湾", "青蛙小区", "青蛙大厦", "青蛙市场2区", "青蛙99里", "青蛙湾3号门", ""),
    fc.constantFrom(...BUILDINGS, "3-", "5,", "12号", "一号", ""),
    fc.constantFrom(...UNITS),
    fc.constantFrom(...FLOORS),
    fc.constantFrom(...ROOMS, ""),
    fc.constantFrom(
      "放门口",
      " 苗阿满收",
      "电联",
      ",青蛙超市旁",
      "(青蛙专柜)",
      "二期5栋",
      "西门",
      "",
    ),
  )
  .map((parts) => parts.join(""));

test("P2: masking a mask changes nothing, in any profile", () => {
  fc.assert(
    fc.property(
      fc.oneof(GENERATED, ANY_TEXT),
      fc.constantFrom(...Object.values(PROFILES)),
      (text, profile) => {
        const masked = mask(text, profile);
        assert.equal(mask(masked, profile), masked, text);
      },
    ),
    { numRuns: 4000 },
  );
});

test("P2: strict hides all that the default hides, in every address of the grammar", () => {
  fc.assert(
    fc.property(GENERATED, (text) => {
      const loose = mask(text);
      const strict = mask(text, PROFILES.strict);
      for (let at = 0; at < text.length; at += 1) {
        if (loose[at] === "*") assert.equal(strict[at], "*", text);
      }
    }),
    { numRuns: 4000 },
  );
});

test("P2: every span says how sure it is", () => {
  fc.assert(
    fc.property(fc.oneof(GENERATED, ANY_TEXT), (text) => {
      for (const [, , , confidence] of readAddress(text, GAZETTEER).spans) {
        assert.ok(confidence > 0 && confidence < 1);
      }
    }),
  );
});

test("P2: seven and more digits in a row never stay readable", () => {
  fc.assert(
    fc.property(ANY_TEXT, fc.integer({ min: 1_000_000, max: 99_999_999_999 }), (text, number) => {
      assert.ok(!/[0-9]{7}/.test(mask(`${text}${number}${text}`)));
    }),
  );
});

test("P2: a long text is masked in linear time, hidden beyond what an address can hold", () => {
  for (const unit of ["一", "1", "a", "路", "东", "-", "小区3号楼", "张先生", "浙江省"]) {
    const text = unit.repeat(LONG_TEXT_CHARS / unit.length);
    const start = performance.now();
    const masked = mask(text);
    assert.ok(performance.now() - start < LONG_TEXT_MAX_MS, unit);
    assert.equal(masked.length, text.length);
    if (unit !== "-") assert.equal(masked.at(-1), "*");
  }
});

test("P2: masking again changes nothing of a door's code, nor of a joined number", () => {
  for (const text of ["青蛙湾3栋 门禁密码2580#", "A之二aa", "ఀ之二aa"]) {
    const once = mask(text);
    assert.equal(mask(once), once);
  }
});
