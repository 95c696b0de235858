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
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    zh: "Idempotency-Key 格式不对",
    en: "The Idempotency-Key is none",
    doZh: "用 1 至 255 个可见 ASCII 字符,例如一个 UUID",
    doEn: "Use 1 to 255 printable ASCII characters, such as a UUID",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    zh: "同一 Idempotency-Key 用于另一请求",
    en: "This Idempotency-Key was given to another request",
    doZh: "新请求用新的键;重试时请求须与第一次完全相同",
    doEn: "Give a new request a new key; send a request again exactly as it was",
  },
  IDEMPOTENCY_PENDING: {
    status: 409,
    zh: "第一次请求尚未答复,或已中断",
    en: "The first request with this key was not answered yet, or was cut off",
    doZh: "稍后重试;仍如此则先查列表确认是否已完成,再换新键",
    doEn: "Try again shortly; if it stays so, look whether it was done before you use a new key",
  },
  IDEMPOTENCY_SHOWN: {
    status: 409,
    zh: "该请求已完成,答复只显示一次",
    en: "This request was done, and its answer is shown only once",
    doZh: "未收到第一次答复的,作废后重新生成",
    doEn: "If the first answer never arrived, end what was made and make another",
  },
  WEBHOOK_ADDRESS: {
    status: 422,
    zh: "该地址不能接收事件通知",
    en: "No webhook may lead to this address",
    doZh: "用公网可达的 https 地址;内网地址须由运维写入 MIDAN_WEBHOOK_NETWORKS",
    doEn:
      "Use an https address that the public network reaches; whoever runs Midan allows networks " +
      "of its own with MIDAN_WEBHOOK_NETWORKS",
  },
  EXPORTS_MAX: {
    status: 409,
    zh: "导出已达上限",
    en: "There are as many exports as there may be",
    doZh: "先删除不再需要的导出(DELETE /v1/exports/编号),每人最多 10 个;一天后自动清除",
    doEn: "Drop one that is not needed (DELETE /v1/exports/ID); each has 10, for a day",
  },
  EXPORT_BUSY: {
    status: 429,
    zh: "正在制作另一个导出",
    en: "Another export is being made",
    doZh: "按 Retry-After 稍后再试;每台服务器一次只制作一个",
    doEn: "Try again after Retry-After; a server makes one at a time",
  },
  SIMULATION_BUSY: {
    status: 429,
    zh: "正在进行另一个策略模拟",
    en: "Another simulation is going on",
    doZh: "按 Retry-After 稍后再试;每台服务器一次只模拟一个",
    doEn: "Try again after Retry-After; a server does one at a time",
  },
  EXPORT_UNKNOWN: {
    status: 404,
    zh: "没有这个导出,或已过期",
    en: "There is no such export, or its day is over",
    doZh: "用 GET /v1/exports 查看自己的导出;一天后须重新导出",
    doEn: "See GET /v1/exports for one's own; after a day make it anew",
  },
  EXPORT_NOT_READY: {
    status: 409,
    zh: "导出尚未完成,或已失败",
    en: "The export is not ready, or making it failed",
    doZh: "用 GET /v1/exports/编号 查看状态;失败的须重新导出",
    doEn: "See GET /v1/exports/ID; one that failed is made anew",
  },
  EXPORT_DAYS: {
    status: 422,
    zh: "导出的天数太多",
    en: "The export spans too many days",
    doZh: "把期间分成几段,每次最多 31 天;整段期间的日志可制作检查包(inspector-bundle)",
    doEn: "Export up to 31 days at a time; for the log of a longer period make an inspector-bundle",
  },
  EXPORT_TOO_LARGE: {
    status: 413,
    zh: "导出的内容太多,一个文件装不下",
    en: "There is more to export than one file holds",
    doZh: "缩短期间,分几次导出;仍超过行数(rowsMax)的,运单按机构、状态、商家筛选,日志按问题筛选",
    doEn:
      "Export fewer days at a time; above rowsMax narrow waybills down by organisation, state " +
      "or merchant, and entries by question",
  },
  EXPORT_LOST: {
    status: 503,
    zh: "制作导出的服务器中途停止",
    en: "The server stopped while it made the export",
    doZh: "重新导出",
    doEn: "Make it anew",
  },
  RANGE_UNSATISFIABLE: {
    status: 416,
    zh: "文件没有所要的这一段",
    en: "The file has none of the bytes that were asked for",
    doZh: "按 Content-Range 给出的长度重新请求",
    doEn: "Ask within the length that Content-Range tells",
  },
  WEBHOOKS_MAX: {
    status: 409,
    zh: "事件通知地址已达上限",
    en: "There are as many webhooks as there may be",
    doZh: "先停用不再使用的地址,最多 20 个",
    doEn: "End one that is not used any more; there may be 20",
  },
  WEBHOOK_UNKNOWN: {
    status: 404,
    zh: "没有这个事件通知地址",
    en: "There is no such webhook",
    doZh: "用 GET /v1/webhooks 查看编号",
    doEn: "See GET /v1/webhooks for the ids",
  },
  WEBHOOK_DELIVERY_UNKNOWN: {
    status: 404,
    zh: "没有这条通知",
    en: "There is no such delivery",
    doZh: "通知只保留三十天;用 deliveries 列表查看编号",
    doEn: "Deliveries are kept for thirty days; see the list for their ids",
  },
  SETTING_STALE: {
    status: 412,
    zh: "设置已被他人更改",
    en: "The setting was changed since it was read",
    doZh: "重新读取(midan policy explain,或接口的新 ETag),核对后再改",
    doEn: "Read it again (midan policy explain, or the new ETag over HTTP) and change it then",
  },
} as const satisfies Record<string, FailureRow>;
