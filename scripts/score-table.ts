/** The figures as lines of a Markdown table, which reads well on a terminal too. */

import { cpus, loadavg } from "node:os";
import type { Bar, Verdict } from "./score-bar.ts";
import type { Speed } from "./score-speed.ts";

export interface Figure {
  readonly bar: Bar;
  /** Lines of the set; what is measured may be a part of them. */
  readonly lines: number;
  readonly value: number | null;
  /** Without the disputed lines; null when the set has none. */
  readonly settled: number | null;
  readonly verdict: Verdict;
}

const HEAD = ["set", "lines", "measure", "figure", "without disputed", "bar", "stretch", "verdict"];

/** Head, rule and one line for each figure. */
export function tableLines(figures: readonly Figure[]): string[] {
  const date = new Date().toISOString().slice(0, 10);
  const rows = figures.map(({ bar, lines, value, settled, verdict }) => [
    bar.set,
    String(lines),
    bar.measure,
    shown(value, bar.unit),
    settled === null ? "" : shown(settled, bar.unit),
    limit(bar, bar.bar),
    limit(bar, bar.stretch),
    bar.isEnforced ? `${verdict}, enforced` : verdict,
  ]);
  return [`Measured on ${date}:`, "", ...padded([HEAD, ...rows])];
}

/** Speeds with the machine and its load, since both change them. */
export function speedLines(speeds: readonly Speed[]): string[] {
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const machine = `${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}`;
  const rows = speeds.map(({ kind, library, command }) => [
    kind,
    rate(library),
    rate(command),
    SPEED_BARS[kind],
  ]);
  const head = ["kind", "library, texts a second", "`midan mask`, lines a second", "bar / stretch"];
  return [`One core of ${machine}, load ${load}:`, "", ...padded([head, ...rows])];
}

const SPEED_BARS = {
  name: "300,000 / 500,000",
  phone: "300,000 / 500,000",
  address: "60,000 / 100,000",
} as const;

function rate(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function shown(value: number | null, unit: Bar["unit"]): string {
  if (value === null) return "none";
  return unit === "%" ? `${value.toFixed(2)} %` : String(value);
}

function limit({ sense, unit }: Bar, value: number | null): string {
  if (value === null) return "";
  return `${sense === "at most" ? "≤" : "≥"} ${value}${unit === "%" ? " %" : ""}`;
}

function padded(rows: readonly (readonly string[])[]): string[] {
  const [head = []] = rows;
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map(
    (row) => `| ${widths.map((width, at) => (row[at] ?? "").padEnd(width)).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0] ?? "", rule, ...lines.slice(1)];
}
