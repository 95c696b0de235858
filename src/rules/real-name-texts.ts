/** What `midan real-name` says. */

export const REAL_NAME_TEXTS = {
  "cli.real-name": {
    zh: "实名收寄:证件号码校验",
    en: "real-name rules: checking numbers of documents",
  },
  "cli.real-name.verify": {
    zh: "校验证件号码的写法,不保存、不显示号码",
    en: "check how a number is written; it is neither kept nor shown",
  },
  "cli.real-name.kind": {
    zh: "证件种类,如 resident-id、passport、organisation-code(docs/real-name.md)",
    en: "kind, such as resident-id, passport, organisation-code (docs/real-name.md)",
  },
  "cli.real-name.number": {
    zh: "号码;- 从标准输入读一行",
    en: "the number; - reads one line of standard input",
  },
  "real-name.fits": {
    zh: "{document}:写法正确(不代表证件真实有效)",
    en: "{document}: written as one (which does not say that it is genuine)",
  },
  "real-name.shape": { zh: "{document}:位数或字符不对", en: "{document}: wrong length or signs" },
  "real-name.check-digit": {
    zh: "{document}:校验码不符",
    en: "{document}: the check character does not fit",
  },
  "real-name.birth-date": {
    zh: "{document}:出生日期不对",
    en: "{document}: no such day of birth",
  },
  "real-name.region": { zh: "{document}:没有这个地区", en: "{document}: there is no such region" },
} as const;
