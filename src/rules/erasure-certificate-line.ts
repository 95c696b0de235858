/** A certificate of erasure in words, for the screen and for the page; format: certificate.md. */
import type { Language } from "./catalogue.ts";

/** What the lines are made of; instants are RFC 3339 UTC, days `YYYY-MM-DD`. */
export interface CertifiedErasure {
  readonly kind: "waybill" | "compartment";
  readonly id: string;
  readonly carrier: string;
  readonly token: string | null;
  readonly compartment: string;
  readonly dayOfDeath: string;
  readonly waybills: number;
  readonly cause: keyof typeof CAUSES;
  readonly dataGoneAt: string;
  readonly viewGoneAt: string;
  readonly rowsGoneAt: string;
  readonly indexWeek: string;
  readonly indexKeyGoneAt: string | null;
  readonly indexKeyDueOn: string;
  readonly keyCopiesOpenUntil: string | null;
  readonly issuedAt: string;
  readonly earlier: string | null;
  readonly doesNotProve: readonly string[];
}

type Text = Readonly<Record<Language, string>>;

export interface CertificateLine extends Text {
  readonly value: Text;
}

const CAUSES = {
  scheduled: { zh: "到期销毁", en: "on its day" },
  "given-up": { zh: "密钥遗失,恢复密钥库时放弃", en: "keys lost, given up by a restoration" },
  early: { zh: "提前删除", en: "early, before its day" },
  "hold-ended": { zh: "留存冻结结束后删除", en: "when its last hold ended" },
} as const;

const LIMITS: Readonly<Record<string, Text>> = {
  "machine-snapshots": {
    zh: "不证明:没有留存同时含密钥库与根密钥的整机快照。",
    en: "It does not prove that no snapshot of a whole machine holds key store and root key.",
  },
  "copies-of-keys-and-root-key-together": {
    zh: "不证明:无人曾把密钥库与根密钥一并复制。",
    en: "It does not prove that nobody copied the key store and the root key together.",
  },
  "printed-labels": {
    zh: "不涉及已经打印的面单。",
    en: "It says nothing about labels that were printed.",
  },
  "what-was-revealed-before": {
    zh: "不涉及此前依权限查看过的内容;谁看过,见日志。",
    en: "It says nothing about what a person has read before; the log says who did.",
  },
};

function same(value: string): Text {
  return { zh: value, en: value };
}

function indexText({ indexKeyGoneAt, indexKeyDueOn: day }: CertifiedErasure): Text {
  if (indexKeyGoneAt !== null) return same(indexKeyGoneAt);
  return {
    zh: `尚未,应于 ${day} 销毁;此前旧的数据库备份连同该密钥仍能比对一个电话`,
    en: `not yet, due on ${day}; until then an older database with that key can match a phone`,
  };
}

function copiesText({ keyCopiesOpenUntil: day }: CertifiedErasure): Text {
  if (day === null) return { zh: "已都不能打开", en: "none opens any more" };
  return {
    zh: `最晚到 ${day}:此前的密钥库副本连同根密钥仍能打开`,
    en: `until ${day} at the latest, with the root key of that time`,
  };
}

/** What the certificate says, in its order. */
export function certificateLines(certificate: CertifiedErasure): CertificateLine[] {
  const { token, waybills, rowsGoneAt, dayOfDeath, cause } = certificate;
  return [
    { zh: "快递企业", en: "Carrier", value: same(certificate.carrier) },
    ...(token === null ? [] : [{ zh: "密单号", en: "Token", value: same(token) }]),
    { zh: "密舱", en: "Compartment", value: same(certificate.compartment) },
    { zh: "销毁日", en: "Day of death", value: same(dayOfDeath) },
    { zh: "缘由", en: "Cause", value: CAUSES[cause] },
    { zh: "运单数", en: "Waybills", value: same(String(waybills)) },
    {
      zh: "收寄件人数据不可恢复",
      en: "Sealed data unrecoverable since",
      value: same(certificate.dataGoneAt),
    },
    {
      zh: "脱敏视图不可恢复",
      en: "Masked view unrecoverable since",
      value: same(certificate.viewGoneAt),
    },
    { zh: "日志记载", en: "Told by the log at", value: same(rowsGoneAt) },
    { zh: "电话索引不可恢复", en: "Index unrecoverable since", value: indexText(certificate) },
    { zh: "密钥库旧副本", en: "Older copies of the key store", value: copiesText(certificate) },
    { zh: "日志条目", en: "Log entry", value: same(certificate.id) },
    { zh: "出具时间", en: "Issued at", value: same(certificate.issuedAt) },
    ...(certificate.earlier === null
      ? []
      : [
          {
            zh: "此前出具的证明",
            en: "SHA-256 of the one before",
            value: same(certificate.earlier),
          },
        ]),
  ];
}

/** What no destruction of keys can show, as sentences. A word that is not known stays as it is. */
export function certificateLimits({ doesNotProve }: CertifiedErasure): Text[] {
  return doesNotProve.map((word) => LIMITS[word] ?? same(word));
}
