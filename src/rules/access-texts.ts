/** What the commands of access say: organisations, settings, requests, training. */

export const ACCESS_TEXTS = {
  "cli.assign": {
    zh: "派单:把运单排入某网点、某快递员当天的路线",
    en: "put parcels on the route of a branch and a courier for a day",
  },
  "cli.assign.branch": {
    zh: "持有运单的网点(名称或编号)",
    en: "the branch that has them (name or id)",
  },
  "cli.assign.to": { zh: "派送的快递员账号", en: "the courier's account" },
  "cli.assign.on": {
    zh: "日期 YYYY-MM-DD,默认今天,最多提前七天",
    en: "day, today if left out, up to seven days ahead",
  },
  "assign.done": { zh: "{token}:{day} 由{branch}派送", en: "{token}: with {branch} on {day}" },
  "cli.change-address": {
    zh: "改址:包裹改送他处,先前打印的面单作废",
    en: "the parcel goes elsewhere; labels printed before are void",
  },
  "cli.change-address.address": {
    zh: "收件人新的完整地址;写 - 则从标准输入读一行",
    en: "the recipient's new address in full; - reads a line of standard input",
  },
  "change-address.done": {
    zh: "{token}:{address};作废面单 {count} 张",
    en: "{token}: {address}; labels void: {count}",
  },
  "cli.return": {
    zh: "退回重寄:收寄件人对调,另立运单",
    en: "send parcels back under a waybill of their own, sender and recipient swapped",
  },
  "cli.split": {
    zh: "拆单:一单多件,每件另行密封",
    en: "one order in several parcels, each sealed by itself",
  },
  "cli.split.parcels": { zh: "共几件,2 到 50", en: "how many parcels in all, 2 to 50" },
  "reseal.done": { zh: "{token}:运单号 {number}", en: "{token}: waybill {number}" },
  "cli.hand-over": {
    zh: "移交:把运单交给下一网点,此后原网点不能再查看",
    en: "hand parcels over to the next branch; the earlier one opens them no more",
  },
  "cli.hand-over.to": { zh: "接收的网点(名称或编号)", en: "the branch that takes them" },
  "cli.drop-ship": {
    zh: "一件代发:交供应商打印面单、打包、交寄,不见收寄件人",
    en: "hand waybills to a supplier, who prints, packs and sends, and sees nobody",
  },
  "cli.drop-ship.to": { zh: "供应商(名称或编号)", en: "the supplier, by name or id" },
  "cli.drop-ship.until": { zh: "截止日,最多 30 天", en: "the last day, at most 30 days ahead" },
  "cli.drop-ship.prints": {
    zh: "每单可打印几次,默认 1",
    en: "labels of each waybill, 1 if left out",
  },
  "cli.drop-ship.size": { zh: "面单规格,默认 76x130", en: "the paper, 76x130 if left out" },
  "drop-ship.done": {
    zh: "{token}:已交{supplier}代发,至 {day}",
    en: "{token}: with {supplier} until {day}",
  },
  "cli.withdraw": { zh: "收回已交代发的运单", en: "take waybills back from their supplier" },
  "withdraw.done": { zh: "{token}:已收回", en: "{token}: taken back" },
  "hand-over.done": { zh: "{token}:已移交给{branch}", en: "{token}: with {branch} now" },
  "cli.seal.profile": {
    zh: "以更严的脱敏方案密封,只能收紧",
    en: "seal with a stricter profile; it may only tighten",
  },
  "cli.seal.suite": {
    zh: "要求以该密码套件密封,与租户不符则拒绝",
    en: "insist on this cipher suite; refused unless it is the tenant's",
  },
  "cli.org": {
    zh: "机构:总部、网点、监管单位",
    en: "organisations: headquarters, outlets, authorities",
  },
  "cli.org.list": { zh: "列出机构树", en: "list the tree of organisations" },
  "cli.org.add": {
    zh: "设立机构;设总部时第一个名称为总部,其余为其网点",
    en: "found organisations; for a headquarters the first name is it, the others its outlets",
  },
  "cli.org.add.kind": {
    zh: "headquarters、region、branch、outlet、station、merchant、postal-authority 或 procuratorate",
    en:
      "headquarters, region, branch, outlet, station, merchant, postal-authority or " +
      "procuratorate",
  },
  "cli.org.add.under": {
    zh: "上级(名称或编号),默认为总部",
    en: "what they stand under (name or id), headquarters if left out",
  },
  "cli.org.add.form": {
    zh: "direct(直营,默认)或 franchise(加盟);总部、商家与监管单位没有此项",
    en: "direct (if left out) or franchise; headquarters, merchants and authorities have none",
  },
  "cli.org.move": {
    zh: "把机构连同下级移交给另一上级;任何设置都不会因此变宽松",
    en: "put an organisation and all below it under another; no setting gets looser by it",
  },
  "cli.org.move.under": {
    zh: "新的上级(名称或编号)",
    en: "what it is to stand under (name or id)",
  },
  "cli.org.close": {
    zh: "撤销机构;下级须先移交或撤销",
    en: "close an organisation without any below",
  },
  "cli.org.training": {
    zh: "列出培训记录;给出账号和 --passed 则登记",
    en: "list training records; with an account and --passed, record one",
  },
  "cli.org.training.passed": { zh: "通过日 YYYY-MM-DD", en: "day it was passed, YYYY-MM-DD" },
  "cli.org.training.course": { zh: "课程", en: "course" },
  "cli.on": { zh: "按哪一天计算,默认今天", en: "as of this day, today if left out" },
  "cli.policy": {
    zh: "设置:总部设定、锁定与授权申请",
    en: "settings: set, lock, ask for authority",
  },
  "cli.policy.show": {
    zh: "机构当前生效的设置,默认为总部",
    en: "what counts for an organisation, headquarters if left out",
  },
  "cli.policy.explain": {
    zh: "说明一项设置的取值从何而来",
    en: "say where the value of a setting comes from",
  },
  "cli.policy.setting": { zh: "设置名", en: "name of the setting" },
  "cli.policy.show.said": {
    zh: "只列出有机构设定过的设置",
    en: "only what an organisation has set",
  },
  "cli.policy.set": {
    zh: "更改一项设置:收紧立即生效,放宽须另一人批准后生效",
    en: "change a setting: at once to tighten; to loosen once another person approves",
  },
  "cli.policy.lock": {
    zh: "更改一项设置并锁定,下级不得改动",
    en: "change a setting and lock it for all below",
  },
  "cli.policy.for": { zh: "设置的对象(机构名称或编号)", en: "organisation it is for (name or id)" },
  "cli.policy.by": {
    zh: "以哪个机构的名义,默认为对象自己",
    en: "in whose name, the organisation itself if left out",
  },
  "cli.policy.delegate": {
    zh: "放权:由下级在界限内自行决定",
    en: "leave the decision to those below, within a bound",
  },
  "cli.policy.after": {
    zh: "只在现行版本仍为此版本时更改(0 表示尚无版本)",
    en: "only if this is still the newest version (0 for none)",
  },
  "cli.policy.approve": {
    zh: "批准他人提议的更改(四眼原则)",
    en: "approve a change that another person proposed",
  },
  "cli.policy.proposals": {
    zh: "列出待他人批准的更改",
    en: "list changes that wait for another person",
  },
  "cli.policy.loosest": {
    zh: "放权的界限:下级最宽可设到此值,默认为所给的取值",
    en: "bound of the delegation: the loosest value below, the value itself if left out",
  },
  "cli.policy.reason": { zh: "书面理由", en: "written reason" },
  "cli.policy.request": {
    zh: "网点向总部提出授权申请",
    en: "an outlet asks headquarters for a value",
  },
  "cli.policy.request.delegate": {
    zh: "申请放权:由本机构自行决定,最宽到该取值",
    en: "ask to be left the decision, as far as this value",
  },
  "policy.wanted": { zh: "放权,最宽 {bound}", en: "delegated, loosest {bound}" },
  "cli.policy.from": { zh: "申请的网点(名称或编号)", en: "the outlet that asks (name or id)" },
  "cli.policy.answer": { zh: "总部答复授权申请", en: "headquarters answers a request" },
  "cli.policy.answer.answer": { zh: "granted(同意)或 refused(不同意)", en: "granted or refused" },
  "cli.policy.answer.by": { zh: "答复的总部(名称或编号)", en: "the headquarters that answers" },
  "cli.policy.requests": {
    zh: "列出授权申请及等待天数",
    en: "list authorisation requests and the days they waited",
  },
  "cli.policy.viewer": {
    zh: "以监管单位的身份查看各家公司的申请",
    en: "look as this authority, at the requests of every carrier",
  },
  "org.kind.headquarters": { zh: "总部", en: "headquarters" },
  "org.kind.region": { zh: "大区", en: "region" },
  "org.kind.branch": { zh: "分公司", en: "branch" },
  "org.kind.station": { zh: "驿站", en: "station" },
  "org.kind.merchant": { zh: "商家", en: "merchant" },
  "org.form.direct": { zh: "直营", en: "direct" },
  "org.form.franchise": { zh: "加盟", en: "franchise" },
  "org.closed": { zh: "已于 {day} 撤销", en: "closed on {day}" },
  "org.moved": { zh: "{name} 已移交", en: "{name} has moved" },
  "org.kind.outlet": { zh: "网点", en: "outlet" },
  "org.kind.postal-authority": { zh: "邮政管理部门", en: "postal authority" },
  "org.kind.procuratorate": { zh: "检察院", en: "procuratorate" },
  "org.none": { zh: "还没有机构", en: "There are no organisations yet" },
  "org.founded": { zh: "已设立 {count} 家机构", en: "{count} organisations founded" },
  "org.training.done": {
    zh: "已登记 {person} 的培训,有效至 {day}",
    en: "Training of {person} recorded, valid until {day}",
  },
  "org.training.none": { zh: "还没有培训记录", en: "There are no training records yet" },
  "org.training.row": {
    zh: "{person} {course} 通过于 {passed},有效至 {until}:{state}",
    en: "{person}  {course}  passed {passed}, valid until {until}: {state}",
  },
  "org.training.valid": { zh: "有效", en: "valid" },
  "org.training.expired": { zh: "已过期", en: "expired" },
  "org.training.none-yet": { zh: "尚未生效", en: "not yet" },
  "policy.mode.set": { zh: "已设定,下级只能收紧", en: "set; below it can only be tightened" },
  "policy.mode.locked": { zh: "已锁定", en: "locked" },
  "policy.mode.delegated": { zh: "已放权给下级", en: "left to those below" },
  "policy.unset": { zh: "默认值,无人设定", en: "the default; nobody has set it" },
  "policy.unset.locked": {
    zh: "默认值,仅总部可改",
    en: "the default, locked; only headquarters may change it",
  },
  "policy.counts": {
    zh: "{organisation}:{setting} = {value}({source})",
    en: "{organisation}: {setting} = {value} ({source})",
  },
  "policy.values.choice": {
    zh: "{name}(由宽到严):{values}",
    en: "{name} (loosest to strictest): {values}",
  },
  "policy.values.most": {
    zh: "{name}(由宽到严,越小越严):{values}",
    en: "{name} (loosest to strictest, less is stricter): {values}",
  },
  "policy.values.allowed": {
    zh: "{name}(任选,越少越严):{values}",
    en: "{name} (any of them, fewer are stricter): {values}",
  },
  "policy.term": {
    zh: "实际保存期限 {days} 天:取此上限与 midan retention 期限中较短者",
    en: "kept for {days} days: the shorter of this and the term of midan retention",
  },
  "policy.show.none": { zh: "没有机构设定过任何设置", en: "No organisation has set anything" },
  "policy.source": { zh: "由{source}设定,{mode}", en: "by {source}, {mode}" },
  "policy.source.above": {
    zh: "由{by}对{source}设定,{mode}",
    en: "by {by} for {source}, {mode}",
  },
  "policy.before": { zh: "原上级", en: "whoever was above before" },
  "policy.step.above": { zh: "{organisation}(由{by}设定)", en: "{organisation} (by {by})" },
  "policy.step": {
    zh: "{organisation}:{value}({mode},第 {version} 版,{at},{person},理由:{reason})→ {outcome}",
    en:
      "{organisation}: {value} ({mode}; version {version}, {at}, {person}; reason: {reason}) " +
      "→ {outcome}",
  },
  "policy.bound": { zh: "{mode},最宽 {bound}", en: "{mode}, loosest {bound}" },
  "policy.step.unsaid": { zh: "{organisation}:未设定", en: "{organisation}: nothing said" },
  "policy.outcome.counts": { zh: "生效", en: "counts" },
  "policy.outcome.overruled": { zh: "下级另有设定", en: "replaced below" },
  "policy.outcome.lock-above": { zh: "无效:上级已锁定", en: "void: locked above" },
  "policy.outcome.looser-than-above": {
    zh: "无效:比上级宽松",
    en: "void: looser than what is set above",
  },
  "policy.outcome.unsaid": { zh: "未设定", en: "nothing said" },
  "policy.legacy": {
    zh: "legacy-clear 只表示旧系统仍在明文打印;密单的任何打印都不能使用它",
    en: "legacy-clear only says that an old system prints in the clear; Midan cannot print with it",
  },
  "policy.changed": {
    zh: "已生效:{organisation} 的 {setting} = {value},第 {version} 版",
    en: "In effect: {setting} of {organisation} = {value}, version {version}",
  },
  "policy.proposed": {
    zh: "须由另一人批准后生效:midan policy approve {id}(至 {until})",
    en: "It takes another person: midan policy approve {id} (until {until})",
  },
  "policy.proposals.none": { zh: "没有待批准的更改", en: "No change waits for approval" },
  "policy.proposal.row": {
    zh: "{id} {setting} = {value}({mode}),{person} 提议,至 {until},理由:{reason}",
    en: "{id}  {setting} = {value} ({mode}), by {person}, until {until}; reason: {reason}",
  },
  "policy.filed": { zh: "授权申请已提交:{id}", en: "Authorisation request filed: {id}" },
  "policy.answered": {
    zh: "已答复({answer}),申请人等待 {days} 天",
    en: "Answered ({answer}); the asker waited {days} days",
  },
  "policy.answer.granted": { zh: "同意", en: "granted" },
  "policy.answer.refused": { zh: "不同意", en: "refused" },
  "policy.requests.none": { zh: "没有授权申请", en: "There are no authorisation requests" },
  "policy.request.row": {
    zh: "{id} {tenant} {from} → {to} {setting} = {wanted},{filed} 提出,理由:{reason}",
    en: "{id}  {tenant}  {from} → {to}  {setting} = {wanted}, filed {filed}; reason: {reason}",
  },
  "policy.request.waiting": { zh: "未答复,已等待 {days} 天", en: "no answer, waiting {days} days" },
  "policy.request.answered": {
    zh: "{day} {answer},等待 {days} 天,理由:{reason}",
    en: "{answer} on {day} after {days} days; reason: {reason}",
  },
} as const;
