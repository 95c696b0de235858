/**
 * Invented orders from a seed: invented people, shops, roads and numbers in real divisions. Mobiles
 * are 1xx0000xxxx, so that none can reach anyone who did not expect it.
 */
import type { Order } from "../orders/order.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { parseParty } from "../privacy/plain.ts";
import type { Party } from "../privacy/plain.ts";
import { fnv1a } from "../rules/draw.ts";
import { MERCHANTS } from "./cast.ts";

/** mulberry32: small, fast and good enough to scatter sample data; draws use rules/draw.ts. */
/** An invented order is a person's throughout. */
export interface InventedOrder extends Order {
  readonly recipient: Party;
}

export class Chance {
  #state: number;

  constructor(seed: string) {
    this.#state = Number(BigInt.asIntN(32, fnv1a(seed)));
  }

  /** 0..bound−1. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    const first = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    const mixed = (first + Math.imul(first ^ (first >>> 7), 61 | first)) ^ first;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound);
  }

  int(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  pick<T>(list: readonly T[]): T {
    // `below` stays under the length, and no list of this file is empty.
    return list[this.below(list.length)] as T;
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join("");
  }
}

const signs = (text: string): readonly string[] => [...text];
const words = (text: string): readonly string[] => text.split(" ");

const SURNAMES = signs(
  "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕",
);
const GIVEN = signs("云舟棠砚禾苓岚汐澈楠珩昀笙蕴沐予初屿晞芷言川霁柚泽若亦清语安");
const ROAD_FIRST = signs("墨竹桐枫霞澜棠兰溪鹭松梧锦芳碧荷星望栖绮");
const ROAD_LAST = signs("湖桥泉岭洲渡苑亭台源坪屏汀岸林峰庭陵畔");
const ROAD_KINDS = words("路 街 大道 巷 东路 西街");
const ESTATES = words("雅苑 花园 小区 家园 名邸 公馆 新村 华庭");
const MOBILE_HEADS = words("133 135 138 139 150 158 177 186 189 199");
const GOODS = words("棉麻桌布 桂花乌龙茶 儿童雨靴 陶瓷马克杯 帆布双肩包 羊毛围巾 保温杯 电热水壶");

const GATES = signs("ABCD");

/** Full names of real counties, as senders write them at the head of an address. */
export function placesOf(gazetteer: Gazetteer): readonly string[] {
  const places: string[] = [];
  for (const [code, { name }] of gazetteer.byCode) {
    if (code.length !== 6) continue;
    const province = gazetteer.byCode.get(code.slice(0, 2))?.name ?? "";
    const city = gazetteer.byCode.get(code.slice(0, 4))?.name ?? "";
    // Fillers of the tables (市辖区 and the like) are no names of cities.
    const isFiller = /^市辖|^县$|直辖/u.test(city);
    if (/区$|县$|市$/u.test(name)) places.push(`${province}${isFiller ? "" : city}${name}`);
  }
  return places;
}

function mobile(chance: Chance): string {
  return `${chance.pick(MOBILE_HEADS)}0000${chance.digits(4)}`;
}

function personName(chance: Chance): string {
  const given = chance.below(4) === 0 ? 1 : 2;
  return chance.pick(SURNAMES) + Array.from({ length: given }, () => chance.pick(GIVEN)).join("");
}

function road(chance: Chance): string {
  return chance.pick(ROAD_FIRST) + chance.pick(ROAD_LAST) + chance.pick(ROAD_KINDS);
}

function estate(chance: Chance): string {
  return chance.pick(ROAD_FIRST) + chance.pick(ROAD_LAST) + chance.pick(ESTATES);
}

function door(chance: Chance): string {
  return `${chance.int(1, 28)}0${chance.int(1, 8)}`;
}

const HOMES: readonly ((chance: Chance) => string)[] = [
  (chance) =>
    `${road(chance)}${chance.int(1, 899)}号${estate(chance)}${chance.int(1, 30)}号楼` +
    `${chance.int(1, 5)}单元${door(chance)}室`,
  (chance) => `${estate(chance)}${chance.int(1, 30)}-${chance.int(1, 4)}-${door(chance)}`,
  (chance) => `${road(chance)}${chance.int(1, 200)}弄${chance.int(1, 60)}号${door(chance)}室`,
  (chance) =>
    `${estate(chance)}${chance.int(1, 9)}期${chance.int(1, 40)}栋${chance.int(1, 3)}单元` +
    `${chance.int(1, 28)}楼${chance.pick(["左", "右", "东", "西"])}户`,
];

function partyOf(name: string, phone: string, address: string): Party {
  const read = parseParty({ name, phone, address });
  if (!read.ok) throw new RangeError(`an invented ${read.field} was refused`);
  return read.party;
}

/** Makes orders one after the other; the same seed gives the same orders. */
export class OrderMaker {
  readonly #chance: Chance;
  readonly #places: readonly string[];
  readonly #senders: readonly Party[];

  constructor(seed: string, gazetteer: Gazetteer) {
    this.#chance = new Chance(seed);
    this.#places = placesOf(gazetteer);
    this.#senders = MERCHANTS.map(() => this.#party());
  }

  #party(): Party {
    const chance = this.#chance;
    const address = chance.pick(this.#places) + chance.pick(HOMES)(chance);
    return partyOf(personName(chance), mobile(chance), address);
  }

  /** The next order: `merchant` is a place in MERCHANTS, and the order number is the waybill's. */
  next(waybillNumber: string, carrier: string): { order: InventedOrder; merchant: number } {
    const chance = this.#chance;
    const merchant = chance.below(MERCHANTS.length);
    const order: InventedOrder = {
      line: 0,
      merchant: MERCHANTS[merchant] ?? "",
      orderNumber: `ST${waybillNumber}`,
      waybillNumber,
      carrier,
      recipient: this.#party(),
      sender: this.#senders[merchant] ?? null,
      goods: chance.pick(GOODS),
      remark: "",
      sortCode: `${chance.digits(3)}-${chance.pick(GATES)}${chance.digits(2)}-${chance.digits(2)}`,
    };
    return { order, merchant };
  }
}
