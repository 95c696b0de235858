/** What a run of text in an address is: the end of a road, a place, a remark, or nothing known. */

import { UNIT, classAt } from "./address-fold.ts";
import { looksLikeName } from "./name.ts";
import { ORGANISATION_WORDS } from "./name-word.ts";

export type TextKind = "road" | "village" | "venue" | "place" | "building" | "remark" | "unknown";

const ROAD_ENDS = words(
  "大道 大街 路 街 巷 胡同 弄 弄堂 道 国道 省道 县道 乡道 公路 环线 沿线 街路 线 段 支路 里弄 东路 西路 南路 北路 路口 街口 巷口 路南 路北 路东 " +
    "路西 街南 街北 街东 街西 大路 马路 环路 高速 南段 北段 东段 西段 中段 辅路 大道中 大道南 大道北 大道东 大道西 大街南 大街北 大街东 大街西 路中 " +
    "街中 路上 街上 步行街 路段 高架 桥路 路口东 路口西 路口南 路口北 街口东 街口西",
);
const VILLAGE_ENDS = words(
  "村 屯 庄 寨 组 队 社 沟 湾 岭 坪 垸 塘 坝 坡 冲 埠 浜 堡 营 洼 峪 岗 墩 圩 桥 头 家 沿 里 坊 埭 岙 桥头 自然村 居委会 村委会",
);
const VENUE_ENDS = words(
  "市场 商城 大厦 广场 中心 写字楼 酒店 宾馆 商贸城 商业城 城 公寓 宿舍 饭店 商场 大楼 综合楼 办公楼 医院 大学 学院 学校 中学 小学 公司 工厂 厂 " +
    "银行 国际 园区 产业园 工业园 科技园 创业园 孵化园 基地 百货 超市 厦 工业区 车站 底商 商铺 店铺 门面 铺 摊 店 行 楼 库 场 馆 排 列 商业街 " +
    "美食街",
);
const PLACE_ENDS = words(
  "小区 山庄 花园 家园 公园 新村 花苑 嘉园 佳苑 华府 名苑 豪庭 雅苑 公馆 别墅 社区 苑 园 府 庭 居 邸 轩 阁 墅 第 郡 城 湾 院 局 所 站 厅 部 " +
    "处 塔 门 区 期 幼儿园 物业 保安 前台 收发室 传达室 门卫 岗亭 驿站 快递柜 丰巢 菜鸟 代收点 超市 便利店 服务部 门市部 营业厅 分公司 有限公司 集团 " +
    "支行 分行 药店 诊所 卫生院 餐厅 饭馆 茶楼 网吧 美容院 美发 理发店 门口 大门 正门 后门 侧门 东门口 西门口 南门口 北门口 对面 旁边 附近 隔壁 楼下 " +
    "斜对面 交叉口 交汇处 交界处 方向 往东 往西 往南 往北 向东 向西 向南 向北 正对面 十字路口 红绿灯 路口 东侧 西侧 南侧 北侧 左侧 右侧 内 旁 侧 口 角 " +
    "位置 驻地 东首 西首 南首 北首 国道边 路边 东头 西头 南头 北头 东南角 西南角 东北角 西北角 东区 西区 南区 北区 中区 东院 西院 南院 北院 镇 乡 " +
    "街道 县 车间 仓库 配送中心 分拣中心 网点 邮局 派出所 政府 法院 检察院 党校 监狱 部队 卫生室 卫生所 加油站 停车场 收费站 河边",
);
const BUILDING_ENDS = words(
  "座 栋 幢 东楼 西楼 南楼 北楼 主楼 附楼 裙楼 前楼 后楼 副楼 号楼 单元楼",
);
const REMARKS = words(
  "电联 电话联系 请电联 打电话 丰巢 自取 送货上门 上门 不详 地址不详 道路不详 请放 放门口 快递柜 驿站 代收 谢谢 勿放 不要放 无门牌 没有门牌 门牌号 城区 " +
    "市区 县城 镇上 街上 客厅 阳台 商铺 门面 店面 底商 收件 签收 收发室 菜鸟 蜂巢 提前 本人 周末 工作日 节假日 派送 配送 null",
);
/** What shops and offices call themselves, beside the words of organisations. */
const BUSINESS = new Set([
  ...ORGANISATION_WORDS.split(" "),
  ...words(
    "旗舰店 专柜 电脑 家纺 布艺 窗帘 灯饰 照明 卫浴 洁具 门窗 橱柜 地板 吊顶 涂料 油漆 仪器 艺术 舞蹈 瑜伽 会所 律所 造型 医美 " +
      "牙科 口腔 女鞋 男鞋 皮业 皮具 鞋行 内衣 制衣 服装厂 水果 果蔬 蔬菜 海鲜 烧烤 面馆 奶茶 茶饮 蛋糕 糕点 书社 烟酒 副食 农资 饲料 种子 电动车 " +
      "自行车 摩托 轮胎 车行 车店 专营店 体验店 大药房 医务室 办公室 值班室 保安室 门卫室 监控室 会议室 财务室 文印室 资料室 阅览室 实验室 " +
      "财务部 销售部 市场部 行政部 人事部 工程部 后勤部 客房部 餐饮部 护士站 服务台 营业部 经营部 项目部 储物间 电梯口 洗车 修理 理发 " +
      "公建 高层 小高层 多层 洋房 别墅 平房 商业 商城 专科 门诊 病区 护理 食府 酒楼 茶社 棋牌 网咖 台球 影楼 婚庆 花艺 磨坊 豆浆 早餐 " +
      "空调 烤肉 烤鱼 火锅店 铝材 铝业 不锈钢 单车 纱窗 画室 琴行 书屋 书吧 酒坊 酒窖 农庄 农家乐 板材 木业 石材 瓷砖 壁纸 软装 床垫 沙发 净水 监控 安防 " +
      "耗材 标牌 喷绘 刻章 复印 快印 制衣 绣花 纽扣 拉链 辅料 面料 布料 布行 毛线 鞋材 箱包 手袋 帽业 袜业 丝绸 羊绒 皮草 童鞋 泳装 潮牌 女鞋店 饰界 化妆品 护肤 " +
      "日化 洗护 保健品 药材 参茸 滋补 宠物店 水族 渔具 户外 球馆 拳馆 泳池 驾校 托管 早教 画廊 古玩 字画 玉器 银饰 钟表 乐器 音响 灯光 会展 礼品 礼仪 鲜花 绿植 " +
      "园艺 苗木 种植 养殖 冷库 冻品 冷饮 饮品 甜品 糕饼 面包 米粉 米线 拉面 饺子 包子 馒头 小笼包 凉皮 炸鸡 汉堡 寿司 料理 牛排 西餐 中餐 茶餐厅 酒吧 清吧 茶室 " +
      "棋牌室 电玩 电竞 密室 快餐 盒饭 卤味 熟食 干洗 洗衣 家政 月嫂 房地产 中介 彩票 福彩 体彩 售楼处",
  ),
]);
const COMPANY_FORM =
  /(?:公司|集团|事务所|银行|[支分]行|大学|学院|[中小]学|幼儿园|医院|卫生院|派出所|法院|委员会|管理[局处]|厂|酒店|宾馆|公寓|专卖店|旗舰店|连锁店)$/;
