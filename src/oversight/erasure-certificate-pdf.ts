/** The certificate of erasure on one page, in Chinese and English, with its signature below. */
import type { Fonts } from "../label/font.ts";
import { certificateLimits, certificateLines } from "../rules/erasure-certificate-line.ts";
import type { CertifiedErasure } from "../rules/erasure-certificate-line.ts";
import { beginCertificate, drawLine } from "./certificate-line.ts";
import { formalChinese } from "./official-document.ts";
import { INK, pdfOf } from "./page.ts";

export interface DrawnCertificate {
  readonly certificate: CertifiedErasure;
  /** The signed note, of which the page is a readable form. */
  readonly note: string;
  /** The key to check the note with. */
  readonly key: string;
}

/** Small: all limits have to stand on the page that they limit. */
const ROW_POINTS = 8;
const LIMIT_POINTS = 7;

/** The line of a signed note that is its signature. */
function signatureOf(note: string): string {
  return note.trimEnd().split("\n").at(-1) ?? "";
}

/** As a PDF of one page; the same certificate gives the same bytes. */
export async function erasureCertificatePdf(
  { certificate, note, key }: DrawnCertificate,
  options: { readonly fonts: Fonts; readonly createdAt: Date },
): Promise<Uint8Array> {
  const title = `删除证明 Certificate of erasure ${certificate.token ?? certificate.compartment}`;
  return pdfOf({ ...options, title, language: "zh" }, (doc) => {
    beginCertificate(doc, { zh: "删 除 证 明", en: "Certificate of erasure" });
    for (const { zh, en, value } of certificateLines(certificate)) {
      const both = value.zh === value.en ? value.zh : `${value.zh}\n${value.en}`;
      drawLine(doc, { zh, en, value: both }, ROW_POINTS);
    }
    doc.moveDown(0.2).font("regular").fontSize(LIMIT_POINTS).fillColor(INK.grey);
    for (const { zh, en } of certificateLimits(certificate)) {
      doc.text(`${formalChinese(zh)} ${en}`, { lineGap: 1 });
    }
    doc.moveDown(0.6).fontSize(LIMIT_POINTS).fillColor(INK.black);
    doc.text(formalChinese("签名与公钥(以 midan certificate --verify 核对签名文本)"));
    doc.text("Signature and key; check the signed text with midan certificate --verify");
    doc.text(signatureOf(note), { lineGap: 1 });
    // How the key followed others is for the file: the first word is the key that signed.
    doc.text(key.split(" ")[0] ?? "", { lineGap: 1 });
  });
}
