/** What `midan warrant` says. */

export const WARRANT_TEXTS = {
  "cli.warrant": {
    zh: "依法调取:登记文号,两名人员确认",
    en: "law enforcement: document numbers, confirmed by two officers",
  },
  "cli.warrant.file": {
    zh: "登记调取函:密单号或实名记录编号,1 至 200 件",
    en: "file a warrant for 1 to 200 tokens or ids of real-name records",
  },
  "cli.warrant.authority": { zh: "发函机关", en: "the authority that demands it" },
  "cli.warrant.document": { zh: "文号", en: "number of its document" },
  "cli.warrant.days": {
    zh: "确认后有效天数,1 至 30",
    en: "days it counts once confirmed, 1 to 30",
  },
  "cli.warrant.confirm": {
    zh: "确认调取函,须由另一名人员",
    en: "confirm a warrant, as another officer",
  },
  "cli.warrant.list": { zh: "待确认和有效的调取函", en: "warrants that wait or count" },
  "cli.warrant.show": {
    zh: "调取清单(脱敏),供第二名人员确认前核对",
    en: "what a warrant names, masked, for the officer who confirms it",
  },
  "warrant.named": {
    zh: "{about}  {number}  收 {recipient}  寄 {sender}",
    en: "{about}  {number}  to {recipient}  from {sender}",
  },
  "warrant.record": { zh: "{about}  实名记录({document})", en: "{about}  record ({document})" },
  "warrant.unshown": { zh: "{about}  不能显示:{code}", en: "{about}  cannot be shown: {code}" },
  "warrant.none": { zh: "没有待确认或有效的调取函", en: "No warrant waits or counts" },
  "warrant.filed": {
    zh: "调取函已登记:{id},须由另一名人员确认",
    en: "Warrant filed: {id}; another officer has to confirm it",
  },
  "warrant.confirmed": { zh: "已确认,有效至 {until}", en: "Confirmed, counts until {until}" },
  "warrant.row": {
    zh: "{id} {authority} {document},{count} 件,登记人 {filedBy}:{state}",
    en: "{id} {authority} {document}, {count} named, filed by {filedBy}: {state}",
  },
  "warrant.waiting": { zh: "待确认", en: "waits for the second officer" },
  "warrant.counts": {
    zh: "确认人 {by},有效至 {until}",
    en: "confirmed by {by}, counts until {until}",
  },
} as const;
