/** What `midan quota` says. */

export const QUOTA_TEXTS = {
  "cli.quota": {
    zh: "查看限额:用量、预测、临时提额",
    en: "quotas of looking: use, forecast, raises",
  },
  "cli.quota.show": {
    zh: "当前时段的用量、提额和告警",
    en: "what is spent now, raises, and alarms",
  },
  "cli.quota.forecast": {
    zh: "按目前速度,各时段结束时的用量",
    en: "what will be spent at the end of each span at this pace",
  },
  "cli.quota.raise": {
    zh: "申请临时提额:范围 person、purpose、branch、tenant,时段 minute、shift、day",
    en: "ask for more for some hours: person, purpose, branch or tenant; minute, shift or day",
  },
  "cli.quota.key": {
    zh: "对象,照 midan quota show 抄写;tenant 不用写",
    en: "whose quota, as midan quota show prints it; not for tenant",
  },
  "cli.quota.extra": { zh: "增加多少,1 至 1000000", en: "how much more, 1 to 1,000,000" },
  "cli.quota.hours": { zh: "多少小时,1 至 72", en: "for how many hours, 1 to 72" },
  "cli.quota.reason": { zh: "书面理由", en: "written reason" },
  "cli.quota.approve": {
    zh: "批准提额,须由另一账号",
    en: "approve a raise, as another account",
  },
  "cli.search.tail": {
    zh: "电话末四位,在 --branch 当天的在管包裹中查找",
    en: "last four digits, among the parcels that --branch has that day",
  },
  "cli.search.same": {
    zh: "与这一件收件人相同的在管包裹",
    en: "parcels there for the same recipient as this one",
  },
  "cli.search.branch": { zh: "网点(名称或编号)", en: "the branch (name or id)" },
  "cli.search.day": {
    zh: "在管日期 YYYY-MM-DD,默认今天",
    en: "the day of custody, YYYY-MM-DD, today if left out",
  },
  "quota.none": { zh: "当前时段没有查看", en: "Nothing was looked at in the spans that run now" },
  "quota.row": {
    zh: "{scope} {key} {span}:已用 {spent} / {limit},至 {until}",
    en: "{scope} {key}, {span}: {spent} of {limit} spent, until {until}",
  },
  "quota.forecast.row": {
    zh: "{scope} {key} {span}:预计 {atEnd} / {limit}",
    en: "{scope} {key}, {span}: {atEnd} of {limit} expected",
  },
  "quota.forecast.reached": { zh: ",{at} 用完", en: ", spent at {at}" },
  "quota.raise.row": {
    zh: "提额 {id} {scope} {key} {span} +{extra},{hours} 小时,理由:{reason}:{state}",
    en: "raise {id} {scope} {key}, {span} +{extra} for {hours} h; reason: {reason}: {state}",
  },
  "quota.raise.waiting": { zh: "待批准", en: "waits for approval" },
  "quota.raise.until": { zh: "有效至 {until}", en: "counts until {until}" },
  "quota.alarm.row": {
    zh: "告警 {day} {actor} 当天打开的不同运单达到 {step} 件",
    en: "alarm {day}: {actor} opened {step} distinct waybills that day",
  },
  "quota.asked": {
    zh: "提额申请已提交:{id},须由另一账号批准",
    en: "Raise asked for: {id}; another account has to approve it",
  },
  "quota.approved": { zh: "已批准,有效至 {until}", en: "Approved, counts until {until}" },
} as const;
