/**
 * The one table of failures: what went wrong, how HTTP says it, and what the person should do.
 *
 * A failure never carries the offending value: `details` holds identifiers, counts, field names and
 * enum values only, so that a failure may be logged, printed and sent without a second look (P16,
 * P9).
 */

export interface FailureRow {
  /** HTTP status (RFC 9457) that the row maps to when it leaves through the API. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 503;
  readonly zh: string;
  readonly en: string;
  /** What the person should do next. */
  readonly doZh: string;
  readonly doEn: string;
}

/* One row per code, in the order in which a waybill meets them. Keep the texts short and useful. */
export const FAILURES = {
  USAGE: {
    status: 400,
    zh: "命令或参数不对",
    en: "The command or one of its options is wrong",
    doZh: "运行 midan --help 查看用法",
    doEn: "Run midan --help",
  },
  PROFILE_UNKNOWN: {
    status: 400,
    zh: "没有这个脱敏方案",
    en: "There is no such mask profile",
    doZh: "可用:gb41833、strict、full、gb41833-tail4",
    doEn: "Use gb41833, strict, full or gb41833-tail4",
  },
  FILE_UNREADABLE: {
    status: 400,
    zh: "文件打不开",
    en: "The file cannot be opened",
    doZh: "检查路径和读取权限",
    doEn: "Check the path and your right to read it",
  },
  FILE_EMPTY: {
    status: 422,
    zh: "文件里没有内容",
    en: "The file is empty",
    doZh: "第一行写表头,从第二行起每行一单",
    doEn: "Put the headings in the first line and one order in each line after it",
  },
  FORMAT_UNKNOWN: {
    status: 422,
    zh: "认不出这种文件",
    en: "The file is of no known kind",
    doZh: "请用 CSV、NDJSON(每行一个 JSON 对象)或 XLSX;旧版 .xls 请另存为 .xlsx",
    doEn: "Use CSV, NDJSON (one JSON object a line) or XLSX; save an old .xls as .xlsx first",
  },
  XLSX_BROKEN: {
    status: 422,
    zh: "XLSX 文件读不出来",
    en: "The XLSX file cannot be read",
    doZh: "用 Excel 或 WPS 打开后重新保存,或另存为 CSV",
    doEn: "Open it in Excel or WPS and save it again, or save it as CSV",
  },
  XLSX_TOO_LARGE: {
    status: 413,
    zh: "XLSX 文件太大(最多 100,000 行)",
    en: "The XLSX file is too large (100,000 rows at most)",
    doZh: "另存为 CSV(UTF-8)再导入,CSV 不限行数",
    doEn: "Save it as CSV (UTF-8), which has no limit of rows",
  },
  COLUMNS_UNKNOWN: {
    status: 422,
    zh: "表头里找不到必需的列",
    en: "The headings lack columns that are needed",
    doZh: "补上 fields 所列的列,或用 --map 指明,例如 --map recipient_phone=收货电话",
    doEn: "Add the columns named in fields, or name them: --map recipient_phone=HEADING",
  },
  COLUMNS_AMBIGUOUS: {
    status: 422,
    zh: "有几列的表头相同,分不清是收件还是寄件",
    en: "Several columns share a heading, so recipient and sender cannot be told apart",
    doZh: "给表头加上“收件”或“寄件”,或用 --map 按列号指明,例如 --map recipient_phone=#3",
    doEn: "Start the headings with recipient or sender, or give column numbers: --map recipient_phone=#3",
  },
  COLUMNS_TOO_MANY: {
    status: 422,
    zh: "列太多,或表头太长",
    en: "There are too many columns, or a heading is too long",
    doZh: "只留下要用的列(最多 200 列,表头最长 64 字)",
    doEn: "Keep the columns that are needed (200 at most, headings of 64 characters at most)",
  },
  MAP_BROKEN: {
    status: 400,
    zh: "--map 写法不对",
    en: "--map is not written rightly",
    doZh: "写成 字段=表头,用逗号分开,例如 recipient_name=客户,recipient_phone=#3",
    doEn: "Write FIELD=HEADING, separated by commas: recipient_name=Client,recipient_phone=#3",
  },
  MAP_FIELD_UNKNOWN: {
    status: 400,
    zh: "--map 里有不认识的字段",
    en: "--map names a field that does not exist",
    doZh: "可用字段:recipient_name、recipient_phone、recipient_address、order_number、waybill_number 等,见帮助",
    doEn: "Use recipient_name, recipient_phone, recipient_address, order_number, waybill_number …; see the help",
  },
  ENCODING_BROKEN: {
    status: 422,
    zh: "这一行有无法解码的字节(既不是 UTF-8 也不是 GB18030,或已成乱码)",
    en: "The row has bytes that cannot be decoded, or text that was already garbled",
    doZh: "从原系统重新导出,选 UTF-8",
    doEn: "Export it again from where it came from, as UTF-8",
  },
  ROW_TOO_LONG: {
    status: 422,
    zh: "这一行太长(最长 64 KiB)",
    en: "The row is too long (64 KiB at most)",
    doZh: "检查这一行是否缺换行",
    doEn: "See whether a line break is missing",
  },
  ROW_QUOTE_BROKEN: {
    status: 422,
    zh: "引号没有成对",
    en: "A quotation mark is not closed",
    doZh: "把值里的双引号写成两个,或去掉",
    doEn: "Double the quotation marks inside the value, or remove them",
  },
  ROW_COLUMNS_EXTRA: {
    status: 422,
    zh: "这一行的列比表头多",
    en: "The row has more columns than the headings",
    doZh: "值里若有分隔符(如逗号),请给整个值加双引号",
    doEn: "Put double quotation marks around values that contain the separator",
  },
  JSON_BROKEN: {
    status: 422,
    zh: "这一行不是完整的 JSON 对象",
    en: "The line is not a JSON object",
    doZh: "每行写一个完整的 JSON 对象",
    doEn: "Write one whole JSON object on each line",
  },
  FIELD_NOT_TEXT: {
    status: 422,
    zh: "字段应是文字",
    en: "The field must be text",
    doZh: "改成字符串;长号码不要写成数字",
    doEn: "Make it a string; do not write long numbers as JSON numbers",
  },
  FIELD_TOO_LONG: {
    status: 422,
    zh: "字段太长",
    en: "The field is too long",
    doZh: "缩短这个字段",
    doEn: "Shorten the field",
  },
  FIELD_CONTROL: {
    status: 422,
    zh: "字段里有控制字符",
    en: "The field contains control characters",
    doZh: "删去不可见的字符后再导入",
    doEn: "Remove the invisible characters",
  },
  ORDER_NUMBER_MISSING: {
    status: 422,
    zh: "订单号和运单号都没有",
    en: "There is neither an order number nor a waybill number",
    doZh: "补上订单号,否则无法防止重复密封",
    doEn: "Add the order number; without it the same order could be sealed twice",
  },
  NUMBER_SCIENTIFIC: {
    status: 422,
    zh: "单号被 Excel 改成了科学计数或取整(如 1.23E+17)",
    en: "Excel has turned the number into scientific notation or rounded it (such as 1.23E+17)",
    doZh: "从原系统重新导出,把该列设为文本",
    doEn: "Export it again and format the column as text",
  },
  PHONE_SCIENTIFIC: {
    status: 422,
    zh: "电话被 Excel 改成了科学计数(如 1.38E+10)",
    en: "Excel has turned the phone into scientific notation (such as 1.38E+10)",
    doZh: "把电话列设为文本,从原系统重新导出",
    doEn: "Format the phone column as text and export it again",
  },
  WAYBILL_NUMBER_INVALID: {
    status: 422,
    zh: "运单号格式不对",
    en: "The waybill number is not well-formed",
    doZh: "运单号为 4 至 40 位字母、数字或连字符",
    doEn: "Use 4 to 40 letters, digits or hyphens",
  },
  SETTING_INVALID: {
    status: 500,
    zh: "环境变量的值不对",
    en: "An environment variable has a value that is not allowed",
    doZh: "按 README 的设置表改正该变量",
    doEn: "Correct the variable as the README's table of settings says",
  },
  PLACES_OVERLAP: {
    status: 500,
    zh: "数据库、密钥库和根密钥的位置互相包含",
    en: "Database, key store and root key lie inside one another",
    doZh: "把三者放到互不包含的目录,备份才不会同时带走密钥和数据",
    doEn: "Put them in three separate folders, so that no backup takes keys and data together",
  },
  PURPOSE_UNKNOWN: {
    status: 400,
    zh: "没有这个用途",
    en: "There is no such purpose",
    doZh: "可用:deliver、contact、return、claim、address-change、subject-request、law-enforcement、sender-disclosure、inspection",
    doEn: "Use deliver, contact, return, claim, address-change, subject-request, law-enforcement, sender-disclosure or inspection",
  },
  FIELDS_UNKNOWN: {
    status: 400,
    zh: "字段名不对",
    en: "A field name is not known",
    doZh: "可用:name、phone、address(收件人),sender.name、sender.phone、sender.address,remark;逗号分隔",
    doEn: "Use name, phone, address (recipient), sender.name, sender.phone, sender.address, remark, with commas between",
  },
  FIELD_NOT_ALLOWED: {
    status: 403,
    zh: "该用途不能查看这个字段",
    en: "This purpose may not open this field",
    doZh: "换用合适的用途,或只查看该用途允许的字段",
    doEn: "Use the purpose that fits, or ask only for the fields that this one allows",
  },
  REASON_MISSING: {
    status: 400,
    zh: "该用途必须写明理由",
    en: "This purpose needs a written reason",
    doZh: "加上 --reason,写明文书号或事由",
    doEn: "Add --reason with the document number or the cause",
  },
  TOKEN_UNKNOWN: {
    status: 404,
    zh: "查无此密单号",
    en: "No waybill has this token",
    doZh: "核对密单号,并确认连接的是同一套系统",
    doEn: "Check the token, and that you are asking the installation that issued it",
  },
  DATA_DEAD: {
    status: 410,
    zh: "个人信息已按期销毁,无法恢复",
    en: "The personal data died on its day and cannot be brought back",
    doZh: "运单骨架仍可用 midan show 查看;如需联系客户请走平台或商家",
    doEn: "midan show still gives the shell; reach the customer through the platform or the merchant",
  },
  ORDER_EXPIRED: {
    status: 410,
    zh: "该订单的个人信息已销毁,不会再次密封",
    en: "This order was sealed and its persons have died; it is never sealed again",
    doZh: "请从源系统中删除这条旧记录",
    doEn: "Delete the old record in the system it came from",
  },
  ORDER_CHANGED: {
    status: 409,
    zh: "同一商家的同一订单号已密封过不同的内容",
    en: "The same merchant's order number was sealed before with other content",
    doZh: "若是更正,请走改址流程;若是新订单,请使用新的订单号",
    doEn: "For a correction use an address change; for a new order use a new order number",
  },
  ORDER_REPEATED: {
    status: 409,
    zh: "文件中同一订单号出现多次且内容不同",
    en: "The file holds the same order number more than once with different content",
    doZh: "保留正确的一行后重新导入",
    doEn: "Keep the right row and import again",
  },
  SHRED_FUTURE: {
    status: 400,
    zh: "不能按将来的日期销毁",
    en: "Nothing can be shredded by a date in the future",
    doZh: "加上 --dry-run 查看到时会销毁什么",
    doEn: "Add --dry-run to see what would die by then",
  },
  SHRED_BRAKE: {
    status: 409,
    zh: "本次将销毁的密钥超过安全比例,已停止",
    en: "This run would destroy more than the safe share of all keys, so it stopped",
    doZh: "先核对系统时间和保存期限;确认无误后加 --allow-share 100",
    doEn: "Check the clock and the retention term first; if they are right add --allow-share 100",
  },
  PROFILE_INVALID: {
    status: 400,
    zh: "脱敏方案写错了,或比国标显示得更多",
    en: "The mask profile is malformed or shows more than the national standard allows",
    doZh: "按提示的字段修改;手机最多显示 5 位",
    doEn: "Mend the named field; a phone may show at most five digits",
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    zh: "数据库连不上",
    en: "The database cannot be reached",
    doZh: "稍后再试;若一直如此,运行 midan status 查看",
    doEn: "Try again later; if it stays so, look at midan status",
  },
  DATABASE_FAILED: {
    status: 500,
    zh: "数据库拒绝了一条语句",
    en: "The database refused a statement",
    doZh: "记下 sqlstate 并报告;本批未提交",
    doEn: "Report the sqlstate; nothing of this batch was committed",
  },
  DATABASE_AHEAD: {
    status: 500,
    zh: "数据库比本程序新",
    en: "The database is newer than this program",
    doZh: "升级 midan 后再用这个数据库",
    doEn: "Upgrade midan before using this database",
  },
  DATABASE_TOO_OLD: {
    status: 500,
    zh: "PostgreSQL 版本太旧",
    en: "This PostgreSQL is too old",
    doZh: "使用 PostgreSQL 15 或更新版本",
    doEn: "Use PostgreSQL 15 or later",
  },
  MIGRATION_CHANGED: {
    status: 500,
    zh: "已执行过的数据库迁移文件被改动",
    en: "A migration file was changed after it had been applied",
    doZh: "恢复 sql/ 中的原文件;改动写成新文件",
    doEn: "Restore the file in sql/; put the change in a new file",
  },
  ROW_UNREADABLE: {
    status: 500,
    zh: "数据库里的一行不合格式",
    en: "A row of the database has an unexpected shape",
    doZh: "确认连接的是 midan 的数据库,并且没有被手工改过",
    doEn: "Check that this is midan's database and was not edited by hand",
  },
  WEEK_ALIVE: {
    status: 409,
    zh: "这一周还有未销毁的密舱",
    en: "The week still has compartments that are not destroyed",
    doZh: "先销毁密钥:midan shred --due",
    doEn: "Destroy the keys first: midan shred --due",
  },
  EMBEDDED_UNSUPPORTED: {
    status: 500,
    zh: "这台机器上没有内置数据库(只有 Linux x64 带)",
    en: "There is no embedded database for this machine (Linux x64 only)",
    doZh: "准备一个 PostgreSQL 15+,用 MIDAN_DATABASE_URL 指定",
    doEn: "Provide PostgreSQL 15 or later and name it in MIDAN_DATABASE_URL",
  },
  EMBEDDED_FAILED: {
    status: 503,
    zh: "内置数据库没有启动起来",
    en: "The embedded database did not start",
    doZh: "查看数据目录下的 log/postgres.log",
    doEn: "Look at log/postgres.log in the data directory",
  },
  EMBEDDED_OWNER: {
    status: 500,
    zh: "数据目录属于另一个用户",
    en: "The data directory belongs to another user",
    doZh: "用创建它的用户(或 root)运行,或另选数据目录",
    doEn: "Run as the user who made it (or as root), or choose another data directory",
  },
  EMBEDDED_VERSION: {
    status: 500,
    zh: "数据目录由另一个大版本的 PostgreSQL 创建",
    en: "The data directory was made by another major version of PostgreSQL",
    doZh: "换回创建它的 midan 版本并导出数据",
    doEn: "Go back to the midan version that made it and export the data",
  },
  NAME_MISSING: {
    status: 422,
    zh: "姓名为空",
    en: "The name is empty",
    doZh: "补上姓名",
    doEn: "Fill in the name",
  },
  NAME_TOO_LONG: {
    status: 422,
    zh: "姓名超过 64 个字符",
    en: "The name is longer than 64 characters",
    doZh: "检查是否把别的内容填进了姓名列",
    doEn: "Check whether other content stands in the name column",
  },
  PHONE_MISSING: {
    status: 422,
    zh: "电话为空",
    en: "The phone is empty",
    doZh: "补上手机或固定电话",
    doEn: "Fill in a mobile or landline number",
  },
  PHONE_TOO_LONG: {
    status: 422,
    zh: "电话超过 40 个字符",
    en: "The phone is longer than 40 characters",
    doZh: "只留一个号码和分机",
    doEn: "Leave one number and its extension",
  },
  PHONE_INVALID: {
    status: 422,
    zh: "电话不是可识别的号码",
    en: "The phone is not a number that can be read",
    doZh: "检查位数;虚拟号写成 号码-分机",
    doEn: "Check the digits; write a virtual number as number-extension",
  },
  ADDRESS_MISSING: {
    status: 422,
    zh: "地址为空",
    en: "The address is empty",
    doZh: "补上详细地址",
    doEn: "Fill in the full address",
  },
  ADDRESS_TOO_LONG: {
    status: 422,
    zh: "地址超过 300 个字符",
    en: "The address is longer than 300 characters",
    doZh: "把备注移到备注列",
    doEn: "Move remarks to the remark column",
  },
  MASKED_VALUE: {
    status: 422,
    zh: "这里要明文,收到的是已脱敏的内容",
    en: "Plaintext is expected here and a masked value was sent",
    doZh: "从平台取未脱敏的订单,或改用密单号",
    doEn: "Fetch the unmasked order from the platform, or use the token",
  },
  TOKEN_VALUE: {
    status: 422,
    zh: "这里要明文,收到的是密单号",
    en: "Plaintext is expected here and a token was sent",
    doZh: "已密封的运单不用再密封",
    doEn: "A sealed waybill need not be sealed again",
  },
  LABEL_LINT_FAILED: {
    status: 422,
    zh: "面单上有未充分隐藏的个人信息,不予打印",
    en: "The label shows personal data that is not hidden enough, so it is not printed",
    doZh: "按 findings 所列的区域和规则改正数据后重新打印;不要手工改面单",
    doEn: "Correct the data in the zones named in findings and print again; do not edit the label",
  },
  LABEL_OVERFLOW: {
    status: 422,
    zh: "内容太长,面单上放不下",
    en: "The text is too long for the label",
    doZh: "缩短 zone 所指区域的内容",
    doEn: "Shorten the text of the zone that is named",
  },
  LABEL_GLYPH_MISSING: {
    status: 422,
    zh: "有打印字库里没有的字",
    en: "A character is missing from the printing font",
    doZh: "检查 zone 所指区域,换用通行字或拼音",
    doEn: "Look at the zone that is named and use a common form of the character, or its pinyin",
  },
  LABEL_BARCODE_REFUSED: {
    status: 422,
    zh: "运单号无法印成条码",
    en: "The waybill number cannot be printed as a barcode",
    doZh: "运单号只用字母、数字和短横,1 至 35 位",
    doEn: "Use 1 to 35 letters, digits and hyphens for the waybill number",
  },
  LABEL_NONE: {
    status: 422,
    zh: "没有可打印的面单",
    en: "There is no label to print",
    doZh: "先看被拒的行和原因",
    doEn: "Look at the rows that were refused, and why",
  },
  TOKEN_CUT: {
    status: 400,
    zh: "密单号不完整,后面被截断了",
    en: "The token is cut short",
    doZh: "从来源处重新完整复制密单号(md1 加 26 个字符)",
    doEn: "Copy the whole token again: md1 and 26 characters",
  },
  TOKEN_REENCODED: {
    status: 400,
    zh: "密单号里混入了不该有的字符",
    en: "The token holds characters that do not belong in one",
    doZh: "多半是网址或表格转码所致(+ 变空格、# 后丢失),请从来源处原样复制",
    doEn: "A URL or a spreadsheet has probably re-encoded it; copy it again as it was",
  },
  TOKEN_VERSION: {
    status: 400,
    zh: "密单号的版本不认识",
    en: "The token has a version that this program does not know",
    doZh: "升级 midan 后再试",
    doEn: "Upgrade midan and try again",
  },
  TOKEN_ALTERED: {
    status: 400,
    zh: "密单号有误,校验不符",
    en: "The token is wrong: its checksum does not fit",
    doZh: "核对是否抄错字符",
    doEn: "Check for a mistyped character",
  },
  SUITE_UNKNOWN: {
    status: 500,
    zh: "算法套件不认识",
    en: "The cipher suite is not known",
    doZh: "升级 midan;若仍如此,数据可能已损坏",
    doEn: "Upgrade midan; if that does not help the record is damaged",
  },
  ENVELOPE_CUT: {
    status: 500,
    zh: "密文不完整",
    en: "The sealed record is cut short",
    doZh: "从备份恢复数据库,或将该运单按损坏处理",
    doEn: "Restore the database from a backup, or treat the waybill as damaged",
  },
  ENVELOPE_VERSION: {
    status: 500,
    zh: "密文的版本不认识",
    en: "The sealed record has a version that this program does not know",
    doZh: "升级 midan 后再试",
    doEn: "Upgrade midan and try again",
  },
  ENVELOPE_BROKEN: {
    status: 500,
    zh: "密文无法打开:已损坏或不属于此处",
    en: "The sealed record does not open: it is damaged or does not belong here",
    doZh: "按安全事件排查;恢复数据库备份可找回未损坏的版本",
    doEn: "Look into it as a security incident; a database backup may hold the undamaged record",
  },
  KEY_UNKNOWN: {
    status: 503,
    zh: "密钥库中没有这个密舱",
    en: "The key store does not know this compartment",
    doZh: "确认数据库与密钥库属于同一套系统",
    doEn: "Check that database and key store belong to the same installation",
  },
  KEY_DESTROYED: {
    status: 410,
    zh: "密钥已销毁,无法恢复",
    en: "The key was destroyed and cannot be brought back",
    doZh: "个人信息已到期,不必再试",
    doEn: "The personal data has died; there is nothing to try again",
  },
  KEYSTORE_BUSY: {
    status: 503,
    zh: "密钥库正被其他进程占用",
    en: "Another process holds the key store",
    doZh: "稍后再试",
    doEn: "Try again in a moment",
  },
  KEYSTORE_PERMISSIONS: {
    status: 500,
    zh: "密钥文件的权限过宽",
    en: "A key file can be read by others",
    doZh: "对密钥目录执行 chmod -R go-rwx,并更换可能已泄露的密钥",
    doEn: "Run chmod -R go-rwx on the key folders, and rotate keys that others may have read",
  },
  KEYSTORE_ROOT_MISSING: {
    status: 503,
    zh: "密钥库非空,但找不到根密钥",
    en: "The key store is not empty but its root key is missing",
    doZh: "把根密钥文件放回 MIDAN_ROOT_KEY_FILE 所指的位置",
    doEn: "Put the root key file back where MIDAN_ROOT_KEY_FILE points",
  },
  KEYSTORE_ROOT_WRONG: {
    status: 503,
    zh: "根密钥与密钥库不符",
    en: "The root key does not fit this key store",
    doZh: "换回创建该密钥库时的根密钥",
    doEn: "Use the root key that this key store was made with",
  },
  KEYSTORE_BROKEN: {
    status: 500,
    zh: "密钥库有文件损坏",
    en: "A file of the key store is damaged",
    doZh: "从密钥库备份恢复该文件",
    doEn: "Restore that file from the backup of the key store",
  },
  KEY_CLOSING: {
    status: 409,
    zh: "密舱即将销毁,不再接收新运单",
    en: "The compartment is about to be destroyed and takes no new waybills",
    doZh: "重新密封,会自动换一个密舱",
    doEn: "Seal again; another compartment will be taken",
  },
  KEY_NOT_LEASED: {
    status: 409,
    zh: "这个密舱不归本进程使用",
    en: "This process does not hold the compartment",
    doZh: "重新运行命令;已提交的不会重复密封",
    doEn: "Run the command again; what was committed is not sealed twice",
  },
  INDEX_KEY_NEEDED: {
    status: 409,
    zh: "这一周还有未销毁的密舱,索引密钥不能销毁",
    en: "Compartments of that week are not destroyed, so its index key is still needed",
    doZh: "先销毁这一周的全部密舱",
    doEn: "Destroy all compartments of that week first",
  },
  KEYSTORE_FAILED: {
    status: 503,
    zh: "密钥库读写失败",
    en: "The key store could not be read or written",
    doZh: "检查磁盘空间和目录权限后再试",
    doEn: "Check disk space and the rights of the directory, then try again",
  },
} as const satisfies Record<string, FailureRow>;

export type FailureCode = keyof typeof FAILURES;

export type FailureDetails = Readonly<Record<string, string | number | boolean>>;

/**
 * The only error class that rooms throw on purpose. Programmer errors are assertions instead.
 * `details` must hold identifiers, counts, field names or enum values, never input text.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, details: FailureDetails = {}, options?: ErrorOptions) {
    super(`${code}: ${FAILURES[code].en}`, options);
    this.name = "Failure";
    this.code = code;
    this.details = details;
  }

  get row(): FailureRow {
    return FAILURES[this.code];
  }
}

/** True when `value` is a Failure, of the given code if one is named. */
export function isFailure(value: unknown, code?: FailureCode): value is Failure {
  return value instanceof Failure && (code === undefined || value.code === code);
}
