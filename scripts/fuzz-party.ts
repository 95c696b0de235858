/**
 * Invented parties, masked and then judged: the lint has to agree with the masker on each, and to
 * catch each violation that is planted in what was masked.
 */

import type { Gazetteer } from "../src/privacy/gazetteer.ts";
import { judgeParty } from "../src/privacy/lint-verdict.ts";
import type { PrintedParty, RuleVerdict } from "../src/privacy/lint-verdict.ts";
import { PROFILES } from "../src/privacy/mask-profile.ts";
import { maskParty } from "../src/privacy/party.ts";
import { parseParty } from "../src/privacy/plain.ts";
import type { Party } from "../src/privacy/plain.ts";
import type { Random } from "./fuzz-random.ts";

const words = (text: string): readonly string[] => text.split(" ");

const SURNAMES = words(
  "李 王 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 欧阳 司马 上官 諸葛 陳",
);
const GIVEN = [..."云舟棠砚禾岚楠珩昀笙蕴沐予屿芷川霁柚泽若亦清语安小三大一"];
const TITLES = words("先生 女士 老师 师傅 阿姨 总 哥 姐");
const SHOPS = words("五金店 便利店 水果店 商行 书店 药房 工作室 贸易有限公司 电子科技有限公司");
const FOREIGN = words("艾山·吐尔洪 古丽娜·买买提 Mary Anna-Lee 卓玛 次仁旺堆 佐藤健一 金美英");
const HEADS = words("133 135 138 139 150 158 177 186 189 199");
const CITY_CODES = words("010 021 0571 0755 0451 0991");
const STEMS = [..."墨竹桐枫霞澜棠兰溪鹭松梧锦芳碧荷星望栖绮"];
const STEM_ENDS = [..."湖桥泉岭洲渡亭源坪汀岸林峰庭"];
const ROADS = words("路 街 大道 巷 东路 西街 中路");
const ESTATES = words("雅苑 花园 小区 家园 公馆 新村 华庭 公寓");

function given(random: Random): string {
  const size = random.below(4) === 0 ? 1 : 2;
  return Array.from({ length: size }, () => random.pick(GIVEN)).join("");
}

const NAMES: readonly ((random: Random) => string)[] = [
  (random) => random.pick(SURNAMES) + given(random),
  (random) => random.pick(SURNAMES) + given(random),
  (random) => random.pick(SURNAMES) + random.pick(TITLES),
  (random) => random.pick(SURNAMES) + given(random) + random.pick(TITLES),
  (random) => random.pick(SURNAMES) + given(random) + random.pick(SHOPS),
  (random) => random.pick(STEMS) + random.pick(STEM_ENDS) + random.pick(SHOPS),
  (random) => random.pick(FOREIGN),
  (random) => [...(random.pick(SURNAMES) + given(random))].join(" "),
  (random) => random.pick(GIVEN),
  (random) => `${random.pick(["小", "老", "阿"])}${random.pick(SURNAMES)}`,
  (random) => `${random.pick(SURNAMES)}${given(random)}(本人)`,
  (random) => `${random.pick(SURNAMES)}${given(random)}🌸`,
];

function mobile(random: Random): string {
  return `${random.pick(HEADS)}0000${random.digits(4)}`;
}

function wide(text: string): string {
  return text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
}

