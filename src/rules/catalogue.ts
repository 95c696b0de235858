/**
 * Every sentence that a person reads, in Chinese and English, under one key. Placeholders are
 * `{name}`. Failures have their own table (failure.ts) because they also carry a status.
 */

import { ACCESS_TEXTS } from "./access-texts.ts";
import { AGENT_TEXTS } from "./agent-texts.ts";
import { AUTHORITY_TEXTS } from "./authority-texts.ts";
import { BREAK_GLASS_TEXTS } from "./break-glass-texts.ts";

import { LABEL_TEXTS } from "./label-texts.ts";
import { LOG_TEXTS } from "./log-texts.ts";
import { OVERSIGHT_TEXTS } from "./oversight-texts.ts";
import { IDENTITY_TEXTS } from "./identity-texts.ts";
import { KEY_TEXTS } from "./key-texts.ts";
import { API_TEXTS } from "./api-texts.ts";
import { PARCEL_TEXTS } from "./parcel-texts.ts";
import { QUOTA_TEXTS } from "./quota-texts.ts";
import { REAL_NAME_TEXTS } from "./real-name-texts.ts";
import { RETENTION_TEXTS } from "./retention-texts.ts";
import { SANDBOX_TEXTS } from "./sandbox-texts.ts";
import { SHIFT_TEXTS } from "./shift-texts.ts";
import { SIMULATION_TEXTS } from "./simulation-texts.ts";
import { TICKET_TEXTS } from "./ticket-texts.ts";
import { WARRANT_TEXTS } from "./warrant-texts.ts";

export type Language = "zh" | "en";

interface Text {
  readonly zh: string;
  readonly en: string;
}

