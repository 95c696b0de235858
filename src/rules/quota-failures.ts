/** Failures of quotas, of searching in custody, and of documents of senders. */
import type { FailureRow } from "./failure-row.ts";

export const QUOTA_FAILURES = {
  QUOTA_SPENT: {
    status: 429,
    zh: "查看限额已用完,没有打开任何信息;封单、打印、登记状态不受影响",
    en: "The quota of looking is spent and nothing was opened; sealing, printing and states go on",
    doZh: "等下一时段(span),或用 midan quota raise 申请临时提额,由另一人 midan quota approve 批准",
    doEn:
      "Wait for the next span, or ask with midan quota raise and have somebody else approve it " +
      "with midan quota approve",
  },
  QUOTA_RAISE_BOUNDS: {
    status: 400,
    zh: "提额申请的范围、对象或数量不对",
    en: "Scope, key or figures of the raise are out of bounds",
    doZh:
      "范围:person、purpose、branch、tenant;时段:minute、shift、day;对象照 midan quota show 抄写;" +
      "增加 1 至 1000000,时长 1 至 72 小时",
    doEn:
      "Scopes are person, purpose, branch, tenant; spans minute, shift, day; the key is as midan " +
      "quota show prints it; 1 to 1,000,000 more for 1 to 72 hours",
  },
  QUOTA_RAISE_UNKNOWN: {
    status: 404,
    zh: "没有这份提额申请",
    en: "There is no such raise",
    doZh: "用 midan quota show 查看编号",
    doEn: "See midan quota show for the ids",
  },
  QUOTA_RAISE_SELF: {
    status: 403,
    zh: "申请人和受益人不能批准自己的提额",
    en: "Neither who asked nor whose quota it is may approve the raise",
    doZh: "请由另一个账号批准",
    doEn: "Have another account approve it",
  },
  QUOTA_RAISE_APPROVED: {
    status: 409,
    zh: "这份提额已经批准",
    en: "This raise is approved already",
    doZh: "无须再批准;需要更多请另行申请",
    doEn: "Nothing is left to do; ask anew for more",
  },
  DOCUMENT_KIND_UNKNOWN: {
    status: 400,
    zh: "没有这种证件",
    en: "There is no such kind of document",
    doZh: "用 midan real-name verify --help 查看可用的种类",
    doEn: "See midan real-name verify --help for the kinds there are",
  },
  CUSTODY_DAY: {
    status: 400,
    zh: "在管查找的日期不对",
    en: "The day of the search in custody is wrong",
    doZh: "写成 YYYY-MM-DD,今天或之前 31 天以内",
    doEn: "Write it as YYYY-MM-DD, today or up to 31 days before",
  },
  MERGE_COUNT: {
    status: 400,
    zh: "比对合单的运单数不对",
    en: "That is not a number of waybills that can be compared",
    doZh: "一次给 1 至 1000 个密单号,更多请分批",
    doEn: "Give 1 to 1,000 tokens at once, and more in further calls",
  },
} as const satisfies Record<string, FailureRow>;
