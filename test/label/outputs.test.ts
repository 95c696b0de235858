import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Writable } from "node:stream";
import { test } from "node:test";
import { ready } from "zpl-renderer-js";
import type { Bitmap } from "../../src/label/bitmap.ts";
import { toCpcl } from "../../src/label/cpcl.ts";
import type { PrintableLabel } from "../../src/label/gate.ts";
import { LABEL_SIZES } from "../../src/label/label-size.ts";
import { DOTS_PER_MM } from "../../src/label/page.ts";
import type { Dpi } from "../../src/label/page.ts";
import { writePdf } from "../../src/label/pdf.ts";
import { encodePng, toPng } from "../../src/label/png.ts";
import { printedPage } from "../../src/label/printed-page.ts";
import { writePrinterFile } from "../../src/label/printer-file.ts";
import { toSvg } from "../../src/label/svg.ts";
import { toTspl } from "../../src/label/tspl.ts";
import { toZpl, ZPL_CODINGS } from "../../src/label/zpl.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { codesIn, qrCodesIn, zbarCodesIn } from "./codes.ts";
import { pdfPicture, readPng, runOn } from "./picture.ts";
import type { Grey } from "./picture.ts";
import { dotsOfCpcl, dotsOfTspl, dotsOfZpl } from "./printer-decoder.ts";
import type { Dots } from "./printer-decoder.ts";
import { FONTS, printable, ticketOf } from "./sample.ts";

const DPIS: readonly Dpi[] = [203, 300];
const TICKET = ticketOf(180);
const MERCHANT = "感谢惠顾";

function has(program: string): boolean {
  return spawnSync(program, ["--version"]).error === undefined;
}
const skip = ["pdftoppm", "rsvg-convert", "zbarimg"].filter((program) => !has(program));
const lacking = skip.length > 0 ? `not installed: ${skip.join(", ")}` : false;

const LABELS = LABEL_SIZES.map((size) => printable({ size, ticket: TICKET, merchant: MERCHANT }));

/** Every dot of the page, and nothing but white in what only fills a row. */
function assertDots(read: Dots, page: Bitmap): void {
  assert.deepEqual([read.rowBytes, read.heightDots], [page.rowBytes, page.heightDots]);
  assert.ok(Buffer.from(read.bits).equals(Buffer.from(page.bits)));
}

test("OUT-1: ZPL in each coding, TSPL and CPCL carry the very dots of the page", () => {
  let looked = 0;
  for (const label of LABELS) {
    for (const dpi of DPIS) {
      const page = printedPage(label, dpi, FONTS);
      for (const coding of ZPL_CODINGS) {
        const read = dotsOfZpl(Buffer.from(toZpl(label, dpi, { fonts: FONTS, coding })));
        assertDots(read, page);
        assert.equal(read.widthDots, page.widthDots);
      }
      const tspl = dotsOfTspl(Buffer.from(toTspl(label, dpi, FONTS)));
      assertDots(tspl, page);
      const [widthMm = 0, heightMm = 0] = tspl.sizeMm;
      assert.ok(Math.abs(widthMm * DOTS_PER_MM[dpi] - page.widthDots) < 1);
      assert.ok(Math.abs(heightMm * DOTS_PER_MM[dpi] - page.heightDots) < 1);
      const cpcl = dotsOfCpcl(Buffer.from(toCpcl(label, dpi, FONTS)));
      assertDots(cpcl, page);
      assert.deepEqual([cpcl.widthDots, cpcl.dpi], [page.widthDots, dpi === 203 ? 200 : 300]);
      looked += 1;
    }
  }
  assert.equal(looked, 12);
});

test("OUT-1: a ZPL renderer that is not ours draws every dot of every coding", async () => {
  const { api } = await ready;
  let dots = 0;
  for (const label of LABELS.slice(0, 3)) {
    const page = printedPage(label, 203, FONTS);
    const [wide, high] = [page.widthDots / 8, page.heightDots / 8];
    for (const coding of ZPL_CODINGS) {
      const zpl = Buffer.from(toZpl(label, 203, { fonts: FONTS, coding })).toString("latin1");
      const png = await api.zplToBase64Async(zpl, wide, high, 8);
      const drawn = readPng(Buffer.from(png, "base64"));
      assert.deepEqual([drawn.width, drawn.height], [page.widthDots, page.heightDots]);
      drawn.dots.forEach((shade, at) => {
        const [x, y] = [at % drawn.width, Math.floor(at / drawn.width)];
        const isBlack = ((page.bits[y * page.rowBytes + (x >> 3)] ?? 0) << (x & 7)) & 128;
        if (shade < 128 !== isBlack > 0) assert.fail(`${coding}: dot ${x}, ${y}`);
        dots += 1;
      });
    }
  }
  assert.ok(dots > 5_000_000);
});

async function pdfOf(label: PrintableLabel, dpi: Dpi): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const out = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece);
      done();
    },
  });
  await writePdf([label], out, { fonts: FONTS, dpi, createdAt: new Date(0) });
  return Buffer.concat(pieces);
}

