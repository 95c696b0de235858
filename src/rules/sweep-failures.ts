/** Failures of a sweep: what stands between it and the table of another system. */
import type { FailureRow } from "./failure-row.ts";

export const SWEEP_FAILURES = {
  SWEEP_UNREACHABLE: {
    status: 503,
    zh: "连不上要清理的数据库",
    en: "The database to sweep cannot be reached",
    doZh: "核对 --url 与网络后再运行;已完成的批次不会重做",
    doEn: "Check --url and the network, then run it again; chunks that were done stay done",
  },
  SWEEP_REFUSED: {
    status: 409,
    zh: "要清理的数据库拒绝了一条语句,本批未改动",
    en: "The database to sweep refused a statement; nothing of this chunk was changed",
    doZh: "按 sqlstate 排查:42501 是权限不足,55P03 是表正被占用,其余看 constraint",
    doEn: "Look up the sqlstate: 42501 is a missing right, 55P03 a busy table, else see constraint",
  },
  SWEEP_TABLE_UNKNOWN: {
    status: 404,
    zh: "找不到这张表,或它不是普通表",
    en: "There is no such table, or it is not an ordinary one",
    doZh: "按数据库里的原样写表名(区分大小写),必要时写成 模式.表",
    doEn: "Spell the table as the database does (case counts), as schema.table where needed",
  },
  SWEEP_COLUMN_UNKNOWN: {
    status: 404,
    zh: "表里没有这一列",
    en: "The table has no such column",
    doZh: "按数据库里的原样写列名(区分大小写)",
    doEn: "Spell the column as the database does (case counts)",
  },
  SWEEP_COLUMN_TYPE: {
    status: 409,
    zh: "这一列的类型不能清理",
    en: "A column of this type cannot be swept",
    doZh: "个人信息列须为 text 或 varchar,日期列须为 date 或 timestamp",
    doEn: "Personal columns must be text or varchar, the date column date or timestamp",
  },
  SWEEP_KEY_WRONG: {
    status: 409,
    zh: "--key 不是这张表的主键,或表没有主键",
    en: "--key is not the primary key of the table, or it has none",
    doZh: "去掉 --key 自动采用主键;没有主键的表请先加上",
    doEn: "Leave --key out to use the primary key; give the table one if it has none",
  },
  SWEEP_OBSTACLE: {
    status: 409,
    zh: "表上有会妨碍清理或另存原值的东西,未作任何改动",
    en: "Something on the table would break the sweep or keep a copy; nothing was changed",
    doZh: "先运行 midan sweep plan 查看;trigger、check 核实无害后可用 --accept 放行,其余须先移除",
    doEn:
      "See midan sweep plan; trigger and check may pass with --accept once they are known to be " +
      "harmless, the others have to go first",
  },
  SWEEP_RUNNING: {
    status: 409,
    zh: "这张表正在被另一次清理处理",
    en: "Another sweep of this table is running",
    doZh: "等它结束后再运行",
    doEn: "Run this one when the other has ended",
  },
} as const satisfies Record<string, FailureRow>;
