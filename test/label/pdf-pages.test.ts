import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writePdf } from "../../src/label/pdf.ts";
import { FONTS, printable } from "./sample.ts";

const hasPoppler = spawnSync("pdftotext", ["-v"]).error === undefined;
const skip = hasPoppler ? false : "poppler-utils is not installed";
const PAGES = 205;

test(
  "PDF: a long file has its pages in nodes of a hundred, in order, none lost",
  { skip },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "midan-pages-"));
    try {
      const file = join(directory, "labels.pdf");
      const labels = Array.from({ length: PAGES }, (_, index) =>
        printable({ orderNumber: `N${index}` }),
      );
      const createdAt = new Date("2026-01-01T00:00:00Z");
      await writePdf(labels, createWriteStream(file), { fonts: FONTS, createdAt });
      const counts = readFileSync(file, "latin1").matchAll(
        /\/Type \/Pages\n(?:\/Parent .*\n)?\/Count (\d+)/g,
      );
      assert.deepEqual(
        Array.from(counts, ([, count]) => Number(count)),
        [100, 100, 5, PAGES],
      );
      assert.match(execFileSync("pdfinfo", [file]).toString(), new RegExp(`Pages: +${PAGES}\n`));
      const pages = execFileSync("pdftotext", [file, "-"]).toString().split("\f").slice(0, PAGES);
      pages.forEach((text, index) => assert.match(text, new RegExp(`N${index}(?!\\d)`)));
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
);
