/**
 * Writes the files of samples/ from a seed: invented people, shops, carriers, roads and numbers in
 * real divisions. Run `node scripts/make-sample.ts` after changing a word here; the same words and
 * divisions always give the same files.
 *
 * No number can reach anyone: mobiles are in segments that no carrier was given (142, 154, 160 …),
 * and no local landline number in China begins with 1.
 */
import { readFileSync, writeFileSync } from "node:fs";

const ROOT = new URL("../", import.meta.url);
const SEED = 20_260_418;
const ORDERS = 960;
const SPRING_ORDERS = 40;
const SMALL_ORDERS = 20;

/** mulberry32: small, fast and good enough to scatter sample data. */
let state = SEED;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}

function int(from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

function pick<T>(list: readonly T[]): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

function digits(count: number): string {
  return Array.from({ length: count }, () => int(0, 9)).join("");
}

const words = (text: string): readonly string[] => text.split(" ");

const SURNAMES = words(
  "李 王 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 " +
    "曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范",
);
const COMPOUND = words("欧阳 司马 上官 诸葛 皇甫 东方 慕容 令狐 司徒 端木");
const GIVEN = words(
  "云 舟 棠 砚 禾 苓 岚 汐 澈 楠 珩 昀 笙 蕴 沐 予 初 屿 晞 芷 言 川 霁 柚 泽 若 亦 清 语 安",
);
const LATIN = words("Lena Milo Nora Oskar Ivo Mira Tess Hugo Ada Emil Runa Otis");
const LATIN_LAST = words("Brookfern Hallowell Nordvik Castellan Ferrow Ashgrove Lindqvale Moorby");
const TITLES = words("女士 先生 小姐 老师 阿姨");
const MINORITY = words("阿依夏 古丽孜 迪亚尔 巴图青 娜仁朵 丹增措 白玛洛 卓玛吉");
const MINORITY_LAST = words("艾合买江 吐尔逊别克 木合塔尔汗 加央次旺 格桑扎堆 乌云必力格");

const SHOP_HEADS = words("青禾 云上 半夏 南枝 听松 拾光 鹿野 白榆 山月 一苇 松果 橘井 晴窗 木樨");
const SHOP_TAILS = words("布艺 茶事 文具 陶坊 书店 花铺 咖啡 果园 家居 童装 手作 粮铺 户外 灯饰");
const COMPANY_TAILS = words("科技有限公司 商贸有限公司 设计工作室 信息技术有限公司 食品有限公司");

interface Carrier {
  readonly name: string;
  readonly number: (serial: number) => string;
}

/** Three letters and 11 or 12 digits: no carrier's own numbers look like that. */
const CARRIERS: readonly Carrier[] = [
  { name: "顺达快运", number: (serial) => `SDK26${String(serial * 7 + 1_003).padStart(9, "0")}` },
  { name: "云鹊速递", number: (serial) => `YQE${String(serial * 11 + 52_001).padStart(12, "0")}` },
  { name: "北辰物流", number: (serial) => `BCW8${String(serial * 13 + 7_777).padStart(10, "0")}` },
];

interface Place {
  readonly province: string;
  readonly city: string;
  readonly district: string;
  readonly town: string;
}

/** One place per county, with one of its towns; ordered by code. */
function readPlaces(): readonly Place[] {
  const file = readFileSync(new URL("assets/divisions/divisions.tsv", ROOT), "utf8");
  const rows = file
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"));
  const names = new Map<string, string>();
  const towns = new Map<string, string[]>();
  for (const [code = "", , name = ""] of rows) {
    if (!names.has(code)) names.set(code, name);
    if (code.length !== 9 || !/[镇乡道]$/u.test(name)) continue;
    const county = code.slice(0, 6);
    towns.set(county, [...(towns.get(county) ?? []), name]);
  }
  return [...towns.keys()].toSorted().map((county) => {
    const province = names.get(county.slice(0, 2)) ?? "";
    const city = names.get(county.slice(0, 4)) ?? "";
    const plain = /^市辖区$|^县$|直辖县级/u.test(city);
    return {
      province,
      city: plain ? (province.endsWith("市") ? province : "") : city,
      district: names.get(county) ?? "",
      town: pick(towns.get(county) ?? [""]),
    };
  });
}

const PLACES = readPlaces();

const ROAD_FIRST = words("墨 竹 桐 枫 霞 澜 棠 兰 溪 鹭 松 梧 锦 芳 碧 荷 星 望 栖 绮");
const ROAD_LAST = words("湖 桥 泉 岭 洲 渡 苑 亭 台 源 坪 屏 汀 岸 林 台 峰 庭 陵 畔");
const ROAD_KINDS = words("路 街 大道 巷 东路 西街 北路 南街 支路");
const ESTATES = words("雅苑 花园 小区 家园 名邸 公馆 新村 华庭 国际城 里");
const BUSINESS = words("创业园 科技大厦 商务中心 物流园 产业园 写字楼");
const STATIONS = words("菜鸟驿站 快递超市 代收点 丰巢柜 传达室 便民服务站");
const DORMS = words("学生公寓 职工宿舍 北区宿舍 女生宿舍 研究生楼");

const road = (): string => `${pick(ROAD_FIRST)}${pick(ROAD_LAST)}${pick(ROAD_KINDS)}`;
const estate = (): string => `${pick(ROAD_FIRST)}${pick(ROAD_LAST)}${pick(ESTATES)}`;
const floor = (): number => int(1, 28);
const door = (): string => `${floor()}${String(int(1, 8)).padStart(2, "0")}`;
const letter = (): string => pick(words("A B C D"));

/** Ways in which people write what comes behind the county. */
const WRITINGS: readonly ((place: Place) => string)[] = [
  () => `${road()}${int(1, 899)}号${estate()}${int(1, 30)}号楼${int(1, 5)}单元${door()}室`,
  () => `${estate()}${int(1, 30)}-${int(1, 4)}-${door()}`,
  () => `${road()}${int(1, 899)}号${int(1, 20)}栋${letter()}座${int(2, 26)}${letter()}`,
  ({ town }) => `${town}${road()}${int(1, 899)}号${estate()}${int(1, 30)}幢${door()}`,
  ({ town }) => `${town}${pick(ROAD_FIRST)}${pick(ROAD_LAST)}村${int(1, 12)}组${int(1, 99)}号`,
  ({ town }) =>
    `${town}${pick(ROAD_FIRST)}家${pick(words("庄 屯 湾 坡 沟"))}村东头第${int(2, 5)}户`,
  () => `${road()}${int(1, 400)}号学院${pick(DORMS)}${int(1, 9)}号楼${door()}`,
  () => `${estate()}${pick(words("东门 西门 南门"))}${pick(STATIONS)}`,
  ({ town }) => `${town}${road()}${int(1, 300)}号${pick(STATIONS)}(${int(1, 9)}号柜)`,
  () => `${road()}${int(1, 999)}号${pick(BUSINESS)}${letter()}座${floor()}层${door()}室`,
  () => `${road()}与${road()}交叉口${pick(BUSINESS)}${int(1, 9)}号楼${floor()}楼前台`,
  () =>
    `${estate()}${int(1, 9)}期${int(1, 40)}栋${int(1, 3)}单元${floor()}楼${pick(words("左 右 东 西"))}户`,
  () => `${road()}${int(1, 200)}弄${int(1, 60)}号${door()}室`,
  () => `${road()}${int(1, 99)}号临街门面`,
  ({ province, city, district }) =>
    [
      province,
      city === province ? "" : city,
      district,
      road(),
      `${int(1, 500)}号`,
      estate(),
      `${int(1, 20)}栋`,
      door(),
    ].join(""),
  () => `${estate()} ${int(1, 30)}#${int(1, 4)}单元 ${door()}`,
];

const given = (count: number): string => Array.from({ length: count }, () => pick(GIVEN)).join("");
const shop = (): string => `${pick(SHOP_HEADS)}${pick(SHOP_TAILS)}`;

/** Names of all kinds; the first ones stand for most people. */
const NAMES: readonly (readonly [weight: number, name: () => string])[] = [
  [46, () => pick(SURNAMES) + given(2)],
  [18, () => pick(SURNAMES) + given(1)],
  [6, () => pick(COMPOUND) + given(int(1, 2))],
  [4, () => pick(SURNAMES) + pick(SURNAMES) + given(2)],
  [5, () => `${pick(MINORITY)}·${pick(MINORITY_LAST)}`],
  [5, () => `${pick(LATIN)} ${pick(LATIN_LAST)}`],
  [6, () => pick(SURNAMES) + pick(TITLES)],
  [3, () => `${pick(words("小 老 阿"))}${pick(SURNAMES)}`],
  [3, () => shop()],
  [2, () => `${pick(SHOP_HEADS)}${pick(COMPANY_TAILS)}`],
  [2, () => `${pick(SHOP_HEADS)}${pick(COMPANY_TAILS)} ${pick(SURNAMES)}经理`],
];

const mobile = (): string =>
  `${pick(words("142 143 154 160 163 164 168 169 179"))}0000${digits(4)}`;
const AREA_CODES = words("010 021 0571 0755 0451 0991 0898 028 0931 0532");

const PHONES: readonly (readonly [weight: number, phone: () => string])[] = [
  [70, mobile],
  [6, () => `${mobile()}-${digits(4)}`],
  [3, () => `${mobile()}转${digits(4)}`],
  [5, () => `${pick(AREA_CODES)}-1${digits(7)}`],
  [2, () => `${pick(AREA_CODES)}-1${digits(7)}-${digits(3)}`],
  [3, () => `+86 ${mobile()}`],
  [4, () => mobile().replace(/^(\d{3})(\d{4})/u, "$1 $2 ")],
  [3, () => mobile().replace(/^(\d{3})(\d{4})/u, "$1-$2-")],
  [2, () => `160${"0000"}${digits(4)}`],
  [2, () => mobile().replace(/\d/gu, (digit) => String.fromCodePoint(0xff10 + Number(digit)))],
];

function weighted(rows: readonly (readonly [number, () => string])[]): string {
  let left = random() * rows.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of rows) {
    left -= weight;
    if (left < 0) return make();
  }
  return pick(rows)[1]();
}

