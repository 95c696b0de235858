/** What the commands of retention say: terms, the plan, states of parcels. */

export const RETENTION_TEXTS = {
  "cli.retention": { zh: "保存期限:查看、设定、预告", en: "retention terms: show, set, plan" },
  "cli.retention.show": {
    zh: "当前生效的期限、上下限与依据",
    en: "the terms that count, their bounds and their sources",
  },
  "cli.retention.set": {
    zh: "设定一类期限;网点只能比总部更短",
    en: "set a term; a branch may only be shorter than headquarters",
  },
  "cli.retention.days": { zh: "天数", en: "days" },
  "cli.retention.for": {
    zh: "网点(名称或编号),默认为全部",
    en: "a branch (name or id), the whole tenant if left out",
  },
  "cli.retention.reason": { zh: "书面理由", en: "written reason" },
  "cli.retention.plan": {
    zh: "列出哪一天将销毁什么",
    en: "list what will die on which day",
  },
  "cli.retention.plan.days": { zh: "从今天起看几天", en: "how many days from today" },
  "cli.state": {
    zh: "登记运单状态:arrived、delivered、returned、closed、void、undelivered",
    en: "record where parcels stand: arrived, delivered, returned, closed, void, undelivered",
  },
  "cli.state.on": { zh: "状态日期 YYYY-MM-DD,默认今天", en: "day of the state, today if left out" },
  "cli.state.branch": {
    zh: "办理并保管的网点(名称或编号,默认本网点),其更短的期限生效",
    en: "the branch that acted and has the parcel, by its terms (name or id, else the own)",
  },
  "cli.seal.branch": {
    zh: "按哪个网点的期限和脱敏方案密封、打印(名称或编号,默认本网点)",
    en: "the branch whose terms and mask profile count (name or id, else the own)",
  },
  "cli.label.branch": {
    zh: "哪个网点打印:按该网点此刻的脱敏方案(名称或编号,默认本网点)",
    en: "the branch that prints, by its mask profile of this moment (name or id, else the own)",
  },
  "retention.row": {
    zh: "{class} {days} 天({floor}–{ceiling}){name}。依据:{source};{force}",
    en: "{class}  {days} days ({floor}–{ceiling}): {name}. Source: {source}; {force}",
  },
  "retention.force.law": { zh: "法定", en: "law" },
  "retention.force.standard": { zh: "标准(推荐性)", en: "a standard, recommended" },
  "retention.force.house": { zh: "密单默认约定", en: "our default; the law names no number" },
  "retention.changed": {
    zh: "已生效:{class} = {days} 天,第 {version} 版;收寄件人与骨架期限只约束此后密封的运单",
    en: "In effect: {class} = {days} days, version {version}; what is sealed keeps its own",
  },
  "retention.plan.head": { zh: "{from} 至 {to}", en: "{from} to {to}" },
  "retention.plan.overdue": {
    zh: "逾期未销毁:{day} 密舱 {compartment},{waybills} 单",
    en: "overdue: {day}  compartment {compartment}, {waybills} waybills",
  },
  "retention.plan.persons": {
    zh: "{day} 销毁密舱 {compartment},{waybills} 单",
    en: "{day}  compartment {compartment} dies, {waybills} waybills",
  },
  "retention.plan.index": {
    zh: "{day} 当周的索引与密文行在下周一清除",
    en: "{day}  index and rows of that week go on the Monday after",
  },
  "retention.plan.access": {
    zh: "{day} 停止查看 {waybills} 单",
    en: "{day}  access to {waybills} waybills closes",
  },
  "retention.plan.shell": {
    zh: "{day} 当周到期的骨架在下周一清除",
    en: "{day}  shells of that week go on the Monday after",
  },
  "retention.plan.hold": {
    zh: "{day} 起 {waybills} 个冻结到期,已过销毁日的随即销毁",
    en: "{day}  last day of {waybills} holds; what is past its own day dies after it",
  },
  "retention.plan.season": {
    zh: "{day}  收件人指纹密钥 {season} 应销毁",
    en: "{day}  key of recipient fingerprints of {season} due",
  },
  "retention.plan.tenantKey": {
    zh: "{day}  {use}第 {number} 号应销毁",
    en: "{day}  {use} number {number} due",
  },
  "retention.plan.intake": {
    zh: "{day} 之后遗忘 {waybills} 个订单号指纹",
    en: "{day}  {waybills} order numbers are forgotten after it",
  },
  "retention.plan.none": { zh: "这段时间没有到期的数据", en: "Nothing dies within these days" },
  "state.recorded": {
    zh: "{token}:{state};{day} 起停止查看",
    en: "{token}: {state}; access closes on {day}",
  },
  "state.recorded.open": {
    zh: "{token}:{state};仍可查看",
    en: "{token}: {state}; access stays open",
  },
  "cli.hold": { zh: "留存冻结:到期也不销毁", en: "holds: reasons not to let data die yet" },
  "cli.hold.add": { zh: "冻结一单", en: "place a hold on a waybill" },
  "cli.hold.reason": {
    zh: "事由:claim、complaint、investigation、court-order、undelivered",
    en: "claim, complaint, investigation, court-order or undelivered",
  },
  "cli.hold.authority": { zh: "提出的机关或部门", en: "the authority or desk that asks" },
  "cli.hold.document": { zh: "文书号", en: "number of the document" },
  "cli.hold.until": { zh: "截止或复核日 YYYY-MM-DD", en: "last day, or day of review" },
  "cli.hold.list": { zh: "列出冻结", en: "list the holds" },
  "cli.hold.all": { zh: "包括已结束的", en: "those that are over, too" },
  "cli.hold.release": {
    zh: "解除冻结;已过销毁日的随即销毁",
    en: "release a hold; what is past its day dies at once",
  },
  "cli.erase": {
    zh: "提前删除一单的个人信息,出具证明",
    en: "erase the persons of a waybill before their day, with a certificate",
  },
  "cli.erase.reason": {
    zh: "书面理由;- 表示从标准输入读一行",
    en: "written reason; - reads one line from standard input",
  },
  "cli.erase.over": {
    zh: "已核对:本小时或本日的提前删除已到上限,仍须继续,理由见上",
    en: "goes past the limit of early erasures in an hour or a day, for that reason",
  },
  "hold.placed": { zh: "已冻结至 {day}:{id}", en: "Held until {day}: {id}" },
  "hold.none": { zh: "没有冻结", en: "There are no holds" },
  "hold.row": {
    zh: "{id} {token} {reason} {authority} {document} 至 {until}({state})",
    en: "{id}  {token}  {reason}  {authority}  {document}  until {until} ({state})",
  },
  "hold.released": { zh: "已解除;数据按原定日期销毁", en: "Released; the data dies on its day" },
  "hold.released.dead": {
    zh: "已解除;销毁日已过,密钥随即销毁",
    en: "Released; its day was over, so its key was destroyed at once",
  },
  "erase.done": { zh: "已删除:{token}", en: "Erased: {token}" },
  "erase.certificate": {
    zh: "证明编号 {id}(midan certificate)",
    en: "Certificate {id} (midan certificate)",
  },
  "cli.request": {
    zh: "个人信息主体请求:查阅、复制、更正、删除、解释",
    en: "requests of the person concerned: access, copy, correction, erasure, explanation",
  },
  "cli.request.open": { zh: "受理并向密封的电话发验证码", en: "take one in; a code is sent" },
  "cli.request.kind": {
    zh: "access、copy、correction、erasure 或 explanation",
    en: "access, copy, correction, erasure or explanation",
  },
  "cli.request.token": { zh: "密单号(与 --phone 二选一)", en: "token, or else --phone" },
  "cli.request.party": { zh: "recipient(收件人)或 sender", en: "recipient or sender" },
  "cli.request.code": { zh: "重发验证码", en: "send another code" },
  "cli.request.verify": { zh: "核对验证码", en: "check the code" },
  "cli.request.digits": {
    zh: "六位验证码;- 表示从标准输入读一行",
    en: "the six digits; - reads one line from standard input",
  },
  "cli.request.answer": { zh: "办理并写出答复(PDF 与 JSON)", en: "do it; answer in PDF and JSON" },
  "cli.request.out": { zh: "答复的目录", en: "folder for the answer" },
  "cli.request.change": {
    zh: "更正内容,JSON:name、phone、address;- 表示从标准输入读一行",
    en: "what to correct, JSON of name, phone, address; - reads a line from standard input",
  },
  "cli.request.refuse": { zh: "说明理由并拒绝", en: "refuse it, with a reason" },
  "cli.request.reason": {
    zh: "unverified、not-found、withdrawn 或 excessive",
    en: "unverified, not-found, withdrawn or excessive",
  },
  "cli.request.list": { zh: "列出请求与期限", en: "list requests and deadlines" },
  "cli.request.all": { zh: "包括已办结的", en: "those that are closed, too" },
  "request.taken": {
    zh: "已受理 {id},须在 {day} 前答复;如有对应运单,验证码已发往其密封的电话",
    en: "Taken in: {id}, due {day}; if there is a waybill, a code went to its sealed phone",
  },
  "request.code": {
    zh: "如有对应运单,验证码已发往其密封的电话",
    en: "If there is a waybill, a code went to its sealed phone",
  },
  "request.verified": { zh: "本人身份已核实", en: "The person is verified" },
  "request.answered": { zh: "答复:{path}.pdf、.json", en: "Answer: {path}.pdf and .json" },
  "request.refused": { zh: "已拒绝", en: "Refused" },
  "request.none": { zh: "没有待办的请求", en: "There are no open requests" },
  "request.row": {
    zh: "{id} {kind} {state} 收到 {received},期限 {due}{late}",
    en: "{id}  {kind}  {state}  received {received}, due {due}{late}",
  },
  "request.overdue": { zh: "(逾期)", en: " (overdue)" },
  "request.state.received": { zh: "待核实", en: "to be verified" },
  "request.state.verified": { zh: "待答复", en: "to be answered" },
  "request.state.answered": { zh: "已答复", en: "answered" },
  "request.state.refused": { zh: "已拒绝", en: "refused" },
  "cli.certificate.verify": {
    zh: "核对一份已签名的证明(不需要编号)",
    en: "check a signed certificate (needs no id)",
  },
  "cli.certificate.key": {
    zh: "核对用的公钥,默认为本系统的",
    en: "key to check with; this installation's if left out",
  },
  "cli.certificate.anew": {
    zh: "按现在所知重新出具,而不取当时的那一份",
    en: "issue it anew with what is known now, instead of the one that was kept",
  },
  "cli.certificate.page": {
    zh: "密舱的销毁证明页,供两名监销人手签(PDF)",
    en: "a compartment's page for two witnesses to sign by hand (PDF)",
  },
  "certificate.valid": { zh: "签名成立", en: "The signature holds" },
  "certificate.written": { zh: "证明:{path}", en: "Certificate: {path}" },
  "certificate.kept": {
    zh: "这一份出具于 {at};此后的变化,用 --anew 重新出具一份",
    en: "this one was issued on {at}; for what is known since, ask for one made --anew",
  },
  "certificate.key": { zh: "核对用公钥:{key}", en: "Key to check it with: {key}" },
  "cli.backup": {
    zh: "备份内置数据库(不含密钥),运行中也可",
    en: "back up the embedded database, never the keys; also while it runs",
  },
  "cli.backup.out": { zh: "备份目录,须不存在", en: "folder of the backup, which must not exist" },
  "cli.restore": {
    zh: "放回一份数据库备份;先移走 midan-data/pg",
    en: "put a backup of the database back; move midan-data/pg away first",
  },
  "backup.made": {
    zh: "已备份到 {folder}:{files} 个文件,{size} MiB",
    en: "Backed up to {folder}: {files} files, {size} MiB",
  },
  "backup.keys": {
    zh: "不含密钥库与根密钥;二者另行备份,且不与本备份放在一处",
    en: "Without key store and root key: back them up apart, and keep them apart",
  },
  "backup.restored": {
    zh: "已放回 {at} 的备份:{files} 个文件,{size} MiB;下一条命令先补记此后的销毁",
    en: "Put back, made {at}: {files} files, {size} MiB; the next command replays what died since",
  },
  "cli.drill": { zh: "演练", en: "drills" },
  "cli.drill.restore": {
    zh: "恢复演练:在独立环境里放回旧库,证明已销毁的打不开、在期的都能打开",
    en: "put an older database back in a place of its own: nothing dead opens, all that lives does",
  },
  "cli.drill.orders": { zh: "每批订单数", en: "orders in each batch" },
  "drill.dead-closed": {
    zh: "已销毁的打不开、看不到、查不到",
    en: "dead: not opened, shown, found",
  },
  "drill.live-opens": { zh: "在期的能打开", en: "live: opens" },
  "drill.held-opens": { zh: "冻结的仍能依法打开", en: "held: still opens for a lawful order" },
  "drill.lost-unknown": { zh: "备份之后密封的不在旧库中", en: "sealed after the backup: unknown" },
  "drill.resealed": {
    zh: "重新导入:已销毁的被拒收",
    en: "the same files again: what died is refused",
  },
  "drill.passed": { zh: "演练通过", en: "The drill passed" },
  "drill.failed": { zh: "演练未通过", en: "The drill failed" },
  "cli.jobs": { zh: "定时任务", en: "what runs on a clock" },
  "cli.jobs.run": {
    zh: "补完中断、解除到期冻结、销毁、换密钥代、预备密舱;可在多台服务器上启动,只有一处在跑",
    en: "settle, expire holds, shred, rotate, make keys ahead; one runner however many servers",
  },
  "cli.jobs.once": { zh: "只跑一遍", en: "one pass" },
  "cli.jobs.every": { zh: "每隔几分钟跑一遍", en: "minutes between passes" },
  "jobs.done": { zh: "{what}:{done}", en: "{what}: {done}" },
  "jobs.failed": { zh: "{what}:未完成({failure})", en: "{what}: not done ({failure})" },
  "jobs.elsewhere": {
    zh: "另一处正在运行,本次跳过",
    en: "Another runner is at it; nothing done here",
  },
  "status.holds": { zh: "留存冻结", en: "held waybills" },
  "status.jobs": { zh: "定时任务", en: "jobs" },
  "status.jobs-failed": {
    zh: "有定时任务未完成:midan jobs run --once",
    en: "a job did not end well: midan jobs run --once",
  },
  "status.jobs-late": {
    zh: "定时任务超过 26 小时未运行",
    en: "the jobs have not run for more than 26 hours",
  },
  "status.clock": {
    zh: "系统时钟与最近一次核对不符,不会按日历销毁任何数据",
    en: "the clock does not fit its last mark, so nothing is destroyed by the calendar",
  },
  "show.closed": {
    zh: "签收与理赔期已过,脱敏视图也不再显示",
    en: "sign-off and claim window are over: the view is not shown any more",
  },
} as const;
