/**
 * A certificate of erasure in words, for the screen and for the page; format: certificate.md.
 * Instants are told to the minute in the time of China, as everything else that people read.
 */
import { DEFAULT_TIME_ZONE, minuteOf } from "./calendar.ts";
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
  readonly indexSeasons: readonly {
    readonly season: string;
    readonly goneAt: string | null;
    readonly dueOn: string;
  }[];
  readonly intakeHashesUntil: string;
  readonly keyFilesDueOn: string | null;
  readonly keyFoldersOpen: boolean;
  readonly rootKeyChangedAt: string | null;
  readonly keyCopies: readonly {
    readonly id: string;
    readonly madeAt: string;
    readonly recipient: string | null;
  }[];
  readonly keyCopiesMore: number;
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

type Limit = (certificate: CertifiedErasure) => Text;

const LIMITS: Readonly<Record<string, Limit>> = {
  "copies-not-listed": () => ({
    zh: "不证明:没有未登记在册的密钥库副本。",
    en: "It does not prove that there is no copy of the key store that nobody listed.",
  }),
  "older-root-keys": () => ({
    zh: "不证明:以前的根密钥没有另留副本。",
    en: "It does not prove that no copy of an earlier root key is left.",
  }),
  "machine-snapshots": () => ({
    zh: "不证明:没有留存同时含密钥库与根密钥的整机快照。",
    en: "It does not prove that no snapshot of a whole machine holds key store and root key.",
  }),
  "copies-of-keys-and-root-key-together": () => ({
    zh: "不证明:无人曾把密钥库与根密钥一并复制。",
    en: "It does not prove that nobody copied the key store and the root key together.",
  }),
  "intake-hashes": ({ intakeHashesUntil: day }) => ({
    zh:
      `收单记录:订单号与订单内容的带密钥摘要在数据库中留到 ${day},` +
      "在旧备份中到收单密钥销毁为止;持有二者者可印证一份完整猜中的订单。",
    en:
      `Keyed hashes of order number and whole order stay in the database until ${day}, in older ` +
      "backups while the intake key lives: with both, a whole order that is guessed right can be " +
      "confirmed.",
  }),
  "printed-labels": () => ({
    zh: "不涉及已经打印的面单。",
    en: "It says nothing about labels that were printed.",
  }),
  "what-was-revealed-before": () => ({
    zh: "不涉及此前依权限查看过的内容;谁看过,见日志。",
    en: "It says nothing about what a person has read before; the log says who did.",
  }),
};

function same(value: string): Text {
  return { zh: value, en: value };
}

function minute(instant: string): string {
  return minuteOf(new Date(instant), DEFAULT_TIME_ZONE);
}

function at(instant: string): Text {
  return same(`${minute(instant)} (UTC+8)`);
}

function weekText({ indexKeyGoneAt, indexKeyDueOn: day }: CertifiedErasure): Text {
  if (indexKeyGoneAt !== null) return at(indexKeyGoneAt);
  return {
    zh: `尚未,应于 ${day} 销毁;此前旧数据库连同此钥仍能比对电话`,
    en: `not yet, due on ${day}: an older database with it matches a phone`,
  };
}

function seasonText({ goneAt, dueOn: day }: CertifiedErasure["indexSeasons"][number]): Text {
  if (goneAt !== null) return at(goneAt);
  return {
    zh: `尚未,应于 ${day} 销毁;此前旧数据库连同此钥能印证猜中的收件人`,
    en: `not yet, due on ${day}: an older database with it confirms a guess`,
  };
}

function seasonLines({ indexSeasons }: CertifiedErasure): CertificateLine[] {
  return indexSeasons.map((one) => {
    const quarter = one.season.replace("season-", "");
    return {
      zh: `收件人指纹不可恢复 (${quarter})`,
      en: `Fingerprint of ${quarter} unrecoverable since`,
      value: seasonText(one),
    };
  });
}

function filesText({ keyFilesDueOn: day }: CertifiedErasure): Text {
  if (day === null) {
    return {
      zh: "都不能打开:当时的密钥代已销毁",
      en: "none opens: the generation of that time is destroyed",
    };
  }
  return {
    zh: `连同根密钥仍能打开,到应于 ${day} 进行的轮换做完为止`,
    en: `open with the root key until the rotation due on ${day} is done`,
  };
}

function foldersText({ keyFoldersOpen, rootKeyChangedAt }: CertifiedErasure): Text {
  if (keyFoldersOpen || rootKeyChangedAt === null) {
    return {
      zh: "若有,只要当时的根密钥还在就能打开;销毁之后根密钥未曾更换",
      en: "any opens as long as this root key lives; not changed since",
    };
  }
  return {
    zh: `现用根密钥不能打开:根密钥已于 ${minute(rootKeyChangedAt)} 更换`,
    en: `not with today's root key, which replaced another on ${minute(rootKeyChangedAt)}`,
  };
}

/** So many are named to people; the signed text names the others. */
const COPIES_SHOWN_MAX = 2;

function copyLines({ keyCopies, keyCopiesMore }: CertifiedErasure): CertificateLine[] {
  const count = keyCopies.length + keyCopiesMore;
  const open = { zh: `${count} 份,各以其密钥仍能打开`, en: `${count} open with their keys` };
  const none = { zh: "登记在册的没有", en: "none is listed" };
  const named = keyCopies.slice(0, COPIES_SHOWN_MAX).map(({ id, madeAt, recipient }) => ({
    zh: "副本",
    en: "Copy, offline key",
    value: same(`${id}  ${minute(madeAt)}  ${recipient ?? "—"}`),
  }));
  const value = count === 0 ? none : open;
  return [{ zh: "登记的旧副本", en: "Old listed copies", value }, ...named];
}

/** What the certificate says, in its order. */
export function certificateLines(certificate: CertifiedErasure): CertificateLine[] {
  const { token, waybills, rowsGoneAt, dayOfDeath, cause } = certificate;
  return [
    { zh: "租户", en: "Tenant", value: same(certificate.carrier) },
    ...(token === null ? [] : [{ zh: "密单号", en: "Token", value: same(token) }]),
    { zh: "密舱", en: "Compartment", value: same(certificate.compartment) },
    { zh: "销毁日", en: "Day of death", value: same(dayOfDeath) },
    { zh: "缘由", en: "Cause", value: CAUSES[cause] },
    { zh: "运单数", en: "Waybills", value: same(String(waybills)) },
    {
      zh: "收寄件人数据不可恢复",
      en: "Data unrecoverable since",
      value: at(certificate.dataGoneAt),
    },
    {
      zh: "脱敏视图不可恢复",
      en: "View unrecoverable since",
      value: at(certificate.viewGoneAt),
    },
    { zh: "日志记载", en: "Told by the log at", value: at(rowsGoneAt) },
    { zh: "电话索引不可恢复", en: "Phone index unrecoverable since", value: weekText(certificate) },
    ...seasonLines(certificate),
    {
      zh: "密钥库旧文件",
      en: "Old key files",
      value: filesText(certificate),
    },
    { zh: "密钥库旧整夹副本", en: "Old whole copies", value: foldersText(certificate) },
    ...copyLines(certificate),
    { zh: "日志条目", en: "Log entry", value: same(certificate.id) },
    { zh: "出具时间", en: "Issued at", value: at(certificate.issuedAt) },
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
export function certificateLimits(certificate: CertifiedErasure): Text[] {
  return certificate.doesNotProve.map((word) => LIMITS[word]?.(certificate) ?? same(word));
}
