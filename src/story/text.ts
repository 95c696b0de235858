/** The sentences of the story's page, in both languages. Placeholders are `{name}`. */

interface Sentence {
  readonly zh: string;
  readonly en: string;
}

const FRAME = {
  title: { zh: "一座城市的快递运单", en: "The waybills of one city" },
  kicker: {
    zh: "密单 Midan · 鹤岗故事的一次完整演算",
    en: "Midan 密单 · the Hegang story, run whole",
  },
  lead: {
    zh: "从抽查发现、检察建议、总部锁定、旧库清理,到到期销毁和再次抽查:每一步都真实运行,每一个数字都能点开背后的记录。",
    en:
      "Spot check, recommendation, headquarters' lock, old data, death of data, second " +
      "spot check: " +
      "every step really ran, and every number opens the record behind it.",
  },
  origin: {
    zh:
      "缘起:2022 年,黑龙江省鹤岗市检察机关在办案中发现约九成快递运单明文显示个人信息,平台与商家没有统一的隐私面单标准,多数企业业务系统未设定期删除或屏蔽规则," +
      "而加密功能仅总部可以设置。检察机关制发检察建议,邮政管理部门督促整改,代表建议推动上级解决;2023 年抽查,超过九成运单已加密。",
    en:
      "Where it comes from: in 2022 prosecutors in Hegang, Heilongjiang, found about nine in ten " +
      "courier waybills showing personal data in the clear. Platforms and merchants had no " +
      "common " +
      "private waybill, most business systems never deleted or masked, and only " +
      "headquarters could " +
      "switch encryption on. They recommended, the postal authority supervised, a deputy " +
      "carried it " +
      "up; a spot check of 2023 found over nine in ten encrypted.",
  },
  invented: {
    zh: "以下城市、企业、网点、运单和人员均为虚构;其中的数字来自本次运行,不是鹤岗的数据。",
    en:
      "The city, carriers, outlets, waybills and people below are invented; the numbers " +
      "are those " +
      "of this run, not of Hegang.",
  },
  switch: { zh: "English", en: "中文" },
  contents: { zh: "目录", en: "Contents" },
  skip: { zh: "跳到正文", en: "Skip to the story" },
  before: { zh: "整改前", en: "before" },
  after: { zh: "整改后", en: "after" },
  meter: { zh: "合规率、区间与 90 % 线", en: "coverage, interval and the line at 90 %" },
  heroSpan: { zh: "两次抽查,面单合规率", en: "Two spot checks: labels that comply" },
  statWaybills: { zh: "件运单", en: "waybills" },
  statWait: { zh: "天,授权申请最长等待", en: "days the longest request waited" },
  statSweep: { zh: "行旧数据仍可读,原为 {from}", en: "old rows still readable, once {from}" },
  statDead: { zh: "件运单到期销毁,首个舱室", en: "waybills died in the first compartment" },
  statLock: { zh: "个网点由一次锁定覆盖", en: "outlets reached by one lock" },
  footer: {
    zh: "故事始于 {on},本次运行用时 {seconds} 秒。",
    en: "The story begins on {on}; it ran in {seconds} s.",
  },
  offline: {
    zh: "本页离线可读,不加载任何外部资源,不含任何真实个人信息。",
    en: "This page is offline: it loads nothing from outside and holds no real person's data.",
  },
  command: { zh: "命令", en: "command" },
  none: { zh: "无", en: "none" },
} as const satisfies Record<string, Sentence>;

