/**
 * One entry of the audit log (日志条目). Its encoding is final: docs/formats/audit-leaf.md.
 *
 * A leaf holds no personal data of senders or recipients. Staff appear by pseudonym. A waybill
 * appears as a commitment whose salt comes out of the waybill's own key, so that when the key dies
 * nobody can say any more which waybill a leaf was about, while every proof still verifies (P13).
 */
import { canonicalJson } from "./canonical-json.ts";
import type { CanonicalValue } from "./canonical-json.ts";

export const LEAF_VERSION = 1;
export const LEAF_BYTES_MAX = 8192;
export const LEAF_ID_BYTES = 16;

/** The eight ways of handling personal information that PIPL art. 4(2) names. */
export type HandlingVerb =
  | "collect"
  | "store"
  | "use"
  | "process"
  | "transmit"
  | "provide"
  | "disclose"
  | "delete";

/** What each type of leaf records, and which verb it is; null where nobody's data is handled. */
export const LEAF_TYPES = {
  "seal-batch": { verb: "collect", zh: "密封一批运单", en: "sealed a batch" },
  reveal: { verb: "use", zh: "查看明文", en: "reveal" },
  "reveal-denied": { verb: "use", zh: "拒绝查看", en: "reveal denied" },
  search: { verb: "use", zh: "按电话查找", en: "search by phone" },
  merge: { verb: "use", zh: "比对合单", en: "compared recipients for merging" },
  "print-batch": { verb: "use", zh: "打印面单", en: "printed labels" },
  "shred-intent": { verb: "delete", zh: "准备销毁密舱", en: "about to destroy a compartment" },
  "compartment-closing": { verb: "delete", zh: "密舱进入待销毁", en: "compartment closing" },
  "compartment-destroyed": { verb: "delete", zh: "密舱已销毁", en: "compartment destroyed" },
  "shred-run": { verb: "delete", zh: "销毁任务运行", en: "shred run" },
  "keys-rotated": { verb: "delete", zh: "密钥代已更换", en: "key generation rotated" },
  "signing-key-changed": { verb: null, zh: "签名密钥更换", en: "signing key changed" },
  "keys-copied": { verb: "store", zh: "密钥库已备份", en: "key store copied" },
  "copy-discarded": { verb: "delete", zh: "密钥副本已销毁", en: "copy of the keys destroyed" },
  "keys-restored": { verb: "delete", zh: "密钥库已恢复并补销毁", en: "key store restored" },
  "index-destroyed": { verb: "delete", zh: "盲索引已销毁", en: "blind index destroyed" },
  "campaign-opened": { verb: null, zh: "开启抽查", en: "campaign opened" },
  "sample-taken": { verb: "use", zh: "检查样本", en: "looked at samples" },
  "case-moved": { verb: null, zh: "案件进展", en: "case moved" },
  "order-issued": { verb: null, zh: "责令改正", en: "correction order issued" },
  "order-proved": { verb: null, zh: "提交整改证明", en: "proof of correction filed" },
  "suggestion-linked": { verb: null, zh: "代表建议衔接", en: "deputy's suggestion linked" },
  "suggestion-answered": { verb: null, zh: "答复代表建议", en: "deputy's suggestion answered" },
  "document-issued": { verb: null, zh: "出具文书", en: "document issued" },
  "sweep-run": { verb: "delete", zh: "清理外部旧表", en: "masked a table of another system" },
  "organisation-founded": { verb: null, zh: "设立机构", en: "organisation founded" },
  "organisation-moved": { verb: null, zh: "移交机构", en: "organisation moved" },
  "organisation-closed": { verb: null, zh: "撤销机构", en: "organisation closed" },
  "setting-changed": { verb: null, zh: "更改设置", en: "setting changed" },
  "setting-proposed": {
    verb: null,
    zh: "提议更改设置,待他人批准",
    en: "change of a setting proposed",
  },
  "setting-refused": { verb: null, zh: "拒绝更改设置", en: "change of a setting refused" },
  "request-filed": { verb: null, zh: "提出授权申请", en: "authorisation request filed" },
  "request-answered": { verb: null, zh: "答复授权申请", en: "authorisation request answered" },
  "retention-changed": { verb: null, zh: "更改保存期限", en: "retention term changed" },
  "parcel-state": { verb: null, zh: "登记运单状态", en: "state of a parcel recorded" },
  "parcel-assigned": { verb: null, zh: "派单", en: "parcel assigned to a route" },
  "access-denied": { verb: null, zh: "无权操作", en: "refused by the policy" },
  "hold-placed": { verb: "store", zh: "留存冻结", en: "hold placed" },
  "hold-refused": { verb: "store", zh: "留存冻结未成:数据已销毁", en: "hold came too late" },
  "hold-ended": { verb: "delete", zh: "留存冻结结束", en: "hold ended" },
  "erase-intent": { verb: "delete", zh: "准备提前删除运单", en: "about to erase a waybill" },
  "waybill-erased": { verb: "delete", zh: "运单个人信息已删除", en: "persons of a waybill erased" },
  "office-refused": { verb: null, zh: "非本机关,拒绝", en: "refused to another office" },
  "authority-scope": { verb: null, zh: "机关可查范围变更", en: "scope of an authority changed" },
  "authority-read": { verb: null, zh: "机关按可查范围查看", en: "an authority read under a scope" },
  "scores-recorded": { verb: null, zh: "登记考核分", en: "responsibility scores recorded" },
  corrected: { verb: "process", zh: "更正个人信息", en: "personal data corrected" },
  "subject-request-received": {
    verb: null,
    zh: "收到个人请求",
    en: "request of a person received",
  },
  "subject-request-code": { verb: "use", zh: "发送验证码", en: "one-time code sent" },
  "subject-request-verified": { verb: null, zh: "本人身份已核实", en: "person verified" },
  "subject-request-denied": { verb: null, zh: "验证码不符", en: "code did not fit" },
  "subject-request-answered": { verb: "provide", zh: "答复个人请求", en: "request answered" },
  "subject-request-refused": { verb: null, zh: "拒绝个人请求", en: "request refused" },
  "backup-made": { verb: "store", zh: "备份数据库", en: "database backed up" },
  "drill-run": { verb: null, zh: "恢复演练", en: "restore drill" },
  "training-recorded": { verb: null, zh: "登记培训", en: "training recorded" },
  "bundle-made": { verb: "provide", zh: "制作检查包", en: "inspector's bundle made" },
  "log-queried": { verb: "use", zh: "查询日志", en: "asked the log" },
  export: { verb: "provide", zh: "导出", en: "exported" },
  "export-made": { verb: "use", zh: "制作导出", en: "export made" },
  "shift-settled": { verb: "use", zh: "当班对账", en: "settled a courier's shift" },
  resealed: { verb: "process", zh: "另行密封运单", en: "sealed a further waybill" },
  "drop-shipped": { verb: "provide", zh: "交供应商代发", en: "handed to a supplier" },
  "hand-over": { verb: "provide", zh: "移交给下一网点", en: "handed over to another branch" },
  "platform-token-given": {
    verb: "provide",
    zh: "向机器交付平台令牌",
    en: "platform's token given to a machine",
  },
  "real-name-sealed": { verb: "collect", zh: "密封实名信息", en: "real-name data sealed" },
  "real-name-opened": { verb: "use", zh: "查看实名信息", en: "real-name data opened" },
  warrant: { verb: null, zh: "依法调取函", en: "warrant of an authority" },
  "break-glass": { verb: "use", zh: "紧急查看", en: "opened in an emergency" },
  "sign-in": { verb: null, zh: "登录", en: "signed in" },
  "sign-in-failed": { verb: null, zh: "登录失败", en: "sign-in failed" },
  "session-ended": { verb: null, zh: "会话结束", en: "session ended" },
  "account-changed": { verb: null, zh: "账号变更", en: "account changed" },
  "role-changed": { verb: null, zh: "角色变更", en: "role changed" },
  "device-registered": { verb: null, zh: "设备登记", en: "device registered" },
  "api-key-changed": { verb: null, zh: "接口密钥变更", en: "API key changed" },
  "webhook-changed": { verb: null, zh: "事件通知变更", en: "webhook changed" },
  "policy-changed": { verb: null, zh: "权限策略变更", en: "policy changed" },
  "quota-raised": { verb: null, zh: "提高查看限额", en: "quota raised" },
  "quota-alarm": { verb: null, zh: "查看数量告警", en: "alarm over what was opened" },
  "clock-jumped": { verb: null, zh: "时钟跳变", en: "clock jumped" },
  "configuration-changed": { verb: null, zh: "配置变更", en: "configuration changed" },
  "database-restored": { verb: "store", zh: "数据库已恢复", en: "database restored" },
} as const satisfies Record<string, { verb: HandlingVerb | null; zh: string; en: string }>;

