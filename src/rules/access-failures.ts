/** Failures of access: who may decide what, and who is trained to look. */
import type { FailureRow } from "./failure-row.ts";

export const ACCESS_FAILURES = {
  ORGANISATION_UNKNOWN: {
    status: 404,
    zh: "没有这个机构",
    en: "There is no such organisation",
    doZh: "用 midan org list 查看名称和编号",
    doEn: "See midan org list for names and ids",
  },
  ORGANISATION_EXISTS: {
    status: 409,
    zh: "机构名称已被使用,或总部已经设立",
    en: "The name is taken, or the headquarters exists already",
    doZh: "用 midan org list 查看;换一个名称,或在现有总部下增设网点",
    doEn: "See midan org list; take another name, or add outlets under the one there is",
  },
  ORGANISATION_PLACE: {
    status: 400,
    zh: "机构不能设在这里",
    en: "The organisation cannot stand there",
    doZh: "网点须设在本公司的总部或网点之下,其他机构不设上级;一次最多一万家,层级最多 16 层",
    doEn:
      "An outlet stands under the headquarters or an outlet of its own carrier, nothing else has " +
      "a parent; at most 10,000 at a time and 16 levels",
  },
  SETTING_UNKNOWN: {
    status: 400,
    zh: "没有这项设置",
    en: "There is no such setting",
    doZh: "可用:mask-profile、training-required",
    doEn: "Use mask-profile or training-required",
  },
  SETTING_VALUE_UNKNOWN: {
    status: 400,
    zh: "这项设置没有这个取值",
    en: "The setting has no such value",
    doZh: "用 midan policy show 查看可用的取值",
    doEn: "See midan policy show for the values there are",
  },
  SETTING_HEADQUARTERS_ONLY: {
    status: 403,
    zh: "该设置仅总部可以更改",
    en: "Only headquarters may change this setting",
    doZh: "用 midan policy request 向总部提出授权申请",
    doEn: "File an authorisation request with midan policy request",
  },
  SETTING_NOT_BELOW: {
    status: 403,
    zh: "只能更改本机构及下级机构的设置",
    en: "An organisation decides for itself and those below it only",
    doZh: "由该机构自己或其总部更改",
    doEn: "Let that organisation or its headquarters change it",
  },
  SETTING_LOCKED: {
    status: 403,
    zh: "上级已锁定该设置",
    en: "The setting is locked above",
    doZh: "用 midan policy explain 查看由谁锁定;需要改动请向其申请",
    doEn: "See who locked it with midan policy explain, and ask them",
  },
  SETTING_LOOSER: {
    status: 403,
    zh: "不能比上级的设置更宽松",
    en: "The value is looser than what is set above",
    doZh: "下级只能收紧;用 midan policy explain 查看上级的取值",
    doEn: "Below, a setting can only be tightened; see midan policy explain for the value above",
  },
  REQUEST_UNKNOWN: {
    status: 404,
    zh: "没有这份授权申请",
    en: "There is no such authorisation request",
    doZh: "用 midan policy requests 查看编号",
    doEn: "See midan policy requests for the ids",
  },
  REQUEST_ANSWERED: {
    status: 409,
    zh: "这份授权申请已有答复,不能再改",
    en: "This request has been answered, and the answer stays",
    doZh: "需要改变请由网点重新申请",
    doEn: "Let the outlet file another request",
  },
  REQUEST_ADDRESSEE: {
    status: 403,
    zh: "授权申请由网点提出,只能由被申请的总部答复",
    en: "Outlets file requests, and only the headquarters that was asked may answer",
    doZh: "用 midan policy requests 查看申请人和被申请人",
    doEn: "See midan policy requests for who asked whom",
  },
  TRAINING_INVALID: {
    status: 403,
    zh: "查看人没有有效的培训记录,不予查看",
    en: "The account has no valid training, so nothing is revealed",
    doZh: "完成个人信息保护培训,并用 midan org training 登记后再试",
    doEn: "Pass the training on personal information and record it with midan org training",
  },
  COURSE_UNKNOWN: {
    status: 400,
    zh: "没有这门课程",
    en: "There is no such course",
    doZh: "可用:waybill-privacy",
    doEn: "Use waybill-privacy",
  },
  TRAINING_DAYS: {
    status: 400,
    zh: "培训通过日不对",
    en: "The day on which the training was passed is wrong",
    doZh: "写成 YYYY-MM-DD,不晚于今天",
    doEn: "Write it as YYYY-MM-DD, today or before",
  },
  TRAINING_EXISTS: {
    status: 409,
    zh: "该账号当天通过这门课程的记录已经存在",
    en: "That this account passed this course on this day is on record already",
    doZh: "无须再登记",
    doEn: "Nothing is left to do",
  },
} as const satisfies Record<string, FailureRow>;
