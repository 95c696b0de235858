/** What a recommendation finds and asks for, put into words in both languages. */
import { daysBetween } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import type { Wording } from "./coverage.ts";

/** Where clues come from: 人民检察院公益诉讼办案规则 (2021-07-01), art. 24. */
const CASE_SOURCES = {
  report: { zh: "群众举报", en: "a report by a member of the public" },
  "case-work": { zh: "履行检察职责中发现", en: "findings in our own case work" },
  "deputy-transfer": { zh: "人大代表、政协委员转交", en: "a transfer by a deputy" },
  media: { zh: "新闻媒体反映", en: "reports in the media" },
  "spot-check": { zh: "专项抽查中发现", en: "findings of a spot check" },
} as const satisfies Record<string, Wording>;

export type CaseSource = keyof typeof CASE_SOURCES;

/** Who can switch masking on; the cause lies there. */
const SWITCH_HOLDERS = {
  outlet: { zh: "网点自行设置", en: "the outlet itself" },
  branch: { zh: "分公司设置", en: "the branch" },
  headquarters: { zh: "总部设置,网点无权限", en: "headquarters only, not the outlets" },
  platform: { zh: "电商平台设置", en: "the platform" },
  merchant: { zh: "商家设置", en: "the merchant" },
} as const satisfies Record<string, Wording>;

export type SwitchHolder = keyof typeof SWITCH_HOLDERS;

/** A request for authorisation and how long it lay. */
export interface WaitFact {
  readonly organisation: string;
  readonly filedOn: Day;
  readonly answeredOn: Day | null;
  /** The day up to which an unanswered wait is counted. */
  readonly asOf: Day;
}

/** How the case came about, in one paragraph. */
export function sourceParagraphs(source: CaseSource): readonly Wording[] {
  const { zh, en } = CASE_SOURCES[source];
  return [
    {
      zh: `案件线索来源:${zh}。经评估后立案调查。`,
      en: `The clue came from ${en}; the case was filed after assessment.`,
    },
  ];
}

/** How the figures of the harm were found, so that anybody can repeat the draw. */
export function factsOfHarm(campaign: {
  readonly name: string;
  readonly seed: string;
  readonly lookedOn: Day;
  readonly outlets: number;
}): Wording {
  const { name, seed, lookedOn, outlets } = campaign;
  return {
    zh:
      `${lookedOn},在“${name}”中以公开种子“${seed}”随机抽取 ${outlets} 个网点及其快件,` +
      "逐件核对面单印出的收寄件人姓名、电话、地址。未达标的面单使收寄件人信息完整或基本完整地公开," +
      "侵害众多个人的信息权益。结果如下:",
    en:
      `On ${lookedOn}, in “${name}”, ${outlets} outlets and their parcels were drawn with the ` +
      `printed seed “${seed}”, and the names, phones and addresses on each label were checked. ` +
      "Labels that fail lay senders and recipients open, to the harm of many. The results:",
  };
}

function waitOf({ organisation, filedOn, answeredOn, asOf }: WaitFact): Wording {
  const days = daysBetween(filedOn, answeredOn ?? asOf);
  return answeredOn === null
    ? {
        zh: `${organisation}于 ${filedOn} 申请授权,截至 ${asOf} 已等待 ${days} 日,总部仍未答复。`,
        en: `${organisation} asked on ${filedOn}; by ${asOf}, ${days} days on, no answer had come.`,
      }
    : {
        zh: `${organisation}于 ${filedOn} 申请授权,总部 ${answeredOn} 才答复,等待 ${days} 日。`,
        en:
          `${organisation} asked on ${filedOn} and was answered on ${answeredOn}, ${days} ` +
          `days on.`,
      };
}

function switchOf(holder: Wording, refusals: number | null): Wording {
  if (refusals === null)
    return {
      zh: `经查,面单脱敏的开关由${holder.zh}。`,
      en: `Masking is switched by ${holder.en}.`,
    };
  return {
    zh: `经查,面单脱敏的开关由${holder.zh};网点试图开启被系统拒绝 ${refusals} 次。`,
    en: `Masking is switched by ${holder.en}; outlets that tried were refused ${refusals} times.`,
  };
}

function unreadOf(carriers: readonly string[]): Wording {
  return {
    zh: `${carriers.join("、")}未向本院开放授权申请及被拒设置的记录,以上未予计入。`,
    en:
      `${carriers.join(", ")} did not show requests and refusals to this procuratorate; the ` +
      "above counts none of theirs.",
  };
}

function oldRowsOf(oldRows: number): Wording {
  return {
    zh: `企业业务系统的历史订单表中仍有 ${oldRows} 行明文个人信息未予消除或屏蔽。`,
    en:
      `Old order tables still hold ${oldRows} rows of persons in the clear, neither masked ` +
      `nor erased.`,
  };
}

/** Why the agency's duty is found not to have been performed: only what was measured. */
export function factsOfOmission(facts: {
  readonly agency: string;
  readonly switchHolder: SwitchHolder;
  readonly refusals: number | null;
  readonly waits: readonly WaitFact[];
  readonly unread: readonly string[];
  readonly oldRows: number | null;
}): readonly Wording[] {
  const { agency, refusals, waits, unread, oldRows } = facts;
  const holder = SWITCH_HOLDERS[facts.switchHolder];
  return [
    {
      zh: `${agency}负有对辖区快递运单信息安全的监督管理职责,上述情形未得到纠正。`,
      en: `${agency} is charged with supervising waybills here; the above was not put right.`,
    },
    switchOf(holder, refusals),
    ...waits.map(waitOf),
    ...(unread.length === 0 ? [] : [unreadOf(unread)]),
    ...(oldRows === null ? [] : [oldRowsOf(oldRows)]),
  ];
}

/**
 * What may be asked of the agency: its own powers, so that it matches the claims of a later suit.
 */
export const REMEDIES: readonly Wording[] = [
  {
    zh: "(一)依法责令各快递企业限期改正,使面单达到上述规则等级,并收集整改证明。",
    en: "1. Order each carrier to comply by a date, at the rule level above, and collect proof.",
  },
  {
    zh: "(二)督促总部统一设置并锁定脱敏方案,或者向网点授权;协调电商平台、商家按同一标准发单。",
    en:
      "2. Have headquarters set and lock masking for all branches, or authorise them; bring " +
      "platforms and merchants to the same standard.",
  },
  {
    zh: "(三)督促企业对业务系统中到期的个人信息定期消除或屏蔽,并留存记录。",
    en: "3. Have firms erase or mask what is past its day in their systems, and keep the record.",
  },
  {
    zh: "(四)将运单信息安全纳入日常随机抽查和安全管理责任考核,开展从业人员培训。",
    en: "4. Make waybills part of random inspection and of the firms' scores, and train staff.",
  },
];
