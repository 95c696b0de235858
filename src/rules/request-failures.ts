/** Failures of what a person asked for: a purpose, a token, a label, a date. */
import type { FailureRow } from "./failure-row.ts";

export const REQUEST_FAILURES = {
  USAGE: {
    status: 400,
    zh: "命令或参数不对",
    en: "The command or one of its options is wrong",
    doZh: "运行 midan --help 查看用法",
    doEn: "Run midan --help",
  },
  PROFILE_UNKNOWN: {
    status: 400,
    zh: "没有这个脱敏方案",
    en: "There is no such mask profile",
    doZh: "可用:gb41833、strict、full、gb41833-tail4",
    doEn: "Use gb41833, strict, full or gb41833-tail4",
  },
  PURPOSE_UNKNOWN: {
    status: 400,
    zh: "没有这个用途",
    en: "There is no such purpose",
    doZh:
      "可用:deliver、contact、return、claim、address-change、subject-request、law-enforcement、" +
      "sender-disclosure、inspection",
    doEn:
      "Use deliver, contact, return, claim, address-change, subject-request, " +
      "law-enforcement, sender-disclosure or inspection",
  },
  FIELDS_UNKNOWN: {
    status: 400,
    zh: "字段名不对",
    en: "A field name is not known",
    doZh: "可用:name、phone、address(收件人),sender.name、sender.phone、sender.address,remark;逗号分隔",
    doEn:
      "Use name, phone, address (recipient), sender.name, sender.phone, sender.address, " +
      "remark, with commas between",
  },
  FIELD_NOT_ALLOWED: {
    status: 403,
    zh: "该用途不能查看这个字段",
    en: "This purpose may not open this field",
    doZh: "换用合适的用途,或只查看该用途允许的字段",
    doEn: "Use the purpose that fits, or ask only for the fields that this one allows",
  },
  REASON_MISSING: {
    status: 400,
    zh: "该用途必须写明理由",
    en: "This purpose needs a written reason",
    doZh: "加上 --reason,写明文书号或事由",
    doEn: "Add --reason with the document number or the cause",
  },
  TOKEN_UNKNOWN: {
    status: 404,
    zh: "查无此密单号",
    en: "No waybill has this token",
    doZh: "核对密单号,并确认连接的是同一套系统",
    doEn: "Check the token, and that you are asking the installation that issued it",
  },
  DATA_DEAD: {
    status: 410,
    zh: "个人信息已按期销毁,无法恢复",
    en: "The personal data died on its day and cannot be brought back",
    doZh: "运单骨架仍可用 midan show 查看;如需联系客户请走平台或商家",
    doEn:
      "midan show still gives the shell; reach the customer through the platform or the " +
      "merchant",
  },
  ACCESS_CLOSED: {
    status: 403,
    zh: "签收与理赔期已过,个人信息已停止使用,只待销毁",
    en: "Sign-off and the claim window are over: the data is only stored until it dies",
    doZh: "仅本人请求或依法调取可查看;有投诉、理赔、调查的,先用 midan hold add 冻结",
    doEn:
      "Only a request of the person or a lawful order opens it; for a claim, complaint or " +
      "inquiry place a hold first (midan hold add)",
  },
  RETENTION_UNKNOWN: {
    status: 400,
    zh: "没有这类保存期限",
    en: "There is no such retention term",
    doZh: "用 midan retention show 查看各类期限",
    doEn: "midan retention show lists the terms",
  },
  RETENTION_BOUNDS: {
    status: 422,
    zh: "期限低于法定下限或高于上限",
    en: "The term is under the floor or over the ceiling that law and product set",
    doZh: "按 floorDays 与 ceilingDays 之间取值",
    doEn: "Use a number of days between floorDays and ceilingDays",
  },
  RETENTION_LOOSER: {
    status: 403,
    zh: "网点的期限不能比总部宽松",
    en: "A branch may not keep data longer than its headquarters",
    doZh: "取不超过 above 的天数,或由总部更改",
    doEn: "Use at most the days named in above, or have headquarters change its term",
  },
  PARCEL_STATE_UNKNOWN: {
    status: 400,
    zh: "没有这个运单状态",
    en: "There is no such state of a parcel",
    doZh: "可用:delivered、returned、closed、void、undelivered",
    doEn: "Use delivered, returned, closed, void or undelivered",
  },
  PARCEL_STATE_DAY: {
    status: 400,
    zh: "状态日期早于密封日或晚于今天",
    en: "The day of the state lies before the seal or after today",
    doZh: "核对 --on 的日期",
    doEn: "Check the day given with --on",
  },
  SHRED_FUTURE: {
    status: 400,
    zh: "不能按将来的日期销毁",
    en: "Nothing can be shredded by a date in the future",
    doZh: "加上 --dry-run 查看到时会销毁什么",
    doEn: "Add --dry-run to see what would die by then",
  },
  CLOCK_AHEAD: {
    status: 409,
    zh: "系统时钟比最近一条留痕晚 48 小时以上,已停止销毁",
    en: "The clock is more than 48 hours past the newest audit entry, so nothing was shredded",
    doZh: "核对系统时间;若确实多日未用,加 --allow-clock",
    doEn: "Check the clock; if nobody was here for days, add --allow-clock",
  },
  CLOCK_BEHIND: {
    status: 409,
    zh: "系统时钟比最近一条留痕早 48 小时以上",
    en: "The clock is more than 48 hours before the newest audit entry",
    doZh: "校准系统时间后再试",
    doEn: "Set the clock right and try again",
  },
  SHRED_BRAKE: {
    status: 409,
    zh: "本次将销毁的密钥超过安全比例,已停止",
    en: "This run would destroy more than the safe share of all keys, so it stopped",
    doZh: "先核对系统时间和保存期限;确认无误后加 --allow-share 100",
    doEn: "Check the clock and the retention term first; if they are right add --allow-share 100",
  },
  PROFILE_INVALID: {
    status: 400,
    zh: "脱敏方案写错了,或比国标显示得更多",
    en: "The mask profile is malformed or shows more than the national standard allows",
    doZh: "按提示的字段修改;手机最多显示 5 位",
    doEn: "Mend the named field; a phone may show at most five digits",
  },
  LABEL_LINT_FAILED: {
    status: 422,
    zh: "面单上有未充分隐藏的个人信息,不予打印",
    en: "The label shows personal data that is not hidden enough, so it is not printed",
    doZh: "按 findings 所列的区域和规则改正数据后重新打印;不要手工改面单",
    doEn: "Correct the data in the zones named in findings and print again; do not edit the label",
  },
  LABEL_OVERFLOW: {
    status: 422,
    zh: "内容太长,面单上放不下",
    en: "The text is too long for the label",
    doZh: "缩短 zone 所指区域的内容",
    doEn: "Shorten the text of the zone that is named",
  },
  LABEL_GLYPH_MISSING: {
    status: 422,
    zh: "有打印字库里没有的字",
    en: "A character is missing from the printing font",
    doZh: "检查 zone 所指区域,换用通行字或拼音",
    doEn: "Look at the zone that is named and use a common form of the character, or its pinyin",
  },
  LABEL_BARCODE_REFUSED: {
    status: 422,
    zh: "运单号无法印成条码",
    en: "The waybill number cannot be printed as a barcode",
    doZh: "运单号只用字母、数字和短横,1 至 35 位",
    doEn: "Use 1 to 35 letters, digits and hyphens for the waybill number",
  },
  LABEL_NONE: {
    status: 422,
    zh: "没有可打印的面单",
    en: "There is no label to print",
    doZh: "先看被拒的行和原因",
    doEn: "Look at the rows that were refused, and why",
  },
  TOKEN_CUT: {
    status: 400,
    zh: "密单号不完整,后面被截断了",
    en: "The token is cut short",
    doZh: "从来源处重新完整复制密单号(md1 加 26 个字符)",
    doEn: "Copy the whole token again: md1 and 26 characters",
  },
  TOKEN_REENCODED: {
    status: 400,
    zh: "密单号里混入了不该有的字符",
    en: "The token holds characters that do not belong in one",
    doZh: "多半是网址或表格转码所致(+ 变空格、# 后丢失),请从来源处原样复制",
    doEn: "A URL or a spreadsheet has probably re-encoded it; copy it again as it was",
  },
  TOKEN_VERSION: {
    status: 400,
    zh: "密单号的版本不认识",
    en: "The token has a version that this program does not know",
    doZh: "升级 midan 后再试",
    doEn: "Upgrade midan and try again",
  },
  TOKEN_ALTERED: {
    status: 400,
    zh: "密单号有误,校验不符",
    en: "The token is wrong: its checksum does not fit",
    doZh: "核对是否抄错字符",
    doEn: "Check for a mistyped character",
  },
} as const satisfies Record<string, FailureRow>;
