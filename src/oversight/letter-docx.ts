/**
 * A letter of an authority as DOCX (ISO/IEC 29500-1 WordprocessingML), the smallest that Word, WPS
 * and LibreOffice open: one document, its styles, and a footer with the page number. It is what the
 * prosecutor goes on writing in.
 */
import { formalDocument } from "./official-document.ts";
import type { OfficialDocument } from "./official-document.ts";
import { zip } from "./zip.ts";

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/** Twentieths of a point; GB/T 9704-2012 section 5.2.1 on A4. */
const TWIPS_PER_MM = 1440 / 25.4;
const twips = (mm: number): number => Math.round(mm * TWIPS_PER_MM);

const STYLES = [
  { id: "Issuer", halfPoints: 44, bold: false, align: "center", indent: 0 },
  { id: "LetterTitle", halfPoints: 44, bold: true, align: "center", indent: 0 },
  { id: "LetterNumber", halfPoints: 32, bold: false, align: "right", indent: 0 },
  { id: "Addressee", halfPoints: 32, bold: false, align: "left", indent: 0 },
  { id: "PartHeading", halfPoints: 32, bold: true, align: "left", indent: 200 },
  { id: "PartBody", halfPoints: 32, bold: false, align: "both", indent: 200 },
  { id: "Signature", halfPoints: 32, bold: false, align: "right", indent: 0 },
  { id: "SmallPrint", halfPoints: 18, bold: false, align: "left", indent: 0 },
] as const;

type StyleId = (typeof STYLES)[number]["id"];

/** Characters that XML 1.0 section 2.2 does not allow at all. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escaped(text: string): string {
  return text
    .replace(FORBIDDEN, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function paragraph(style: StyleId, text: string): string {
  return (
    `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr>` +
    `<w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`
  );
}

function styleXml(style: (typeof STYLES)[number]): string {
  const { id, halfPoints, bold, align, indent } = style;
  const firstLine = indent === 0 ? "" : `<w:ind w:firstLineChars="${indent}"/>`;
  return (
    `<w:style w:type="paragraph" w:customStyle="1" w:styleId="${id}"><w:name w:val="${id}"/>` +
    `<w:basedOn w:val="Normal"/><w:pPr>${firstLine}<w:jc w:val="${align}"/></w:pPr><w:rPr>` +
    `${bold ? "<w:b/>" : ""}<w:sz w:val="${halfPoints}"/></w:rPr></w:style>`
  );
}

/** Body type is 仿宋 (FangSong), as the standard asks; Word falls back where it is missing. */
function stylesXml(language: OfficialDocument["language"]): string {
  const latin = "Times New Roman";
  return (
    `${XML}<w:styles xmlns:w="${WORD}"><w:docDefaults><w:rPrDefault><w:rPr>` +
    `<w:rFonts w:ascii="${latin}" w:hAnsi="${latin}" w:eastAsia="仿宋"/><w:sz w:val="32"/>` +
    `<w:lang w:val="${language === "zh" ? "zh-CN" : "en-GB"}" w:eastAsia="zh-CN"/>` +
    `</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>` +
    `<w:spacing w:before="0" w:after="0" w:line="580" w:lineRule="exact"/></w:pPr>` +
    `</w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" ` +
    `w:styleId="Normal"><w:name w:val="Normal"/></w:style>${STYLES.map(styleXml).join("")}` +
    `</w:styles>`
  );
}

function bodyXml(letter: OfficialDocument): string {
  const parts = letter.parts.flatMap((part) => [
    paragraph("PartHeading", part.heading),
    ...part.paragraphs.map((text) => paragraph("PartBody", text)),
  ]);
  return [
    paragraph("Issuer", letter.issuer),
    paragraph("LetterTitle", letter.title),
    paragraph("LetterNumber", letter.number),
    paragraph("Addressee", letter.addressee),
    ...parts,
    paragraph("Signature", ""),
    paragraph("Signature", letter.issuer),
    paragraph("Signature", letter.signedOn),
    paragraph("Signature", letter.seal),
    ...letter.notes.map((note) => paragraph("SmallPrint", note)),
  ].join("");
}

function documentXml(letter: OfficialDocument): string {
  const section =
    `<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>` +
    `<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="${twips(37)}" w:right="${twips(26)}" ` +
    `w:bottom="${twips(35)}" w:left="${twips(28)}" w:header="851" w:footer="${twips(28)}" ` +
    `w:gutter="0"/></w:sectPr>`;
  return (
    `${XML}<w:document xmlns:w="${WORD}" xmlns:r="${OFFICE}"><w:body>` +
    `${bodyXml(letter)}${section}</w:body></w:document>`
  );
}

const FOOTER =
  `${XML}<w:ftr xmlns:w="${WORD}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>` +
  `<w:r><w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t>` +
  `</w:r></w:fldSimple><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`;

const CONTENT_TYPES =
  `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
  `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships` +
  `+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
  `<Override PartName="/word/document.xml" ContentType="${TYPES}.document.main+xml"/>` +
  `<Override PartName="/word/styles.xml" ContentType="${TYPES}.styles+xml"/>` +
  `<Override PartName="/word/footer1.xml" ContentType="${TYPES}.footer+xml"/></Types>`;

const PACKAGE_RELATIONS =
  `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" ` +
  `Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`;

const DOCUMENT_RELATIONS =
  `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/styles" ` +
  `Target="styles.xml"/><Relationship Id="rId2" Type="${OFFICE}/footer" Target="footer1.xml"/>` +
  `</Relationships>`;

/**
 * The letter as a DOCX file; the same letter gives the same bytes. A RangeError means that it is
 * too large to be a letter.
 */
export function letterDocx(document: OfficialDocument): Uint8Array {
  const letter = formalDocument(document);
  const parts = [
    ["[Content_Types].xml", CONTENT_TYPES],
    ["_rels/.rels", PACKAGE_RELATIONS],
    ["word/document.xml", documentXml(letter)],
    ["word/_rels/document.xml.rels", DOCUMENT_RELATIONS],
    ["word/styles.xml", stylesXml(letter.language)],
    ["word/footer1.xml", FOOTER],
  ] as const;
  return zip(parts.map(([name, text]) => ({ name, bytes: Buffer.from(text, "utf8") })));
}
