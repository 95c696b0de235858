/** The figures of an inspector's bundle as a table for spreadsheets, in either language. */
import { LEAF_TYPES } from "../audit/leaf.ts";
import { FAILURES } from "../rules/failure.ts";
import { INSPECTION_SECTIONS } from "../rules/inspection.ts";
import type { InspectionFacts, TallyRow } from "../rules/inspection.ts";
import { PURPOSES } from "../rules/purposes.ts";

type Language = "zh" | "en";
type Named = Readonly<Record<string, { readonly zh: string; readonly en: string }>>;

const HEAD = {
  zh: "分项,代码,条数,分项名称,名称",
  en: "section,code,count,section name,name",
} as const;

const NAMES: Readonly<Record<string, Named>> = {
  type: LEAF_TYPES,
  purpose: PURPOSES,
  denied: FAILURES,
};

/** What a code of a section is called; the code itself where it has no name. */
export function nameOfCode(facts: InspectionFacts, row: TallyRow, language: Language): string {
  const { section, code } = row;
  if (section === "organisation" || section === "branch") return facts.names.get(code) ?? code;
  if (section === "total") return INSPECTION_SECTIONS.total[language];
  const named = NAMES[section];
  return named !== undefined && Object.hasOwn(named, code)
    ? (named[code]?.[language] ?? code)
    : code;
}

/** A cell that no spreadsheet takes for a formula, quoted where a sign would end it (RFC 4180). */
function cell(text: string): string {
  const line = text.replaceAll(/[\r\n\t]+/g, " ");
  const plain = /^[=+\-@]/.test(line) ? `'${line}` : line;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The summary, with a byte order mark so that a spreadsheet reads it as UTF-8. */
export function inspectionCsv(facts: InspectionFacts, language: Language): Uint8Array {
  const lines = facts.tally.map((row) => {
    const { section, code, count } = row;
    const names = [INSPECTION_SECTIONS[section][language], nameOfCode(facts, row, language)];
    return [section, code, count, ...names.map(cell)].join(",");
  });
  return Buffer.from(`\ufeff${[HEAD[language], ...lines].join("\r\n")}\r\n`, "utf8");
}