export const TEXTS = {
  ...ACCESS_TEXTS,
  ...AGENT_TEXTS,
  ...AUTHORITY_TEXTS,
  ...BREAK_GLASS_TEXTS,
  ...IDENTITY_TEXTS,
  ...KEY_TEXTS,
  ...LABEL_TEXTS,
  ...LOG_TEXTS,
  ...API_TEXTS,
  ...PARCEL_TEXTS,
  ...QUOTA_TEXTS,
  ...REAL_NAME_TEXTS,
  ...RETENTION_TEXTS,
  ...SANDBOX_TEXTS,
  ...SHIFT_TEXTS,
  ...SIMULATION_TEXTS,
  ...TICKET_TEXTS,
  ...WARRANT_TEXTS,
  "cli.about": {
    zh: "密单:快递运单从密封、打印到按期销毁的全程隐私保护",
    en: "Midan: courier waybills private from seal to shred",
  },
  "cli.option.json": { zh: "以稳定的 JSON 输出", en: "print stable JSON" },
  "cli.option.lang": { zh: "界面语言:zh 或 en", en: "language: zh or en" },
  "cli.seal": {
    zh: "密封订单文件(CSV、NDJSON、XLSX,- 为标准输入)",
    en: "seal order files (CSV, NDJSON, XLSX; - for standard input)",
  },
  "cli.seal.out": { zh: "结果与拒收清单的目录", en: "folder for results and rejected rows" },
  "cli.seal.map": {
    zh: "指定列名,如 recipient_phone=收货电话,order_number=单号",
    en: "name the columns, e.g. recipient_phone=Tel,order_number=No",
  },
  "cli.seal.merchant": {
    zh: "文件没有店铺列时的商家名",
    en: "merchant, where the file has no such column",
  },
  "cli.seal.carrier": {
    zh: "文件没有快递公司列时的名称",
    en: "carrier, where the file has no such column",
  },
  "cli.seal.platform": {
    zh: "订单来自哪个平台,认不出时写明:taobao、pinduoduo、douyin、jd、kuaishou、xiaohongshu、wechat-shop",
    en: "whose orders they are, where the file does not show it: taobao, pinduoduo, douyin, jd, …",
  },
  "cli.seal.format": { zh: "文件格式:csv、ndjson、xlsx", en: "file format: csv, ndjson or xlsx" },
  "cli.mask": { zh: "脱敏 JSON Lines,不用数据库", en: "mask JSON Lines, without a database" },
  "cli.mask.kind": {
    zh: "name、phone、address、line 或 text",
    en: "name, phone, address, line or text",
  },
  "cli.mask.scanned": {
    zh: "text:文字来自扫描识别,容忍 O/0、l/1 及多字少字",
    en: "text: it was read by a scanner; take O for 0, l for 1, a digit lost or doubled",
  },
  "cli.mask.virtual": {
    zh: "phone:带分机的手机号是平台虚拟号,保持可读",
    en: "phone: a mobile with an extension is a platform's virtual number and stays readable",
  },
  "cli.profile": {
    zh: "脱敏方案:gb41833、strict、full、gb41833-tail4",
    en: "mask profile: gb41833, strict, full, gb41833-tail4",
  },
  "cli.reveal": { zh: "按用途查看明文字段,先留痕", en: "open fields for a purpose; logged first" },
  "cli.reveal.fields": {
    zh: "字段:name、phone、address、sender.phone 等,逗号分隔",
    en: "fields: name, phone, address, sender.phone …, with commas",
  },
  "cli.reveal.purpose": {
    zh: "用途,如 deliver、contact、claim",
    en: "purpose, e.g. deliver, contact, claim",
  },
  "cli.reveal.reason": {
    zh: "书面理由;- 表示从标准输入读一行",
    en: "written reason; - reads one line from standard input",
  },
  "cli.search": {
    zh: "按完整电话查找,只返回密单号与脱敏视图",
    en: "find by full phone; tokens and masked views only",
  },
  "cli.search.phone": {
    zh: "完整电话号码;- 表示从标准输入读一行",
    en: "full phone number; - reads one line from standard input",
  },
  "cli.show": {
    zh: "脱敏视图、状态、密舱、销毁日和查看记录",
    en: "masked view, state, compartment, day of death, looks",
  },
  "cli.shred": { zh: "销毁到期密舱的密钥", en: "destroy the keys of compartments that are due" },
  "cli.shred.due": { zh: "销毁所有到期密舱", en: "everything that is due" },
  "cli.shred.on": {
    zh: "按哪一天计算(将来日期只能与 --dry-run 合用)",
    en: "as of this day (a future day only with --dry-run)",
  },
  "cli.shred.dry": { zh: "只列出,不销毁", en: "list only, destroy nothing" },
  "cli.shred.share": {
    zh: "允许一次销毁的密钥比例上限(百分比)",
    en: "largest share of all keys that one run may destroy, per cent",
  },
  "cli.shred.clock": {
    zh: "已核对系统时间,即使距最近一条留痕超过 48 小时也执行",
    en: "the clock is right although it is more than 48 hours past the newest audit entry",
  },
  "cli.story": {
    zh: "从头到尾跑一遍鹤岗故事(虚构数据,独立目录),并写出页面",
    en: "tell the Hegang story from end to end on invented data, and write its page",
  },
  "cli.story.seed": { zh: "公开种子", en: "the printed seed" },
  "cli.story.out": { zh: "其下新建 story-1、story-2 …", en: "makes story-1, story-2 … below it" },
  "cli.story.waybills": { zh: "运单总数(三家企业合计)", en: "waybills of all three carriers" },
  "story.done": {
    zh: "完成,用时 {seconds} 秒。打开 {page} 看全程;MIDAN_HOME={home} 可用其他命令查证。",
    en: "Done in {seconds} s. Open {page}; with MIDAN_HOME={home} other commands look it up.",
  },
  "cli.crypto": { zh: "密码算法", en: "the algorithms" },
  "cli.crypto.selftest": {
    zh: "用标准中的已知答案检验每一种算法",
    en: "hold every algorithm against its known answer",
  },
  "selftest.passed": { zh: "通过", en: "passed" },
  "selftest.failed": { zh: "不符", en: "FAILED" },
  "cli.status": { zh: "数量、到期日、大小与健康状况", en: "counts, days, sizes, health" },
  "seal.progress": { zh: "密封", en: "Sealing" },
  "print.progress": { zh: "打印", en: "Printing" },
  "seal.done": {
    zh: "密封 {sealed} 单,已存在 {repeated} 单,拒收 {rejected} 行,用时 {seconds} 秒",
    en: "{sealed} sealed, {repeated} known already, {rejected} rows refused, {seconds} s",
  },
  "seal.results": { zh: "结果:{path}", en: "Results: {path}" },
  "seal.rejected": {
    zh: "拒收清单(不含原值):{path}",
    en: "Refused rows (without their values): {path}",
  },
  "seal.labels": { zh: "面单:{path}({count} 张)", en: "Labels: {path} ({count})" },
  "seal.unprinted": { zh: "{count} 张面单未打印:{code}", en: "{count} labels not printed: {code}" },
  "entry.id": { zh: "留痕编号:{id}", en: "Audit entry: {id}" },
  "search.none": { zh: "没有找到", en: "Nothing found" },
  "search.found": { zh: "找到 {count} 单", en: "{count} found" },
  "search.more": {
    zh: "候选太多,没有全部查完:可能还有更多",
    en: "Too many candidates to look at all of them: there may be more",
  },
  "field.recipient.name": { zh: "收件人姓名", en: "recipient name" },
  "field.recipient.phone": { zh: "收件人电话", en: "recipient phone" },
  "field.recipient.address": { zh: "收件人地址", en: "recipient address" },
  "field.sender.name": { zh: "寄件人姓名", en: "sender name" },
  "field.sender.phone": { zh: "寄件人电话", en: "sender phone" },
  "field.sender.address": { zh: "寄件人地址", en: "sender address" },
  "field.remark": { zh: "备注", en: "remark" },
  "show.token": { zh: "密单号", en: "token" },
  "show.waybill": { zh: "运单号", en: "waybill number" },
  "show.carrier": { zh: "快递公司", en: "carrier" },
  "show.state": { zh: "状态", en: "state" },
  "show.sealedAt": { zh: "密封时间", en: "sealed at" },
  "show.dayOfDeath": { zh: "销毁日", en: "day of death" },
  "show.compartment": { zh: "密舱", en: "compartment" },
  "show.suite": { zh: "算法套件", en: "suite" },
  "show.platform": { zh: "收件人由平台保管", en: "recipient held by" },
  "show.goods": { zh: "内件", en: "goods" },
  "show.looks": { zh: "查看记录", en: "looks" },
  "show.dead": {
    zh: "个人信息已销毁;只剩运单骨架",
    en: "the personal data is dead; only the shell is left",
  },
  "show.reason": { zh: "理由:{reason}", en: "reason: {reason}" },
  "show.noLooks": { zh: "无", en: "none" },
  "state.live": { zh: "在期", en: "live" },
  "state.closing": { zh: "待销毁", en: "closing" },
  "state.held": { zh: "留存冻结", en: "held" },
  "state.destroyed": { zh: "已销毁", en: "destroyed" },
  "shred.none": { zh: "没有到期的密舱", en: "No compartment is due" },
  "shred.waiting": {
    zh: "逾期的 {late} 个密舱、{left} 单留待以后各日的份额,或等人核对",
    en: "Left for another day or for a person: {late} compartments that are late, {left} waybills",
  },
  "shred.would": {
    zh: "届时将销毁 {compartments} 个密舱、{waybills} 单",
    en: "Would destroy {compartments} compartments, {waybills} waybills",
  },
  "shred.did": {
    zh: "已销毁 {compartments} 个密舱、{waybills} 单的密钥",
    en: "Destroyed the keys of {compartments} compartments, {waybills} waybills",
  },
  "shred.row": {
    zh: "密舱 {compartment} 销毁日 {day} 运单 {waybills}",
    en: "compartment {compartment}  day of death {day}  waybills {waybills}",
  },
  "shred.bound": {
    zh: "数据库备份里的旧密文随之失效;密钥库若有更早的副本,以该副本的年龄为限;整机快照不在此保证之内",
    en:
      "Old ciphertext in database backups dies with it; an older copy of the key store is " +
      "the bound; whole-machine snapshots void it",
  },
  "status.waybills": { zh: "运单", en: "waybills" },
  "status.live": { zh: "在期", en: "live" },
  "status.closing": { zh: "待销毁", en: "closing" },
  "status.dead": { zh: "已销毁", en: "dead" },
  "status.compartments": { zh: "密舱", en: "compartments" },
  "status.due": { zh: "今日到期", en: "due today" },
  "status.nextDeath": { zh: "下一个销毁日", en: "next day of death" },
  "status.leaves": { zh: "留痕条目", en: "audit entries" },
  "status.log": { zh: "日志:已收录/待收录", en: "log: in it / waiting" },
  "status.log-late": {
    zh: "日志有条目等待过久,需要留痕的操作已暂停;多为 MIDAN_LOG_DIR 所在磁盘已满",
    en: "leaves wait too long for the log, so verbs have stopped; often MIDAN_LOG_DIR is full",
  },
  "status.log-stopped": {
    zh: "日志收录失败,详见 --json 中的 log.failure",
    en: "the log does not go on; see log.failure under --json",
  },
  "status.database": { zh: "数据库", en: "database" },
  "status.databaseSize": { zh: "数据库大小", en: "database size" },
  "status.keysSize": { zh: "密钥库大小", en: "key store size" },
  "status.bound": { zh: "密钥代龄(天)", en: "key generation age (days)" },
  "status.health": { zh: "健康", en: "health" },
  "status.ok": { zh: "正常", en: "ok" },
  "status.shred-due": {
    zh: "有到期密舱未销毁,请运行 midan shred --due",
    en: "compartments are due; run midan shred --due",
  },
  "status.rotation-due": {
    zh: "密钥代已满七天,下次 midan shred --due 时更换",
    en: "the key generation is over seven days old; midan shred --due replaces it",
  },
  "cli.sweep": {
    zh: "清理其他系统的旧表(PostgreSQL):plan 只统计,run 就地脱敏,verify 复核",
    en: "old tables of other systems (PostgreSQL): plan counts, run masks in place, verify",
  },
  "cli.sweep.url": {
    zh: "数据库地址 postgres://…(密码宜放在 ~/.pgpass)",
    en: "database, postgres://… (better keep the password in ~/.pgpass)",
  },
  "cli.sweep.table": { zh: "表名,可写成 模式.表", en: "table, or schema.table" },
  "cli.sweep.columns": {
    zh: "个人信息列,如 name=收件人,phone=电话,address=地址",
    en: "personal columns, e.g. name=receiver,phone=tel,address=addr",
  },
  "cli.sweep.key": { zh: "主键列,用于核对", en: "columns of the primary key, to be checked" },
  "cli.sweep.older": { zh: "只处理早于多少天的行", en: "only rows older than so many days" },
  "cli.sweep.date": { zh: "日期列", en: "date column" },
  "cli.sweep.accept": {
    zh: "核实无害后放行:trigger、check",
    en: "obstacles known to be harmless: trigger, check",
  },
  "cli.sweep.chunk": { zh: "每批行数", en: "rows of one chunk" },
  "cli.sweep.pause": { zh: "批间休息(毫秒)", en: "rest between chunks, ms" },
  "cli.sweep.vacuum": {
    zh: "随后回收旧行版本:plain,或 full(锁表重写)",
    en: "then remove old row versions: plain, or full (locks and rewrites)",
  },
  "sweep.progress": { zh: "清理", en: "Sweeping" },
  "sweep.rows": { zh: "看过的行", en: "rows looked at" },
  "sweep.readableRows": { zh: "仍可读的行", en: "rows with readable data" },
  "sweep.undated": { zh: "无日期的行(不处理)", en: "rows without date (left)" },
  "sweep.column": {
    zh: "{name}:有值 {filled},可读 {readable}",
    en: "{name}: {filled} filled, {readable} readable",
  },
  "sweep.swept": {
    zh: "{name}:处理前可读 {before},处理后 {after}",
    en: "{name}: {before} readable before, {after} after",
  },
  "sweep.obstacle": { zh: "障碍 {kind}:{name}", en: "Obstacle {kind}: {name}" },
  "sweep.acceptable": {
    zh: "障碍 {kind}:{name}(核实后可用 --accept {kind} 放行)",
    en: "Obstacle {kind}: {name} (may pass with --accept {kind})",
  },
  "sweep.done": {
    zh: "已脱敏 {rows} 行,{chunks} 批;留痕编号 {entry}",
    en: "{rows} rows masked in {chunks} chunks; audit entry {entry}",
  },
  "sweep.resumed": {
    zh: "从上次中断处继续,数字含上次",
    en: "Went on from an earlier run; the figures count both",
  },
  "sweep.left": {
    zh: "仍有 {rows} 行被其他会话占用而未处理,请再运行一次",
    en: "{rows} rows were held by other sessions and are left; run it again",
  },
  "sweep.clean": { zh: "没有可读的个人信息", en: "Nothing readable is left" },
  "sweep.remains": {
    zh: "清理不到、旧值可能还在的地方:",
    en: "Out of reach, may hold old values:",
  },
  "sweep.remains.dead": {
    zh: "表文件里约 {rows} 个旧行版本,VACUUM 之前一直在(可加 --vacuum full)",
    en: "about {rows} old row versions in the table's file until VACUUM (see --vacuum full)",
  },
  "sweep.remains.held": {
    zh: "约 {rows} 个旧行版本仍在表文件里:有更早开始的会话或事务还能看到它们;待其结束后再 VACUUM 一次",
    en:
      "about {rows} old row versions are still in the table's file, since a session that began " +
      "earlier could see them; vacuum again when it has ended",
  },
  "sweep.remains.pages": {
    zh: "已回收的旧行,其字节仍在空闲空间里等待覆盖;--vacuum full 会重写整张表",
    en: "bytes of old rows stay in free space until overwritten; --vacuum full rewrites all",
  },
  "sweep.remains.busy": {
    zh: "表正被占用,未能 ANALYZE 或 VACUUM:旧行版本和统计样本还在",
    en: "the table was busy, so neither ANALYZE nor VACUUM ran: old rows and samples stay",
  },
  "sweep.remains.seen": {
    zh:
      "VACUUM 开始时仍有 {count} 个更早的事务或复制槽看得见旧行," +
      "这些旧行版本还在表文件里;待其结束后再运行一次(加 --vacuum full)",
    en:
      "{count} older transactions or slots still saw old rows when VACUUM began, so these stay " +
      "in the table's file; run it again with --vacuum full once they have ended",
  },
  "sweep.remains.written": {
    zh: "本次期间写入日志(WAL)共 {size} MiB",
    en: "{size} MiB of log (WAL) were written meanwhile",
  },
  "sweep.remains.wal": {
    zh: "服务器上现有 WAL {size} MiB,循环使用前含旧值",
    en: "{size} MiB of WAL lie on the server and hold old values until recycled",
  },
  "sweep.remains.walUnknown": {
    zh: "本账号无权查看 WAL 大小",
    en: "this account may not see how much WAL lies on the server",
  },
  "sweep.remains.kept": {
    zh: "其中 {size} MiB 因 wal_keep_size 或复制槽而保留",
    en: "{size} MiB of it are kept by wal_keep_size or by replication slots",
  },
  "sweep.remains.archive": {
    zh: "WAL 归档已开启:归档里有旧值",
    en: "WAL archiving is on: the archive holds old values",
  },
  "sweep.remains.replicas": {
    zh: "副本 {replicas} 个、复制槽 {replicationSlots} 个、发布 {publications} 个:对方有自己的文件和日志",
    en:
      "{replicas} replicas, {replicationSlots} replication slots, {publications} publications: " +
      "each has files and logs of its own",
  },
  "sweep.remains.views": {
    zh: "物化视图 {count} 个,刷新之前仍是旧值",
    en: "{count} materialized views keep old values until refreshed",
  },
  "sweep.remains.backups": {
    zh: "更早的备份、快照和导出文件:数据库看不到,须按保存期另行销毁",
    en: "older backups, snapshots and exports: out of the database's sight, destroy them in turn",
  },
  ...OVERSIGHT_TEXTS,
  "failure.do": { zh: "怎么办:{what}", en: "What to do: {what}" },
  "failure.unexpected": { zh: "程序内部错误({kind})", en: "Internal error ({kind})" },
} as const satisfies Record<string, Text>;

export type TextKey = keyof typeof TEXTS;

/** The sentence `key` in `language`, its placeholders filled from `values`. */
export function say(
  language: Language,
  key: TextKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return TEXTS[key][language].replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