const COMPANY_MIN_CHARS = 6;
/** Words that join remarks; alone they say nothing. */
const FILLERS = words("门口 放 在 到 送 至 物业 前台 保安 门卫 超市 先 再 请 不在 联系");
const ENDS: ReadonlyMap<string, TextKind> = new Map([
  ...PLACE_ENDS.map((word) => [word, "place"] as const),
  ...VENUE_ENDS.map((word) => [word, "venue"] as const),
  ...BUILDING_ENDS.map((word) => [word, "building"] as const),
  ...VILLAGE_ENDS.map((word) => [word, "village"] as const),
  ...ROAD_ENDS.map((word) => [word, "road"] as const),
]);
/** 某某市场东区: the parts of a market hold stalls, not houses. */
const MARKET = /市场|商城|商贸|批发/;
const END_MAX = Math.max(...[...ENDS.keys()].map((word) => word.length));
const REMARK_WORDS = [...REMARKS, ...FILLERS];
const REMARK_FIRST = new Set(REMARKS.map((word) => word.charAt(0)));
/** Text this short is a name rather than a place when its shape says so. */
const SHORT_TEXT_CHARS = 4;
const NAME_THRESHOLD = 0.3;
/** Inside a longer text only a common surname with a usual given name counts. */
const INNER_NAME_THRESHOLD = 0.84;
/** 李明五金 is named after a person; 海信专柜 after a brand that only begins like a rare surname. */
const OWNER_NAME_THRESHOLD = 0.6;
/** Few persons are called 路 or 街. */
const ROAD_NAME_THRESHOLD = 0.8;

