/**
 * The page that `npm run demo` leaves behind: one offline file, Chinese and English, phone width
 * too.
 */
import { readFileSync } from "node:fs";
import { FAILURES } from "../src/rules/failure.ts";
import type { FailureCode } from "../src/rules/failure.ts";
import { DEMO_TEXTS } from "./demo-text.ts";
import type { DemoTextKey } from "./demo-text.ts";

export interface DemoFacts {
  readonly generatedAt: string;
  readonly summary: {
    readonly sealed: number;
    readonly repeated: number;
    readonly rejected: number;
    readonly labels: number;
    readonly seconds: string;
    readonly ordersPerSecond: number;
  };
  readonly before: { readonly png: Uint8Array };
  readonly after: { readonly png: Uint8Array };
  readonly token: string;
  /** Column and value exactly as the database holds them; bytes as hex. */
  readonly row: readonly (readonly [column: string, value: string])[];
  readonly looks: readonly { readonly id: string; readonly leaf: string }[];
  readonly reveal: { readonly field: string; readonly purpose: string };
  readonly search: { readonly asked: string; readonly hits: number; readonly leafId: string };
  readonly death: {
    readonly compartments: readonly {
      readonly serial: string;
      readonly day: string;
      readonly waybills: number;
    }[];
    readonly token: string;
    readonly before: string;
    readonly after: FailureCode;
    readonly leafId: string;
  };
  readonly refused: readonly {
    readonly line: number;
    readonly field: string;
    readonly code: FailureCode;
  }[];
  readonly files: readonly string[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] ?? "");
}

/** The same sentence twice; the style sheet shows the one in the reader's language. */
function both(zh: string, en: string): string {
  return `<span lang="zh">${escape(zh)}</span><span lang="en">${escape(en)}</span>`;
}

function t(key: DemoTextKey, values: Readonly<Record<string, string | number>> = {}): string {
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ""));
  const { zh, en } = DEMO_TEXTS[key];
  return both(fill(zh), fill(en));
}

function code(text: string): string {
  return `<code class="wrap">${escape(text)}</code>`;
}

function section(heading: DemoTextKey, parts: readonly string[]): string {
  return `<section><h2>${t(heading)}</h2>\n${parts.join("\n")}</section>`;
}

function figure(picture: { png: Uint8Array; alt: string; caption: DemoTextKey }): string {
  const data = Buffer.from(picture.png).toString("base64");
  const image = `<img src="data:image/png;base64,${data}" alt="${escape(picture.alt)}">`;
  return `<figure>${image}<figcaption>${t(picture.caption)}</figcaption></figure>`;
}

type Rows = readonly (readonly string[])[];

