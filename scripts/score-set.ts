/** The evaluation sets: which lines are masked how, and which scorer judges the answers. */

export type MaskKind = "name" | "phone" | "address" | "line" | "text";

export interface EvaluationSet {
  /** Name of the set, and of its block in the printed report. */
  readonly name: string;
  /** Files under the data folder; the set is missing when one of them is. */
  readonly files: readonly string[];
  readonly scorer: string;
  /** What `midan mask --kind` is told, or null where the county code is asked for. */
  readonly kind: MaskKind | null;
}

/** One row for each set; a folder that holds some of them and not others is broken. */
export const SETS: readonly EvaluationSet[] = [
  {
    name: "addresses",
    files: ["addresses/ccks.jsonl", "addresses/delivery.jsonl", "addresses/leo.jsonl"],
    scorer: "score-addresses.mjs",
    kind: "address",
  },
  {
    name: "embedded",
    files: ["embedded/embedded.jsonl"],
    scorer: "score-waybills.mjs",
    kind: "address",
  },
  { name: "names", files: ["names/names.jsonl"], scorer: "score-names.mjs", kind: "name" },
  { name: "phones", files: ["phones/phones.jsonl"], scorer: "score-phones.mjs", kind: "phone" },
  {
    name: "waybills",
    files: ["waybills/express.jsonl", "waybills/pasted.jsonl"],
    scorer: "score-waybills.mjs",
    kind: "line",
  },
  {
    name: "freetext",
    files: ["cluener", "msra", "pd", "resume", "weibo"].map((name) => `freetext/${name}.jsonl`),
    scorer: "score-freetext.mjs",
    kind: "text",
  },
  {
    name: "divisions",
    files: ["divisions/resolve.jsonl"],
    scorer: "score-divisions.mjs",
    kind: null,
  },
];