/** What the text says by its ending: 路 a road, 村 a village, 大厦 a venue, 苑 a place, else unknown. */
export function kindOfText(folded: string, start: number, end: number): TextKind {
  for (let length = Math.min(END_MAX, end - start); length > 0; length -= 1) {
    const kind = ENDS.get(folded.slice(end - length, end));
    if (kind === "place" && MARKET.test(folded.slice(start, end))) return "venue";
    if (kind !== undefined) return kind;
  }
  return holdsRemark(folded, start, end) ? "remark" : "unknown";
}

/** 顶楼, 对门: where the door is, though the word ends as a place does. */
const DOOR_WORD = /[顶頂阁閣][楼樓层層]|对[门門户戶]|天台|地下室/;

/**
 * True when text in or after a building surely is a place or a delivery remark, and no name. What a
 * number follows is rather the next part of the address than a person, who is named at its end.
 */
export function isSurelyPlace(
  folded: string,
  start: number,
  end: number,
  isBeforeNumber: boolean,
): boolean {
  const text = folded.slice(start, end);
  if (DOOR_WORD.test(text)) return false;
  if (isOnlyRemarks(text)) return true;
  const kind = kindOfText(folded, start, end);
  if (!hasForeignUnit(folded, start, end) && isNamedPlace(withoutRemarks(text))) return true;
  if (kind === "unknown" || kind === "village" || kind === "remark") return false;
  if (hasForeignUnit(folded, start, end)) return false;
  if (text.length > SHORT_TEXT_CHARS) return !holdsName(text);
  const isPart = (kind === "road" || isBeforeNumber) && text.length > 2;
  const threshold = isPart ? ROAD_NAME_THRESHOLD : NAME_THRESHOLD;
  return looksLikeName(text) < threshold;
}

function isNamedPlace(text: string): boolean {
  return isCompany(text) || isBusiness(text);
}

/** 青蛙某某有限公司: long enough and in a form that no shop named after its owner has. */
function isCompany(text: string): boolean {
  return text.length >= COMPANY_MIN_CHARS && COMPANY_FORM.test(text);
}

/** 青蛙专柜, 青蛙五金电器: a shop or an office by its last word, and no person's name before it. */
function isBusiness(text: string): boolean {
  const length = [4, 3, 2].find((each) => BUSINESS.has(text.slice(-each)));
  if (length === undefined) return false;
  const front = text.slice(0, -length);
  if (front.length === 1) return false;
  return !holdsName(front) && looksLikeName(front) < OWNER_NAME_THRESHOLD;
}

function withoutRemarks(text: string): string {
  let end = text.length;
  for (;;) {
    const word = REMARKS.find((each) => text.endsWith(each, end));
    if (word === undefined) return text.slice(0, end);
    end -= word.length;
  }
}

/** Nothing but known remarks one after the other: any other word may be of a person. */
function isOnlyRemarks(text: string): boolean {
  let at = 0;
  while (at < text.length) {
    let longest = 0;
    for (const word of REMARK_WORDS) {
      if (word.length > longest && text.startsWith(word, at)) longest = word.length;
    }
    if (longest === 0) return false;
    at += longest;
  }
  return true;
}

/** 张三家门口 ends as places do and yet names a person. */
function holdsName(text: string): boolean {
  let runStart = 0;
  for (let at = 0; at < text.length; at += 1) {
    const word = placeWordAt(text, at);
    if (word === 0) continue;
    if (runHoldsName(text.slice(runStart, at))) return true;
    at += word - 1;
    runStart = at + 1;
  }
  return runHoldsName(text.slice(runStart));
}

function runHoldsName(run: string): boolean {
  for (let at = 0; at + 2 <= run.length; at += 1) {
    for (const length of [2, 3]) {
      if (looksLikeName(run.slice(at, at + length)) >= INNER_NAME_THRESHOLD) return true;
    }
  }
  return false;
}

/** Length of the word of places or shops at `at`; names do not reach into it. */
function placeWordAt(text: string, at: number): number {
  for (const length of [4, 3, 2]) {
    const word = text.slice(at, at + length);
    if (word.length === length && (ENDS.has(word) || BUSINESS.has(word))) return length;
  }
  return 0;
}

function holdsRemark(folded: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (!REMARK_FIRST.has(folded.charAt(at))) continue;
    if (REMARKS.some((word) => at + word.length <= end && folded.startsWith(word, at))) return true;
  }
  return false;
}

function hasForeignUnit(folded: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const unit = classAt(folded, at);
    if (unit === UNIT.other || unit === UNIT.letter || unit === UNIT.digit) return true;
  }
  return false;
}

function words(list: string): readonly string[] {
  return list.split(" ");
}
