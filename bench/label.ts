/** `npm run bench -- label`: labels a second, through the gate, as PDF and as PNG. */
import { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { openFonts, openGazetteer } from "../src/main.ts";
import type { Fonts } from "../src/label/font.ts";
import { gate } from "../src/label/gate.ts";
import type { PrintableLabel } from "../src/label/gate.ts";
import { writePdf } from "../src/label/pdf.ts";
import { toPng } from "../src/label/png.ts";
import { profileOf } from "../src/privacy/mask-profile.ts";
import { maskParty } from "../src/privacy/party.ts";
import { parseParty } from "../src/privacy/plain.ts";
import { machineLines } from "./machine.ts";
import { orderCells } from "./order-file.ts";
import type { OrderCells } from "./order-file.ts";

const ROWS = 1000;
const ROWS_MAX = 100_000;
const PNG_DPI = 203;
const CREATED_AT = new Date("2026-01-01T00:00:00Z");

/** Masks one order and takes it through the gate, as printing does. */
function labelMaker(): (cells: OrderCells) => PrintableLabel {
  const profile = profileOf("gb41833");
  const gazetteer = openGazetteer();
  return (cells) => {
    const [, orderNumber = "", waybillNumber = "", carrier = "", name, phone] = cells;
    const address = cells.slice(6, 10).join("");
    const [senderName, senderPhone, senderAddress, goods = "", remark = "", sortCode = ""] =
      cells.slice(10);
    const recipient = parseParty({ name, phone, address });
    const sender = parseParty({ name: senderName, phone: senderPhone, address: senderAddress });
    if (!recipient.ok || !sender.ok) throw new RangeError("orders of the bench are whole");
    return gate(
      {
        carrier,
        waybillNumber,
        orderNumber,
        sortCode,
        goods,
        remark,
        printNumber: 1,
        token: "",
        destination: cells[7] ?? "",
        recipient: maskParty(recipient.party, profile, gazetteer),
        sender: maskParty(sender.party, profile, gazetteer),
        printedAt: "2026-01-01 08:00",
      },
      profile,
      gazetteer,
    );
  };
}

async function pdfBytes(labels: readonly PrintableLabel[], fonts: Fonts): Promise<number> {
  let bytes = 0;
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await writePdf(labels, out, { fonts, createdAt: CREATED_AT });
  return bytes;
}

function show(what: string, count: number, milliseconds: number): void {
  console.log(
    `${what.padEnd(14)} ${((count * 1000) / milliseconds).toFixed(0).padStart(7)} a second`,
  );
}

/** Prints the rates of masking with the gate, of the PDF and of PNGs for a 203 dpi printer. */
export async function benchLabels(words: readonly string[], stop: AbortSignal): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { rows: { type: "string" } } });
  const count = Math.min(Number(values.rows ?? ROWS), ROWS_MAX);
  const rows = [...orderCells({ rows: count, seed: 9 })];
  const fonts = openFonts();
  const make = labelMaker();
  for (const line of machineLines()) console.log(line);
  rows.slice(0, 100).forEach(make);
  let began = performance.now();
  const labels = rows.map(make);
  show("mask and gate", count, performance.now() - began);
  began = performance.now();
  const bytes = await pdfBytes(labels, fonts);
  show("PDF pages", count, performance.now() - began);
  console.log(`PDF size       ${(bytes / 1024 / count).toFixed(1).padStart(7)} KiB a page`);
  began = performance.now();
  for (const label of labels) {
    stop.throwIfAborted();
    toPng(label, PNG_DPI, fonts);
  }
  show("PNGs, 203 dpi", count, performance.now() - began);
}