export type LeafType = keyof typeof LEAF_TYPES;

/** Members that some types carry; each is absent where it has no meaning. */
export interface LeafBody {
  /** Pseudonym of the person or program that acted. */
  readonly actor: string;
  /** Ids of the organisations above the actor's own, from the top, and that one last. */
  readonly organisationPath?: readonly string[];
  /** Id of the registered device from which somebody acted, or which was registered. */
  readonly device?: string;
  /** Pseudonyms of those who agreed beforehand, where more than one person has to (four eyes). */
  readonly approvedBy?: readonly string[];
  readonly purpose?: string;
  readonly basis?: string;
  readonly fields?: readonly string[];
  /** Commitment to the waybill (hex, 32 characters). */
  readonly subject?: string;
  /** Commitment to the written reason (hex, 64 characters). */
  readonly reason?: string;
  readonly failure?: string;
  readonly orderState?: string;
  readonly count?: number;
  /** Merkle root (hex) over the batch: tokens that were sealed, or statements that were printed. */
  readonly root?: string;
  readonly compartment?: string;
  readonly dayOfDeath?: string;
  readonly week?: string;
  readonly profile?: string;
  readonly rule?: string;
  /** Id of a spot check, and the printed seed of its draw. */
  readonly campaign?: string;
  readonly seed?: string;
  /** Id of a courier's shift, and its parcels of which a ticket was opened, or that are done. */
  readonly shift?: string;
  readonly opened?: number;
  readonly delivered?: number;
  readonly returned?: number;
  /** Of a spot check: outlets and parcels drawn, labels in breach, and breaches by rule. */
  readonly outlets?: number;
  readonly drawn?: number;
  readonly violations?: number;
  readonly broken?: Readonly<Record<string, number>>;
  /** Number of a public-interest case, and where it stands after the move. */
  readonly case?: string;
  readonly state?: string;
  /** The day of a step, the term that it is about, and the day on which that ends. */
  readonly on?: string;
  readonly term?: string;
  readonly due?: string;
  /** SHA-256 (hex) of what lies outside the log: a document, a proof, an addressee's name. */
  readonly digest?: string;
  /** Schema and table of another system that was swept, and its values that are still readable. */
  readonly table?: string;
  readonly left?: number;
  /** Id of an organisation: founded, decided for, asking, or asked. */
  readonly organisation?: string;
  /** Id of the organisation in whose name somebody acted on another. */
  readonly by?: string;
  /** Id of the branch that had a parcel before it was handed over, or under which one stood. */
  readonly from?: string;
  /** Commitment to the waybill that was sealed out of the one that `subject` names (hex, 32). */
  readonly next?: string;
  readonly setting?: string;
  readonly value?: string;
  /** Of a delegation: the loosest value that may be said below. */
  readonly bound?: string;
  readonly mode?: string;
  readonly version?: number;
  /** Id of an authorisation request, and what was answered. */
  readonly request?: string;
  readonly answer?: string;
  /** Pseudonym of a person who was trained, in what, and until which day that counts. */
  readonly trainee?: string;
  readonly course?: string;
  readonly validUntil?: string;
  /** Pseudonym of the person about whom the log was asked. */
  readonly asked?: string;
  /** Pseudonym of the account that was changed, whose session ended or whose quota was raised. */
  readonly account?: string;
  /** Role that an account has from now on (`src/rules/role.ts`). */
  readonly role?: string;
  /** Public ids of a session and of an API key; never what opens them. */
  readonly session?: string;
  readonly apiKey?: string;
  /** Id of a copy of the key store, which offline key opens it, and when it was made. */
  readonly copy?: string;
  readonly recipient?: string;
  readonly madeAt?: string;
  /** By how many seconds the clock is before (below zero) or behind the mark. */
  readonly offSeconds?: number;
}

