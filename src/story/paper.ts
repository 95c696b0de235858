/**
 * The paper (面单): what stands printed on each parcel, as anyone in the hall can read it. Before the
 * lock it is what the old systems of the outlets print, after it what the vault prints; it is kept
 * in the story's own folder because an inspector reads paper and not databases. It is all invented.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { explainSetting } from "../access/setting.ts";
import type { PrintedParty, PrintedStrings } from "../oversight/campaign.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { maskParty } from "../privacy/party.ts";
import type { Party } from "../privacy/plain.ts";
import type { CarrierStage, Parcel } from "./stage.ts";

/** One printed label, and the outlet (id) that it hangs at. */
export interface Paper extends PrintedStrings {
  readonly outlet: string;
}

export const PAPER_NOTE = {
  zh: "全部虚构:本故事中旧系统或密单打印在面单上的文字,不涉及任何真实的人",
  en: "All invented: what the old systems, or Midan, print on labels in this story; nobody is real",
};

const LINES_PER_WRITE = 2_000;

function stringsOf(party: Party): PrintedParty {
  const { name, phone, address } = party;
  return { name, phone, address };
}

/** The strings of an order as they are: what `legacy-clear` prints. */
export function clearPaper(parcel: Parcel, outlet: string): Paper {
  const { waybillNumber, recipient, sender } = parcel.order;
  return {
    outlet,
    parcel: waybillNumber,
    recipient: stringsOf(recipient),
    sender: sender === null ? null : stringsOf(sender),
  };
}

function maskedPaper(
  carrier: CarrierStage,
  parcel: Parcel,
  printed: { readonly outlet: string; readonly profile: MaskProfile },
): Paper {
  const { waybillNumber, recipient, sender } = parcel.order;
  const { profile } = printed;
  const { gazetteer } = carrier.vault;
  return {
    outlet: printed.outlet,
    parcel: waybillNumber,
    recipient: maskParty(recipient, profile, gazetteer),
    sender: sender === null ? null : maskParty(sender, profile, gazetteer),
  };
}

/** The value of a setting that says how an old system prints; no profile of ours. */
export const LEGACY = "legacy-clear";

export interface OldPrint {
  readonly papers: readonly Paper[];
  /** What counted at each outlet at that moment, in the order of the carrier's outlets. */
  readonly settings: readonly string[];
}

/** Prints every parcel of a carrier as its outlet's setting of this moment has it. */
export async function printOldLabels(carrier: CarrierStage): Promise<OldPrint> {
  const settings: string[] = [];
  for (const outlet of carrier.outlets) {
    const asked = { organisation: outlet.id, name: "mask-profile" };
    const { value } = await explainSetting(carrier.vault, asked);
    settings.push(value);
  }
  const profiles = settings.map((value) => (value === LEGACY ? null : PROFILES.gb41833));
  const papers = carrier.parcels.map((parcel) => {
    const outlet = carrier.outlets[parcel.outlet]?.id ?? "";
    const profile = profiles[parcel.outlet] ?? null;
    if (profile === null || parcel.ownPrinter) return clearPaper(parcel, outlet);
    return maskedPaper(carrier, parcel, { outlet, profile });
  });
  return { papers, settings };
}

/** Writes the papers to `dir` for the owner alone; the first line says what they are. */
export async function keepPaper(
  dir: string,
  name: "paper-before.ndjson" | "paper-after.ndjson",
  papers: readonly Paper[],
): Promise<void> {
  const file = await open(path.join(dir, name), "w", 0o600);
  try {
    await file.write(`${JSON.stringify({ note: PAPER_NOTE })}\n`);
    for (let from = 0; from < papers.length; from += LINES_PER_WRITE) {
      const lines = papers
        .slice(from, from + LINES_PER_WRITE)
        .map((paper) => JSON.stringify(paper));
      await file.write(`${lines.join("\n")}\n`);
    }
  } finally {
    await file.close();
  }
}

/** Reads papers back; for whoever wants to look again. */
export async function readPaper(file: string): Promise<Paper[]> {
  const papers: Paper[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    // `keepPaper` alone writes these files, in this form; the first line is the note.
    const read = JSON.parse(line) as Paper | { readonly note: unknown };
    if (!("note" in read)) papers.push(read);
  }
  return papers;
}