const COVERAGE = {
  over90: { zh: "已证明超过 90 %", en: "over 90 % is shown" },
  notOver90: { zh: "未能证明超过 90 %", en: "over 90 % is not shown" },
  coverageLine: {
    zh: "{share}({count} 件合规,按 {level};95 % 置信区间 Wilson {wilson},Clopper-Pearson {exact})",
    en:
      "{share} ({count} comply with {level}; 95 % interval: Wilson {wilson}, Clopper-Pearson " +
      "{exact})",
  },
  coverageChart: {
    zh: "各企业面单合规率,整改前后",
    en: "Labels that comply, by carrier, before and after",
  },
  coverageChartSays: {
    zh: "每家企业两行:整改前与整改后的合规率,横须为 95 % Wilson 区间,虚线为 90 %。数值见下表。",
    en:
      "Two lines a carrier: the share before and after, whiskers are Wilson's 95 % interval, the " +
      "dashed line stands at 90 %. The table below has the values.",
  },
  coverageCaption: {
    zh:
      "横轴:合规面单占比,百分数。横须:95 % Wilson 区间;虚线:90 %。只有区间下限也高于 90 %,才说“超过 90 " +
      "%”。区间按简单随机抽样计算,它的局限见“还薄弱的地方”。",
    en:
      "Across: labels that comply, in percent. Whiskers: Wilson's 95 % interval; dashed: 90 %. " +
      "“Over 90 %” is said only when the lower bound is over it. The intervals are those " +
      "of a simple " +
      "random sample; what that leaves out stands under “What is still thin”.",
  },
  coverageTable: {
    zh: "合规率、样本量与 95 % 区间",
    en: "Coverage, sample size and 95 % intervals",
  },
  allCarriers: { zh: "合计", en: "all" },
  colCarrier: { zh: "企业", en: "carrier" },
  colWhen: { zh: "时点", en: "when" },
  colShare: { zh: "合规率", en: "coverage" },
  colCount: { zh: "合规 / 样本 n", en: "comply / n" },
  wilson95: { zh: "Wilson 95 % 区间", en: "Wilson 95 %" },
  colWilson: { zh: "Wilson", en: "Wilson" },
  colExact: { zh: "Clopper-Pearson", en: "Clopper-Pearson" },
  colVerdict: { zh: "结论与尺度", en: "finding and level" },
} as const satisfies Record<string, Sentence>;

