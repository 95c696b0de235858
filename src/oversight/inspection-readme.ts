/** The words that lie in an inspector's bundle for whoever opens it and has read nothing yet. */
import { minuteOf } from "../rules/calendar.ts";
import type { InspectionFacts } from "../rules/inspection.ts";

/** README.txt, in Chinese and English, with the line ends that every editor shows. */
export function bundleReadme(facts: InspectionFacts): Uint8Array {
  const { origin, key, timeZone, from, to } = facts;
  const period = `${minuteOf(from, timeZone)} – ${minuteOf(to, timeZone)} (${timeZone})`;
  const lines = [
    "密单检查包 · Inspector's bundle of Midan",
    "",
    `日志 Log: ${origin}`,
    `公钥 Key: ${key}`,
    `期间 Period: ${period}`,
    "",
    "summary.zh.pdf、summary.zh.csv  摘要,可直接阅读",
    "summary.en.pdf, summary.en.csv  the summary, to be read as it is",
    "verify-log.html   用浏览器打开即可验证,不联网 · open it in a browser to verify; no network",
    "leaves.ndjson     日志条目,每行一条 · the entries, one a line",
    "proofs            收录证明 · proofs that they are in the log",
    "policies.json     期间内有效的设置 · the settings in force",
    "checkpoint        已签署的检查点 · the signed checkpoint",
    "log.vkey, witness-policy, certificate.vkey  公钥 · public keys",
    "log-changes       日志密钥如何更替,换过才有 · how the log's keys followed one another, if any did",
    "manifest          已签署的清单 · the signed list of all files",
    "",
    "核对时请使用另行取得的公钥,不要使用本包里的公钥。",
    "Check with the key that you got from elsewhere, not with the one in here.",
    "条目中没有寄件人、收件人的个人信息;人员为化名。",
    "The entries hold no personal data of senders or recipients; people are pseudonyms.",
    "格式 Format: docs/formats/inspector-bundle.md",
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n`, "utf8");
}
