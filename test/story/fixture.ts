/** An invented run of the story, for looking at the page and for its tests. */
import { clopperPearson, wilson } from "../../src/rules/interval.ts";
import type {
  CampaignFact,
  CarrierFact,
  CoverageFact,
  RecordFact,
  ScoreFact,
  StoryFacts,
} from "../../src/story/facts.ts";

const NAMES = ["顺达快运", "云鹊速递", "北辰物流"] as const;
const PLACES = "墨桥 竹溪 枫林 霞岸 棠湖 兰亭 松岭 梧台 锦汀 芳洲 荷渡 星坪".split(" ");

function coverage(x: number, n: number, ref: string): CoverageFact {
  const near = wilson(x, n);
  const exact = clopperPearson(x, n);
  return {
    x,
    n,
    level: "gb41833",
    wilson: { low: near.lower, high: near.upper },
    clopperPearson: { low: exact.lower, high: exact.upper },
    over90: exact.lower > 0.9,
    ref,
  };
}

function campaign(id: string, x: number, rules: CampaignFact["rules"]): CampaignFact {
  const total = coverage(x, 720, `${id}-root`);
  const drawn = { seed: `songqiao-${id}-7f3a`, outletsDrawn: 18, parcelsDrawn: 720 };
  return { id, ...drawn, total, rules, ref: `${id}-root` };
}

const BEFORE = [26, 21, 33] as const;
const AFTER = [240, 239, 231] as const;

const carriers: readonly CarrierFact[] = NAMES.map((name, at) => ({
  name,
  tenant: `story-${at}`,
  outlets: 12,
  waybills: 12_000,
  clearOutlets: [11 / 12, 11 / 12, 10 / 12][at] ?? 0,
  ref: `carrier-${at}-row`,
  before: coverage(BEFORE[at] ?? 0, 240, "before-root"),
  after: coverage(AFTER[at] ?? 0, 240, "after-root"),
}));

function score(carrier: string, outlet: string, at: number): ScoreFact {
  const before = 28 + ((at * 17) % 23);
  const after = at === 19 ? 71.5 : 86 + ((at * 7) % 14);
  const part = (zh: string, en: string, points: number) => ({ name: { zh, en }, points });
  const parts = [
    part("面单合规率", "labels that comply", after - 46),
    part("按期销毁", "erased on time", 25),
    part("培训有效率", "people with valid training", 12),
    part("授权申请按时答复", "requests answered in time", 9),
  ];
  const refs = { before: "scores-before-row", after: "scores-after-row" };
  return { carrier, outlet: `${outlet}网点`, before, after, refs, parts };
}

const scores = NAMES.flatMap((name, of) =>
  PLACES.map((place, at) => score(name, place, of * 12 + at)),
);

const requests = [
  ["墨桥网点", 0, "2026-06-16", "2026-08-19", 64],
  ["竹溪网点", 1, "2026-06-16", "2026-08-13", 58],
  ["霞岸网点", 2, "2026-06-16", "2026-08-16", 61],
  ["棠湖网点", 0, "2026-06-18", "2026-08-19", 62],
] as const;

const STEPS = [
  ["2026-06-17", "clue", "抽查结果移送线索", "The spot check is handed over as a clue"],
  ["2026-06-21", "filed", "立案", "The case is filed"],
  ["2026-06-26", "consulted", "与邮政管理局磋商", "Consultation with the postal authority"],
  ["2026-07-01", "investigating", "调取系统设置与日志", "Settings and logs are taken up"],
  ["2026-07-24", "decided", "决定提出检察建议", "A recommendation is decided"],
  ["2026-07-25", "recommended", "检察建议书送达", "The letter is served"],
  ["2026-09-18", "replied", "邮政管理局书面回复", "The authority replies in writing"],
  ["2026-09-24", "following-up", "跟进调查", "Followed up"],
] as const;

const ORDERS = [
  ["顺达快运", "2026-09-02", "2026-08-30"],
  ["云集里电商平台", "2026-09-02", "2026-09-08"],
  ["一苇陶坊", "2026-09-02", null],
] as const;

const matter: StoryFacts["matter"] = {
  number: "松检行公立〔2026〕7号",
  steps: STEPS.map(([on, state, zh, en], at) => ({
    on,
    state,
    note: { zh, en },
    ref: `case-${at}`,
  })),
  deadlines: [
    {
      name: { zh: "立案决定书送达", en: "serve the decision to file" },
      dueOn: "2026-06-28",
      metOn: "2026-06-24",
      basis: "人民检察院公益诉讼办案规则 2021-07-01 第29条",
    },
    {
      name: { zh: "检察建议送达", en: "serve the recommendation" },
      dueOn: "2026-07-27",
      metOn: "2026-07-25",
      basis: "人民检察院公益诉讼办案规则 2021-07-01 第76条",
    },
    {
      name: { zh: "行政机关回复", en: "the agency replies" },
      dueOn: "2026-09-25",
      metOn: "2026-09-18",
      basis: "两高检察公益诉讼解释 2020 第21条",
    },
    {
      name: { zh: "总部答复授权申请", en: "headquarters answers the request" },
      dueOn: "2026-06-23",
      metOn: "2026-08-19",
      basis: "本平台默认 2026 headquarters-answer",
    },
  ],
  orders: ORDERS.map(([addressee, dueOn, provedOn]) => ({
    addressee,
    dueOn,
    provedOn,
    proof: provedOn === null ? "" : "复核抽样清单与配置导出",
  })),
  suggestion: {
    title: "关于由快递企业总部统一启用隐私面单的建议",
    assignedOn: "2026-08-10",
    dueOn: "2026-11-10",
    answeredOn: "2026-11-19",
  },
  letter: { pdf: "letter.pdf", docx: "letter.docx" },
  ref: "case-row",
};

