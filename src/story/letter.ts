/** The recommendation (检察建议书) of the story, as PDF and DOCX beside the page. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { letterDocument, writeLetter } from "../oversight/case-letter.ts";
import { letterDocx } from "../oversight/letter-docx.ts";
import { letterPdf } from "../oversight/letter-pdf.ts";
import { ACCOUNTS } from "./cast.ts";
import type { CaseFact } from "./facts.ts";
import { caseNumber } from "./matter.ts";
import type { Stage } from "./stage.ts";

export const LETTER_FILES: CaseFact["letter"] = { pdf: "letter.pdf", docx: "letter.docx" };
const FILE_MODE = 0o600;

/** Drafts the letter from the record; `oldRows` is what a dry run of the sweep counted. */
export async function draftRecommendation(stage: Stage, oldRows: number): Promise<void> {
  const { procuratorate, clock, fonts, dir, records } = stage;
  const drafted = await writeLetter(procuratorate.vault, {
    number: caseNumber(stage),
    letterNumber: caseNumber(stage).replace("立", "建"),
    source: "spot-check",
    switchHolder: "headquarters",
    oldRows,
    urgent: false,
    on: clock.today,
    account: ACCOUNTS.prosecutor,
  });
  await records.leaf(drafted.entry);
  const document = letterDocument(drafted, "zh");
  const pdf = await letterPdf(document, { fonts, createdAt: clock.now() });
  await writeFile(path.join(dir, LETTER_FILES.pdf), pdf, { mode: FILE_MODE });
  await writeFile(path.join(dir, LETTER_FILES.docx), letterDocx(document), { mode: FILE_MODE });
  records.row(
    "letter-facts",
    { zh: "检察建议书所据事实", en: "What the recommendation was drafted from" },
    drafted.facts,
  );
}