const FIRST_HALF = {
  c1: { zh: "之前:面单人人可读", en: "Before: labels anyone can read" },
  c1lead: {
    zh: "{waybills} 件运单经三家企业的网点打印。明文面单占比 {clear}。",
    en: "{waybills} waybills are printed at the outlets of the carriers. In the clear: {clear}.",
  },
  clearLine: {
    zh: "{share}({count} 件,判定尺度 {level};95 % 区间 Wilson {wilson},Clopper-Pearson {exact})",
    en:
      "{share} ({count}, measured by {level}; 95 % interval: Wilson {wilson}, Clopper-Pearson " +
      "{exact})",
  },
  legacy: {
    zh: "打印明文的设置名为 legacy-clear,只存在于本故事,产品里没有这样的选项;每个网点照自己的设置打印,没有谁违反了谁的规定,问题正在于此。",
    en:
      "The setting that prints in the clear is called legacy-clear and exists in this " +
      "story only: " +
      "the product has no such choice. Each outlet prints as its own setting says; nobody " +
      "broke a " +
      "rule of the house, and that is the trouble.",
  },
  labelName: { zh: "姓名", en: "name" },
  labelPhone: { zh: "电话", en: "phone" },
  labelAddress: { zh: "地址", en: "address" },
  labelRecipient: { zh: "收件人", en: "recipient" },
  labelSender: { zh: "寄件人", en: "sender" },
  labelClear: {
    zh: "示意:整改前,收寄件人的姓名、电话、地址全部可读",
    en: "Outline: before, name, phone and address of both people can be read whole",
  },
  labelMasked: {
    zh: "示意:整改后,名字、六位以上号码、单元户室号都已隐藏",
    en: "Outline: after, given name, at least six digits, unit, door and room are hidden",
  },
  carrierTable: { zh: "三家企业的起点", en: "Where the carriers start" },
  colOutlets: { zh: "网点", en: "outlets" },
  colWaybills: { zh: "运单", en: "waybills" },
  colClear: { zh: "允许明文打印的网点", en: "outlets set to print in the clear" },
  c2: { zh: "抽查:让种子决定查谁", en: "The spot check: a seed decides whom" },
  c2lead: {
    zh: "监管部门公开随机种子,随机抽取 {outlets} 个网点、{parcels} 件包裹,逐件判读面单文字。",
    en:
      "The authority publishes a seed and draws {outlets} outlets and {parcels} parcels with it, " +
      "then reads the text of every label drawn.",
  },
  seed: { zh: "随机种子", en: "seed" },
  found: { zh: "结果", en: "result" },
  drawChart: { zh: "抽中的网点", en: "Outlets drawn" },
  drawChartSays: {
    zh: "实心方块为抽中的网点数,空心为未抽中。",
    en: "Filled squares: outlets drawn. Hollow: not drawn.",
  },
  drawCaption: {
    zh: "每格一个网点;实心只表示抽中的数量,具体是哪些网点见记录。同一种子重算,得到同一名单。",
    en:
      "One square an outlet; filled ones show how many were drawn, the record says which. " +
      "The same " +
      "seed gives the same list again.",
  },
  rulesChart: { zh: "各项规则的违反次数", en: "How often each rule was broken" },
  rulesChartSays: {
    zh: "W1 至 W4 每项两条:整改前与整改后。数值见下表。",
    en: "Two bars a rule, W1 to W4: before and after. Values in the table below.",
  },
  rulesCaption: { zh: "一张面单可以同时违反几项。", en: "One label can break several." },
  rulesTable: { zh: "违反规则的次数", en: "Rules broken" },
  colRule: { zh: "规则", en: "rule" },
  W1: { zh: "W1 不得出现完整个人信息", en: "W1 no complete personal data" },
  W2: { zh: "W2 姓名至少隐藏一字", en: "W2 a name hides a character" },
  W3: { zh: "W3 电话至少隐藏六位", en: "W3 a phone hides six digits" },
  W4: { zh: "W4 地址隐藏单元户室号", en: "W4 an address hides unit, door and room" },
  c3: { zh: "症结:仅总部可设置", en: "The bottleneck: only headquarters may" },
  c3lead: {
    zh: "网点想开启加密,被系统拒绝。它提交授权申请,时钟开始走;监管部门看得到每一天。",
    en:
      "An outlet tries to switch encryption on and is refused. It files a request with a clock, " +
      "and the authority sees every day of the wait.",
  },
  refusalLine: {
    zh: "{outlet} 请求 {asked},被拒绝:",
    en: "{outlet} asks for {asked} and is refused:",
  },
  waitChart: { zh: "授权申请等待天数", en: "Days the requests waited" },
  waitChartSays: {
    zh: "每条为一份授权申请从提交到答复的天数,长者在上。数值见下表。",
    en: "One bar a request, from filing to answer, longest first. Values in the table below.",
  },
  waitCaption: {
    zh: "单位:天。图中为等待最久的申请,全部见下表。",
    en: "In days. The longest waits are drawn; the table has all.",
  },
  waitTable: { zh: "全部授权申请", en: "All requests" },
  colOutlet: { zh: "网点", en: "outlet" },
  colFiled: { zh: "提交", en: "filed" },
  colAnswered: { zh: "答复", en: "answered" },
  colWait: { zh: "等待(天)", en: "days" },
  colAnswer: { zh: "结果", en: "answer" },
  granted: { zh: "同意", en: "granted" },
  refused: { zh: "不同意", en: "refused" },
  c4: { zh: "检察建议:把责任落到日期上", en: "The recommendation: duty gets a date" },
  c4lead: {
    zh: "检察机关立案,案号 {number}。检察建议书由事实起草;邮政管理部门责令限期改正,收集整改证明。根子在外地总部,于是衔接一件代表建议。",
    en:
      "Prosecutors open case {number}. The letter is drafted from the facts; the postal " +
      "authority " +
      "orders rectification by a date and collects proof. The cause lies with headquarters " +
      "outside " +
      "the city, so a deputy's suggestion is linked.",
  },
  letterPdf: { zh: "检察建议书 PDF", en: "The letter, PDF" },
  letterDocx: { zh: "检察建议书 DOCX", en: "The letter, DOCX" },
  steps: { zh: "案件经过", en: "Steps of the case" },
  timelineChart: { zh: "案件时间线与期限", en: "The case and its terms" },
  timelineChartSays: {
    zh: "上方圆点为案件步骤,编号与列表一致;下方每行一项期限,竖线为到期日,圆点为完成日。数值见下表。",
    en:
      "Dots above: steps, numbered as in the list. A row a term: the upright mark is its " +
      "last day, " +
      "the dot the day it was met. Values in the table below.",
  },
  timelineCaption: {
    zh: "编号对应下方案件经过。竖线为到期日;圆点在左为按期,在右为逾期。",
    en:
      "Numbers are those of the list. Upright: last day; a dot left of it was in time, right " +
      "of it late.",
  },
  legendDue: { zh: "到期日", en: "last day" },
  legendMet: { zh: "按期完成", en: "met" },
  legendLate: { zh: "逾期完成", en: "met late" },
  legendOpen: { zh: "未完成", en: "not met" },
  termTable: { zh: "期限与依据", en: "Terms and their basis" },
  orderTable: { zh: "责令改正", en: "Orders to put it right" },
  colTerm: { zh: "期限", en: "term" },
  colDue: { zh: "到期", en: "due" },
  colMet: { zh: "完成", en: "met" },
  colState: { zh: "状态", en: "state" },
  colBasis: { zh: "依据", en: "basis" },
  colAddressee: { zh: "对象", en: "addressee" },
  colProof: { zh: "整改证明", en: "proof" },
  open: { zh: "未完成", en: "open" },
  suggestionTerm: { zh: "代表建议答复", en: "deputy's suggestion" },
  orderTerm: { zh: "责令改正:", en: "order:" },
  suggestion: {
    zh: "代表建议《{title}》{assigned} 交办,应于 {due} 前答复,{answered}。",
    en: "Deputy's suggestion “{title}”: assigned {assigned}, due {due}, {answered}.",
  },
  answeredOn: { zh: "{on} 已答复", en: "answered {on}" },
  notAnswered: { zh: "尚未答复", en: "not yet answered" },
} as const satisfies Record<string, Sentence>;