const GOODS = words(
  "棉麻桌布 手冲咖啡豆250克 桂花乌龙茶 儿童雨靴 陶瓷马克杯 帆布双肩包 牛皮笔记本 羊毛围巾 " +
    "LED台灯 洗发水500ml 蓝牙耳机 猫砂10kg 苹果5斤装 男士衬衫 瑜伽垫 保温杯 电热水壶 拼图1000片",
);
const SIZES = ["", " 白色", " M码", " x2", ' 12"大号', ", 礼盒装", " 加厚款"];

const REMARKS: readonly (() => string)[] = [
  ...words("放门口 放驿站 请勿按门铃 周末派送 工作日送 到前打电话 易碎轻放 换个结实的箱子").map(
    (text) => () => text,
  ),
  () => `放门口,打${mobile()}`,
  () => `如不在请联系${pick(SURNAMES)}${given(2)} ${mobile()}`,
  () => `送到${int(1, 9)}号楼${door()}`,
  () => "小孩睡觉,轻敲门\n谢谢",
];

interface Merchant {
  readonly name: string;
  readonly sender: string;
  readonly phone: string;
  readonly address: string;
  readonly carrier: Carrier;
}

function merchants(count: number): readonly Merchant[] {
  const names = SHOP_HEADS.flatMap((head) => SHOP_TAILS.map((tail) => head + tail));
  return Array.from({ length: count }, (_, index) => {
    const name = names[(index * 37) % names.length] ?? "";
    const place = pick(PLACES);
    const city = place.city === place.province ? "" : place.city;
    const address = `${place.province}${city}${place.district}${road()}${int(1, 300)}号`;
    return {
      name,
      sender: index % 3 === 0 ? `${pick(SURNAMES)}${given(2)}` : `${name}发货仓`,
      phone: index % 2 === 0 ? mobile() : `${pick(AREA_CODES)}-1${digits(7)}`,
      address: `${address}${pick(BUSINESS)}${int(1, 9)}号库${int(1, 4)}层${door()}室`,
      carrier: CARRIERS[index % CARRIERS.length] ?? pick(CARRIERS),
    };
  });
}