export interface LeafDraft extends LeafBody {
  readonly type: LeafType;
  readonly tenant: string;
  /**
   * 16 random bytes, or bytes derived from a tombstone so that a crash cannot write a leaf twice.
   */
  readonly id: Uint8Array;
  readonly at: Date;
}

export interface Leaf {
  readonly id: Uint8Array;
  readonly type: LeafType;
  readonly at: Date;
  /** The canonical bytes: what is stored, hashed and later logged. */
  readonly bytes: Uint8Array;
}

/**
 * Encodes a leaf. Throws RangeError above 8 KiB or for an id that is not 16 bytes: both are
 * programmer errors, since every member is bounded before it comes here.
 */
export function encodeLeaf(draft: LeafDraft): Leaf {
  const { id, at, type, tenant, ...body } = draft;
  if (id.length !== LEAF_ID_BYTES) throw new RangeError("a leaf id has 16 bytes");
  const members: Record<string, CanonicalValue | undefined> = {
    ...body,
    v: LEAF_VERSION,
    id: Buffer.from(id).toString("hex"),
    at: at.toISOString(),
    tenant,
    type,
    verb: LEAF_TYPES[type].verb ?? undefined,
  };
  const bytes = canonicalJson(members);
  if (bytes.length > LEAF_BYTES_MAX) throw new RangeError("a leaf has at most 8192 bytes");
  return { id, type, at, bytes };
}
