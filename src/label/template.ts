/**
 * A label template: where on the paper everything stands and how large it would like to be, as
 * data. docs/formats/label-template.md describes the file; `template-file.ts` reads it.
 */
import type { Box, Ink, LabelZone, Weight } from "./display-list.ts";
import type { CleanLabel } from "./label.ts";

/** Stands on every label that passed the gate; a specimen says what it is instead. */
export const PRIVACY_MARK = "隐私面单 GB/T 41833";

/** What a template may name, and what is printed for it. */
export const TEMPLATE_FIELDS = {
  carrier: ({ carrier }) => carrier,
  product: ({ product }) => product,
  waybillNumber: ({ waybillNumber }) => waybillNumber,
  sortCode: ({ sortCode }) => sortCode,
  destination: ({ destination }) => destination,
  "recipient.name": ({ recipient }) => recipient.name,
  "recipient.phone": ({ recipient }) => recipient.phone,
  "recipient.address": ({ recipient }) => recipient.address,
  "sender.name": ({ sender }) => sender.name,
  "sender.phone": ({ sender }) => sender.phone,
  "sender.address": ({ sender }) => sender.address,
  goods: ({ goods }) => goods,
  orderNumber: ({ orderNumber }) => orderNumber,
  printedAt: ({ printedAt }) => printedAt,
  printNumber: ({ printNumber }) => String(printNumber),
  token: ({ token }) => token,
  remark: ({ remark }) => remark,
  merchant: ({ merchant }) => merchant,
  ticket: ({ ticket }) => ticket,
  privacyMark: () => PRIVACY_MARK,
} as const satisfies Readonly<Record<string, (label: CleanLabel) => string>>;

export type TemplateField = keyof typeof TEMPLATE_FIELDS;

/** A piece of a text: as it stands there, or what a field holds. */
export type TemplatePart = { readonly literal: string } | { readonly field: TemplateField };

export interface TemplateBlock {
  readonly parts: readonly TemplatePart[];
  readonly weight: Weight;
  readonly sizeMm: number;
  readonly minMm: number;
  readonly linesMax: number;
  readonly isElided: boolean;
}

/** Whether an element is drawn at all: `when` its field says something, `unless` it does. */
interface Conditional {
  readonly when: TemplateField | null;
  readonly unless: TemplateField | null;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export type TemplateElement = Conditional &
  (
    | { readonly kind: "cell"; readonly box: Box }
    | { readonly kind: "fill"; readonly box: Box }
    | { readonly kind: "rule"; readonly from: Point; readonly to: Point }
    | { readonly kind: "tear"; readonly y: number }
    | {
        readonly kind: "disc";
        readonly zone: LabelZone;
        readonly x: number;
        readonly y: number;
        readonly radiusMm: number;
        readonly text: string;
      }
    | {
        readonly kind: "text";
        readonly zone: LabelZone;
        readonly box: Box;
        readonly align: "left" | "center" | "right";
        readonly stand: "top" | "middle";
        readonly ink: Ink;
        readonly blocks: readonly TemplateBlock[];
      }
    | {
        readonly kind: "barcode";
        readonly zone: LabelZone;
        readonly box: Box;
        /** A number too long for these bars stands elsewhere on the label all the same. */
        readonly isOptional: boolean;
      }
    | { readonly kind: "ticket"; readonly zone: LabelZone; readonly box: Box }
  );

export interface LabelTemplate {
  readonly name: string;
  /** Counts from 1; a statement names `name/revision` (P14). */
  readonly revision: number;
  /** Who prints on it, for people. */
  readonly paper: string;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Heights of the parts that are torn apart, from the top; one for a label of one ply. */
  readonly plies: readonly number[];
  readonly elements: readonly TemplateElement[];
}
