/**
 * The fields of an order that are printed as they are. Nothing masks them, and the carrier outlives
 * the persons of its order, so that only what has the form of such a field is taken (P1, P9).
 */
import { namesDoor } from "../privacy/lint-address.ts";
import { foldShown } from "../privacy/lint-fold.ts";
import { openNumbers } from "../privacy/lint-number.ts";
import { looksLikeName } from "../privacy/name.ts";
import { surnameOf } from "../privacy/surname.ts";
import type { FailureCode } from "../rules/failure.ts";
import type { OrderField } from "./field.ts";

export interface PrintedTexts {
  readonly order_number: string;
  readonly waybill_number: string;
  readonly carrier: string;
  readonly sort_code: string;
}

export interface PrintedRefusal {
  readonly field: OrderField;
  readonly code: FailureCode;
}

/** From here on a run of Chinese characters is taken for a person's name. */
const NAME_LIKENESS_MIN = 0.5;

const ORDER_NUMBER = /^\p{Script=Han}{0,4}[-_#]?[0-9A-Za-z][0-9A-Za-z_-]*$/u;
const MOBILE = /^1[3-9]\d{9}$/;

const CARRIER = /^[\p{Script=Han}A-Za-z0-9 .·&()（）-]+$/u;
const CARRIER_HAN_MAX_CHARS = 20;
const CARRIER_DIGITS_MAX = 3;
/** Words and short names that only a carrier bears, so that 申通 and 安能 are no persons. */
const CARRIER_WORD =
  /快递|速递|快运|速运|速达|快捷|快件|物流|货运|运输|供应链|邮政|配送|速配|闪送|同城|跑腿|冷链|空运|海运|专线|直送|直邮|驿站|公司|集团|express|post|logist|courier|cargo|deliver|freight|ship|ems|顺丰|圆通|中通|申通|韵达|百世|德邦|极兔|京东|天天|优速|跨越|安能|丹鸟|菜鸟|苏宁|丰网|宅急送|汇通|达达|速尔|壹米|中铁|德坤|信丰|龙邦|国通|全峰|联邦|能达|安鲜达|加运美|日日顺|平安达|承诺达|盛辉|佳吉|新邦|华宇|黄马甲|万象|速必达/i;

const ANY_CARRIER_WORD = new RegExp(CARRIER_WORD, "gi");
const TITLE = /先生|女士|小姐/;
/** Names of three characters are told from services and places; shorter ones are not. */
const BEHIND_NAME_CHARS = 3;
const BEHIND_NAME_LIKENESS_MIN = 0.84;

const SORT_CODE = /^[0-9A-Za-z\p{Script=Han} /.#*·()（）【】[\]_-]+$/u;
const SORT_CODE_HAN_MAX_CHARS = 12;
/** 571-A01-02 and 310 047 037: area, branch and route or courier. */
const THREE_PARTS =
  /^\d{3,4}[ /-]?[A-Z]{0,2} ?\d{1,4}[ /-][A-Z]{0,2} ?\d{1,4}(?:[ /-][A-Z]{0,2}\d{0,3})?$/i;
/** 3-2-501 is a door: the first part of a sort code has three digits. */
const DOOR_CHAIN = /(?<![\dA-Za-z/-])\d{1,2}[/-]\d{1,2}[/-]\d{2,4}(?![\d/-])/;
const LOOSE_DIGITS_MAX = 6;
const THREE_PARTS_DIGITS_MAX = 10;
/** What names of places end with, and cities whose short names begin with a surname. */
const PLACE_END = /[省市区县旗州盟乡镇街道村站场点部仓港岛]$/;
const CITIES = new Set(
  (
    "石家庄 秦皇岛 哈尔滨 连云港 马鞍山 景德镇 平顶山 张家口 张家界 石嘴山 葫芦岛 黑龙江 阿克苏 唐山 阳泉 吕梁 沈阳 吉林 白山 白城 " +
    "伊春 江苏 南京 徐州 常州 苏州 南通 扬州 宁波 温州 金华 安徽 安庆 黄山 池州 南平 龙岩 宁德 江西 南昌 吉安 郑州 安阳 焦作 许昌 " +
    "南阳 商丘 武汉 黄石 荆州 黄冈 邵阳 岳阳 常德 娄底 惠州 梅州 阳江 南宁 柳州 桂林 贺州 乐山 南充 安顺 毕节 曲靖 林芝 安康 商洛 " +
    "甘肃 兰州 白银 武威 张掖 和田 高雄 萧山 余杭 江宁 江北 顺德 江门"
  ).split(" "),
);
/** A person of two characters looks like half the places; only the likeliest are refused. */
const SHORT_NAME_LIKENESS_MIN = 0.7;
/** 单号, 补货, 赠品: what stands before an order number and is no name. */
const ORDER_WORD = /[单号货件品团店批]$/;

/**
 * Why one of the fields may not be printed as it is, or undefined. Empty fields are not judged. The
 * answer never holds the value; the caller refuses the row.
 */
export function printedRefusal(texts: PrintedTexts): PrintedRefusal | undefined {
  if (texts.order_number !== "" && !isOrderNumber(texts.order_number))
    return { field: "order_number", code: "ORDER_NUMBER_INVALID" };
  if (MOBILE.test(texts.waybill_number.replaceAll("-", "")))
    return { field: "waybill_number", code: "WAYBILL_NUMBER_INVALID" };
  if (texts.carrier !== "" && !isCarrier(texts.carrier))
    return { field: "carrier", code: "CARRIER_INVALID" };
  if (texts.sort_code !== "" && !isSortCode(texts.sort_code))
    return { field: "sort_code", code: "SORT_CODE_INVALID" };
  return undefined;
}

function isOrderNumber(text: string): boolean {
  const [prefix = ""] = hanRuns(text);
  if (!ORDER_NUMBER.test(text) || openNumbers(text).length > 0) return false;
  return ORDER_WORD.test(prefix) || !isName(prefix);
}

function isCarrier(text: string): boolean {
  if (!CARRIER.test(text) || digitsOf(text) > CARRIER_DIGITS_MAX) return false;
  const isHan = hanRuns(text).length > 0;
  if (isHan && text.length > CARRIER_HAN_MAX_CHARS) return false;
  if (namesDoor(foldShown(text)) || TITLE.test(text)) return false;
  return CARRIER_WORD.test(text) ? !namesSomebodyBehind(text) : !hanRuns(text).some(isName);
}

/** 顺丰 王小明: what stands before a carrier's word may be its trade name, what stands behind not. */
function namesSomebodyBehind(text: string): boolean {
  const last = [...text.matchAll(ANY_CARRIER_WORD)].at(-1);
  const behind = last === undefined ? "" : text.slice(last.index + last[0].length);
  return hanRuns(behind).some(
    (run) =>
      run.length === BEHIND_NAME_CHARS &&
      !isPlace(run) &&
      looksLikeName(run) >= BEHIND_NAME_LIKENESS_MIN,
  );
}

function isSortCode(text: string): boolean {
  const han = hanRuns(text);
  if (!SORT_CODE.test(text) || han.join("").length > SORT_CODE_HAN_MAX_CHARS) return false;
  const digits = digitsOf(text);
  const isThreeParts = THREE_PARTS.test(text) && digits <= THREE_PARTS_DIGITS_MAX;
  if (digits > LOOSE_DIGITS_MAX && !isThreeParts) return false;
  if (openNumbers(text).length > 0 || (han.length > 0 && namesDoor(foldShown(text)))) return false;
  return !DOOR_CHAIN.test(text) && han.every((run) => isPlace(run));
}

function isPlace(run: string): boolean {
  if (PLACE_END.test(run) || CITIES.has(run)) return true;
  return run.length > 2 ? !isName(run) : looksLikeName(run) < SHORT_NAME_LIKENESS_MIN;
}

/** A usual surname before one or two characters, whatever these are, or any other likely name. */
function isName(run: string): boolean {
  const surname = surnameOf(run);
  const given = surname === null ? 0 : run.length - surname.length;
  if (surname !== null && surname.tier !== "rare" && given >= 1 && given <= 2) return true;
  return looksLikeName(run) >= NAME_LIKENESS_MIN;
}

function hanRuns(text: string): readonly string[] {
  return text.match(/\p{Script=Han}+/gu) ?? [];
}

function digitsOf(text: string): number {
  return text.match(/\d/g)?.length ?? 0;
}
