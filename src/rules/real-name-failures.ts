/** Failures of real-name records (实名收寄). */
import type { FailureRow } from "./failure-row.ts";

export const REAL_NAME_FAILURES = {
  DOCUMENT_FAULT: {
    status: 422,
    zh: "证件号码不符合该种证件的写法,没有登记",
    en: "The number cannot be one of that kind of document; nothing was recorded",
    doZh: "核对证件种类和号码:fault 说明是位数、校验码、出生日期还是地区不对",
    doEn: "Check kind and number; fault says what is off: shape, check digit, birth date, region",
  },
  REAL_NAME_UNKNOWN: {
    status: 404,
    zh: "没有这份实名记录",
    en: "There is no such real-name record",
    doZh: "用 midan real-name status --token 查看编号;到期的记录已删除",
    doEn: "See midan real-name status --token for the ids; records past their day are gone",
  },
} as const satisfies Record<string, FailureRow>;
