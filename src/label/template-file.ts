/**
 * Reads a template file. Templates come with the installation, so a fault in one is a fault of the
 * installation: a TypeError that says where, before anything is printed.
 */
import type { Box, LabelZone, Weight } from "./display-list.ts";
import { SIZE_MIN_MM } from "./stack.ts";
import { TEMPLATE_FIELDS } from "./template.ts";
import type {
  LabelTemplate,
  TemplateBlock,
  TemplateElement,
  TemplateField,
  TemplatePart,
} from "./template.ts";

const FORMAT = "midan-label-template/1";
const SIDE_MM_MAX = 300;
const ELEMENTS_MAX = 200;
const BLOCKS_MAX = 12;
const LINES_MAX = 12;

const ZONES: readonly LabelZone[] = [
  "carrier",
  "mark",
  "sort-code",
  "destination",
  "print",
  "recipient",
  "sender",
  "barcode",
  "goods",
  "sign-off",
  "merchant",
  "ticket",
  "stub-carrier",
  "stub-barcode",
  "stub-recipient",
  "stub-sender",
  "stub-goods",
  "stub",
];

type Fields = Readonly<Record<string, unknown>>;

/** One object of the file, with the way to it for whoever has to mend it. */
interface Node {
  readonly at: string;
  readonly fields: Fields;
}

function fault(at: string, what: string): never {
  throw new TypeError(`label template: ${at} ${what}`);
}

function nodeOf(value: unknown, at: string): Node {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    fault(at, "is no object");
  return { at, fields: { ...value } };
}

/** A misspelt key would be a rule that silently does not hold. */
function onlyKnown({ at, fields }: Node, known: readonly string[]): void {
  for (const key of Object.keys(fields))
    if (!known.includes(key)) fault(`${at}.${key}`, "is not known");
}

function listOf({ at, fields }: Node, key: string, countMax: number): readonly unknown[] {
  const value = fields[key];
  if (!Array.isArray(value) || value.length === 0 || value.length > countMax)
    fault(`${at}.${key}`, `is no list of 1 to ${countMax}`);
  return value;
}

function numberOf({ at, fields }: Node, key: string, range: { min: number; max: number }): number {
  const value = fields[key];
  if (typeof value !== "number" || !(value >= range.min && value <= range.max))
    fault(`${at}.${key}`, `is no number from ${range.min} to ${range.max}`);
  return value;
}

function textOf({ at, fields }: Node, key: string): string {
  const value = fields[key];
  if (typeof value !== "string" || value === "") fault(`${at}.${key}`, "is no text");
  return value;
}

function flagOf({ at, fields }: Node, key: string): boolean {
  const value = fields[key] ?? false;
  return typeof value === "boolean" ? value : fault(`${at}.${key}`, "is neither true nor false");
}

/** Where `unset` is given, it stands for a key that is left out. */
function choiceOf<T extends string>(
  { at, fields }: Node,
  key: string,
  allowed: { readonly choices: readonly T[]; readonly unset?: T },
): T {
  const { choices, unset } = allowed;
  const value = fields[key] ?? unset;
  const chosen = choices.find((choice) => choice === value);
  return chosen ?? fault(`${at}.${key}`, `is none of ${choices.join(", ")}`);
}

const SIDE = { min: 0, max: SIDE_MM_MAX } as const;
const LENGTH = { min: 0.5, max: SIDE_MM_MAX } as const;

function pointOf(parent: Node, key: string): { x: number; y: number } {
  const node = nodeOf(parent.fields[key], `${parent.at}.${key}`);
  onlyKnown(node, ["x", "y"]);
  return { x: numberOf(node, "x", SIDE), y: numberOf(node, "y", SIDE) };
}

function boxOf(parent: Node): Box {
  const node = nodeOf(parent.fields["box"], `${parent.at}.box`);
  onlyKnown(node, ["x", "y", "w", "h"]);
  return {
    x: numberOf(node, "x", SIDE),
    y: numberOf(node, "y", SIDE),
    w: numberOf(node, "w", LENGTH),
    h: numberOf(node, "h", LENGTH),
  };
}

function isField(name: string): name is TemplateField {
  return Object.hasOwn(TEMPLATE_FIELDS, name);
}

function conditionOf({ at, fields }: Node, key: "when" | "unless"): TemplateField | null {
  const value = fields[key];
  if (value === undefined) return null;
  if (typeof value === "string" && isField(value)) return value;
  return fault(`${at}.${key}`, "names no field");
}

function partsOf(text: string, at: string): readonly TemplatePart[] {
  return text
    .split(/(\{[^{}]*\})/u)
    .filter((piece) => piece !== "")
    .map((piece): TemplatePart => {
      if (!/[{}]/u.test(piece)) return { literal: piece };
      const field = piece.slice(1, -1);
      return isField(field) ? { field } : fault(at, "names no field");
    });
}

const WEIGHTS: readonly Weight[] = ["regular", "bold", "black"];

