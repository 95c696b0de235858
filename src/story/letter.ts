/** The recommendation (检察建议书) of the story, as PDF and DOCX beside the page. */
import { playedActor } from "../access/actor.ts";
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
    actor: await playedActor(procuratorate.vault, ACCOUNTS.prosecutor),
  });
  await records.leaf(drafted.entry);
  const document = letterDocument(drafted, "zh");
  const files = {
    [LETTER_FILES.pdf]: await letterPdf(document, { fonts, createdAt: clock.now() }),
    [LETTER_FILES.docx]: letterDocx(document),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(dir, name), content, { mode: FILE_MODE });
    records.file(name, { zh: "检察建议书", en: "The recommendation" }, content);
  }
  records.row(
    "letter-facts",
    { zh: "检察建议书所据事实", en: "What the recommendation was drafted from" },
    drafted.facts,
  );
}
