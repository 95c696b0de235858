/** Fonts and invented labels that the tests of this room share. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { FONT_FILES, loadFonts } from "../../src/label/font.ts";
import { gate } from "../../src/label/gate.ts";
import type { PrintableLabel } from "../../src/label/gate.ts";
import type { LabelData } from "../../src/label/label.ts";
import { buildGazetteer } from "../../src/privacy/gazetteer.ts";
import { PROFILES } from "../../src/privacy/mask-profile.ts";

const require = createRequire(import.meta.url);

function fontBytes(file: string): Uint8Array {
  return readFileSync(require.resolve(file));
}

export const FONTS = loadFonts({
  regular: fontBytes(FONT_FILES.regular),
  bold: fontBytes(FONT_FILES.bold),
  black: fontBytes(FONT_FILES.black),
});

const GAZETTEER = buildGazetteer("");

export const SAMPLE: LabelData = {
  carrier: "北辰物流",
  waybillNumber: "YT1234567890123",
  sortCode: "330-106-08 A2",
  destination: "杭州市 西湖区",
  recipient: {
    name: "欧阳**",
    phone: "161******36",
    address: "浙江省杭州市西湖区文三路199号创业园3幢***",
  },
  sender: {
    name: "李*",
    phone: "168******44",
    address: "湖南省长沙市岳麓区麓山南路88号学府小区12栋***",
  },
  goods: "保温杯 500ml ×1",
  orderNumber: "401642356984783000",
  printedAt: "2026-11-23 14:05",
  printNumber: 1,
  token: "md1K7Q2M9XW4T8B3C6D5F1G0HZ2J",
  remark: "易碎品,轻拿轻放",
};

export function printable(change: Partial<LabelData> = {}): PrintableLabel {
  return gate({ ...SAMPLE, ...change }, PROFILES.gb41833, GAZETTEER);
}

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** What a ticket looks like, `length` letters long: sealed bytes in base32 behind its mark. */
export function ticketOf(length: number): string {
  let state = 12_345;
  const letters = Array.from({ length: length - 4 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return LETTERS[Math.floor((state / 2_147_483_648) * LETTERS.length)];
  });
  return `MDT1${letters.join("")}`;
}
