/** The certificate of destruction on one page, in Chinese and English side by side. */
import type { Fonts } from "../label/font.ts";
import { beginCertificate, drawLine } from "./certificate-line.ts";
import type { CertificateLine } from "./certificate-line.ts";
import type { IssuedCertificate } from "./certificate.ts";
import { formalChinese, writtenDay } from "./official-document.ts";
import { INK, pdfOf, points, sealPlace, TYPE_POINTS, widthOf } from "./page.ts";
import type { PageDoc } from "./page.ts";

function boundText({ bound, oldestKeyMadeAt }: IssuedCertificate): string {
  const { filesDueOn, foldersOpen, listed } = bound;
  const files =
    filesDueOn === null
      ? `此前的单个文件已不能打开:现用封装密钥生成于 ${oldestKeyMadeAt}。\n` +
        "Single key files from before open no more: the key that wraps them is younger.\n"
      : `此前的单个文件,到应于 ${filesDueOn} 进行的轮换做完为止仍能打开。\n` +
        `Single key files from before open until the rotation due on ${filesDueOn} is done.\n`;
  const folders = foldersOpen
    ? "此前的整夹副本,若有,根密钥还在就能打开。\n" +
      "A whole copy from before, if there is any, opens as long as this root key lives.\n"
    : "此前的整夹副本,现用根密钥不能打开。\n" +
      "Whole copies from before do not open with today's root key.\n";
  return `${files}${folders}此前登记的副本 ${listed} 份 Listed copies from before: ${listed}`;
}

function linesOf(certificate: IssuedCertificate): CertificateLine[] {
  const { indexGoneAt, indexWeek, timeZone, entries } = certificate;
  const index =
    indexGoneAt ??
    `尚未:${indexWeek} 当周仍有在期运单 / not yet: waybills of the week of ${indexWeek} live`;
  return [
    { zh: "租户", en: "Tenant", value: certificate.carrier },
    { zh: "密舱", en: "Compartment", value: certificate.compartment },
    { zh: "销毁日", en: "Day of death", value: certificate.dayOfDeath },
    { zh: "运单数", en: "Waybills", value: certificate.waybills.toLocaleString("en-US") },
    {
      zh: "收寄件人与脱敏视图不可恢复",
      en: "Parties and masked views unrecoverable since",
      value: `${certificate.partiesGoneAt} (${timeZone})`,
    },
    { zh: "电话索引不可恢复", en: "Phone index unrecoverable since", value: index },
    { zh: "时间界限", en: "Bound", value: boundText(certificate) },
    {
      zh: "留痕编号",
      en: "Audit entries",
      value: [
        `${entries.destroyed}  销毁 keys`,
        ...(entries.index === null ? [] : [`${entries.index}  索引 index`]),
        `${certificate.entry}  本页 page`,
      ].join("\n"),
    },
  ];
}

const LIMITS = [
  "本证明说明:上述密舱的密钥已按期销毁,其中加密的姓名、电话、地址和脱敏视图此后无法解密;运单骨架(单号、状态、时间)仍在保存期内。",
  "不在证明范围内:整机快照、未登记的密钥库副本、把密钥库与根密钥一并复制的备份、收件人指纹的季度密钥、收单记录的带密钥摘要,以及已经打印的面单。",
  "This page says that the keys of the compartment were destroyed on their day, so that the " +
    "names, phones, addresses and masked views sealed under them cannot be opened any more. " +
    "The shell (number, state, clocks) lives on for its own term.",
  "It does not speak for snapshots of whole machines, for copies of the key store that nobody " +
    "listed or that hold the root key too, for the quarter's key of recipient fingerprints, for " +
    "keyed hashes of intake, or for labels that were printed.",
] as const;

function drawFoot(doc: PageDoc, certificate: IssuedCertificate): void {
  doc.moveDown(0.4).font("regular").fontSize(TYPE_POINTS.note).fillColor(INK.grey);
  for (const limit of LIMITS) doc.text(formalChinese(limit), { lineGap: 2, paragraphGap: 3 });
  doc.text(`SHA-256 ${certificate.digest}`, { lineGap: 2 });
  const { left } = doc.page.margins;
  const { issuedOn } = certificate;
  doc.moveDown(1).fontSize(TYPE_POINTS.table).fillColor(INK.black);
  const y = doc.y;
  doc.text("监销人\uff08两名\uff09 Two witnesses", left, y);
  doc.text("____________________   ____________________", left, y + 34);
  const x = left + widthOf(doc) - points(24);
  sealPlace(doc, { x, y: y + points(14), diameterMm: 34 }, "(单位印章 seal)");
  const day = `${writtenDay(issuedOn, "zh")}  ${writtenDay(issuedOn, "en")}`;
  doc.text(day, left, y + 64, { lineBreak: false });
}

/** The certificate as a PDF of one page; the same certificate gives the same bytes. */
export async function certificatePdf(
  certificate: IssuedCertificate,
  options: { readonly fonts: Fonts; readonly createdAt: Date },
): Promise<Uint8Array> {
  const title = `销毁证明 Certificate of destruction ${certificate.compartment}`;
  return pdfOf({ ...options, title, language: "zh" }, (doc) => {
    beginCertificate(doc, { zh: "销 毁 证 明", en: "Certificate of destruction" });
    for (const line of linesOf(certificate)) drawLine(doc, line);
    drawFoot(doc, certificate);
  });
}
