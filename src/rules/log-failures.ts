/** Failures of the transparency log: what the operator or the asker has to do. */
import type { FailureRow } from "./failure-row.ts";

export const LOG_FAILURES = {
  LOG_LATE: {
    status: 503,
    zh: "日志来不及收录,暂停需要留痕的操作",
    en: "The log cannot keep up, so nothing that needs an entry is done",
    doZh: "查看 midan status 中日志的状况(多为日志目录磁盘已满);恢复后会自动继续",
    doEn: "See the log in midan status (often its disk is full); work then goes on by itself",
  },
  LOG_FILES_FAILED: {
    status: 503,
    zh: "日志目录读写失败",
    en: "The folder of the log could not be read or written",
    doZh: "检查磁盘空间和目录权限;恢复后会自动继续",
    doEn: "Check disk space and the rights of the folder; it goes on by itself after that",
  },
  LOG_FILES_BROKEN: {
    status: 500,
    zh: "日志目录里的文件与已签署的检查点不符",
    en: "Files of the log do not fit the checkpoint that was signed",
    doZh: "运行 midan verify-log 查明位置;按安全事件处理,从备份恢复日志目录",
    doEn: "Find the place with midan verify-log; treat it as an incident and restore the folder",
  },
  LOG_BEHIND: {
    status: 503,
    zh: "数据库里的日志比已签署的检查点旧,拒绝签署",
    en: "The log in the database is older than what was signed, so nothing is signed",
    doZh: "数据库若来自旧备份,运行 midan log recover 从日志目录补回条目",
    doEn: "If the database came from a backup, take the leaves back: midan log recover",
  },
  LOG_FORKED: {
    status: 500,
    zh: "数据库里的日志与已签署的检查点不一致,拒绝签署",
    en: "The log in the database differs from what was signed, so nothing is signed",
    doZh: "按安全事件处理:有人改过条目;用 midan log check 查明位置",
    doEn: "Treat it as an incident: entries were changed; midan log check names the place",
  },
  LOG_ORIGIN: {
    status: 500,
    zh: "日志目录或密钥库属于另一个日志",
    en: "The folder of the log or the key store belongs to another log",
    doZh: "核对 MIDAN_LOG_DIR、MIDAN_KEYS_DIR 与数据库是否属于同一套系统",
    doEn: "Check that MIDAN_LOG_DIR, MIDAN_KEYS_DIR and the database belong together",
  },
  PORT_UNAVAILABLE: {
    status: 503,
    zh: "端口无法监听",
    en: "The port cannot be listened on",
    doZh: "换一个端口,或停掉占用它的程序",
    doEn: "Choose another port, or stop the program that uses it",
  },
  LOG_REFUSED: {
    status: 422,
    zh: "验证不通过",
    en: "The verification refused it",
    doZh: "按给出的文件和位置查看原因",
    doEn: "Look at the place that was named",
  },
  STATEMENT_UNKNOWN: {
    status: 404,
    zh: "没有这次打印或密封的声明",
    en: "There is no statement of such a print or sealing",
    doZh: "核对打印次数;本版本之前密封的批次没有记录顺序,无法单独证明",
    doEn: "Check the number of the print; batches of earlier versions cannot be proven singly",
  },
  STATEMENT_INCOMPLETE: {
    status: 410,
    zh: "该批次的一部分已到期删除,无法再单独证明",
    en: "A part of that batch has reached its end, so it cannot be proven singly any more",
    doZh: "以先前取得的证明文件为准;日志中批次的根哈希仍可验证",
    doEn: "Use a proof that was taken earlier; the batch's root in the log still verifies",
  },
  BUNDLE_TOO_LARGE: {
    status: 413,
    zh: "期间内的日志条目太多,一个检查包装不下",
    en: "The period has more entries than one bundle holds",
    doZh: "把期间分成几段,各做一个检查包",
    doEn: "Make several bundles of shorter periods",
  },
  LOG_ENTRY_UNKNOWN: {
    status: 404,
    zh: "日志里没有这个条目",
    en: "The log has no such entry",
    doZh: "核对编号;刚写入的条目一秒后再试",
    doEn: "Check the id; an entry that was just written appears within a second",
  },
} as const satisfies Record<string, FailureRow>;
