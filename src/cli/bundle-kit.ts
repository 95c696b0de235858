/** What an inspector's bundle holds beside the log's own: summaries, words, the page to check. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleReadme } from "../oversight/inspection-readme.ts";
import { inspectionCsv } from "../oversight/inspection-csv.ts";
import { inspectionPdf } from "../oversight/inspection-pdf.ts";
import { zip } from "../oversight/zip.ts";
import type { BundleKit } from "../vault/export-job.ts";
import type { CliContext } from "./context.ts";
import { optionFile } from "./verify-log.ts";

const PAGE = fileURLToPath(new URL("../../assets/verifier/verify-log.html", import.meta.url));
const LANGUAGES = ["zh", "en"] as const;

/** `bundleKit` with the fonts and the settings of this run. */
export function kitOf({ fonts, config: { witnessesFile } }: CliContext): BundleKit {
  return bundleKit({ fonts, witnessesFile });
}

/** The kit of this installation; `witnessPolicy` throws USAGE where its file cannot be read. */
export function bundleKit({
  fonts,
  witnessesFile,
}: {
  readonly fonts: CliContext["fonts"];
  readonly witnessesFile: string | null;
}): BundleKit {
  return {
    page: async () => readFile(PAGE),
    witnessPolicy: async () => (witnessesFile === null ? null : optionFile(witnessesFile)),
    draw: async (facts) => {
      const files = new Map<string, Uint8Array>([["README.txt", bundleReadme(facts)]]);
      for (const language of LANGUAGES) {
        files.set(`summary.${language}.csv`, inspectionCsv(facts, language));
        const pdf = await inspectionPdf(facts, { fonts: fonts(), language });
        files.set(`summary.${language}.pdf`, pdf);
      }
      return files;
    },
    pack: (files) =>
      zip(
        Array.from(files, ([name, bytes]) => ({ name, bytes })),
        { isStored: true },
      ),
  };
}
