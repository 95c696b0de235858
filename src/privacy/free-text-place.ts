/** Detailed addresses and organisations in running text. */

export type TextRange = readonly [start: number, end: number];

const NUMBER = "[0-9A-Za-z一二三四五六七八九十百零〇甲乙丙丁]{1,6}";
const PLACE = "[\\u3400-\\u9fff]";
/** The anchor: a road or estate and its number, or building, unit and room numbers. */
const ANCHOR = new RegExp(
  `(?:路|街|巷|道|弄|里|胡同|村|小区|新区|园|苑|城|庄|大厦|广场|公寓|花园|社区|家园|府|湾|庭|镇|组|屯)` +
    `(?:[东西南北中](?:段|侧)?)?(?:附|第)?${NUMBER}(?:-[0-9]{1,5})?(?:号|弄|栋|幢|座|楼|组|队|单元|室|#|院)` +
    `|${PLACE}{2}[0-9]{1,2}楼(?![盘主上下])|[0-9]{1,3}号(?:教学|实验|办公|宿舍|住院|综合|图书|公寓)楼` +
    `|[0-9]{3,4}(?:室|房)(?![间屋产])|[0-9]{1,4}#[0-9]{1,4}(?![0-9A-Za-z])` +
    `|${NUMBER}(?:栋|幢|座|号楼|单元|楼)${NUMBER}(?:单元|层|楼|室|房|号|户|(?![\\u3400-\\u9fff0-9元年月日个件]))`,
  "g",
);
const TAIL = new RegExp(
  `(?:[-、, ]?(?:附|第)?${NUMBER}(?:号楼|号院|号|弄|栋|幢|座|楼|组|单元|层|室|房|户|#|院|区|期)` +
    `|[-/,、. ]{0,3}[0-9]{2,4}(?![0-9元年月日个件号])|(?: [0-9](?![0-9元年月日个件])){1,3}` +
    `|${PLACE}{1,10}?(?:大厦|广场|小区|花园|公寓|家园|写字楼|苑|大楼|中心)(?:[A-Za-z]?[0-9]{1,4}(?:室|号|楼|层|房)?)?)`,
  "y",
);
const TAIL_PARTS_MAX = 8;
const HEAD_MAX_CHARS = 30;
const HEAD_STOPS = /[在于到至往从寄送是址为到住来去请和与将的了把]/;
const HAN_OR_DIGIT = /[\u3400-\u9fff0-9]/;

/** Ranges that read as an address with a number in it; the region before it included. */
export function findAddresses(folded: string): readonly TextRange[] {
  const found: TextRange[] = [];
  let from = 0;
  for (const match of folded.matchAll(ANCHOR)) {
    if (match.index < from) continue;
    const start = headStart(folded, match.index, from);
    from = tailEnd(folded, match.index + match[0].length);
    found.push([start, from]);
  }
  return found;
}

const BRING = "(?:送|放|搁|搬|挂|丢|拿|提)(?:到|至|在|上|去|来|给)?(?:门口|楼上)?:? ?";
const BARE_ROOM = "[0-9]{3,4}(?=[门家对隔,。;!?、 ]|$)";
const ROOM_CHAIN = "[0-9]{1,3}[-/](?:[0-9]{1,2}[-/])?[0-9]{2,4}(?![0-9A-Za-z%-])";
/** Rooms without a word of their own: 放501门口, 送2-3-501, 2栋/501, 五楼左户, Room 501. */
const DOOR = new RegExp(
  `(?<=${BRING})(?:${ROOM_CHAIN}|${BARE_ROOM})` +
    `|${NUMBER}(?:楼|层|单元)[东西南北中左右][户室]` +
    "|(?<![0-9])[0-9]{3,4}(?=门口|门前|门外|对门|家门)" +
    "|(?<![0-9A-Za-z./-])[0-9]{1,2}-[0-9]{1,2}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}(?![0-9A-Za-z-])" +
    `|${NUMBER}(?:栋|幢|座|号楼)(?:[-/,、. ]{1,3}[0-9]{2,4}(?![0-9元年月日个件])|[0-9](?: [0-9]){1,3})` +
    "|(?<![A-Za-z])(?:[Rr]oom|ROOM|[Rr]m|RM|[Aa]pt|APT|[Ff]lat|FLAT)[. #]{0,3}[0-9]{1,4}[A-Za-z]?",
  "g",
);
/** Prices and points are promised, not brought: 满300送200. */
const GIFT = /[满买][^,。]{0,8}$/;

/** Ranges that read as the number of a door in a note for the courier. */
export function findDoors(folded: string): readonly TextRange[] {
  const found: TextRange[] = [];
  for (const match of folded.matchAll(DOOR)) {
    const isGift = GIFT.test(folded.slice(Math.max(0, match.index - 10), match.index));
    if (!isGift) found.push([match.index, match.index + match[0].length]);
  }
  return found;
}

function headStart(folded: string, anchor: number, floor: number): number {
  const lowest = Math.max(floor, anchor - HEAD_MAX_CHARS);
  let start = anchor;
  while (start > lowest) {
    const before = folded.charAt(start - 1);
    if (!HAN_OR_DIGIT.test(before) || HEAD_STOPS.test(before)) break;
    start -= 1;
  }
  return start;
}

function tailEnd(folded: string, anchorEnd: number): number {
  let end = anchorEnd;
  for (let part = 0; part < TAIL_PARTS_MAX; part += 1) {
    TAIL.lastIndex = end;
    if (!TAIL.test(folded)) break;
    end = TAIL.lastIndex;
  }
  return end;
}

const ORGANISATION = new RegExp(
  `${PLACE}{2,24}?(?:[(（]${PLACE}{2,8}[)）]${PLACE}{0,12}?)?` +
    "(?:股份有限公司|有限责任公司|有限公司|分公司|子公司|公司|集团|银行|支行|分行|大学|学院|中学|小学|幼儿园|医院|法院|检察院|" +
    "研究院|研究所|设计院|事务所|委员会|协会|学会|联合会|基金会|俱乐部|工作室|出版社|电视台|派出所|公安局|税务局|管理局|教育局|商行|超市|酒店)",
  "g",
);
const ORGANISATION_STOPS =
  /^.*(?:[在于任为和与的是从至由对向到经及]|历任|现任|曾任|担任|兼任|毕业|就职|位于|加盟|出任|月|年|日)(?=..)/;

/** Ranges that read as an organisation's name; they are reported and not hidden. */
export function findOrganisations(folded: string): readonly TextRange[] {
  const found: TextRange[] = [];
  for (const match of folded.matchAll(ORGANISATION)) {
    const lead = ORGANISATION_STOPS.exec(match[0])?.[0].length ?? 0;
    const end = match.index + match[0].length;
    if (end - match.index - lead >= 4) found.push([match.index + lead, end]);
  }
  return found;
}
