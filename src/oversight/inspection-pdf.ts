/** The summary of an inspector's bundle on A4 pages: scope, figures, settings, and how to check. */
import type { Fonts } from "../label/font.ts";
import { minuteOf } from "../rules/calendar.ts";
import { INSPECTION_SECTIONS } from "../rules/inspection.ts";
import type { InspectionFacts, InspectionSection, SettingInForce } from "../rules/inspection.ts";
import { nameOfCode } from "./inspection-csv.ts";
import { formalChinese } from "./official-document.ts";
import { INK, keepTogether, pdfOf, TYPE_POINTS, widthOf } from "./page.ts";
import type { PageDoc } from "./page.ts";

type Language = "zh" | "en";

const TEXT = {
  title: { zh: "日志检查摘要", en: "Summary of an inspection of the log" },
  carrier: { zh: "单位", en: "Carrier" },
  organisation: { zh: "机构范围", en: "Organisation" },
  whole: { zh: "全部机构", en: "all" },
  period: { zh: "期间", en: "Period" },
  until: { zh: "至(不含)", en: "to, exclusive," },
  made: { zh: "制作时间", en: "Made" },
  log: { zh: "日志", en: "Log" },
  size: { zh: "检查点条数", en: "Size of the checkpoint" },
  root: { zh: "根哈希(SHA-256)", en: "Root (SHA-256)" },
  key: { zh: "公钥", en: "Key" },
  leaves: { zh: "期间内条目", en: "Entries of the period" },
  earlier: { zh: "此前或上级的设置变更", en: "Settings from before or above" },
  withheld: { zh: "仅含哈希的其他条目", en: "Other entries, hash only" },
  figures: { zh: "各项条数", en: "Figures" },
  settings: { zh: "期间内有效的设置", en: "Settings in force" },
  none: { zh: "没有登记过变更,适用默认设置", en: "no change was recorded: the defaults count" },
  check: { zh: "如何验证", en: "How to check" },
  how: {
    zh:
      "用浏览器打开本包中的 verify-log.html(不联网)并选择本包,或运行 midan bundle verify。" +
      "公钥应与另行取得的公钥一致。摘要由条目算出,验证时会重新计算。条目中的人员是化名," +
      "不含寄件人、收件人的个人信息。是否遗漏条目,须与日志本身比对(--log)。",
    en:
      "Open verify-log.html of this bundle in a browser (it uses no network) and choose the " +
      "bundle, or run midan bundle verify. The key must be the one that you got elsewhere. The " +
      "figures are counted again from the entries. People are pseudonyms; nothing here is " +
      "personal data of senders or recipients. Whether an entry was left out is seen against the " +
      "log itself (--log).",
  },
} as const;

const BLOCK_MM = 24;
/** Rows of one section on paper; the table for spreadsheets has them all. */
const ROWS_MAX = 60;

interface Page {
  readonly doc: PageDoc;
  readonly facts: InspectionFacts;
  readonly language: Language;
}

function written({ language }: Page, text: string): string {
  return language === "zh" ? formalChinese(text) : text;
}

function heading(page: Page, text: string): void {
  const { doc } = page;
  keepTogether(doc, BLOCK_MM);
  doc.moveDown(0.7).font("bold").fontSize(TYPE_POINTS.english).fillColor(INK.black);
  doc.text(written(page, text)).moveDown(0.2);
}

function line(page: Page, text: string): void {
  const { doc } = page;
  doc.font("regular").fontSize(TYPE_POINTS.table).fillColor(INK.black);
  doc.text(written(page, text), { lineGap: 2 });
}

function scopeLines({ facts, language }: Page): (readonly [keyof typeof TEXT, string])[] {
  const { organisation, names, from, to, madeAt, timeZone } = facts;
  const minute = (instant: Date): string => minuteOf(instant, timeZone);
  const named = organisation === null ? TEXT.whole[language] : (names.get(organisation) ?? "");
  return [
    ["carrier", facts.carrier],
    ["organisation", organisation === null ? named : `${named} ${organisation}`],
    ["period", `${minute(from)} ${TEXT.until[language]} ${minute(to)} (${timeZone})`],
    ["made", `${minute(madeAt)} (${timeZone})`],
    ["log", facts.origin],
    ["size", String(facts.size)],
    ["root", facts.root],
    ["key", facts.key],
    ["leaves", String(facts.leaves)],
    ["earlier", String(facts.earlier)],
    ["withheld", String(facts.withheld)],
  ];
}

function drawSection(page: Page, section: InspectionSection): void {
  const { doc, facts, language } = page;
  const rows = facts.tally.filter((row) => row.section === section);
  if (rows.length === 0 || section === "total") return;
  keepTogether(doc, BLOCK_MM / 2);
  doc.moveDown(0.4).font("bold").fontSize(TYPE_POINTS.table).fillColor(INK.black);
  doc.text(written(page, INSPECTION_SECTIONS[section][language]));
  for (const row of rows.slice(0, ROWS_MAX)) {
    const name = nameOfCode(facts, row, language);
    doc.font("regular").fontSize(TYPE_POINTS.table).fillColor(INK.black);
    // Count and name on one line: the count at the right edge.
    const y = doc.y;
    const label = name === row.code ? name : `${written(page, name)} (${row.code})`;
    doc.text(String(row.count), { align: "right", width: widthOf(doc) });
    const end = doc.y;
    if (end >= y) doc.y = y;
    doc.text(label, { width: widthOf(doc) - 60, lineGap: 1 });
  }
  const more = rows.length - ROWS_MAX;
  if (more > 0) line(page, `… +${more} (summary.${language}.csv)`);
}

function settingText(facts: InspectionFacts, setting: SettingInForce): string {
  const { organisation, value, mode, version, at, leaf } = setting;
  const of = organisation === undefined ? facts.carrier : (facts.names.get(organisation) ?? "");
  const what = `${setting.setting ?? setting.type} = ${value ?? ""}`;
  const how = [mode, version === undefined ? undefined : `v${version}`].filter(Boolean).join(" ");
  return `${minuteOf(new Date(at), facts.timeZone)}  ${of}  ${what}  ${how}  ${leaf.slice(0, 8)}`;
}

function draw(page: Page): void {
  const { doc, facts, language } = page;
  doc.font("bold").fontSize(TYPE_POINTS.title).text(TEXT.title[language], { align: "center" });
  doc.moveDown(0.6);
  for (const [key, value] of scopeLines(page)) line(page, `${TEXT[key][language]}: ${value}`);
  heading(page, TEXT.figures[language]);
  // Keys of the table.
  for (const name of Object.keys(INSPECTION_SECTIONS) as InspectionSection[])
    drawSection(page, name);
  heading(page, TEXT.settings[language]);
  if (facts.settings.length === 0) line(page, TEXT.none[language]);
  for (const setting of facts.settings) line(page, settingText(facts, setting));
  heading(page, TEXT.check[language]);
  line(page, TEXT.how[language]);
}

/** The summary as a PDF; the same facts give the same bytes. */
export async function inspectionPdf(
  facts: InspectionFacts,
  options: { readonly fonts: Fonts; readonly language: Language },
): Promise<Uint8Array> {
  const { fonts, language } = options;
  const made = { fonts, language, title: TEXT.title[language], createdAt: facts.madeAt };
  return pdfOf(made, (doc) => draw({ doc, facts, language }));
}
