/**
 * Why something was refused: one row for each reason, in both languages. The table is the
 * verifier's own, because it shares nothing with the rest of the project.
 */

export const REASONS = {
  NOTE_MALFORMED: { zh: "不是格式正确的签名文本", en: "not a well-formed signed note" },
  KEY_MALFORMED: { zh: "公钥写法不对或编号不符", en: "a key is malformed or its id does not fit" },
  KEY_CHANGE_WRONG: {
    zh: "换钥记录格式不对或签名不成立",
    en: "a change of keys is malformed or not signed by both keys",
  },
  KEY_RETIRED: {
    zh: "由当时已停用的密钥签署",
    en: "it is signed by a key that had been retired by then",
  },
  POLICY_MALFORMED: { zh: "见证策略文件写法不对", en: "the policy file is malformed" },
  CHECKPOINT_MALFORMED: { zh: "检查点格式不对", en: "not a well-formed checkpoint" },
  ORIGIN_WRONG: { zh: "检查点属于另一个日志", en: "the checkpoint is another log's" },
  SIGNATURE_MISSING: { zh: "没有该日志的签名", en: "the log's signature is missing" },
  SIGNATURE_WRONG: { zh: "签名不成立", en: "a signature does not hold" },
  WITNESSES_TOO_FEW: { zh: "见证签名不足", en: "too few witnesses cosigned" },
  COSIGNATURE_FUTURE: { zh: "见证时间在将来", en: "a cosignature lies in the future" },
  FILE_MISSING: { zh: "文件缺失", en: "a file is missing" },
  TILE_LENGTH: { zh: "哈希块长度不对", en: "a tile has the wrong length" },
  BUNDLE_MALFORMED: { zh: "条目块格式不对", en: "an entry bundle is malformed" },
  BUNDLE_COUNT: { zh: "条目块的条数不对", en: "an entry bundle has the wrong number of entries" },
  ENTRY_DIFFERS: { zh: "条目与其哈希不符", en: "an entry does not fit its hash" },
  TILE_DIFFERS: { zh: "哈希块与下层不符", en: "a tile does not fit what lies below it" },
  ROOT_DIFFERS: { zh: "根哈希与检查点不符", en: "the root is not the checkpoint's" },
  LOG_SHRANK: { zh: "日志比先前的检查点短", en: "the log is shorter than it was" },
  LOG_FORKED: { zh: "日志与先前的检查点不一致", en: "the log does not grow from the earlier one" },
  PROOF_MALFORMED: { zh: "证明文件格式不对", en: "not a well-formed proof" },
  PROOF_WRONG: { zh: "证明不成立", en: "a proof does not hold" },
  LEAF_MALFORMED: { zh: "条目不是规范的 JSON 条目", en: "an entry is no canonical leaf" },
  LEAF_TWICE: { zh: "同一编号的条目出现两次", en: "a leaf's id appears twice" },
  LEAF_FUTURE: { zh: "条目的时间在将来", en: "a leaf's time lies in the future" },
  LEAF_OUTSIDE: { zh: "条目不在范围之内", en: "a leaf is outside the scope" },
  RECEIPT_MALFORMED: { zh: "回执格式不对", en: "not a well-formed receipt" },
  RECEIPT_WRONG: { zh: "回执不成立", en: "the receipt does not hold" },
  PROMISE_BROKEN: {
    zh: "日志没有在期限内收录有回执的条目",
    en: "the log did not take in a leaf that it gave a receipt for",
  },
  STATEMENT_MALFORMED: {
    zh: "所证明的不是规范的声明或密单号",
    en: "what is proven is no canonical statement or token",
  },
  BATCH_DIFFERS: { zh: "不在该批次的根哈希之下", en: "it is not under the root of that batch" },
  BUNDLE_ARCHIVE: {
    zh: "检查包不是规定形式的压缩包",
    en: "the archive has not the one fixed form",
  },
  BUNDLE_NAME: { zh: "检查包里的文件名不合规", en: "a file has a name that no bundle has" },
  BUNDLE_EXTRA: { zh: "检查包里有多余的文件", en: "the bundle holds a file that it does not list" },
  BUNDLE_LARGE: { zh: "文件超过规定的大小", en: "a file is larger than any bundle's" },
  BUNDLE_FORM: { zh: "检查包清单格式不对", en: "the bundle's manifest is malformed" },
  BUNDLE_FUTURE: { zh: "检查包的制作时间在将来", en: "the bundle was made in the future" },
  BUNDLE_FILE: { zh: "文件与清单不符", en: "a file is not the one that the manifest lists" },
  BUNDLE_KEY: { zh: "包内公钥不是给定的公钥", en: "the bundle names another key for the log" },
  BUNDLE_CHECKPOINT: {
    zh: "检查点不是清单所说的那一个",
    en: "the checkpoint is not the one that the manifest names",
  },
  BUNDLE_LEAVES: {
    zh: "条目与证明的条数对不上",
    en: "leaves and proofs do not fit together",
  },
  BUNDLE_ORDER: { zh: "条目顺序不对", en: "the leaves are out of order" },
  BUNDLE_GAP: { zh: "范围内缺少条目", en: "a leaf of the scope is left out" },
  BUNDLE_POLICY: {
    zh: "所列设置与日志记载不符",
    en: "the settings in force are not what the leaves say",
  },
  BUNDLE_SUMMARY: { zh: "摘要与条目不符", en: "the summary is not what the leaves say" },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;

export type Reason = keyof typeof REASONS;

/** Where it was found; each member is absent where it has no meaning. */
export interface Where {
  readonly file?: string;
  /** Offset of the first bad byte in the file. */
  readonly byte?: number;
  /** Index of the entry in the log. */
  readonly index?: number;
  /** What is known beyond that: a name from a format, a number, another file. Never a content. */
  readonly detail?: string;
}

/** Thrown inside the verifier, and turned into a verdict before it leaves. */
export class Refused extends Error {
  readonly reason: Reason;
  readonly where: Where;

  constructor(reason: Reason, where: Where = {}) {
    super(`${reason}: ${REASONS[reason].en}`);
    this.name = "Refused";
    this.reason = reason;
    this.where = where;
  }
}

/** Runs `check`, which fills `draft`; what it refuses becomes the verdict, all else is thrown. */
export async function judged<T extends Verdict>(draft: T, check: () => Promise<void>): Promise<T> {
  try {
    await check();
    return { ...draft, isGood: true };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ...draft, refused: { reason: error.reason, where: error.where } };
  }
}

interface Verdict {
  isGood: boolean;
  refused: { readonly reason: Reason; readonly where: Where } | null;
}
