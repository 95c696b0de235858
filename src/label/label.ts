/** What a label says: text that is already masked, one field for each thing a courier reads. */

import { USUAL_SIZE } from "./label-size.ts";
import type { LabelSize } from "./label-size.ts";

export interface LabelParty {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
}

export interface LabelData {
  readonly carrier: string;
  /** Name of the service; the plain one if left out. */
  readonly product?: string;
  readonly waybillNumber: string;
  /** The three-part code 三段码; empty when there is none, and the destination stands in its place. */
  readonly sortCode: string;
  /** City and district, never more. */
  readonly destination: string;
  readonly recipient: LabelParty;
  readonly sender: LabelParty;
  readonly goods: string;
  readonly orderNumber: string;
  /** Local minute, `YYYY-MM-DD HH:MM`. */
  readonly printedAt: string;
  /** Counts from 1. */
  readonly printNumber: number;
  readonly token: string;
  readonly remark: string;
  /** What the merchant wants said in the area of its own; linted like the rest. */
  readonly merchant?: string;
  /**
   * What the 2-D code holds (面单密码): sealed, so that a scanner sees nothing. None if left out.
   * Its letters are those of TICKET_SHAPE in gate.ts.
   */
  readonly ticket?: string;
  /** The paper; 76 x 130 mm if left out. */
  readonly size?: LabelSize;
}

/** A label whose every text is as a printer can set it, with nothing left out. */
export type CleanLabel = Readonly<Required<LabelData>>;

export const DEFAULT_PRODUCT = "标准快递";

/**
 * One line of text as a printer can set it: composed (NFC), every run of white space and control
 * characters one space, invisible format characters gone. Orders pasted from web pages are full of
 * them.
 */
export function cleanText(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(/[\p{Cf}\u{FE00}-\u{FE0F}]/gu, "")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

function cleanParty(party: LabelParty): LabelParty {
  return {
    name: cleanText(party.name),
    phone: cleanText(party.phone),
    address: cleanText(party.address),
  };
}

/** The same label with every text cleaned, and nothing besides the known fields, frozen. */
export function cleanLabel(data: LabelData): CleanLabel {
  if (!Number.isSafeInteger(data.printNumber) || data.printNumber < 1) {
    throw new RangeError("a print number counts from 1");
  }
  return Object.freeze({
    carrier: cleanText(data.carrier),
    product: cleanText(data.product ?? DEFAULT_PRODUCT),
    waybillNumber: cleanText(data.waybillNumber),
    sortCode: cleanText(data.sortCode),
    destination: cleanText(data.destination),
    recipient: Object.freeze(cleanParty(data.recipient)),
    sender: Object.freeze(cleanParty(data.sender)),
    goods: cleanText(data.goods),
    orderNumber: cleanText(data.orderNumber),
    printedAt: cleanText(data.printedAt),
    printNumber: data.printNumber,
    token: cleanText(data.token),
    remark: cleanText(data.remark),
    merchant: cleanText(data.merchant ?? ""),
    ticket: data.ticket ?? "",
    size: data.size ?? USUAL_SIZE,
  });
}
