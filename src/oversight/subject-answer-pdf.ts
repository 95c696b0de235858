/**
 * The answer to a request of the person concerned on A4 pages, in Chinese with an English gloss:
 * what is kept, since when and until when, who looked for what, what was done, and on which law it
 * rests.
 */
import { PURPOSES } from "../rules/purposes.ts";
import { RETENTION, RETENTION_CLASSES } from "../rules/retention.ts";
import { OUTCOMES, REQUEST_KINDS } from "../rules/subject-request.ts";
import type { AnsweredLook, AnsweredWaybill, SubjectAnswer } from "../rules/subject-answer.ts";
import type { Fonts } from "../label/font.ts";
import { formalChinese } from "./official-document.ts";
import { INK, keepTogether, pdfOf, TYPE_POINTS } from "./page.ts";
import type { PageDoc } from "./page.ts";

const FIELD_NAMES: Readonly<Record<string, string>> = {
  "recipient.name": "收件人姓名 Recipient's name",
  "recipient.phone": "收件人电话 Recipient's phone",
  "recipient.address": "收件人地址 Recipient's address",
  "sender.name": "寄件人姓名 Sender's name",
  "sender.phone": "寄件人电话 Sender's phone",
  "sender.address": "寄件人地址 Sender's address",
  remark: "备注 Remark",
};

const BLOCK_MM = 30;

function heading(doc: PageDoc, text: string): void {
  keepTogether(doc, BLOCK_MM);
  doc.moveDown(0.8).font("bold").fontSize(TYPE_POINTS.english).fillColor(INK.black);
  doc.text(formalChinese(text));
  doc.moveDown(0.2);
}

function line(doc: PageDoc, text: string): void {
  doc.font("regular").fontSize(TYPE_POINTS.table).fillColor(INK.black);
  doc.text(formalChinese(text), { lineGap: 2 });
}

function purposeName(look: AnsweredLook): string {
  const known = Object.entries(PURPOSES).find(([name]) => name === look.purpose)?.[1];
  return known === undefined ? look.what : `${known.zh} ${known.en}`;
}

function drawLooks(doc: PageDoc, looks: readonly AnsweredLook[]): void {
  if (looks.length === 0) {
    line(doc, "查看记录:无 Looks: none");
    return;
  }
  line(doc, "查看记录 Looks:");
  for (const look of looks) {
    line(doc, `${look.at}  ${purposeName(look)}  ${look.actor}  ${look.fields.join(", ")}`);
  }
}

function drawWaybill(doc: PageDoc, waybill: AnsweredWaybill): void {
  const { token, waybillNumber, carrier, outcome, sealedAt, dayOfDeath, certificate } = waybill;
  heading(doc, `${carrier} ${waybillNumber}`);
  line(doc, `密单号 Token: ${token}`);
  line(doc, `处理结果:${OUTCOMES[outcome].zh}\n${OUTCOMES[outcome].en}`);
  line(doc, `密封于 ${sealedAt},销毁日 ${dayOfDeath} · sealed, day of death`);
  for (const [name, value] of waybill.fields) line(doc, `${FIELD_NAMES[name] ?? name}: ${value}`);
  if (certificate !== null) line(doc, `删除证明编号 Certificate of erasure: ${certificate}`);
  drawLooks(doc, waybill.looks);
}

function drawRules(doc: PageDoc, answer: SubjectAnswer): void {
  heading(doc, "保存期限与依据 Retention terms and their sources");
  for (const name of RETENTION_CLASSES) {
    const { zh, en, source } = RETENTION[name];
    const days = answer.terms[name] ?? 0;
    const law = `${source.instrument} ${source.version} ${source.article}`;
    line(doc, `${zh}:${days} 天 · ${en}: ${days} days (${law})`);
  }
  heading(doc, "用途与处理依据 Purposes and legal bases");
  for (const { zh, en, basis } of Object.values(PURPOSES)) line(doc, `${zh} · ${en}: ${basis}`);
}

const RIGHTS =
  "对本答复有异议的,可再次提出请求,或向履行个人信息保护职责的部门投诉、举报,也可依法向人民法院起诉" +
  "(个人信息保护法第50条、第65条)。\n" +
  "You may ask again, complain to the authority in charge, or sue (PIPL 50 and 65).";

function drawAnswer(doc: PageDoc, answer: SubjectAnswer): void {
  const { zh, en, basis } = REQUEST_KINDS[answer.kind];
  doc.font("bold").fontSize(TYPE_POINTS.title).text("个人信息请求答复书", { align: "center" });
  doc.font("regular").fontSize(TYPE_POINTS.english).fillColor(INK.grey);
  doc.text("Answer to a request of the person concerned", { align: "center" });
  doc.moveDown(0.8);
  line(doc, `答复人 By: ${answer.tenant}`);
  line(doc, `请求 Request: ${zh} ${en} (${basis.instrument} ${basis.article}) ${answer.request}`);
  const days = `收到 ${answer.receivedOn},应于 ${answer.dueOn} 前答复,答复于 ${answer.answeredOn}`;
  line(doc, `${days} · received, due, answered`);
  if (answer.waybills.length === 0) line(doc, "未保存与您有关的运单。No waybill of yours is kept.");
  for (const waybill of answer.waybills) drawWaybill(doc, waybill);
  if (answer.kind === "explanation" || answer.kind === "access") drawRules(doc, answer);
  doc.moveDown(1).font("regular").fontSize(TYPE_POINTS.note).fillColor(INK.grey);
  doc.text(formalChinese(RIGHTS), { lineGap: 2 });
  doc.text(`留痕 Audit entry ${answer.entry}`);
}

/** The answer as a PDF; the same answer gives the same bytes. It holds the person's plaintext. */
export async function subjectAnswerPdf(
  answer: SubjectAnswer,
  options: { readonly fonts: Fonts; readonly createdAt: Date },
): Promise<Uint8Array> {
  const title = `个人信息请求答复书 ${answer.request}`;
  return pdfOf({ ...options, title, language: "zh" }, (doc) => drawAnswer(doc, answer));
}
