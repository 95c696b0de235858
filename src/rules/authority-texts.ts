/** What `midan authority` says. */

export const AUTHORITY_TEXTS = {
  "cli.authority": {
    zh: "机关可查范围:由企业总部开放、收回",
    en: "what an authority may be shown, granted and revoked by the carrier",
  },
  "cli.authority.grant": {
    zh: "向机关开放一项范围:requests、scores、settings、log-counts",
    en: "grant an authority a scope: requests, scores, settings or log-counts",
  },
  "cli.authority.to": { zh: "机关(名称或编号)", en: "the authority, by name or id" },
  "cli.authority.from": { zh: "起始日,默认今天", en: "first day, today without it" },
  "cli.authority.until": { zh: "截止日(含)", en: "last day" },
  "cli.authority.basis": { zh: "法律依据", en: "legal basis" },
  "cli.authority.document": { zh: "文号", en: "number of its document" },
  "cli.authority.approve": {
    zh: "批准待批的开放,须由另一人",
    en: "approve a grant that waits, as another person",
  },
  "cli.authority.revoke": { zh: "收回,立即生效", en: "revoke a scope at once" },
  "cli.authority.scopes": {
    zh: "本企业开放的范围;机关则为可查的范围",
    en: "the scopes that this carrier granted, or that this office was granted",
  },
  "cli.authority.read": {
    zh: "机关按一项范围查看,留痕于企业的日志",
    en: "read under a scope, as the office; the carrier's log has the entry",
  },
  "authority.none": { zh: "没有可查范围", en: "No scope was granted" },
  "authority.granted": { zh: "已开放:{id}", en: "Granted: {id}" },
  "authority.waits": {
    zh: "待另一人批准:{id}",
    en: "Waits for another person's approval: {id}",
  },
  "authority.approved": { zh: "已批准:{id}", en: "Approved: {id}" },
  "authority.revoked": { zh: "已收回:{id}", en: "Revoked: {id}" },
  "authority.row": {
    zh: "{id}  {tenant} → {authority}  {scope}  {from} 至 {until}  {basis}  {document}  {state}",
    en: "{id}  {tenant} → {authority}  {scope}  {from} to {until}  {basis}  {document}  {state}",
  },
  "authority.state.counts": { zh: "生效", en: "counts" },
  "authority.state.waiting": { zh: "待批", en: "waits for approval" },
  "authority.state.revoked": { zh: "已收回", en: "revoked" },
  "authority.state.over": { zh: "不在期内", en: "outside its days" },
} as const;
