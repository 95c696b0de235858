/** Failures of oversight: campaigns, cases, orders, suggestions, certificates. */
import type { FailureRow } from "./failure-row.ts";

export const OVERSIGHT_FAILURES = {
  CAMPAIGN_UNKNOWN: {
    status: 404,
    zh: "没有这次抽查",
    en: "There is no such campaign",
    doZh: "用开启抽查时打印的编号",
    doEn: "Use the id that was printed when the campaign was opened",
  },
  CAMPAIGN_PLAN_INVALID: {
    status: 400,
    zh: "抽查方案不对",
    en: "The plan of the campaign is wrong",
    doZh: "种子 1 至 200 个字符;每家快递的网点数、每个网点的件数在 1 至 10000 之间",
    doEn: "A seed has 1 to 200 characters; outlets and parcels are 1 to 10,000",
  },
  POPULATION_INVALID: {
    status: 400,
    zh: "抽查总体清单有误",
    en: "The list of what may be drawn is wrong",
    doZh: "每行一个 JSON 对象:outlet(网点编号)和 parcel(运单号);同一运单号只写一次",
    doEn: "One JSON object a line: outlet (id) and parcel (waybill number), no parcel twice",
  },
  POPULATION_SMALL: {
    status: 422,
    zh: "总体太小,抽不出方案要求的数量",
    en: "There is less to draw from than the plan asks for",
    doZh: "减少方案中的网点数或件数,或补全总体清单",
    doEn: "Ask for fewer outlets or parcels, or complete the list",
  },
  SAMPLE_UNKNOWN: {
    status: 404,
    zh: "该运单不在本次抽样之内",
    en: "This parcel was not drawn in this campaign",
    doZh: "只检查抽样清单上的运单,不得替换",
    doEn: "Look only at the parcels of the drawn list; none may be exchanged",
  },
  SAMPLE_LOOKED: {
    status: 409,
    zh: "该样本已有检查结果,不能再改",
    en: "This sample has been looked at already and stays as it is",
    doZh: "需要复查时另开一次抽查",
    doEn: "Open another campaign to look again",
  },
  LOOK_INVALID: {
    status: 400,
    zh: "检查记录的格式不对",
    en: "The record of a look has the wrong shape",
    doZh:
      "每行一个 JSON 对象:parcel、recipient、sender;后两者含 name、phone、address(面单上印的原样)",
    doEn:
      "One JSON object a line: parcel, recipient, sender; the last two with name, phone and " +
      "address as the label shows them",
  },
  CASE_UNKNOWN: {
    status: 404,
    zh: "没有这个案件",
    en: "There is no such case",
    doZh: "核对案号",
    doEn: "Check the case number",
  },
  CASE_EXISTS: {
    status: 409,
    zh: "这个案号已经用过",
    en: "A case of this number exists",
    doZh: "换一个案号,或在原案中继续办理",
    doEn: "Use another number, or go on with the case that has it",
  },
  CASE_DAY_BACKWARDS: {
    status: 400,
    zh: "办理日期早于案件的上一步",
    en: "The day is earlier than the case's last step",
    doZh: "核对日期;案件记录只能往后写",
    doEn: "Check the day; a case is only written forwards",
  },
  CASE_NOT_READY: {
    status: 409,
    zh: "案件还没有到这一步",
    en: "The case has not come to this step yet",
    doZh: "用 midan case show 查看案件状态和下一步",
    doEn: "See the state of the case and what may follow with midan case show",
  },
  ORDER_EXISTS: {
    status: 409,
    zh: "该单位在本案中已有责令改正通知",
    en: "This addressee has a correction order in this case already",
    doZh: "用 midan case show 查看;整改证明用 midan case prove 提交",
    doEn: "See midan case show; file its proof with midan case prove",
  },
  ORDER_UNKNOWN: {
    status: 404,
    zh: "没有待证明的责令改正通知",
    en: "There is no correction order that waits for proof from this addressee",
    doZh: "核对单位名称;已提交的证明不能更改",
    doEn: "Check the addressee; a proof that was filed stays",
  },
  SUGGESTION_UNKNOWN: {
    status: 404,
    zh: "没有这件代表建议",
    en: "There is no such suggestion",
    doZh: "用登记建议时打印的编号",
    doEn: "Use the id that was printed when it was registered",
  },
  TEXT_PERSONAL: {
    status: 422,
    zh: "文字中含有个人信息,不予登记",
    en: "The text holds personal data and is not recorded",
    doZh: "删去电话、证件号和邮箱,写职务或文书号",
    doEn: "Take out phones, identity numbers and mail addresses; name offices or documents",
  },
  TEXT_LENGTH: {
    status: 400,
    zh: "文字为空或太长",
    en: "A text is empty or too long",
    doZh: "按提示的字段改写",
    doEn: "Write the field that is named anew, within its length",
  },
  CERTIFICATE_ABSENT: {
    status: 409,
    zh: "该密舱没有销毁记录,不能出具证明",
    en: "This compartment has no record of destruction, so nothing can be certified",
    doZh: "先用 midan shred --due 销毁到期密舱",
    doEn: "Destroy what is due first with midan shred --due",
  },
} as const satisfies Record<string, FailureRow>;
