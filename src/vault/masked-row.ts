/** One masked waybill as a line of a file: for spreadsheets, or as the API tells it. */
import { csvLine } from "../orders/result.ts";
import type { MaskedWaybill } from "./show.ts";

/** What is told of a masked waybill: who looked, and where its keys lie, is another question. */
export type ToldWaybill = Omit<MaskedWaybill, "compartment" | "holds" | "suite">;

export function toldWaybill(shown: MaskedWaybill): ToldWaybill {
  const { holds: _holds, compartment: _compartment, suite: _suite, ...told } = shown;
  return told;
}

type Cell = (told: ToldWaybill) => string;

const COLUMNS: readonly (readonly [heading: string, cell: Cell])[] = [
  ["密单号 token", ({ token }) => token],
  ["运单号 waybill_number", ({ waybillNumber }) => waybillNumber],
  ["承运商 carrier", ({ carrier }) => carrier],
  ["状态 state", ({ state }) => state],
  ["包裹状态 parcel_state", ({ parcelState }) => parcelState ?? ""],
  ["生命周期 life", ({ life }) => life],
  ["已关闭查看 access_closed", ({ accessClosed }) => (accessClosed ? "true" : "false")],
  ["密封时间 sealed_at", ({ sealedAt }) => sealedAt],
  ["到期日 day_of_death", ({ dayOfDeath }) => dayOfDeath],
  ["收件人 recipient_name", ({ view }) => view?.recipient.name ?? ""],
  ["收件电话 recipient_phone", ({ view }) => view?.recipient.phone ?? ""],
  ["收件地址 recipient_address", ({ view }) => view?.recipient.address ?? ""],
  ["寄件人 sender_name", ({ view }) => view?.sender?.name ?? ""],
  ["寄件电话 sender_phone", ({ view }) => view?.sender?.phone ?? ""],
  ["寄件地址 sender_address", ({ view }) => view?.sender?.address ?? ""],
  ["物品 goods", ({ view }) => view?.goods ?? ""],
  ["备注 remark", ({ view }) => view?.remark ?? ""],
  ["脱敏方案 profile", ({ view }) => view?.profile ?? ""],
  ["平台 platform", ({ view }) => view?.platform ?? ""],
];

interface MaskedForm {
  readonly head: string;
  readonly line: (told: ToldWaybill) => string;
}

/** The forms of a list of masked waybills; the first is made for spreadsheets. */
export const MASKED_FORMS = {
  // The mark tells a spreadsheet that it is UTF-8.
  csv: {
    head: `\uFEFF${csvLine(COLUMNS.map(([heading]) => heading))}`,
    line: (told) => csvLine(COLUMNS.map(([, cell]) => cell(told))),
  },
  ndjson: { head: "", line: (told) => `${JSON.stringify(told)}\n` },
} as const satisfies Readonly<Record<string, MaskedForm>>;
