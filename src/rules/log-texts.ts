/** What the commands of the log say. */

export const LOG_TEXTS = {
  "cli.verify-log": {
    zh: "验证透明日志(目录或网址),不需要本系统的数据库和密钥",
    en: "verify a transparency log (folder or URL); needs neither database nor keys",
  },
  "cli.verify-log.key": {
    zh: "日志的公钥文本(应另行取得,不取自日志本身)",
    en: "the log's public key as text, from somewhere else than the log",
  },
  "cli.verify-log.witness": {
    zh: "见证策略文件(C2SP tlog-policy:log、witness、group、quorum)",
    en: "policy file (C2SP tlog-policy: log, witness, group, quorum)",
  },
  "cli.verify-log.since": {
    zh: "早先保存的检查点文件,日志必须由它增长而来",
    en: "a checkpoint that was kept; the log must have grown from it",
  },
  "cli.verify-log.from": {
    zh: "只验证这一天(含)起的条目,YYYY-MM-DD(协调世界时)",
    en: "only entries of this day and later, YYYY-MM-DD (UTC)",
  },
  "cli.verify-log.to": {
    zh: "只验证这一天(不含)之前的条目",
    en: "only entries before this day",
  },
  "cli.verify-log.any": {
    zh: "条目可以是任意字节(其他项目的日志)",
    en: "entries may be any bytes (another project's log)",
  },
  "cli.reveal.receipt": { zh: "把日志回执写到文件", en: "write the log's receipt to a file" },
  "cli.receipt": { zh: "回执", en: "receipts" },
  "cli.receipt.check": {
    zh: "核对回执:给出收录证明,或日志失信的证据",
    en: "hold a receipt against the log: a proof, or evidence that it broke its word",
  },
  "cli.receipt.log": { zh: "日志的目录或网址", en: "folder or URL of the log" },
  "cli.receipt.proof": { zh: "把收录证明写到文件", en: "write the proof of inclusion to a file" },
  "cli.log": { zh: "透明日志的维护", en: "keeping the transparency log" },
  "cli.log.recover": {
    zh: "数据库来自旧备份时,从日志目录补回条目",
    en: "take leaves back from the log's files when the database is an older copy",
  },
  "cli.log.check": {
    zh: "逐条比对数据库与日志,指出第一处不同",
    en: "compare every leaf of the database with the log and name the first difference",
  },
  "cli.log.key": { zh: "显示日志的名称和公钥", en: "show the log's origin and public key" },
  "cli.log.ask": {
    zh: "查询日志(reveals、denied、looks、prints、seals);查询本身也留痕",
    en: "ask the log (reveals, denied, looks, prints, seals); asking is an entry too",
  },
  "cli.log.about": { zh: "只看这个账号的条目", en: "only entries of this account" },
  "cli.log.purpose": { zh: "只看这个用途", en: "only this purpose" },
  "cli.log.by": {
    zh: "按 purpose、actor、type 或 hour 计数",
    en: "count by purpose, actor, type or hour",
  },
  "cli.log.before": { zh: "只看序号小于它的条目", en: "only entries below this index" },
  "cli.log.limit": { zh: "一页的条数,至多 1000", en: "entries of a page, 1000 at most" },
  "log.next": { zh: "下一页:--before {index}", en: "next page: --before {index}" },
  "cli.serve": {
    zh: "对外提供日志(/checkpoint、/tile/…)并持续收录",
    en: "serve the log (/checkpoint, /tile/…) and keep it going",
  },
  "cli.serve.port": { zh: "端口", en: "port" },
  "cli.serve.host": { zh: "地址", en: "address" },
  "cli.witness": { zh: "见证人", en: "witnesses" },
  "cli.witness.serve": {
    zh: "在自己的机器上为别人的日志见证(C2SP tlog-witness)",
    en: "witness others' logs on a machine of your own (C2SP tlog-witness)",
  },
  "cli.witness.name": { zh: "见证人名称,如 post.example/w1", en: "name, e.g. post.example/w1" },
  "cli.witness.dir": { zh: "状态与密钥的目录", en: "folder for its state and its key" },
  "cli.witness.logs": {
    zh: "被见证的日志:每行一条 log 公钥",
    en: "which logs: a file with one `log KEY` a line",
  },
  "verify.good": { zh: "验证通过", en: "verified" },
  "verify.refused": { zh: "验证不通过:{reason}", en: "refused: {reason}" },
  "verify.origin": { zh: "日志", en: "log" },
  "verify.size": { zh: "检查点条数", en: "size of the checkpoint" },
  "verify.entries": { zh: "已验证条目", en: "entries checked" },
  "verify.bytes": { zh: "条目字节", en: "bytes of entries" },
  "verify.tiles": { zh: "已读文件块", en: "files checked" },
  "verify.signatures": { zh: "已验证签名", en: "signatures checked" },
  "verify.since": { zh: "与早先条数一致", en: "grown from sizes" },
  "verify.part": { zh: "条目序号", en: "indices" },
  "verify.witness": { zh: "见证人 {name}", en: "witness {name}" },
  "verify.witness.held": { zh: "已见证 {at}", en: "cosigned {at}" },
  "verify.witness.missing": { zh: "缺少见证签名", en: "no cosignature" },
  "verify.file": { zh: "文件", en: "file" },
  "verify.byte": { zh: "首个错误字节", en: "first bad byte" },
  "verify.index": { zh: "条目序号", en: "index" },
  "verify.detail": { zh: "详情", en: "detail" },
  "verify.ownKey": {
    zh: "注意:公钥取自日志本身,只能证明前后一致;请用 --key 给出另行取得的公钥",
    en: "note: the key is the log's own word; give one from elsewhere with --key",
  },
  "receipt.included": { zh: "已收录,序号 {index}", en: "included at index {index}" },
  "receipt.open": { zh: "尚未收录,最迟 {due}", en: "not in the log yet; due by {due}" },
  "receipt.broken": {
    zh: "日志失信:{due} 前应收录,日志已到 {seen} 仍无此条目",
    en: "the log broke its word: due by {due}, and it went on until {seen} without the leaf",
  },
  "log.recovered": { zh: "补回 {count} 条", en: "took back {count} leaves" },
  "log.checked": {
    zh: "数据库与日志一致:{count} 条;等待收录 {waiting} 条",
    en: "database and log agree: {count} leaves; {waiting} wait",
  },
  "log.differs": {
    zh: "序号 {index} 处,数据库与日志不同",
    en: "database and log differ at index {index}",
  },
  "serve.listening": { zh: "监听 {address}", en: "listening on {address}" },
} as const;