/** Every output as a picture, each by another way than ours where there is one. */
async function pictures(label: PrintableLabel, dpi: Dpi): Promise<Map<string, Uint8Array>> {
  const picture = (dots: Dots): Uint8Array => encodePng(dots, dpi);
  const svg = toSvg(label, dpi, FONTS);
  const perMm = DOTS_PER_MM[dpi] * 25.4;
  return new Map([
    ["png", toPng(label, dpi, FONTS)],
    ["zpl", picture(dotsOfZpl(Buffer.from(toZpl(label, dpi, { fonts: FONTS }))))],
    ["tspl", picture(dotsOfTspl(Buffer.from(toTspl(label, dpi, FONTS))))],
    ["cpcl", picture(dotsOfCpcl(Buffer.from(toCpcl(label, dpi, FONTS))))],
    ["svg", runOn(svg, "rsvg-convert", ["-d", String(perMm), "-p", String(perMm), "FILE"])],
    ["pdf", pdfPicture(await pdfOf(label, dpi), Math.round(perMm * 100) / 100)],
  ]);
}

test(
  "OUT-2: zxing and zbar read every barcode and the 2-D code from every output",
  { skip: lacking },
  async () => {
    let read = 0;
    for (const [index, label] of LABELS.entries()) {
      const dpi = DPIS[index % DPIS.length] ?? 203;
      for (const [format, picture] of await pictures(label, dpi)) {
        const at = `${LABEL_SIZES[index]} ${format} ${dpi}`;
        const bars = ["YT1234567890123", "YT1234567890123"];
        assert.deepEqual(await codesIn(picture), bars, at);
        assert.deepEqual(await qrCodesIn(picture), [TICKET], at);
        assert.deepEqual(zbarCodesIn(picture), [TICKET, bars[0]], at);
        read += 1;
      }
    }
    assert.equal(read, 36);
  },
);

const NEAR = [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => ({ x, y })));

/** Share of dots of `left` that `right` has neither there nor next to it: edges may move by one. */
function strayShare(left: Grey, right: Grey): number {
  assert.ok(Math.abs(left.width - right.width) <= 1 && Math.abs(left.height - right.height) <= 1);
  const isBlack = (picture: Grey, x: number, y: number): boolean =>
    (picture.dots[y * picture.width + x] ?? 255) < 128;
  let stray = 0;
  for (let at = 0; at < left.dots.length; at += 1) {
    const [x, y] = [at % left.width, Math.floor(at / left.width)];
    const shade = isBlack(left, x, y);
    if (!NEAR.some((step) => isBlack(right, x + step.x, y + step.y) === shade)) stray += 1;
  }
  return stray / left.dots.length;
}

function difference(left: Uint8Array, right: Uint8Array): number {
  const [a, b] = [readPng(left), readPng(right)];
  return Math.max(strayShare(a, b), strayShare(b, a));
}

test(
  "OUT-3: SVG and PDF, drawn by librsvg and poppler, look like the dots we burn",
  { skip: lacking },
  async () => {
    for (const label of [LABELS[0], LABELS[4]]) {
      assert.ok(label !== undefined);
      const drawn = await pictures(label, 203);
      const png = drawn.get("png") ?? new Uint8Array();
      for (const format of ["svg", "pdf"]) {
        const share = difference(png, drawn.get(format) ?? new Uint8Array());
        assert.ok(share < 0.0005, `${format}: ${share}`);
      }
      // The same measure is not blind: one letter of the name less is many times as much.
      const { recipient } = label.data;
      const other = { ...label.data, recipient: { ...recipient, name: "欧**" } };
      assert.ok(difference(png, toPng(printable(other), 203, FONTS)) > 0.001);
    }
  },
);

test("OUT-4: SVG holds outlines and no text, each outline once, and nothing from outside", () => {
  const svg = Buffer.from(toSvg(printable(), 203, FONTS)).toString("utf8");
  assert.doesNotMatch(svg, /<text|<image|<script|url\(|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  assert.doesNotMatch(svg, /\p{Script=Han}/u);
  assert.match(svg, /width="76mm" height="130mm" viewBox="0 0 76 130"/);
  const ids = [...svg.matchAll(/<path id="(\w+)"/g)].map(([, id]) => id);
  assert.ok(ids.length > 60);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, id] of svg.matchAll(/href="#(\w+)"/g)) assert.ok(ids.includes(id));
});

test("OUT-5: a file of many labels holds each job in turn, and tells what has none", async () => {
  const tooLong = printable({ merchant: "长".repeat(300) });
  const labels = [printable(), tooLong, printable({ printNumber: 2 })];
  const jobs: Uint8Array[] = [];
  const refused: string[] = [];
  const { pages } = await writePrinterFile(
    labels,
    async (bytes) => {
      jobs.push(bytes);
    },
    {
      format: "zpl",
      dpi: 203,
      fonts: FONTS,
      onRefused: (index, { code, details }) =>
        refused.push(`${index} ${code} ${String(details["zone"])}`),
    },
  );
  assert.equal(pages, 2);
  assert.deepEqual(refused, ["1 LABEL_OVERFLOW merchant"]);
  assert.deepEqual(
    jobs.map((job) => dotsOfZpl(Buffer.from(job)).heightDots),
    [1040, 1040],
  );
  await assert.rejects(
    writePrinterFile([], async () => undefined, { format: "tspl", dpi: 203, fonts: FONTS }),
    (error) => isFailure(error, "LABEL_NONE"),
  );
});

test("P1: no writer draws what did not pass the gate", () => {
  // The shape alone, as a caller without types could send it.
  const forged = { ...printable() } as PrintableLabel;
  for (const draw of [toPng, toSvg, toTspl, toCpcl])
    assert.throws(
      () => draw(forged, 203, FONTS),
      (error) => isFailure(error, "LABEL_LINT_FAILED"),
    );
  assert.throws(
    () => toZpl(forged, 203, { fonts: FONTS }),
    (error) => isFailure(error, "LABEL_LINT_FAILED"),
  );
});