/** `stacked` puts a row's cells below one another on a phone: for rows of name and long value. */
function table(headings: readonly DemoTextKey[], rows: Rows, stacked = false): string {
  const head = headings.map((key) => `<th scope="col">${t(key)}</th>`).join("");
  const line = (cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  const frame = `class="scroll${stacked ? " row" : ""}" tabindex="0" role="region"`;
  const inner = `<thead><tr>${head}</tr></thead><tbody>${rows.map(line).join("\n")}</tbody>`;
  return `<div ${frame} aria-label="表 table"><table>${inner}</table></div>`;
}

function figures(facts: DemoFacts): string {
  const { summary, death } = facts;
  const dead = death.compartments.reduce((sum, compartment) => sum + compartment.waybills, 0);
  const cells = [
    [summary.sealed, "sealed"],
    [summary.labels, "printed"],
    [summary.rejected, "refused"],
    [dead, "dead"],
    [summary.ordersPerSecond, "speed"],
  ] as const;
  const items = cells.map(([value, key]) => `<div class="figure"><b>${value}</b>${t(key)}</div>`);
  const note = summary.repeated > 0 ? `<p>${t("repeated", { count: summary.repeated })}</p>` : "";
  return `<div class="figures">${items.join("")}</div>${note}`;
}

function labels(facts: DemoFacts): string {
  const pair = [
    figure({ ...facts.before, alt: "明文面单样张 label in the clear", caption: "labelBefore" }),
    figure({ ...facts.after, alt: "脱敏面单 masked label", caption: "labelAfter" }),
  ];
  return section("labels", [`<div class="labels">${pair.join("")}</div>`]);
}

function sealedRow(facts: DemoFacts): string {
  const rows = facts.row.map(([column, value]) => [code(column), code(value)]);
  return section("row", [
    `<p>${t("token")} ${code(facts.token)}</p>`,
    table(["column", "value"], rows, true),
    `<p>${t("rowMeaning")}</p>`,
  ]);
}

function looks(facts: DemoFacts): string {
  const { asked, hits } = facts.search;
  const entries = facts.looks.map(({ id, leaf }) => {
    const summary = `<summary>${code(id)}</summary>`;
    return `<details open>${summary}<pre>${escape(leaf)}</pre></details>`;
  });
  return section("looks", [`<p>${t("looked", { asked, hits, ...facts.reveal })}</p>`, ...entries]);
}

function deaths(facts: DemoFacts): string {
  const { death } = facts;
  const rows = death.compartments.map(({ serial, day, waybills }) => [
    code(serial),
    day,
    `${waybills}`,
  ]);
  const { zh, en } = FAILURES[death.after];
  return section("deaths", [
    `<p>${t("died")}</p>`,
    table(["compartment", "day", "waybills"], rows),
    `<p>${t("sameReveal")}</p>`,
    `<ul><li>${t("before")}: ${code(death.before)}</li>`,
    `<li>${t("after")}: ${code(death.after)} ${both(zh, en)}</li>`,
    `<li>${t("entry")}: ${code(death.leafId)}</li></ul>`,
  ]);
}

function refusals(facts: DemoFacts): string {
  const rows = facts.refused.map((refusal) => {
    const { zh, en, doZh, doEn } = FAILURES[refusal.code];
    const reason = `${code(refusal.code)} ${both(zh, en)}`;
    return [String(refusal.line), code(refusal.field), reason, both(doZh, doEn)];
  });
  const list = table(["line", "field", "reason", "todo"], rows);
  return section("refusals", [`<p>${t("refusedHow")}</p>`, list]);
}

function commandsFor(token: string): readonly (readonly [string, DemoTextKey])[] {
  return [
    ["npx midan seal orders.csv --labels pdf", "trySeal"],
    [`npx midan label ${token} --out label.png --reason damaged`, "tryLabel"],
    ["npx midan login", "tryLogin"],
    ["npx midan login --invite mdi1…", "tryInvite"],
    ["npx midan account create desk --role privacy-officer", "tryAccount"],
    ["npx midan login --invite mdi1…", "tryDesk"],
    [`npx midan show ${token}`, "tryShow"],
    [`npx midan reveal ${token} --fields phone --purpose contact`, "tryReveal"],
    ["npx midan shred --due --on 2099-01-01 --dry-run", "tryShred"],
    ["npx midan status", "tryStatus"],
    ["MIDAN_SUITE=gm MIDAN_HOME=gm npx midan seal samples/orders-en.csv", "tryNational"],
  ];
}

function next(facts: DemoFacts): string {
  const items = commandsFor(facts.token).map(
    ([command, key]) => `<li>${code(command)}<br>${t(key)}</li>`,
  );
  const files = facts.files.map((file) => `<li>${code(file)}</li>`);
  return section("next", [
    `<ul class="commands">${items.join("\n")}</ul>`,
    `<h3>${t("files")}</h3><ul>${files.join("\n")}</ul>`,
  ]);
}

const STYLE = readFileSync(new URL("./demo-page.css", import.meta.url), "utf8");

const SCRIPT = `
const root = document.documentElement;
const set = (lang) => { root.dataset.lang = lang; root.lang = lang === "zh" ? "zh-CN" : "en"; };
set((navigator.language || "zh").startsWith("zh") ? "zh" : "en");
const other = () => set(root.dataset.lang === "zh" ? "en" : "zh");
document.getElementById("lang").addEventListener("click", other);
`;

const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** Builds the whole page. Without JavaScript it shows both languages, one after the other. */
export function demoPage(facts: DemoFacts): string {
  const sections = [figures, labels, sealedRow, looks, deaths, refusals, next];
  const footer = `${escape(facts.generatedAt)} · ${facts.summary.seconds} s`;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Midan 密单 · 演示 demo</title>
<style>${STYLE}</style></head><body>
<header><div><h1>Midan 密单</h1><div>${t("tagline")}</div></div>
<button id="lang" type="button">中文 / English</button></header>
<main>${sections.map((build) => build(facts)).join("\n")}</main>
<footer>${t("madeOn")} ${footer}</footer>
<script>${SCRIPT}</script></body></html>
`;
}