const locks: StoryFacts["locks"] = NAMES.map((carrier, at) => ({
  carrier,
  profile: "gb41833",
  lockedOn: "2026-08-23",
  outletsReached: 12,
  entry: `lock-${at}`,
  version: 2,
  loosening: {
    outlet: `${PLACES[at] ?? ""}网点`,
    asked: "legacy-clear",
    code: "SETTING_LOCKED",
    ref: `loosening-${at}`,
  },
  ref: `lock-${at}`,
}));

const deaths: StoryFacts["deaths"] = NAMES.map((carrier, at) => ({
  carrier,
  compartment: `0000${at + 1}`,
  dayOfDeath: "2026-11-23",
  waybills: 2_400 + at,
  revealBefore: "OPENED",
  revealAfter: "DATA_DEAD",
  certificate: "certificate.pdf",
  ref: `death-${at}`,
}));

const trainings: StoryFacts["trainings"] = [true, true, false].map((valid, at) => ({
  actor: `st-4f${at}c9a`,
  course: "recipient-data",
  validUntil: valid ? "2027-10-09" : "2026-10-30",
  valid,
  reveal: valid ? "OPENED" : "TRAINING_INVALID",
  ref: `training-${at}`,
}));

function record(id: string, zh: string, en: string): RecordFact {
  const body = JSON.stringify({ id, type: en, at: "2026-11-23T02:11:09Z" }, null, 2);
  return { id, kind: id.endsWith("-row") ? "row" : "leaf", title: { zh, en }, body };
}

const records: readonly RecordFact[] = [
  record("waybills-row", "全部运单", "All waybills"),
  record("run-row", "本次运行", "This run"),
  record("scores-before-row", "考核分:整改前", "Scores, before"),
  record("scores-after-row", "考核分:整改后", "Scores, after"),
  ...NAMES.map((name, at) => record(`carrier-${at}-row`, `网点:${name}`, `Outlets: ${name}`)),
  record("paper-row", "面单判读结果", "Labels as read"),
  record("before-root", "抽查批次:整改前", "Spot check, before"),
  record("after-root", "抽查批次:整改后", "Spot check, after"),
  record("refused-0", "设置被拒绝", "A setting was refused"),
  ...requests.map((_one, at) => record(`request-${at}`, "授权申请答复", "A request was answered")),
  record("case-row", "案件与期限", "The case and its terms"),
  ...STEPS.map(([, , zh, en], at) => record(`case-${at}`, `案件:${zh}`, `Case: ${en}`)),
  ...NAMES.map((name, at) => record(`lock-${at}`, `锁定:${name}`, `Locked: ${name}`)),
  ...NAMES.map((name, at) => record(`loosening-${at}`, `放宽被拒:${name}`, `Refused: ${name}`)),
  record("sweep-0", "旧表清理", "The sweep"),
  ...NAMES.map((name, at) => record(`death-${at}`, `销毁:${name}`, `Destroyed: ${name}`)),
  ...trainings.map((_one, at) => record(`training-${at}`, "培训记录", "Training")),
  { id: "letter", kind: "file", title: { zh: "检察建议书", en: "The letter" }, body: "letter.pdf" },
];

export const STORY: StoryFacts = {
  version: 1,
  startedOn: "2026-06-01",
  seconds: { value: 118.4, ref: "run-row" },
  waybills: { value: 36_000, ref: "waybills-row" },
  clearShare: coverage(32_481, 36_000, "paper-row"),
  carriers,
  before: campaign("before", 80, { W1: 604, W2: 588, W3: 631, W4: 597 }),
  refusal: {
    outlet: "墨桥网点",
    asked: "mask-profile = gb41833",
    code: "SETTING_HEADQUARTERS_ONLY",
    ref: "refused-0",
  },
  requests: requests.map(([outlet, carrier, filedOn, answeredOn, waitDays], at) => ({
    outlet,
    carrier: NAMES[carrier],
    filedOn,
    answeredOn,
    waitDays,
    answer: "granted",
    ref: `request-${at}`,
  })),
  matter,
  locks,
  sweep: {
    table: "legacy_orders",
    rows: 18_000,
    sparedRows: 947,
    readableBefore: 17_204,
    readableAfter: 0,
    chunks: 36,
    remains: [
      { zh: "这次清理写入了 14.2 MiB 的预写日志。", en: "The sweep wrote 14.2 MiB of log." },
      { zh: "此前的备份仍含明文。", en: "Backups made before still hold it in the clear." },
    ],
    ref: "sweep-0",
  },
  deaths,
  after: campaign("after", 710, { W1: 4, W2: 2, W3: 10, W4: 3 }),
  scores,
  trainings,
  records,
  thin: [
    {
      zh: "照片判读尚未接入,抽查读的是打印文字。",
      en: "No photographs yet: printed text is read.",
    },
    { zh: "旧库清理只支持一张 PostgreSQL 表。", en: "The sweep knows one PostgreSQL table." },
    { zh: "责任得分的权重是我们定的,没有法定依据。", en: "The weights of the score are ours." },
  ],
};
