/**
 * Virtual numbers (虚拟号) as shop platforms write them: number and extension, of which neither
 * reaches anybody without the other.
 *
 * Sources: the platforms' public documents of number protection; docs/adapters.md lists the forms.
 */

export type VirtualReading =
  | { readonly kind: "whole"; readonly text: string }
  /** A form that must have an extension and lost it on the way. */
  | { readonly kind: "cut" }
  | { readonly kind: "none" };

const NUMBER = "1\\d{10}|95\\d{3,12}|0\\d{9,11}";

const WHOLE: readonly RegExp[] = [
  new RegExp(`^\\$(?<number>${NUMBER})\\$#(?<extension>\\d{1,8})#$`),
  new RegExp(`^(?<number>${NUMBER})#(?<extension>\\d{1,8})#$`),
  new RegExp(`^(?<number>${NUMBER}) ?(?:[-_,，－—]|转|轉|ext\\.?) ?(?<extension>\\d{1,8})$`, "i"),
  new RegExp(`^\\[(?<extension>\\d{1,8})\\](?<number>${NUMBER})$`),
];
/** MIIT's range of its own for protected numbers: 700 and twelve digits. */
const WITHOUT_EXTENSION = /^700\d{12}$/;
const CUT: readonly RegExp[] = [
  new RegExp(`^\\$(?:${NUMBER})\\$?(?:#\\d{0,8})?$`),
  new RegExp(`^(?:${NUMBER})(?:#\\d{0,8}|[-_,，]|转)$`),
];

/** Reads one phone field; `text` of what is whole is number, 转, extension. Never throws. */
export function readVirtualNumber(raw: string): VirtualReading {
  const text = raw.trim();
  if (WITHOUT_EXTENSION.test(text)) return { kind: "whole", text };
  for (const form of WHOLE) {
    const groups = form.exec(text)?.groups;
    const number = groups?.["number"];
    const extension = groups?.["extension"];
    if (number !== undefined && extension !== undefined)
      return { kind: "whole", text: `${number}转${extension}` };
  }
  return { kind: CUT.some((form) => form.test(text)) ? "cut" : "none" };
}
