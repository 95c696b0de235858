/**
 * The evaluation set of published crypto vectors: runs what the product has of them, lets the set's
 * own scorer judge, and says what is left out and why.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Case, VECTOR_FILES } from "../test/crypto/vector-run.ts";
import type { VectorFile } from "../test/crypto/vector-run.ts";
import { verdictOf } from "../test/verifier/published-proof.ts";
import type { ProofCase } from "../test/verifier/published-proof.ts";

const SCORER = "score-crypto.mjs";

const FILES: readonly VectorFile[] = [
  ...VECTOR_FILES,
  {
    name: "rfc6962_merkle",
    without: "",
    // The set's own page says what these lines hold.
    run: (one) => verdictOf(one.row as unknown as ProofCase),
  },
];

export interface CryptoScore {
  readonly lines: readonly string[];
  /** Cases with a wrong answer, and files that are lacking. */
  readonly failed: number;
}

interface Answers {
  readonly text: string;
  readonly ran: number;
  readonly left: number;
}

function answersOf(data: string, file: VectorFile): Answers {
  const rows = readFileSync(join(data, "crypto", `${file.name}.jsonl`), "utf8")
    .trim()
    .split("\n");
  const answers: string[] = [];
  for (const row of rows) {
    const value: unknown = JSON.parse(row);
    if (typeof value !== "object" || value === null) throw new TypeError("not an object");
    const one = new Case({ ...value });
    const accept = file.run(one);
    if (accept !== null) answers.push(JSON.stringify({ id: one.id, file: file.name, accept }));
  }
  const text = `${answers.join("\n")}\n`;
  return { text, ran: answers.length, left: rows.length - answers.length };
}

/** The cell `WRONG` of the scorer's row of a file; null when it printed none. */
function wrongOf(report: string, name: string): number | null {
  const row = report.split("\n").find((line) => line.includes(`${name} `));
  const cells =
    row
      ?.trim()
      .split(/\s*\|\s*|\s{2,}/u)
      .filter((cell) => cell !== "") ?? [];
  const wrong = Number(cells[4]);
  return cells.length >= 5 && Number.isInteger(wrong) ? wrong : null;
}

/** Judges the set under `data`; the set counts as missing when its scorer or a file is. */
export function scoreCrypto(data: string): CryptoScore {
  const files = [...FILES.map(({ name }) => join("crypto", `${name}.jsonl`)), SCORER];
  const missing = files.filter((file) => !existsSync(join(data, file)));
  if (missing.length > 0)
    return { lines: [`missing: ${missing.join(", ")}`], failed: missing.length };
  const answers = FILES.map((file) => answersOf(data, file));
  const folder = mkdtempSync(join(tmpdir(), "midan-score-crypto."));
  try {
    const pred = join(folder, "pred.jsonl");
    writeFileSync(pred, answers.map(({ text }) => text).join(""));
    const words = [join(data, SCORER), "--pred", pred, "--gold", join(data, "crypto")];
    const report = execFileSync(process.execPath, words, { encoding: "utf8" });
    const wrong = FILES.map(({ name }) => wrongOf(report, name));
    const lines = FILES.map(({ name, without }, at) => {
      const { ran = 0, left = 0 } = answers[at] ?? {};
      const rest = left === 0 ? "" : `, ${left} not run: ${without}`;
      return `${name}: ${ran} run, ${wrong[at] ?? "no figure of"} wrong${rest}`;
    });
    const failed = wrong.reduce<number>((sum, count) => sum + (count ?? 1), 0);
    return { lines, failed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
