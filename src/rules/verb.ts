/**
 * What can be done here (操作). A closed list: every act that takes an actor is one of these, and
 * who may do which is policy (`policies/cedar/`).
 */

interface VerbRow {
  readonly zh: string;
  readonly en: string;
}

export const VERBS = {
  reveal: { zh: "查看明文", en: "reveal" },
  show: { zh: "查看脱敏视图", en: "show the masked view" },
  search: { zh: "按电话查找", en: "search by phone" },
  "custody-search": { zh: "在管查找", en: "search in custody" },
  merge: { zh: "比对合单", en: "compare recipients for merging" },
  seal: { zh: "密封订单", en: "seal" },
  print: { zh: "打印面单", en: "print" },
  state: { zh: "登记运单状态", en: "record a state" },
  reseal: { zh: "另行密封运单", en: "seal a further waybill" },
  "change-address": { zh: "改址", en: "change the address on the way" },
  assign: { zh: "派单", en: "assign to a route" },
  "hand-over": { zh: "移交运单", en: "hand over to another branch" },
  hold: { zh: "留存冻结", en: "place a hold" },
  "release-hold": { zh: "解除冻结", en: "release a hold" },
  erase: { zh: "提前删除", en: "erase" },
  correct: { zh: "更正", en: "correct" },
  "certify-erasure": { zh: "出具删除证明", en: "certify an erasure" },
  "subject-request": { zh: "处理个人请求", en: "handle a person's request" },
  sweep: { zh: "清理外部旧表", en: "sweep another system" },
  found: { zh: "设立机构", en: "found an organisation" },
  "move-organisation": { zh: "移交机构", en: "move an organisation" },
  "close-organisation": { zh: "撤销机构", en: "close an organisation" },
  "change-setting": { zh: "更改设置", en: "change a setting" },
  "approve-setting": { zh: "批准更改设置", en: "approve a change of a setting" },
  "read-policy": { zh: "查看机构与生效设置", en: "read organisations and what counts" },
  "read-decisions": { zh: "查看设置变更", en: "read changes of settings" },
  "read-quota": { zh: "查看限额", en: "read quotas" },
  "set-retention": { zh: "更改保存期限", en: "change a retention term" },
  "file-authorisation": { zh: "提出授权申请", en: "file an authorisation request" },
  "answer-authorisation": { zh: "答复授权申请", en: "answer an authorisation request" },
  "raise-quota": { zh: "申请提额", en: "ask for a raise of a quota" },
  "approve-quota": { zh: "批准提额", en: "approve a raise of a quota" },
  "manage-account": { zh: "管理账号", en: "manage accounts" },
  "record-real-name": { zh: "登记实名信息", en: "record a sender's document" },
  "open-real-name": { zh: "查看实名信息", en: "open a real-name record" },
  "real-name-status": { zh: "实名记录概况", en: "what real-name records there are" },
  "file-warrant": { zh: "登记调取函", en: "file a warrant" },
  "confirm-warrant": { zh: "确认调取函", en: "confirm a warrant" },
  "list-warrants": { zh: "查看调取函", en: "list warrants" },
  "break-glass": { zh: "应急查看", en: "break the glass" },
  "list-break-glass": { zh: "查看应急记录", en: "list what was opened in an emergency" },
  "acknowledge-break-glass": { zh: "核查应急查看", en: "acknowledge a break-glass" },
  webhook: { zh: "管理事件通知", en: "manage webhooks" },
  "record-training": { zh: "登记培训", en: "record training" },
  "back-up": { zh: "备份", en: "back up" },
  "rotate-keys": { zh: "更换密钥", en: "rotate keys" },
  "renew-tenant-keys": { zh: "更换租户密钥", en: "renew tenant keys" },
  "ask-log": { zh: "查询日志", en: "ask the log" },
  "make-bundle": { zh: "制作检查包", en: "make a bundle" },
  "prove-statement": { zh: "证明打印声明", en: "prove a statement" },
  campaign: { zh: "抽查", en: "spot check" },
  case: { zh: "案件", en: "case" },
  order: { zh: "责令改正", en: "correction order" },
  suggestion: { zh: "代表建议", en: "deputy's suggestion" },
  "grant-scope": { zh: "向机关开放可查范围", en: "grant an authority a scope" },
  "revoke-scope": { zh: "收回机关可查范围", en: "revoke an authority's scope" },
  "list-scopes": { zh: "查看机关可查范围", en: "list the scopes of authorities" },
  "read-carrier": { zh: "按可查范围查看企业", en: "read of a carrier under a scope" },
  certificate: { zh: "证书", en: "certificate" },
  score: { zh: "考核分", en: "score" },
} as const satisfies Record<string, VerbRow>;

export type Verb = keyof typeof VERBS;
