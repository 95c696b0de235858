/** The words that follow a number in an address and say what the number counts. */

import { wordAt, words, wordsFromHead } from "./word-table.ts";

export type MarkerRole =
  /** 3号楼, 12幢, b座 */
  | "building"
  /** 2单元, 3门 */
  | "unit"
  | "floor"
  | "room"
  /** 楼 alone: a building or a floor, by its neighbours. */
  | "storey"
  /** 号 alone: a door on a road, a house in a compound, or a room. */
  | "number"
  /** 弄: a lane whose houses are numbered. */
  | "lane"
  /** 12号院: a compound with its own number. */
  | "yard"
  /** 318国道, 6组, 2期: the number belongs to a name. */
  | "road"
  | "name"
  /** 200米: how far it is to the place named next. */
  | "distance"
  /** No marker at all. */
  | "bare";

export interface Marker {
  readonly length: number;
  readonly role: MarkerRole;
  /** A Chinese numeral before it is often part of a name (三门, 六户, 五里店). */
  readonly shy: boolean;
}

const WORDS: readonly (readonly [role: MarkerRole, words: string])[] = [
  [
    "building",
    "号楼 号栋 号幢 号座 号塔 教 号教 教学楼 号公寓 号宿舍 号宿舍楼 号厂房 号库 号仓 号馆 号办公楼 号教学楼",
  ],
  ["building", "栋 幢 座 栋楼 幢楼 座楼 楼栋 单体 号单体 号大楼 号商业楼 号住宅楼 号居民楼"],
  [
    "building",
    "舍 斋 号舍 号斋 # #楼 #栋 #幢 #座 公寓 公寓楼 宿舍楼 号商住楼 号高层 号洋房 号别墅 号综合楼 号家属楼",
  ],
  [
    "unit",
    "单元 单园 单员 单圆 单原 单无 单源 单远 单元门 号单元 #单元 号门 号门洞 门洞 门栋 梯 号梯 梯口",
  ],
  ["floor", "层 楼层 号层"],
  ["storey", "楼"],
  ["number", "号"],
  [
    "room",
    "室 号室 号房 号房间 房间 号户 寝室 号寝室 寝 宿舍 号商铺 商铺 号铺 号铺位 铺位 号档 档口 号档口",
  ],
  [
    "room",
    "教室 号教室 格口 号格口 号格 号柜格 箱格 摊位 号摊位 号摊 床位 号床 号床位 号柜 柜台 号柜台 号店 号店铺 店铺 号店面 店面 号门面 门面",
  ],
  [
    "room",
    "号门市 门市 号门市房 门市房 号门店 门店 号间 号车库 车库 号车位 车位 卡位 工位 号信箱 信箱 号底商 底商",
  ],
  ["distance", "米 公里 千米 多米 米处 公里处 米左右"],
  ["lane", "弄 支弄 号弄"],
  ["yard", "号院 号大院 号小区 号院内"],
  [
    "road",
    "路 街 大街 大道 马路 环 环路 国道 省道 县道 乡道 号路 号街 号大街 号大道 号支路 号横路 段 支路 巷 号巷 胡同 条 横路 横街 横巷 弄堂",
  ],
  ["road", "道 辅路 干道 号公路 公路 经路 纬路 通道 号线 线 支巷"],
  [
    "name",
    "期 区 小区 新村 安置区 苑 组团 组 队 村 屯 社 社区 坊 园 里 村民组 村民小组 小组 生产队 大队 中队 分队 小队",
  ],
  ["name", "号桥 桥 站 厂 分厂 号厂 中学 小学 校区 院 亩 号地 号地块 地块 号坑 号码头"],
  [
    "name",
    "路口 连 团 营 师 旅 分场 工区 矿 号矿 排 列 期工程 号工地 标段 街区 街坊 街道 口 队部 号公馆 公馆 号院子",
  ],
  [
    "name",
    "号仓库 医院 院区 年 元 局 处 冶 建 化 号路口 号公园 号广场 号大门 大门 号岗 号门岗 号路桥 街坊 街区 片区",
  ],
];

/** Believed after a Chinese numeral only inside a building. */
const SHY_WORDS: readonly (readonly [role: MarkerRole, words: string])[] = [
  ["unit", "门 单 洞"],
  ["room", "房 户 间 铺 档 摊 床 柜 店"],
];

/** Units after a marker with which its end makes another word: 号房管所, 6号门市场, 12号地下一层. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ["房", "管产屋地东租"],
  ["市", "场"],
  ["地", "下铁税质"],
  ["店", "镇乡"],
  ["层", "次"],
  ["户", "外"],
  ["室", "内外"],
  ["门", "诊"],
  ["铺", "镇乡"],
  ["座", "谈"],
]);

const MARKERS = wordsFromHead<Marker>([...markersOf(WORDS, false), ...markersOf(SHY_WORDS, true)]);

function markersOf(
  rows: readonly (readonly [role: MarkerRole, list: string])[],
  shy: boolean,
): readonly (readonly [string, Marker])[] {
  return rows.flatMap(([role, list]) =>
    words(list).map((word) => [word, { length: word.length, role, shy }] as const),
  );
}

/** The longest marker that begins at `at` of a folded address, or null. */
export function markerAt(folded: string, at: number): Marker | null {
  let to = folded.length;
  for (;;) {
    const marker = wordAt(MARKERS, folded, { at, to });
    if (marker === undefined) return null;
    if (!isOtherWord(folded, at + marker.length)) return marker;
    to = at + marker.length - 1;
  }
}

function isOtherWord(folded: string, end: number): boolean {
  if (end >= folded.length) return false;
  return OTHER_WORDS.get(folded.charAt(end - 1))?.includes(folded.charAt(end)) === true;
}
