/**
 * Draws docs/screens/labels: every paper with the parties that strain it, masked and linted as in
 * printing, for eyes to look at. Run `node scripts/label-sheets.ts` after changing a template. All
 * people, shops and carriers are invented; the numbers are in segments that no carrier was given.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { openFonts, openGazetteer } from "../src/main.ts";
import { createBitmap, fillBox, layBitmap } from "../src/label/bitmap.ts";
import type { Bitmap } from "../src/label/bitmap.ts";
import { gate } from "../src/label/gate.ts";
import { LABEL_SIZES } from "../src/label/label-size.ts";
import type { LabelSize } from "../src/label/label-size.ts";
import type { LabelData } from "../src/label/label.ts";
import { encodePng } from "../src/label/png.ts";
import { printedPage } from "../src/label/printed-page.ts";
import { profileOf } from "../src/privacy/mask-profile.ts";
import { maskParty } from "../src/privacy/party.ts";
import { parseParty } from "../src/privacy/plain.ts";

const FOLDER = new URL("../docs/screens/labels/", import.meta.url);
const DPI = 203;
const GAP_DOTS = 24;

interface Person {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
}

interface Case {
  readonly recipient: Person;
  readonly sender: Person | null;
  readonly rest: Partial<LabelData>;
}

const SHOP: Person = {
  name: "听松文具发货仓",
  phone: "15400009915",
  address: "湖北省咸宁市赤壁市栖苑街61号商务中心5号库1层1408室",
};

/** A ticket of usual length; its letters say nothing. */
const TICKET = `MDT1${"7K2QXW9M4T8B3C6D5F1G0HZJNPRSVY".repeat(6).slice(0, 176)}`;

const CASES: Readonly<Record<string, Case>> = {
  usual: {
    recipient: {
      name: "萧屿苓",
      phone: "17900006646",
      address: "浙江省杭州市西湖区听松路199号创业园3幢2单元1204室",
    },
    sender: SHOP,
    rest: { merchant: "满两件包邮,欢迎再次光临听松文具", ticket: TICKET },
  },
  "long minority name, long address": {
    recipient: {
      name: "古丽孜·木合塔尔汗·艾合买江",
      phone: "16300003177",
      address:
        "新疆维吾尔自治区巴音郭楞蒙古自治州和静县巴音布鲁克镇天鹅湖景区路东侧牧民定居兴牧工程二期安置小区" +
        "(原第三牧业队冬窝子旧址对面)27号楼3单元601室",
    },
    sender: {
      name: "娜仁朵·乌云必力格",
      phone: "16800002018",
      address:
        "内蒙古自治区锡林郭勒盟西乌珠穆沁旗巴拉嘎尔高勒镇哈拉图街乌兰花住宅小区甲12栋东2单元",
    },
    rest: {
      goods: "手工羊毛毡靴(成人款 42 码,深棕)×1、奶皮子 500g ×4、风干牛肉干原味 1kg ×2",
      remark: "地址偏远,送达前请先电话联系;冬季封路时放镇上代收点即可",
      ticket: TICKET,
    },
  },
  "Hong Kong, traditional characters": {
    recipient: {
      name: "諸葛芷晞",
      phone: "16125807436",
      address: "香港特別行政區九龍觀塘區鯉魚門道88號龍騰苑翠屏閣第3座27樓F室",
    },
    sender: SHOP,
    rest: { product: "特快", sortCode: "852-HK-07", merchant: "報關品名以實物為準" },
  },
  "a company, no sort code": {
    recipient: {
      name: "鹿野(苏州)信息技术有限公司",
      phone: "0512-16452832",
      address:
        "江苏省苏州市工业园区星湖街道独墅湖科教创新区听松支路10号听松大厦北楼B座18层1802-1806室",
    },
    sender: { name: "Lena Hallowell", phone: "14200002923", address: "上海市徐汇区漕溪北路99号" },
    rest: { sortCode: "", goods: "合同文件" },
  },
  "missing fields": {
    recipient: { name: "令狐砚", phone: "16000001120", address: "青海省德令哈市" },
    sender: null,
    rest: { goods: "", remark: "", orderNumber: "", ticket: TICKET },
  },
};

const NOBODY: Person = { name: "", phone: "", address: "" };
const profile = profileOf("gb41833");
const gazetteer = openGazetteer();
const fonts = openFonts();

function masked(person: Person | null): Person {
  if (person === null) return NOBODY;
  const read = parseParty(person);
  if (!read.ok) throw new Error("a party of the sheets is not whole");
  return maskParty(read.party, profile, gazetteer);
}

function pageOf({ recipient, sender, rest }: Case, size: LabelSize): Bitmap {
  const data: LabelData = {
    size,
    carrier: "云鹊速递",
    waybillNumber: "YQE000000052012",
    sortCode: "330-C48-79 A2",
    destination: "杭州市 西湖区",
    recipient: masked(recipient),
    sender: masked(sender),
    goods: "LED台灯 ×2",
    orderNumber: "MD260000018692",
    printedAt: "2026-11-28 14:05",
    printNumber: 1,
    token: "md1k7q2m9xw4t8b3c6d5f1g0hz2j",
    remark: "易碎品,轻拿轻放",
    ...rest,
  };
  return printedPage(gate(data, profile, gazetteer), DPI, fonts);
}

/** Pages side by side on a grey ground, so that their edges are seen. */
function sheetOf(pages: readonly Bitmap[]): Bitmap {
  const widths = pages.reduce((sum, { widthDots }) => sum + widthDots + GAP_DOTS, GAP_DOTS);
  const height = Math.max(...pages.map(({ heightDots }) => heightDots)) + 2 * GAP_DOTS;
  const sheet = createBitmap(widths, height);
  fillBox(sheet, { x: 0, y: 0, w: widths, h: height }, "screen");
  let x = GAP_DOTS;
  for (const page of pages) {
    const place = { x, y: GAP_DOTS, w: page.widthDots, h: page.heightDots };
    fillBox(sheet, place, "white");
    layBitmap(sheet, page, { x, y: GAP_DOTS, ink: "black" });
    x += page.widthDots + GAP_DOTS;
  }
  return sheet;
}

mkdirSync(FOLDER, { recursive: true });
for (const size of LABEL_SIZES) {
  const pages = Object.values(CASES).map((each) => pageOf(each, size));
  writeFileSync(new URL(`${size}.png`, FOLDER), encodePng(sheetOf(pages), DPI));
}
console.log(
  `${LABEL_SIZES.length} sheets of ${Object.keys(CASES).length} labels: ` +
    Object.keys(CASES).join("; "),
);
