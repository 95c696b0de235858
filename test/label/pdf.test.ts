import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { test } from "node:test";
import { printedText } from "../../src/label/display-list.ts";
import type { PrintableLabel } from "../../src/label/gate.ts";
import { writePdf } from "../../src/label/pdf.ts";
import type { Labels, PdfOptions } from "../../src/label/pdf.ts";
import { printedList } from "../../src/label/printed-list.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { codesIn } from "./codes.ts";
import { FONTS, printable, SAMPLE } from "./sample.ts";

const OPTIONS: PdfOptions = { fonts: FONTS, createdAt: new Date("2026-11-23T06:05:00Z") };
const hasPoppler = spawnSync("pdftotext", ["-v"]).error === undefined;
const skip = hasPoppler ? false : "poppler-utils is not installed";

/** Takes a while over each piece, as a disk or a printer does. */
class Sink extends Writable {
  readonly pieces: Buffer[] = [];
  constructor() {
    super({ highWaterMark: 1024 });
  }
  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.pieces.push(piece);
    setImmediate(done);
  }
  bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

async function pdfOf(source: Labels, options = OPTIONS): Promise<{ pages: number; bytes: Buffer }> {
  const sink = new Sink();
  const { pages } = await writePdf(source, sink, options);
  return { pages, bytes: sink.bytes() };
}

/** Runs a poppler tool on the file and gives back what it prints; `-` stands for its output. */
function poppler(tool: string, bytes: Buffer, args: readonly string[] = []): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "midan-pdf-"));
  try {
    const file = join(directory, "labels.pdf");
    writeFileSync(file, bytes);
    return execFileSync(tool, [...args, file, ...(tool === "pdftotext" ? ["-"] : [])]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function labels(count: number): PrintableLabel[] {
  return Array.from({ length: count }, (_, index) =>
    printable({ waybillNumber: `YT${1_000_000_000_000 + index}`, printNumber: index + 1 }),
  );
}

/** Sorted characters: the reading order of a page is the reader's guess, its letters are not. */
function letters(text: string): string {
  return Array.from(text.normalize("NFC").replaceAll(/\s/gu, "")).sort().join("");
}

test("PDF: one page for each label, from a list or from a stream", async () => {
  const { pages, bytes } = await pdfOf(labels(20));
  assert.equal(pages, 20);
  assert.equal(bytes.toString("latin1").match(/\/Type \/Page\b/g)?.length, 20);
  const streamed = await pdfOf(
    (async function* stream(): AsyncGenerator<PrintableLabel> {
      yield* labels(3);
    })(),
  );
  assert.equal(streamed.pages, 3);
});

test("PDF: the same labels give the same bytes, and no clock is read", async () => {
  const first = await pdfOf(labels(3));
  const second = await pdfOf(labels(3));
  assert.ok(first.bytes.length > 1000 && first.bytes.equals(second.bytes));
});

test("P16: a label that cannot be drawn is named by its place, and the others go on", async () => {
  const tooLong = printable({ recipient: { ...SAMPLE.recipient, address: "长".repeat(300) } });
  const refused: string[] = [];
  const onRefused: PdfOptions["onRefused"] = (index, { code }) => refused.push(`${index} ${code}`);
  const { pages } = await pdfOf([...labels(1), tooLong, ...labels(2)], { ...OPTIONS, onRefused });
  assert.equal(pages, 3);
  assert.deepEqual(refused, ["1 LABEL_OVERFLOW"]);
  await assert.rejects(pdfOf([tooLong]), (error) => isFailure(error, "LABEL_OVERFLOW"));
});

test("P1: what did not pass the gate gets no page", async () => {
  // The shape alone, as a caller without types could send it.
  const forged = { data: SAMPLE, profile: "gb41833", ruleVersion: "gb41833/2" } as PrintableLabel;
  await assert.rejects(pdfOf([forged]), (error) => isFailure(error, "LABEL_LINT_FAILED"));
});

test("PDF: viewers are told not to scale it to their paper", async () => {
  const { bytes } = await pdfOf(labels(1));
  assert.match(bytes.toString("latin1"), /\/PrintScaling \/None/);
});

test("PDF: no label is an error and not an empty file", async () => {
  await assert.rejects(pdfOf([]), (error) => isFailure(error, "LABEL_NONE"));
});

test("PDF: an output that dies ends the work, and a source that fails tells why", async () => {
  const full = new Writable({ write: (_piece, _encoding, done) => done(new Error("disk full")) });
  await assert.rejects(writePdf(labels(200), full, OPTIONS), /disk full/);
  const broken = (function* source(): Generator<PrintableLabel> {
    yield printable();
    throw new Error("source ended early");
  })();
  await assert.rejects(pdfOf(broken), /source ended early/);
});

test(
  "PDF: the text layer holds what the display list prints and nothing else",
  { skip },
  async () => {
    const label = printable({ goods: "阿·***㵘燚犇 fi ffl AV(北)" });
    const { bytes } = await pdfOf([label]);
    const expected = printedText(printedList(label, FONTS)).join("");
    assert.equal(letters(poppler("pdftotext", bytes).toString()), letters(expected));
  },
);

test("PDF: true size and embedded subsets of three faces", { skip }, async () => {
  const { bytes } = await pdfOf(labels(2));
  const size = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(poppler("pdfinfo", bytes).toString());
  assert.ok(Math.abs(Number(size?.[1]) - (76 * 72) / 25.4) < 0.01);
  assert.ok(Math.abs(Number(size?.[2]) - (130 * 72) / 25.4) < 0.01);
  const fonts = poppler("pdffonts", bytes).toString().trim().split("\n").slice(2);
  assert.equal(fonts.length, 3);
  for (const font of fonts)
    assert.match(font, /^[A-Z]{6}\+NotoSansSC-\w+ .*Identity-H +yes yes yes/);
});

test(
  "PDF: both barcodes read back from the page at the dots of the printer",
  { skip },
  async () => {
    for (const [dpi, resolution] of [
      [203, "203.2"],
      [300, "300"],
    ] as const) {
      const { bytes } = await pdfOf(labels(1), { ...OPTIONS, dpi });
      const picture = poppler("pdftoppm", bytes, [
        "-png",
        "-mono",
        "-r",
        resolution,
        "-singlefile",
      ]);
      assert.deepEqual(await codesIn(picture), ["YT1000000000000", "YT1000000000000"], `${dpi}`);
    }
  },
);