const HEADINGS = (
  "店铺,订单号,运单号,快递公司,收货人姓名,手机,省,市,区,详细地址," +
  "寄件人,寄件电话,寄件地址,商品,买家备注,三段码"
).split(",");

const MERCHANTS = merchants(40);

function order(serial: number, prefix: string): string[] {
  const merchant = MERCHANTS[serial % MERCHANTS.length] ?? pick(MERCHANTS);
  const place = pick(PLACES);
  return [
    merchant.name,
    `${prefix}${String(serial).padStart(6, "0")}${digits(4)}`,
    random() < 0.9 ? merchant.carrier.number(serial) : "",
    merchant.carrier.name,
    weighted(NAMES),
    weighted(PHONES),
    place.province,
    place.city,
    place.district,
    pick(WRITINGS)(place),
    merchant.sender,
    merchant.phone,
    merchant.address,
    pick(GOODS) + pick(SIZES),
    random() < 0.35 ? pick(REMARKS)() : "",
    `${digits(3)}-${letter()}${digits(2)}-${digits(2)}`,
  ];
}

type Break = (row: string[], rows: readonly string[][]) => void;

function set(heading: string, value: string): Break {
  return (row) => {
    row[HEADINGS.indexOf(heading)] = value;
  };
}

/** What is wrong in which order of the sample: each a way in which real files go wrong. */
const BREAKS: readonly (readonly [index: number, breakIt: Break])[] = [
  [37, set("手机", "138****5678")],
  [118, set("收货人姓名", "")],
  [203, set("详细地址", "")],
  [261, set("收货人姓名", "md10123456789abcdefghjkmnpqrs")],
  [334, set("手机", "1.38E+10")],
  [402, (row) => [set("订单号", ""), set("运单号", "")].forEach((clear) => clear(row, []))],
  [487, (row, rows) => (row[1] = rows[447]?.[1] ?? "")],
  [553, set("收货人姓名", "林\u0007晓舟")],
  [618, set("手机", "55512")],
  [689, set("收货人姓名", "周**")],
  [744, set("运单号", "2.61E+13")],
  [811, (row) => row.push("多出一列")],
  [876, set("运单号", "单号待定")],
  [931, set("商品", "礼盒".repeat(101))],
];

