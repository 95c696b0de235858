/** What the commands about the key store say. */

export const KEY_TEXTS = {
  "cli.keys": {
    zh: "密钥库:查看、备份、登记副本、恢复、轮换",
    en: "the key store: status, backup, copies, restore, rotate",
  },
  "cli.keys.status": {
    zh: "状态、已知副本及其年龄、删除的界限",
    en: "states, known copies and their ages, the bound of erasure",
  },
  "cli.keys.backup": {
    zh: "备份密钥库,封给离线公钥",
    en: "copy the key store, sealed to an offline public key",
  },
  "cli.keys.backup.to": {
    zh: "离线 X25519 公钥(PEM 文件)",
    en: "offline X25519 public key (a PEM file)",
  },
  "cli.keys.backup.out": { zh: "备份文件", en: "file of the backup" },
  "cli.keys.restore": {
    zh: "把备份放回空的密钥库,并补做此后的销毁",
    en: "put a backup into an empty key store, and destroy again what died since",
  },
  "cli.keys.restore.key": {
    zh: "离线 X25519 私钥(PEM 文件)",
    en: "offline X25519 private key (a PEM file)",
  },
  "cli.keys.restore.older": {
    zh: "接受比数据库旧的密钥库;其后建的密舱就此失去",
    en: "accept a key store that is older than the database; later compartments are lost",
  },
  "cli.keys.reissued": {
    zh: "列出恢复密钥库后换了密单号、须重打面单的运单",
    en: "waybills whose tokens a restoration changed: print their labels again",
  },
  "cli.keys.reissued.from": {
    zh: "首个密封时刻,由恢复命令给出(RFC 3339,以 Z 结尾)",
    en: "first moment of sealing, as the restoration told it (RFC 3339, ends in Z)",
  },
  "cli.keys.reissued.to": {
    zh: "最后一个密封时刻,含在内",
    en: "last moment of sealing, itself within",
  },
  "cli.keys.noteCopy": {
    zh: "登记一份人工制作的密钥库副本,计入删除的界限",
    en: "list a copy of the key store that was made by hand, so that the bound counts it",
  },
  "cli.keys.noteCopy.made": { zh: "制作日(YYYY-MM-DD)", en: "day on which it was made" },
  "cli.keys.noteCopy.where": {
    zh: "存放处,至多 200 字,只记在密钥库中",
    en: "where it lies, 200 characters at most, kept in the key store alone",
  },
  "cli.keys.discard": {
    zh: "声明一份密钥副本已经销毁",
    en: "say that a copy of the key store was destroyed",
  },
  "cli.keys.rotate": {
    zh: "轮换密钥:不带选项为代密钥,旧的一代随即销毁;也可换根密钥、租户密钥、签名密钥",
    en: "rotate the generation, whose old one dies; or root, tenant or signing keys",
  },
  "cli.keys.rotate.root": { zh: "同时更换根密钥", en: "change the root key too" },
  "cli.keys.rotate.to": {
    zh: "连同 --root:换成 MIDAN_NEW_ROOT_KEY 指明的那一种",
    en: "with --root: to the kind that MIDAN_NEW_ROOT_KEY names",
  },
  "cli.keys.rotate.tenant": {
    zh: "改为更换本租户的令牌密钥与收单密钥",
    en: "renew this tenant's token key and intake key instead",
  },
  "cli.keys.rotate.signing": {
    zh: "更换签名密钥:log(日志)或 certificate(证明);每次走一步:公布、启用、停用",
    en: "renew a signing key, log or certificate: announced, used, retired, one phase each time",
  },
  "keys.root": { zh: "根密钥", en: "root key" },
  "keys.root.steady": { zh: "{kind}", en: "{kind}" },
  "keys.root.changing": {
    zh: "{kind},正在更换:旧根密钥还能打开的代密钥 {old} / {total};运行 midan keys rotate --root 以完成",
    en:
      "{kind}, being changed: the old one opens {old} of {total} generation keys; finish it with " +
      "midan keys rotate --root",
  },
  "keys.root.changed": {
    zh:
      "{kind},更换已完成,旧根密钥什么也打不开了。" +
      "请把新根密钥改记在 MIDAN_ROOT_KEY 及其各项,并删去 MIDAN_NEW_ROOT_KEY 及 MIDAN_NEW_… 各项",
    en:
      "{kind}, the change is finished and the old one opens nothing; name the new one in " +
      "MIDAN_ROOT_KEY and the settings beside it, " +
      "and remove MIDAN_NEW_ROOT_KEY and all of MIDAN_NEW_…",
  },
  "keys.sign.log": { zh: "日志签名密钥", en: "log signing key" },
  "keys.sign.certificate": { zh: "证明签名密钥", en: "certificate key" },
  "keys.signing.steady": {
    zh: "{own}第 {number} 把;旧私钥 {old} 把",
    en: "{own}number {number}; earlier private keys: {old}",
  },
  "keys.signing.none": {
    zh: "还没有,第一次签署时生成",
    en: "none yet, made when something is signed first",
  },
  "keys.signing.announced": {
    zh: "{own}第 {number} 把,下一把已公布;旧私钥 {old} 把",
    en: "{own}number {number}, the next announced; earlier private keys: {old}",
  },
  "keys.signing.used": {
    zh: "{own}第 {number} 把已启用,旧的仍同时签名;旧私钥 {old} 把",
    en: "{own}number {number} in use beside the one before; earlier private keys: {old}",
  },
  "keys.phase.announced": {
    zh: "新签名密钥已公布。通知核验者和见证人之后,再运行一次以启用",
    en: "the next signing key is announced; once verifiers and witnesses know it, run this again",
  },
  "keys.phase.used": {
    zh: "新签名密钥已启用,旧密钥暂时同时签名。一分钟之后再运行一次以停用旧密钥",
    en: "the next signing key signs beside the one before; run this again to retire that one",
  },
  "keys.phase.retired": {
    zh: "旧签名密钥的私钥已销毁,公钥留存,以前签署的仍可核验",
    en: "the earlier signing key is destroyed; its public half stays, and verifies what it signed",
  },
  "keys.live": { zh: "在期密舱", en: "live compartments" },
  "keys.closing": { zh: "待销毁密舱", en: "closing compartments" },
  "keys.dead": { zh: "已销毁密舱", en: "dead compartments" },
  "keys.held": { zh: "留存冻结的运单", en: "held waybills" },
  "keys.punctured": { zh: "提前删除的运单", en: "erased waybills" },
  "keys.current": { zh: "当前代下的密钥", en: "keys up to date" },
  "keys.old": { zh: "旧代下的密钥", en: "keys yet to rewrap" },
  "keys.use.token": { zh: "令牌密钥", en: "token key" },
  "keys.use.intake": { zh: "收单密钥", en: "intake key" },
  "keys.tenant": {
    zh: "第 {number} 号,制于 {day};旧的还有 {old} 把",
    en: "number {number}, made {day}; earlier ones: {old}",
  },
  "keys.tenantUntil": {
    zh: "第 {number} 号,制于 {day};旧的还有 {old} 把,{until} 之后为 0",
    en: "number {number}, made {day}; earlier ones: {old}, 0 after {until}",
  },
  "keys.madeAt": { zh: "最早的代密钥制于", en: "generation made" },
  "keys.copies": { zh: "已知副本", en: "known copies" },
  "keys.copy": {
    zh: "  {id}  {day}  {age} 天  {compartments} 个密舱  离线公钥 {recipient}",
    en: "  {id}  {day}  {age} days  {compartments} compartments  offline key {recipient}",
  },
  "keys.copyByHand": {
    zh: "  {id}  {day}  {age} 天  人工登记  {where}",
    en: "  {id}  {day}  {age} days  made by hand  {where}",
  },
  "keys.copyAgain": {
    zh: "  副本 {id} 见于日志而不在册,已重新登记;若已销毁,运行 midan keys discard {id}",
    en:
      "  copy {id} is in the log and was not listed: listed again; if it is destroyed, run " +
      "midan keys discard {id}",
  },
  "keys.noted": {
    zh: "已登记 {day} 制的副本,编号 {id}。销毁它之后运行 midan keys discard {id}",
    en: "listed a copy made on {day} as {id}. Once it is destroyed run midan keys discard {id}",
  },
  "keys.bound.files": {
    zh:
      "单个旧文件:{day} 之前销毁的都不能打开;此后销毁的,连同当代密钥与根密钥仍可打开," +
      "到下一次轮换为止,应于 {due}(每 {every} 天一次)。",
    en:
      "Single old files: nothing that died before {day} opens from them; what died since may, " +
      "with this generation and the root key, until the next rotation, due on {due} (every " +
      "{every} days).",
  },
  "keys.bound.copies": {
    zh: "登记的副本:最早的 {id} 制于 {day},此后销毁的仍在其中,连同其密钥可以打开。",
    en: "Listed copies: the oldest, {id}, made on {day}, holds what died since; its key opens it.",
  },
  "keys.bound.noCopy": { zh: "登记的副本:没有。", en: "Listed copies: none." },
  "keys.bound.rootKept": {
    zh: "未登记的整夹副本:根密钥未曾更换(或不知何时更换),任何一份连同根密钥都能打开。",
    en:
      "Whole copies that nobody listed: the root key was never changed, as far as is known, and " +
      "opens any of them.",
  },
  "keys.bound.rootChanged": {
    zh: "未登记的整夹副本:根密钥最近更换于 {day},此后的副本连同它都能打开。",
    en:
      "Whole copies that nobody listed: the root key was changed last on {day} and opens any " +
      "made since.",
  },
  "keys.bound": {
    zh:
      "删除的界限:{day} 之前销毁的,单个旧文件和登记的副本中都不再有;" +
      "此后 {days} 天内销毁的,仍可能打开。整机快照、未登记的副本不在此保证之内。",
    en:
      "Bound of erasure: what was destroyed before {day} is in no single old file and no listed " +
      "copy; what was destroyed in the {days} days since may open. Whole-machine snapshots and " +
      "copies not listed void it.",
  },
  "keys.backed": {
    zh: "已备份 {compartments} 个密舱到 {path};副本编号 {id}。销毁它之后运行 midan keys discard {id}",
    en:
      "copied {compartments} compartments to {path}; copy {id}. Once it is destroyed run " +
      "midan keys discard {id}",
  },
  "keys.discarded": { zh: "副本 {id} 已登记为销毁", en: "copy {id} is recorded as destroyed" },
  "keys.restored": {
    zh: "密钥库已恢复:补销毁密舱 {destroyed} 个、补删除运单 {erased} 条、失去密舱 {lost} 个",
    en:
      "key store restored: {destroyed} compartments destroyed again, {erased} waybills erased " +
      "again, {lost} compartments lost",
  },
  "keys.lost": {
    zh: "  失去的密舱 {compartment},销毁日 {day}:其中 {waybills} 条运单再也打不开",
    en: "  lost compartment {compartment}, day of death {day}: {waybills} waybills never open",
  },
  "keys.lostEmpty": {
    zh: "  另有 {count} 个密舱是提前建的,里面没有在期的运单:什么也没有失去",
    en: "  {count} more compartments were made ahead and hold no living waybill, nothing lost",
  },
  "keys.reissued": {
    zh:
      "  租户 {tenant}:较新的令牌密钥与收单密钥不在这份密钥库里。{waybills} 条运单换了密单号," +
      "面单须重打(列出:MIDAN_TENANT={tenant} midan keys reissued --from {from} --to {to});" +
      "它们的订单再送来会被当作新单",
    en:
      "  tenant {tenant}: newer token and intake keys are not in this store. {waybills} waybills " +
      "got new tokens, print their labels again (MIDAN_TENANT={tenant} midan keys reissued " +
      "--from {from} --to {to} lists them); their orders, sent again, would count as new",
  },
  "keys.signingLost": {
    zh:
      "  签名密钥 {name}:已公布的下一把不在这份密钥库里,再也找不回;重新公布一把,并告知核验者" +
      "前一把作废",
    en:
      "  signing key {name}: the next one that was announced is not in this store and is lost; " +
      "announce another, and tell verifiers that the lost one is void",
  },
  "keys.signingAgain": {
    zh: "  签名密钥 {name}:已按日志补做到同一步",
    en: "  signing key {name}: taken to where the log says it is",
  },
  "keys.rotated": {
    zh: "代密钥已更换,旧代下的密钥还有 {old} 把",
    en: "generation rotated; keys under older ones: {old}",
  },
  "keys.rooted": {
    zh: "根密钥已更换,旧根密钥还能打开的代密钥有 {old} 把",
    en: "root key changed; generation keys that the old one opens: {old}",
  },
  "keys.rooting": {
    zh: "旧根密钥下的代密钥:{old} / {total}",
    en: "generation keys under the old root key: {old} of {total}",
  },
  "keys.rotating": {
    zh: "重新封装:还有 {old} / {total}",
    en: "wrapping anew: {old} of {total} left",
  },
  "keys.entry": { zh: "日志条目 {id}", en: "log entry {id}" },
} as const;
