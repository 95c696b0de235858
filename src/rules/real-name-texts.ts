/** What `midan real-name` says. */

export const REAL_NAME_TEXTS = {
  "cli.real-name": {
    zh: "实名收寄:证件号码校验、密封登记、依法查看",
    en: "real-name rules: checking, keeping and opening numbers of documents",
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
  "cli.real-name.record": {
    zh: "登记寄件人出示的证件:只密封保存,到期自动销毁",
    en: "keep the document that a sender showed: sealed only, dead on its day",
  },
  "cli.real-name.token": { zh: "对应的密单号", en: "the waybill that was sent with it" },
  "cli.real-name.open": {
    zh: "依法查看一份实名记录,须有两名人员确认的调取函",
    en: "open a record for law enforcement, under a warrant of two officers",
  },
  "cli.real-name.reason": {
    zh: "书面理由;- 从标准输入读一行",
    en: "written reason; - reads one line of standard input",
  },
  "cli.real-name.status": {
    zh: "实名记录的数量和编号,不显示号码",
    en: "how many records there are, and ids; never a number",
  },
  "real-name.recorded": {
    zh: "已密封登记:{id},{dayOfDeath} 销毁",
    en: "Kept sealed: {id}, dead on {dayOfDeath}",
  },
  "real-name.status": {
    zh: "{records} 份记录,{documents} 个不同证件,最近销毁日 {nextDeath}",
    en: "{records} records of {documents} documents, next death {nextDeath}",
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
