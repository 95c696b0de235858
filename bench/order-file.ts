/**
 * An order file for benches, from a seed: invented people in real divisions, 40 shops, names,
 * phones and addresses of the usual kinds. Numbers are 1xx0000xxxx, as in samples/.
 */
import { createWriteStream, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface OrderFile {
  readonly path: string;
  readonly rows: number;
  /** Another seed gives other orders, with order numbers of their own. */
  readonly seed: number;
}

/** Column by column what `HEADINGS` says; the plain importer reads it by position. */
export type OrderCells = readonly string[];

export const HEADINGS: readonly string[] = (
  "店铺,订单号,运单号,快递公司,收货人姓名,手机,省,市,区,详细地址," +
  "寄件人,寄件电话,寄件地址,商品,买家备注,三段码"
).split(",");

const DIVISIONS = new URL("../assets/divisions/divisions.tsv", import.meta.url);
const SHOPS = 40;
const ROWS_PER_PIECE = 1000;

const words = (text: string): readonly string[] => text.split(" ");
const SURNAMES = words("李 王 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 欧阳 司马");
const GIVEN = words("云 舟 棠 砚 禾 苓 岚 汐 澈 楠 珩 昀 笙 蕴 沐 予 初 屿 晞 芷 言 川 霁 柚");
const LATIN = words("Lena Milo Nora Oskar Ivo Mira Tess Hugo Ada Emil");
const TITLES = words("女士 先生 小姐 老师");
const ROAD_FIRST = words("墨 竹 桐 枫 霞 澜 棠 兰 溪 鹭 松 梧 锦 芳 碧 荷 星 望 栖 绮");
const ROAD_LAST = words("湖 桥 泉 岭 洲 渡 亭 台 源 坪 屏 汀 岸 林 峰 庭 陵 畔");
const ROAD_KINDS = words("路 街 大道 巷 东路 西街 北路 支路");
const ESTATES = words("雅苑 花园 小区 家园 名邸 公馆 新村 华庭");
const STATIONS = words("菜鸟驿站 快递超市 代收点 传达室");
const GOODS = words("棉麻桌布 手冲咖啡豆250克 桂花乌龙茶 儿童雨靴 陶瓷马克杯 帆布双肩包 保温杯");
const REMARKS = words("放门口 放驿站 请勿按门铃 周末派送 工作日送 到前打电话");
const PREFIXES = words("130 133 135 136 138 139 150 152 158 159 166 177 180 186 187 189 191 199");
const CARRIERS = words("顺达快运 云鹊速递 北辰物流");

/** What phones, names and roads are made of. */
export const WORDS = { PREFIXES, SURNAMES, GIVEN, ROAD_FIRST, ROAD_LAST, ROAD_KINDS } as const;

/** mulberry32: small, fast and good enough to scatter sample data. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * count);
  }

  pick(list: readonly string[]): string {
    return list[this.below(list.length)] ?? "";
  }

  digits(count: number): string {
    return String(this.below(10 ** count)).padStart(count, "0");
  }
}

interface Place {
  readonly province: string;
  readonly city: string;
  readonly district: string;
}

function readPlaces(): readonly Place[] {
  const rows = readFileSync(DIVISIONS, "utf8")
    .split("\n")
    .map((line) => line.split("\t"));
  const names = new Map(rows.map(([code = "", , name = ""]) => [code, name]));
  return [...names.keys()]
    .filter((code) => /^\d{6}$/u.test(code))
    .map((code) => {
      const province = names.get(code.slice(0, 2)) ?? "";
      const city = names.get(code.slice(0, 4)) ?? "";
      return {
        province,
        city: /^市辖区$|^县$|直辖/u.test(city) ? province : city,
        district: names.get(code) ?? "",
      };
    });
}

function nameOf(dice: Dice): string {
  const kind = dice.below(100);
  if (kind < 60) return dice.pick(SURNAMES) + dice.pick(GIVEN) + dice.pick(GIVEN);
  if (kind < 85) return dice.pick(SURNAMES) + dice.pick(GIVEN);
  if (kind < 93) return dice.pick(SURNAMES) + dice.pick(TITLES);
  return `${dice.pick(LATIN)} ${dice.pick(LATIN)}ford`;
}

function phoneOf(dice: Dice): string {
  const number = `${dice.pick(PREFIXES)}0000${dice.digits(4)}`;
  return dice.below(10) === 0 ? `${number}-${dice.digits(4)}` : number;
}

const roadOf = (dice: Dice): string =>
  `${dice.pick(ROAD_FIRST)}${dice.pick(ROAD_LAST)}${dice.pick(ROAD_KINDS)}`;
const estateOf = (dice: Dice): string =>
  `${dice.pick(ROAD_FIRST)}${dice.pick(ROAD_LAST)}${dice.pick(ESTATES)}`;
const number = (dice: Dice, to: number): number => 1 + dice.below(to);

const WRITINGS: readonly ((dice: Dice) => string)[] = [
  (dice) =>
    `${roadOf(dice)}${number(dice, 899)}号${estateOf(dice)}${number(dice, 30)}号楼` +
    `${number(dice, 5)}单元${number(dice, 28)}0${number(dice, 8)}室`,
  (dice) => `${estateOf(dice)}${number(dice, 30)}-${number(dice, 4)}-${number(dice, 28)}02`,
  (dice) => `${roadOf(dice)}${number(dice, 899)}号${number(dice, 20)}栋B座${number(dice, 26)}C`,
  (dice) => `${dice.pick(ROAD_FIRST)}${dice.pick(ROAD_LAST)}村${number(dice, 12)}组18号`,
  (dice) => `${estateOf(dice)}东门${dice.pick(STATIONS)}`,
];

function addressOf(dice: Dice): string {
  return (WRITINGS[dice.below(WRITINGS.length)] ?? roadOf)(dice);
}

interface Shop {
  readonly name: string;
  readonly sender: readonly [name: string, phone: string, address: string];
}

function shopsOf(dice: Dice, places: readonly Place[]): readonly Shop[] {
  return Array.from({ length: SHOPS }, (_, index) => {
    const place = places[dice.below(places.length)];
    const town = `${place?.province ?? ""}${place?.city ?? ""}${place?.district ?? ""}`;
    const address = `${town}${roadOf(dice)}${number(dice, 300)}号物流园${number(dice, 9)}号库`;
    const name = `${dice.pick(ROAD_FIRST)}上布艺${index}店`;
    return { name, sender: [`${name}发货仓`, phoneOf(dice), address] };
  });
}

/** Yields `rows` orders of `seed`, always the same ones. */
export function* orderCells({ rows, seed }: Omit<OrderFile, "path">): Generator<OrderCells> {
  const dice = new Dice(seed);
  const places = readPlaces();
  const shops = shopsOf(dice, places);
  for (let index = 0; index < rows; index++) {
    const shop = shops[dice.below(shops.length)] ?? { name: "", sender: [] };
    const place = places[dice.below(places.length)];
    const serial = String(index).padStart(9, "0");
    yield [
      shop.name,
      `MB${seed}${serial}`,
      `BNC${String(seed).padStart(4, "0")}${serial}`,
      dice.pick(CARRIERS),
      nameOf(dice),
      phoneOf(dice),
      place?.province ?? "",
      place?.city ?? "",
      place?.district ?? "",
      addressOf(dice),
      ...shop.sender,
      dice.pick(GOODS),
      dice.below(3) === 0 ? dice.pick(REMARKS) : "",
      `${dice.digits(3)}-C${dice.digits(2)}-${dice.digits(2)}`,
    ];
  }
}

/** Writes the file; no cell holds a comma, quotation mark or line break. */
export async function writeOrderFile(file: OrderFile): Promise<void> {
  const pieces = function* (): Generator<string> {
    yield `${HEADINGS.join(",")}\n`;
    let lines: string[] = [];
    for (const cells of orderCells(file)) {
      lines.push(cells.join(","));
      if (lines.length < ROWS_PER_PIECE) continue;
      yield `${lines.join("\n")}\n`;
      lines = [];
    }
    if (lines.length > 0) yield `${lines.join("\n")}\n`;
  };
  await pipeline(Readable.from(pieces()), createWriteStream(file.path));
}