const PHONES: readonly ((random: Random) => string)[] = [
  mobile,
  mobile,
  (random) => `+86 ${mobile(random)}`,
  (random) => `0086${mobile(random)}`,
  (random) => `86-${mobile(random)}`,
  (random) => `0${mobile(random)}`,
  (random) => `17951${mobile(random)}`,
  (random) => mobile(random).replace(/(\d{3})(\d{4})/, "$1-$2-"),
  (random) => mobile(random).replace(/(\d{3})(\d{4})/, "$1 $2 "),
  (random) => wide(mobile(random)),
  (random) =>
    mobile(random).replace(/\d/g, (digit) => "零一二三四五六七八九".charAt(Number(digit))),
  (random) => `${mobile(random)}-${random.digits(4)}`,
  (random) => `${mobile(random)}转${random.digits(3)}`,
  (random) => `${mobile(random)}/${mobile(random)}`,
  (random) => `${mobile(random)},${mobile(random)}`,
  (random) => `${random.pick(CITY_CODES)}-6000${random.digits(4)}`,
  (random) => `(${random.pick(CITY_CODES)})6000${random.digits(4)}`,
  (random) => `${random.pick(CITY_CODES)}6000${random.digits(4)}转${random.digits(3)}`,
  (random) => `852-6000${random.digits(4)}`,
  (random) => `+853 6600${random.digits(4)}`,
  (random) => `400-600-${random.digits(4)}`,
];

function stem(random: Random): string {
  return random.pick(STEMS) + random.pick(STEM_ENDS);
}

function doorNumber(random: Random): string {
  return `${random.int(1, 32)}0${random.int(1, 9)}`;
}

const HOMES: readonly ((random: Random) => string)[] = [
  (random) =>
    `${stem(random)}${random.pick(ROADS)}${random.int(1, 899)}号${stem(random)}` +
    `${random.pick(ESTATES)}${random.int(1, 30)}号楼${random.int(1, 5)}单元${doorNumber(random)}室`,
  (random) =>
    `${stem(random)}${random.pick(ESTATES)}${random.int(1, 30)}-` +
    `${random.int(1, 4)}-${doorNumber(random)}`,
  (random) =>
    `${stem(random)}路${random.int(1, 200)}弄${random.int(1, 60)}号${doorNumber(random)}室`,
  (random) =>
    `${stem(random)}${random.pick(ESTATES)}${random.int(1, 40)}栋${random.int(1, 3)}单元` +
    `${random.int(1, 28)}楼${random.pick(["东", "西", "左", "右"])}户`,
  (random) =>
    `${stem(random)}${random.pick(ESTATES)}${random.pick([..."ABCD"])}座${doorNumber(random)}`,
  (random) => `${stem(random)}${random.pick(ESTATES)}${random.int(1, 30)}幢${doorNumber(random)}`,
  (random) => `${stem(random)}${random.pick(ROADS)}${random.int(1, 99)}号${doorNumber(random)}房`,
];

/** Full names of real counties; everything after them is invented. */
export function countiesOf(gazetteer: Gazetteer): readonly string[] {
  const names: string[] = [];
  for (const [code, { name }] of gazetteer.byCode) {
    const city = gazetteer.byCode.get(code.slice(0, 4))?.name ?? "";
    const province = gazetteer.byCode.get(code.slice(0, 2))?.name ?? "";
    if (code.length === 6 && !/直辖|^县$|市辖/.test(name + city))
      names.push(province + (city === province ? "" : city) + name);
  }
  return names;
}

export function inventParty(random: Random, counties: readonly string[]): Party {
  const address = random.pick(counties) + random.pick(HOMES)(random);
  const raw = { name: random.pick(NAMES)(random), phone: random.pick(PHONES)(random), address };
  const read = parseParty(raw);
  if (!read.ok) throw new RangeError(`an invented ${read.field} was refused: ${read.code}`);
  return read.party;
}

type Rule = RuleVerdict["rule"];

interface Violation {
  readonly name: string;
  readonly rule: Rule;
  /** What is printed instead; null where this party cannot break the rule so. */
  readonly plant: (masked: PrintedParty, plain: Party) => PrintedParty | null;
}

const TITLED = new RegExp(`^(?:${SURNAMES.join("|")})(?:先生|女士|小姐|老师|师傅|阿姨)$`);

/** Puts back what was hidden last, which in the invented addresses is the door. */
function withDoor(masked: string, plain: string): string {
  const start = masked.search(/\*+$/);
  const door = /[0-9]{2,4}[室房]?$|.户$/.exec(plain);
  return start === -1 || door === null ? plain : masked.slice(0, door.index) + door[0];
}

