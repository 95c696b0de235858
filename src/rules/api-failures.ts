/** Failures at the border of the HTTP API: how often, which page, and what is sent again. */
import type { FailureRow } from "./failure-row.ts";

export const API_FAILURES = {
  REQUESTS_TOO_MANY: {
    status: 429,
    zh: "请求过于频繁",
    en: "There were too many requests in a minute",
    doZh: "按 Retry-After 等待后重试;大量订单用批量或流式接口",
    doEn: "Wait as Retry-After says; send many orders as a batch or a stream",
  },
  CURSOR_UNKNOWN: {
    status: 400,
    zh: "翻页标记不对",
    en: "The cursor is not one that this list gave out",
    doZh: "原样使用上一页的 next,或不带 cursor 从头开始",
    doEn: "Send the next of the page before as it is, or begin without a cursor",
  },
  SETTING_STALE: {
    status: 412,
    zh: "设置已被他人更改",
    en: "The setting was changed since it was read",
    doZh: "重新读取,核对后带上新的 ETag 再改",
    doEn: "Read it again and send the new ETag with If-Match",
  },
} as const satisfies Record<string, FailureRow>;
