/** The sentences of the demo's page, in both languages. Placeholders are `{name}`. */

interface Sentence {
  readonly zh: string;
  readonly en: string;
}

export const DEMO_TEXTS = {
  tagline: {
    zh: "密封一次,脱敏打印,按用途查看,到期销毁。",
    en: "Sealed once, printed masked, opened for a purpose, dead on its day.",
  },
  sealed: { zh: "单密封", en: "sealed" },
  printed: { zh: "张脱敏面单", en: "masked labels" },
  refused: { zh: "行拒收", en: "rows refused" },
  dead: { zh: "单已销毁", en: "dead" },
  speed: { zh: "单/秒", en: "orders a second" },
  repeated: {
    zh: "其中 {count} 单此前已密封,这次没有重复密封,密单号不变。",
    en:
      "{count} orders were sealed by an earlier run; none was sealed twice, all kept their " +
      "tokens.",
  },
  labels: { zh: "一张面单,前与后", en: "One label, before and after" },
  labelBefore: {
    zh: "过去:姓名、电话、门牌一览无余(样张,人物虚构)",
    en: "Before: name, phone and door for all to read (a specimen of invented people)",
  },
  labelAfter: {
    zh: "现在:名字、6 位以上号码、单元户室号都已隐藏;打印不需要查看明文",
    en: "Now: given name, at least six digits, unit and room are hidden; printing needs no reveal",
  },
  row: { zh: "数据库里的这一单", en: "The same order as the database holds it" },
  token: { zh: "密单号", en: "Token" },
  column: { zh: "列", en: "column" },
  value: { zh: "值", en: "value" },
  rowMeaning: {
    zh:
      "姓名、电话、地址和脱敏视图都只是密文;电话只留下一个截短的数字" +
      "(party.phoneTag),没有密钥就什么也说明不了。",
    en:
      "Parties and masked view are ciphertext. The phone is one truncated number " +
      "(party.phoneTag), which says nothing without its key.",
  },
  looks: { zh: "谁看过", en: "Who looked" },
  looked: {
    zh:
      "按电话查找 {asked}:命中 {hits} 单,只返回密单号和脱敏视图。随后以“{purpose}”为用途查看 " +
      "{field}:号码只在终端上出现过一次,不进任何文件。先写留痕,后出明文:",
    en:
      "A search for {asked} found {hits}, as token and masked view. Then {field} was opened for " +
      "“{purpose}”: the number stood on the terminal once and goes into no file. The entry is " +
      "written first, plaintext leaves after:",
  },
  deaths: { zh: "什么已经销毁", en: "What died" },
  died: {
    zh:
      "春季样本以 121 天前的时钟密封,今天已到期。销毁的是密钥:不逐行删除," +
      "数据库备份里的旧密文也随之打不开。",
    en:
      "The spring sample was sealed with the clock 121 days back, so it is due today. What is " +
      "destroyed is the key: no row is rewritten, and old ciphertext in database backups is dead " +
      "with it.",
  },
  compartment: { zh: "密舱", en: "compartment" },
  day: { zh: "销毁日", en: "day of death" },
  waybills: { zh: "运单", en: "waybills" },
  sameReveal: { zh: "同一次查看,销毁前后:", en: "The same reveal, before and after:" },
  before: { zh: "销毁前", en: "before" },
  after: { zh: "销毁后", en: "after" },
  entry: { zh: "销毁留痕", en: "audit entry" },
  refusals: { zh: "拒收的行", en: "Rows refused" },
  refusedHow: {
    zh: "坏行不影响其余各行;清单只写行号、字段和原因,从不写原值。",
    en: "A bad row never stops the others. The list names line, field and reason, never the value.",
  },
  line: { zh: "行", en: "line" },
  field: { zh: "字段", en: "field" },
  reason: { zh: "原因", en: "reason" },
  todo: { zh: "怎么办", en: "what to do" },
  next: { zh: "接下来试试", en: "What to try next" },
  trySeal: { zh: "密封您自己的订单文件", en: "seal an order file of your own" },
  tryShow: { zh: "脱敏视图、销毁日、查看记录", en: "masked view, day of death, looks" },
  tryLabel: { zh: "重打这张面单", en: "print this label again" },
  tryLogin: {
    zh: "首次运行:设立系统所有者,给出一次性代码",
    en: "the first time: makes the owner and gives out a one-time code",
  },
  tryInvite: {
    zh: "用该代码设置所有者的密码和验证器;所有者只管账号",
    en: "sets the owner's password and authenticator with it; an owner manages accounts",
  },
  tryAccount: {
    zh: "为可以查看的人员开设账号,给出新的一次性代码",
    en: "an account for somebody who may look, with a code of its own",
  },
  tryDesk: {
    zh: "用新代码登录;查看个人信息须先登录",
    en: "signs in as that account; whoever looks at persons signs in first",
  },
  tryReveal: { zh: "按用途查看一个字段", en: "open one field for a purpose" },
  tryShred: { zh: "看看将来会销毁什么", en: "see what would die, and when" },
  tryStatus: { zh: "数量、到期日、健康", en: "counts, days, health" },
  tryNational: { zh: "改用国密 SM4/SM3", en: "the national algorithms, SM4 and SM3" },
  files: { zh: "这次写出的文件", en: "Files of this run" },
  madeOn: { zh: "演示数据均为虚构。生成于", en: "All people are invented. Made on" },
} as const satisfies Record<string, Sentence>;

export type DemoTextKey = keyof typeof DEMO_TEXTS;