const VIOLATIONS: readonly Violation[] = [
  {
    name: "name in the clear",
    rule: "W2",
    // A surname with a title is no complete name: GB/T 41833-2022 is met without a mask.
    plant: (masked, { name }) => (TITLED.test(name) ? null : { ...masked, name }),
  },
  { name: "phone in the clear", rule: "W3", plant: (masked, { phone }) => ({ ...masked, phone }) },
  {
    name: "four digits hidden",
    rule: "W3",
    plant: (masked, { phone }) => {
      const four = phone.replace(/(1\d{2})\d{4}(\d{4})/, "$1****$2");
      return four === phone ? null : { ...masked, phone: four };
    },
  },
  {
    name: "address in the clear",
    rule: "W4",
    plant: (masked, { address }) => ({ ...masked, address }),
  },
  {
    name: "door put back",
    rule: "W4",
    plant: (masked, { address }) => ({ ...masked, address: withDoor(masked.address, address) }),
  },
  {
    name: "phone in the address",
    rule: "W1",
    plant: (masked, { phone }) => {
      const number = /1\d{10}/.exec(phone)?.[0];
      return number === undefined ? null : { ...masked, address: `${masked.address} ${number}` };
    },
  },
];

export interface PartyTally {
  parties: number;
  judged: number;
  planted: number;
  /** Counts by what went wrong; empty when all agreed. */
  readonly faults: Map<string, number>;
  /** One invented party for each fault, to look at. */
  readonly examples: Map<string, string>;
}

/** Invents, masks in every profile, judges, plants and judges again. */
export function fuzzParties(count: number, random: Random, gazetteer: Gazetteer): PartyTally {
  const counties = countiesOf(gazetteer);
  const tally: PartyTally = {
    parties: 0,
    judged: 0,
    planted: 0,
    faults: new Map(),
    examples: new Map(),
  };
  for (let at = 0; at < count; at += 1) {
    const party = inventParty(random, counties);
    tally.parties += 1;
    agreeOn(party, gazetteer, tally);
    plantIn(party, gazetteer, tally);
  }
  return tally;
}

function note(tally: PartyTally, fault: string, example: unknown): void {
  tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + 1);
  if (!tally.examples.has(fault)) tally.examples.set(fault, JSON.stringify(example));
}

/** What the masker made passes in every profile, and strict hides what gb41833 hides. */
function agreeOn(party: Party, gazetteer: Gazetteer, tally: PartyTally): void {
  for (const profile of Object.values(PROFILES)) {
    const masked = maskParty(party, profile, gazetteer);
    tally.judged += 1;
    for (const { rule, verdict } of judgeParty(masked, profile, gazetteer)) {
      if (verdict === "fail")
        note(tally, `${profile.name}: the lint refuses ${rule}`, { party, masked });
    }
  }
  const [standard, strict] = [PROFILES.gb41833, PROFILES.strict].map((profile) =>
    Object.values(maskParty(party, profile, gazetteer)).join("\n"),
  );
  if (!hidesAsMuch(strict ?? "", standard ?? ""))
    note(tally, "strict shows what gb41833 hides", { party, standard, strict });
}

function hidesAsMuch(strict: string, standard: string): boolean {
  return standard.split("").every((sign, at) => sign !== "*" || strict[at] === "*");
}

function plantIn(party: Party, gazetteer: Gazetteer, tally: PartyTally): void {
  const masked = maskParty(party, PROFILES.gb41833, gazetteer);
  for (const { name, rule, plant } of VIOLATIONS) {
    const printed = plant(masked, party);
    if (printed === null) continue;
    tally.planted += 1;
    const verdicts = judgeParty(printed, PROFILES.gb41833, gazetteer);
    if (!verdicts.some((each) => each.rule === rule && each.verdict === "fail"))
      note(tally, `not caught: ${name}`, { party, printed });
  }
}