function blockOf(value: unknown, at: string): TemplateBlock {
  const node = nodeOf(value, at);
  onlyKnown(node, ["text", "weight", "sizeMm", "minMm", "linesMax", "isElided"]);
  const weight = choiceOf(node, "weight", { choices: WEIGHTS });
  const least = SIZE_MIN_MM[weight];
  const sizeMm = numberOf(node, "sizeMm", { min: least, max: SIDE_MM_MAX });
  const has = (key: string): boolean => node.fields[key] !== undefined;
  return {
    parts: partsOf(textOf(node, "text"), `${at}.text`),
    weight,
    sizeMm,
    minMm: has("minMm") ? numberOf(node, "minMm", { min: least, max: sizeMm }) : least,
    linesMax: has("linesMax") ? numberOf(node, "linesMax", { min: 1, max: LINES_MAX }) : 1,
    isElided: flagOf(node, "isElided"),
  };
}

const FILE_KEYS = [
  "format",
  "name",
  "revision",
  "paper",
  "widthMm",
  "heightMm",
  "plies",
  "elements",
] as const;
const COMMON_KEYS = ["kind", "when", "unless"] as const;

/** What each kind of element reads beside its conditions. */
const ELEMENTS = {
  cell: { keys: ["box"], read: (node: Node) => ({ kind: "cell", box: boxOf(node) }) as const },
  fill: { keys: ["box"], read: (node: Node) => ({ kind: "fill", box: boxOf(node) }) as const },
  rule: {
    keys: ["from", "to"],
    read: (node: Node) =>
      ({ kind: "rule", from: pointOf(node, "from"), to: pointOf(node, "to") }) as const,
  },
  tear: {
    keys: ["y"],
    read: (node: Node) => ({ kind: "tear", y: numberOf(node, "y", LENGTH) }) as const,
  },
  disc: {
    keys: ["zone", "x", "y", "radiusMm", "text"],
    read: (node: Node) =>
      ({
        kind: "disc",
        zone: choiceOf(node, "zone", { choices: ZONES }),
        x: numberOf(node, "x", SIDE),
        y: numberOf(node, "y", SIDE),
        radiusMm: numberOf(node, "radiusMm", LENGTH),
        text: textOf(node, "text"),
      }) as const,
  },
  text: {
    keys: ["zone", "box", "align", "stand", "ink", "blocks"],
    read: (node: Node) =>
      ({
        kind: "text",
        zone: choiceOf(node, "zone", { choices: ZONES }),
        box: boxOf(node),
        align: choiceOf(node, "align", { choices: ["left", "center", "right"], unset: "left" }),
        stand: choiceOf(node, "stand", { choices: ["top", "middle"], unset: "middle" }),
        ink: choiceOf(node, "ink", { choices: ["black", "white"], unset: "black" }),
        blocks: listOf(node, "blocks", BLOCKS_MAX).map((block, index) =>
          blockOf(block, `${node.at}.blocks[${index}]`),
        ),
      }) as const,
  },
  barcode: {
    keys: ["zone", "box", "isOptional"],
    read: (node: Node) =>
      ({
        kind: "barcode",
        zone: choiceOf(node, "zone", { choices: ZONES }),
        box: boxOf(node),
        isOptional: flagOf(node, "isOptional"),
      }) as const,
  },
  ticket: {
    keys: ["zone", "box"],
    read: (node: Node) =>
      ({
        kind: "ticket",
        zone: choiceOf(node, "zone", { choices: ZONES }),
        box: boxOf(node),
      }) as const,
  },
} as const;

type ElementKind = keyof typeof ELEMENTS;

function elementOf(value: unknown, at: string): TemplateElement {
  const node = nodeOf(value, at);
  const kinds: readonly ElementKind[] = [
    "cell",
    "fill",
    "rule",
    "tear",
    "disc",
    "text",
    "barcode",
    "ticket",
  ];
  const { keys, read } = ELEMENTS[choiceOf(node, "kind", { choices: kinds })];
  onlyKnown(node, [...COMMON_KEYS, ...keys]);
  return { ...read(node), when: conditionOf(node, "when"), unless: conditionOf(node, "unless") };
}

function pliesOf(node: Node, heightMm: number): readonly number[] {
  const plies = listOf(node, "plies", 3).map((ply) =>
    typeof ply === "number" && ply > 0 ? ply : fault(`${node.at}.plies`, "holds no height"),
  );
  if (plies.reduce((sum, ply) => sum + ply, 0) !== heightMm)
    fault(`${node.at}.plies`, "do not add up to heightMm");
  return plies;
}

/**
 * The template that `text` (JSON) describes. Anything that docs/formats/label-template.md does not
 * allow is a TypeError, or a SyntaxError where it is no JSON.
 */
export function parseTemplate(text: string): LabelTemplate {
  const node = nodeOf(JSON.parse(text), "template");
  onlyKnown(node, FILE_KEYS);
  choiceOf(node, "format", { choices: [FORMAT] });
  const heightMm = numberOf(node, "heightMm", LENGTH);
  return {
    name: textOf(node, "name"),
    revision: numberOf(node, "revision", { min: 1, max: 10_000 }),
    paper: textOf(node, "paper"),
    widthMm: numberOf(node, "widthMm", LENGTH),
    heightMm,
    plies: pliesOf(node, heightMm),
    elements: listOf(node, "elements", ELEMENTS_MAX).map((element, index) =>
      elementOf(element, `template.elements[${index}]`),
    ),
  };
}
