/**
 * Why a label is printed once more (补打). A closed list, because words of people about a parcel are
 * apt to name somebody, and a statement is read long after the waybill's persons are dead (P14).
 */

export const REPRINT_REASONS = {
  damaged: { zh: "面单破损", en: "the label was damaged" },
  lost: { zh: "面单遗失", en: "the label was lost" },
  misprint: { zh: "打印不清或走纸出错", en: "it was printed badly" },
  corrected: { zh: "信息更正后重打", en: "something on it was corrected" },
  repacked: { zh: "换包装重贴", en: "the parcel was packed anew" },
  returned: { zh: "退回或改派", en: "the parcel goes back or elsewhere" },
  resumed: {
    zh: "同一文件或任务再次处理",
    en: "the same file or task was run again",
  },
} as const satisfies Record<string, { readonly zh: string; readonly en: string }>;

export type ReprintReason = keyof typeof REPRINT_REASONS;

/** The reason of that name, or null when there is none. */
export function reprintReasonOf(name: string): ReprintReason | null {
  // hasOwn shows that the name is a key of the table.
  return Object.hasOwn(REPRINT_REASONS, name) ? (name as ReprintReason) : null;
}