function csv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string =>
    /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Serials run on over all files, so that no order or waybill number stands in two of them. */
let nextSerial = 0;
function orders(count: number, prefix: string): string[][] {
  return Array.from({ length: count }, () => order(nextSerial++, prefix));
}

/** All two-byte signs of GB18030 by their bytes, since Node decodes the encoding only. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder("gb18030");
  const bytes = new Map<string, readonly number[]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      bytes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
    }
  }
  return Buffer.from(
    [...text].flatMap((sign) => {
      const code = sign.codePointAt(0) ?? 0;
      const found = code < 0x80 ? [code] : bytes.get(sign);
      if (found === undefined) throw new Error(`U+${code.toString(16)} has no two-byte form`);
      return found;
    }),
  );
}

const ENGLISH = (
  "shop,order_id,tracking_no,carrier,receiver_name,receiver_phone,province,city,district," +
  "address,sender_name,sender_phone,sender_address,goods,remark,sort_code"
).split(",");

function json(row: readonly string[]): string {
  const [shopName, id, waybill, carrier, name, phone, province, city, district, address] = row;
  const receiver = { name, phone, province, city, district, address };
  const [sender, senderPhone, senderAddress, goods, remark, sort_code] = row.slice(10);
  const from = { name: sender, phone: senderPhone, address: senderAddress };
  const head = { shop: shopName, order_id: id, waybill_no: waybill, carrier };
  return `${JSON.stringify({ ...head, receiver, sender: from, goods, remark, sort_code })}\n`;
}

function write(name: string, content: string | Buffer): void {
  writeFileSync(new URL(`samples/${name}`, ROOT), content);
}

const main = orders(ORDERS, "MD26");
for (const [index, breakIt] of BREAKS) {
  const row = main[index];
  if (row !== undefined) breakIt(row, main);
}
write("orders.csv", `\uFEFF${csv([HEADINGS, ...main])}`);
write("orders-spring.csv", `\uFEFF${csv([HEADINGS, ...orders(SPRING_ORDERS, "SP26")])}`);
write("orders-gb18030.csv", gb18030(csv([HEADINGS, ...orders(SMALL_ORDERS, "GB26")])));
write("orders-en.csv", csv([ENGLISH, ...orders(SMALL_ORDERS, "EN26")]));
write("orders.ndjson", orders(SMALL_ORDERS, "NJ26").map(json).join(""));
