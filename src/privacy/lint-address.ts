/** Doors that can still be read in an address: unit, floor and room, marked or by their place. */

import { resolveDivision, type Gazetteer } from "./gazetteer.ts";
import type { MaskProfile } from "./mask-profile.ts";

const NUMERAL = "[0-9A-Za-z〇零一二三四五六七八九十百甲乙丙丁壹贰叁肆伍陆柒捌玖]";
const LETTER_OR_DIGIT = /[\p{L}\d]/u;
/** A number that can still be read before a word for unit, door, room or floor. */
const MARKED_ROOM = new RegExp(
  `${NUMERAL}\\s?(?:单元|單元|室(?!内|外)|户(?!外|村|镇|乡|屯|寨|庄|区)|戶|号房|號房|层|層)|[0-9A-Za-z]\\s?房(?![产地屋管山沟店东])`,
);
const BUILDING_SIGN = "[栋棟幢座#]";
const GAPS = "[\\s\\-/,、.·_:|~]*";
/** 3栋1201, A座501, 2栋/501, 2栋5 0 1, 2号楼-1102, 5#301: a door after a building. */
const ROOM_AFTER_BUILDING = new RegExp(
  `${BUILDING_SIGN}${GAPS}\\d(?:\\s?\\d){1,3}(?!\\s?\\d|[号號弄巷路组楼幢栋棟座])` +
    `|(?:号|號)(?:楼|樓)${GAPS}\\d(?:\\s?\\d){1,3}(?!\\s?\\d)`,
);
/** 2栋3楼, 2号楼五楼: a floor inside a building. */
const FLOOR_AFTER_BUILDING = new RegExp(
  `(?:${BUILDING_SIGN}|号楼|號樓)${GAPS}第?[0-9〇零一二三四五六七八九十]{1,3}\\s?(?:楼|樓|[Ff](?![A-Za-z]))`,
);
/** 2栋五零一, 2栋-十二零三: digits spelled after a building. */
const SPELLED_AFTER_BUILDING = new RegExp(
  `(?:${BUILDING_SIGN}|号楼|號樓)${GAPS}[〇零一二三四五六七八九十幺]{2,4}(?![〇零一二三四五六七八九十楼樓栋棟幢座号號期区])`,
);
/** Room 501, Apt. 12B, Flat 3/F. */
const LATIN_ROOM =
  /(?<![A-Za-z])(?:room|rm|apt|apartment|flat|suite|unit)(?![A-Za-z])[\s.:#-]{0,3}(?:no\.?\s?)?[A-Za-z]?\d/i;
/** 3-1-1201, 8/1/702 and 12-1201: door numbers joined by dashes. */
const DASHED_ROOM =
  /\d{1,3}-\d{1,2}-\d{2,4}(?![\d号號栋幢])|\d{1,3}\/\d{1,2}\/\d{2,4}(?![\d号號栋幢])|\d{1,2}-\d{3,4}(?![\d号號弄])/;
/** 6栋3号, 88号101, 文创园2301: a door number after a building, a gate number or an estate's name. */
const DOOR_AT_END =
  /[栋棟幢]\d{1,4}[号號](?![楼樓])|[号號门門]\d{3,4}(?![\d号號弄幢栋棟楼座国省县乡-])|(?![路道线巷弄街第省县乡])[\u3400-\u9fff][A-Za-z]?\d{3,6}$/;
/** 5一1一901: the numeral one typed for a dash. */
const TYPED_DASH = /(?<=\d)[一—–ー](?=\d)/g;
/** 4-*-206, 3栋**01: digits that go on after what was hidden are the end of a door number. */
const HALF_HIDDEN = /[*]-?\d{2,4}(?![\d号號弄幢栋棟座])/;
/** 左户, 西户: the side of the landing is the number of a door; 西户村 is a place. */
const SIDE_DOOR = /[东東西南北中左右][户戶室](?![\u3400-\u9fff])/;
/** 17号楼9b: a number with a letter after a building. */
const LETTERED_AFTER_BUILDING = new RegExp(
  `(?:[栋棟幢#]|号楼|號樓)${GAPS}\\d{1,2}[A-Za-z](?![A-Za-z0-9])`,
);
/** 412-3床, 34号摊位: what has its own number and belongs to one person. */
const NUMBERED_PLACE = /\d\s?床(?![单上品垫头架])|\d\s?[号號](?:床|摊位|攤位|铺位|档口)/;
/** 5-9-2-7: four numbers in a row reach down to the room. */
const DASHED_DEEPLY = /\d{1,3}(?:-\d{1,3}){3,}(?![\d号號栋幢])/;
const BUILDING = new RegExp(`${NUMERAL}\\s?(?:[栋棟幢座]|号楼|號樓)`);
const ROOMS = [
  MARKED_ROOM,
  ROOM_AFTER_BUILDING,
  FLOOR_AFTER_BUILDING,
  SPELLED_AFTER_BUILDING,
  LATIN_ROOM,
  DASHED_ROOM,
  DOOR_AT_END,
  HALF_HIDDEN,
  SIDE_DOOR,
  LETTERED_AFTER_BUILDING,
  NUMBERED_PLACE,
  DASHED_DEEPLY,
] as const;

/** True when a text that should hold no address names a building, a unit, a floor or a room. */
export function namesDoor(shown: string): boolean {
  return [MARKED_ROOM, ROOM_AFTER_BUILDING, LATIN_ROOM, BUILDING].some((p) => p.test(shown));
}

/**
 * 3栋501, 5幢 三单元 302, 2单元502, 501室: a room behind a building or a unit. Fewer forms than
 * `namesDoor` knows, since goods are called 3层抽纸, 三座沙发套 and 第3单元练习册.
 */
const ROOM_IN_TEXT = new RegExp(
  `(?:[栋棟幢]|[号號][楼樓])${GAPS}(?:${NUMERAL}{1,3}\\s?(?:单元|單元)${GAPS})?\\d{3,4}(?![\\d款年片件个码号號弄巷路])` +
    `|${NUMERAL}\\s?(?:单元|單元)${GAPS}\\d{3,4}(?![\\d题页道])` +
    `|[A-Za-z]\\s?座${GAPS}\\d{3,4}(?![\\d款年片件个码])` +
    `|${NUMERAL}\\s?(?:[楼樓层層]|单元|單元)[东東西南北中左右][户戶室]` +
    `|\\d{3,4}\\s?(?:室(?![内外温])|房(?![间間屋产產])|[号號]房)`,
);

/** True when a remark or the name of goods, folded, shows a room behind a building. */
export function namesRoom(shown: string): boolean {
  return ROOM_IN_TEXT.test(shown);
}

/** True when folded text hides all that `profile` does not keep. Never throws. */
export function isAddressHidden(
  shown: string,
  profile: MaskProfile,
  gazetteer: Gazetteer,
): boolean {
  const { keep } = profile.address;
  if (keep === "none") return !LETTER_OR_DIGIT.test(shown);
  const local = afterDivisions(shown, gazetteer).replace(TYPED_DASH, "-");
  const readable = keep === "building" ? ROOMS : [...ROOMS, BUILDING];
  return !readable.some((pattern) => pattern.test(local));
}

/** Names of places such as 三户镇 are no door numbers; only a part without digits is passed over. */
function afterDivisions(text: string, gazetteer: Gazetteer): string {
  const end = resolveDivision(text, gazetteer)?.end ?? 0;
  return /^[^\d*]*$/.test(text.slice(0, end)) ? text.slice(end) : text;
}
