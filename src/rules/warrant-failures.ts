/** Failures of warrants: what an authority's document obliges to, and the two officers it takes. */
import type { FailureRow } from "./failure-row.ts";

export const WARRANT_FAILURES = {
  WARRANT_NEEDED: {
    status: 403,
    zh: "依法调取须有文号,并由两名人员确认;这一件没有由您经办、已确认、未到期的调取函",
    en:
      "Law enforcement takes a document number and two officers; no confirmed warrant of yours " +
      "covers this",
    doZh: "用 midan warrant file 登记文号,由另一名人员 midan warrant confirm 确认,再由两人之一查看",
    doEn:
      "File the document with midan warrant file, have another officer confirm it with midan " +
      "warrant confirm; then either of the two may open",
  },
  WARRANT_BOUNDS: {
    status: 400,
    zh: "调取函的件数或有效天数不对",
    en: "A warrant names too many subjects, none, or too many days",
    doZh: "每份 1 至 200 件,有效 1 至 30 天",
    doEn: "Name 1 to 200 waybills or records, for 1 to 30 days",
  },
  WARRANT_UNKNOWN: {
    status: 404,
    zh: "没有这份调取函",
    en: "There is no such warrant",
    doZh: "用 midan warrant list 查看编号",
    doEn: "See midan warrant list for the ids",
  },
  WARRANT_LISTLESS: {
    status: 409,
    zh: "这份调取函登记时尚未保存清单",
    en: "This warrant was filed before lists were kept",
    doZh: "请重新登记,由另一名人员看过清单再确认",
    doEn: "File it anew; another officer sees the list and confirms",
  },
  WARRANT_SAME_OFFICER: {
    status: 403,
    zh: "登记人不能确认自己登记的调取函",
    en: "Who filed a warrant may not confirm it",
    doZh: "请由另一名安全负责人或个人信息保护负责人确认",
    doEn: "Have another security or privacy officer confirm it",
  },
  WARRANT_CONFIRMED: {
    status: 409,
    zh: "这份调取函已经确认",
    en: "This warrant is confirmed already",
    doZh: "无须再确认;到期后请重新登记",
    doEn: "Nothing is left to do; file it anew when it has run out",
  },
} as const satisfies Record<string, FailureRow>;
