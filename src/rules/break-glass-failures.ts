/** Failures of break-glass (应急查看). */
import type { FailureRow } from "./failure-row.ts";

export const BREAK_GLASS_FAILURES = {
  BREAK_GLASS_BOUNDS: {
    status: 400,
    zh: "应急查看的时长不对",
    en: "The minutes of the break-glass are out of bounds",
    doZh: "1 至 60 分钟",
    doEn: "Ask for 1 to 60 minutes",
  },
  EVIDENCE_WRONG: {
    status: 422,
    zh: "凭证不是 JPEG、PNG 或 PDF,或超过 2 MiB",
    en: "The evidence is no JPEG, PNG or PDF, or is larger than 2 MiB",
    doZh: "附上现场照片或文件,不超过 2 MiB",
    doEn: "Give a photo or document of at most 2 MiB",
  },
  BREAK_GLASS_UNKNOWN: {
    status: 404,
    zh: "没有这次应急查看",
    en: "There is no such break-glass",
    doZh: "用 midan break-glass list 查看编号",
    doEn: "See midan break-glass list for the ids",
  },
  BREAK_GLASS_SELF: {
    status: 403,
    zh: "不能核查自己的应急查看",
    en: "Nobody acknowledges a break-glass of their own",
    doZh: "请由另一名个人信息保护负责人核查",
    doEn: "Have another privacy officer acknowledge it",
  },
  BREAK_GLASS_ACKNOWLEDGED: {
    status: 409,
    zh: "这次应急查看已经核查",
    en: "This break-glass is acknowledged already",
    doZh: "无须再核查",
    doEn: "Nothing is left to do",
  },
} as const satisfies Record<string, FailureRow>;