const SECOND_HALF = {
  c5: { zh: "锁定:一处设置,处处生效", en: "The lock: set once, in force everywhere" },
  c5lead: {
    zh: "总部为全部网点设定脱敏配置并锁定。此后网点只能更严,不能更松。",
    en:
      "Headquarters sets the profile for every branch and locks it. A branch may tighten, " +
      "never loosen.",
  },
  lockTable: { zh: "各总部的锁定", en: "Each headquarters' lock" },
  colProfile: { zh: "配置", en: "profile" },
  colLocked: { zh: "锁定日", en: "locked on" },
  colReached: { zh: "覆盖网点", en: "outlets reached" },
  loosening: { zh: "有网点试图放宽", en: "Outlets that tried to loosen it" },
  c6: {
    zh: "旧数据:逐块屏蔽,如实说明残留",
    en: "The old data: masked chunk by chunk, remains told",
  },
  c6lead: {
    zh:
      "遗留订单表 {table} 中超过 180 天的有 {rows} 行,按计划分 {chunks} 块就地屏蔽:" +
      "可读行由 {from} 变为 {to};未满 180 天的 {spared} 行仍可能用于索赔,计划不动它们。",
    en:
      "The legacy order table {table} holds {rows} rows older than 180 days. A schedule masks " +
      "them in place in {chunks} chunks: readable rows go from {from} to {to}. Younger rows, " +
      "{spared}, may still be needed for claims, and the schedule leaves them as they are.",
  },
  sweepChart: { zh: "旧表中仍可读的行", en: "Rows still readable in the old table" },
  sweepChartSays: {
    zh: "两条:清理前与清理后的可读行数,占全表的比例。数值见下表。",
    en: "Two bars: readable rows before and after, of all rows. Values in the table below.",
  },
  sweepCaption: {
    zh: "整条为全表行数,红色为仍能读出个人信息的行。",
    en: "The whole bar is the table; red rows can still be read.",
  },
  sweptBefore: { zh: "清理前", en: "before" },
  sweptAfter: { zh: "清理后", en: "after" },
  sweepTable: { zh: "清理前后", en: "Before and after the sweep" },
  colRows: { zh: "总行数", en: "rows" },
  colReadable: { zh: "可读行", en: "readable" },
  legendOpenRows: { zh: "可读", en: "readable" },
  legendMaskedRows: { zh: "已屏蔽", en: "masked" },
  remains: { zh: "还残留在哪里", en: "What remains, and where" },
  remainsLead: {
    zh: "清理之后仍留在别处的,照实列出({record})。",
    en: "What the sweep leaves behind, told as it is ({record}).",
  },
  record: { zh: "记录", en: "record" },
  c7: { zh: "数据到期:密钥销毁,谁也读不到", en: "The data dies: keys destroyed, nobody can read" },
  c7lead: {
    zh: "每件运单密封时就定下销毁日。到期那天,整个舱室的密钥被销毁;此前能查看的,此后查看被拒绝。",
    en:
      "Every waybill's day of death is fixed when it is sealed. On that day the keys of " +
      "its whole " +
      "compartment go; a reveal that worked before is refused after.",
  },
  deathTable: { zh: "已销毁的舱室", en: "Compartments destroyed" },
  colCompartment: { zh: "舱室", en: "compartment" },
  colDay: { zh: "销毁日", en: "day of death" },
  colRevealBefore: { zh: "销毁前查看", en: "reveal before" },
  colRevealAfter: { zh: "销毁后查看", en: "reveal after" },
  colCertificate: { zh: "证书", en: "certificate" },
  opened: { zh: "已打开", en: "opened" },
  certificate: { zh: "销毁证书", en: "certificate" },
  c8: { zh: "之后:同样的抽法,新的种子", en: "After: the same draw, a new seed" },
  c8lead: {
    zh: "再抽 {outlets} 个网点、{parcels} 件包裹,抽法与上次相同。",
    en: "Again {outlets} outlets and {parcels} parcels are drawn, in the same way.",
  },
  scoreHeading: { zh: "各网点责任得分", en: "Responsibility score of each outlet" },
  scoreChart: { zh: "各网点责任得分,整改前后", en: "Score of each outlet, before and after" },
  scoreChartSays: {
    zh: "每家企业一栏,每个网点一条线,左为整改前得分,右为整改后,满分 100。数值见下表。",
    en:
      "A panel a carrier, a line an outlet: score before at the left, after at the right, of " +
      "100. Values in the table below.",
  },
  scoreCaption: {
    zh: "满分 100,由实测事实计算;越陡,改进越大;越粗,走这条线的网点越多。",
    en:
      "Of 100, from measured facts only; the steeper, the more it improved; the thicker, the " +
      "more outlets share the line.",
  },
  scoreTable: { zh: "全部网点得分与构成", en: "All scores and what they are made of" },
  colBefore: { zh: "前", en: "before" },
  colAfter: { zh: "后", en: "after" },
  colParts: { zh: "整改后构成", en: "made of (after)" },
  trainingHeading: { zh: "没有有效培训,不能查看", en: "No valid training, no reveal" },
  trainingTable: { zh: "快递员培训与查看结果", en: "Training of couriers, and their reveals" },
  colActor: { zh: "人员(化名)", en: "courier (pseudonym)" },
  colCourse: { zh: "课程", en: "course" },
  colValid: { zh: "有效期至", en: "valid until" },
  colReveal: { zh: "查看结果", en: "reveal" },
  valid: { zh: "有效", en: "valid" },
  expired: { zh: "已过期", en: "expired" },
  paragraphs: { zh: "每一段,由哪条命令呈现", en: "Which command shows which paragraph" },
  paragraphTable: { zh: "故事与命令", en: "The story and its commands" },
  colParagraph: { zh: "故事里的话", en: "in the story" },
  colChapter: { zh: "章", en: "chapter" },
  colCommand: { zh: "命令", en: "command" },
  thin: { zh: "还薄弱的地方", en: "What is still thin" },
  thinLead: {
    zh: "这是第一版。下面这些尚未做深,我们如实写在这里。",
    en: "A first version. This is not deep yet, and we say so here.",
  },
  records: { zh: "记录", en: "Records" },
  recordsLead: {
    zh: "上文每个数字都指向这里的一条记录:审计日志条目、数据库行或文件。",
    en: "Every number above points at one of these: an audit log entry, a database row or a file.",
  },
  leaf: { zh: "审计日志条目", en: "Audit log entries" },
  row: { zh: "数据库行", en: "Database rows" },
  file: { zh: "文件", en: "Files" },
} as const satisfies Record<string, Sentence>;

export const STORY_TEXTS = { ...FRAME, ...COVERAGE, ...FIRST_HALF, ...SECOND_HALF } as const;

export type StoryText = keyof typeof STORY_TEXTS;
