/**
 * The page that `npm run demo` leaves behind: one offline file, Chinese and English, phone width
 * too.
 */
import { FAILURES } from "../src/rules/failure.ts";
import type { FailureCode } from "../src/rules/failure.ts";

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

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The same sentence twice; the style sheet shows the one in the reader's language. */
function both(zh: string, en: string): string {
  return `<span lang="zh">${zh}</span><span lang="en">${en}</span>`;
}

function picture(png: Uint8Array, altZh: string, altEn: string): string {
  const data = Buffer.from(png).toString("base64");
  return `<img src="data:image/png;base64,${data}" alt="${escape(`${altZh} / ${altEn}`)}">`;
}

type Rows = readonly (readonly string[])[];

/**
 * `stacked` puts each row's cells below one another on a phone: for rows of name and long value.
 */
function table(headings: readonly string[], rows: Rows, stacked = false): string {
  const head = headings.map((cell) => `<th scope="col">${cell}</th>`).join("");
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`);
  return `<div class="scroll${stacked ? " row" : ""}" tabindex="0" role="region" aria-label="表 table"><table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function figures(facts: DemoFacts): string {
  const { summary, death } = facts;
  const dead = death.compartments.reduce((sum, compartment) => sum + compartment.waybills, 0);
  const cells = [
    [summary.sealed, "单密封", "sealed"],
    [summary.labels, "张脱敏面单", "masked labels"],
    [summary.rejected, "行拒收", "rows refused"],
    [dead, "单已销毁", "dead"],
    [summary.ordersPerSecond, "单/秒", "orders a second"],
  ] as const;
  const items = cells.map(
    ([value, zh, en]) => `<div class="figure"><b>${value}</b>${both(zh, en)}</div>`,
  );
  const repeated =
    summary.repeated > 0
      ? `<p>${both(
          `其中 ${summary.repeated} 单此前已密封,这次没有重复密封,密单号不变。`,
          `${summary.repeated} orders were sealed by an earlier run; they were not sealed twice and kept their tokens.`,
        )}</p>`
      : "";
  return `<div class="figures">${items.join("")}</div>${repeated}`;
}

function labels(facts: DemoFacts): string {
  return `<section><h2>${both("一张面单,前与后", "One label, before and after")}</h2>
<div class="labels"><figure>${picture(facts.before.png, "明文面单样张", "label in the clear, specimen")}
<figcaption>${both("过去:姓名、电话、门牌一览无余(样张,虚构人物)", "Before: name, phone and door for all to read (specimen, invented people)")}</figcaption></figure>
<figure>${picture(facts.after.png, "脱敏面单", "masked label")}
<figcaption>${both("现在:姓名隐藏给定名,电话隐藏 6 位以上,地址隐藏单元户室号;打印不需要查看明文", "Now: given name, at least six digits, and unit and room are hidden; printing needs no reveal")}</figcaption></figure></div></section>`;
}

function sealedRow(facts: DemoFacts): string {
  const rows = facts.row.map(([column, value]) => [
    `<code>${escape(column)}</code>`,
    `<code class="wrap">${escape(value)}</code>`,
  ]);
  return `<section><h2>${both("数据库里的这一单", "The same order as the database holds it")}</h2>
<p>${both("密单号", "Token")} <code>${escape(facts.token)}</code></p>
${table([both("列", "column"), both("值", "value")], rows, true)}
<p>${both("姓名、电话、地址和脱敏视图都只是密文;电话只留下一个截短的数字(party.phoneTag),没有密钥就什么也说明不了。", "Parties and masked view are ciphertext. The phone is one truncated number (party.phoneTag), which says nothing without its key.")}</p></section>`;
}

function looks(facts: DemoFacts): string {
  const entries = facts.looks.map(
    (look) =>
      `<details open><summary><code>${escape(look.id)}</code></summary><pre>${escape(look.leaf)}</pre></details>`,
  );
  return `<section><h2>${both("谁看过", "Who looked")}</h2>
<p>${both(
    `按电话查找 ${escape(facts.search.asked)}:命中 ${facts.search.hits} 单,只返回密单号和脱敏视图。随后以“${escape(facts.reveal.purpose)}”为用途查看 ${escape(facts.reveal.field)}:号码只在终端上出现过一次,不进任何文件。先写留痕,后出明文:`,
    `A search for ${escape(facts.search.asked)} found ${facts.search.hits}, as token and masked view. Then ${escape(facts.reveal.field)} was opened for “${escape(facts.reveal.purpose)}”: the number stood on the terminal once and goes into no file. The entry is written first, plaintext leaves after:`,
  )}</p>${entries.join("")}</section>`;
}

function deaths(facts: DemoFacts): string {
  const { death } = facts;
  const rows = death.compartments.map((compartment) => [
    `<code>${escape(compartment.serial)}</code>`,
    compartment.day,
    String(compartment.waybills),
  ]);
  const row = FAILURES[death.after];
  return `<section><h2>${both("什么已经销毁", "What died")}</h2>
<p>${both("春季样本以 121 天前的时钟密封,今天到期。销毁的是密钥:不逐行删除,数据库备份里的旧密文也随之打不开。", "The spring sample was sealed with the clock 121 days back, so it is due today. What is destroyed is the key: no row is rewritten, and old ciphertext in database backups is dead with it.")}</p>
${table([both("密舱", "compartment"), both("销毁日", "day of death"), both("运单", "waybills")], rows)}
<p>${both("同一次查看,销毁前后:", "The same reveal, before and after:")}</p>
<ul><li>${both("销毁前", "before")}: <code>${escape(death.before)}</code></li>
<li>${both("销毁后", "after")}: <code>${death.after}</code> ${both(escape(row.zh), escape(row.en))}</li>
<li>${both("销毁留痕", "audit entry")}: <code>${escape(death.leafId)}</code></li></ul></section>`;
}

function refusals(facts: DemoFacts): string {
  const rows = facts.refused.map((refusal) => {
    const row = FAILURES[refusal.code];
    return [
      String(refusal.line),
      `<code>${escape(refusal.field)}</code>`,
      `<code>${refusal.code}</code> ${both(escape(row.zh), escape(row.en))}`,
      both(escape(row.doZh), escape(row.doEn)),
    ];
  });
  return `<section><h2>${both("拒收的行", "Rows refused")}</h2>
<p>${both("坏行不影响其余各行;清单只写行号、字段和原因,从不写原值。", "A bad row never stops the others. The list names line, field and reason, never the value.")}</p>
${table([both("行", "line"), both("字段", "field"), both("原因", "reason"), both("怎么办", "what to do")], rows)}</section>`;
}

function next(facts: DemoFacts): string {
  const commands = [
    [
      "npx midan seal orders.csv --labels pdf",
      "密封您自己的订单文件",
      "seal an order file of your own",
    ],
    [
      `npx midan show ${facts.token}`,
      "脱敏视图、销毁日、查看记录",
      "masked view, day of death, looks",
    ],
    [`npx midan label ${facts.token} --out label.png`, "重打这张面单", "print this label again"],
    [
      `npx midan reveal ${facts.token} --fields phone --purpose contact --as demo`,
      "按用途查看",
      "open one field for a purpose",
    ],
    [
      "npx midan shred --due --on 2099-01-01 --dry-run",
      "看看将来会销毁什么",
      "see what would die, and when",
    ],
    ["npx midan status", "数量、到期日、健康", "counts, days, health"],
    [
      "MIDAN_SUITE=gm MIDAN_HOME=gm npx midan seal samples/orders-en.csv",
      "改用国密 SM4/SM3",
      "the national algorithms, SM4 and SM3",
    ],
  ] as const;
  const items = commands.map(
    ([command, zh, en]) =>
      `<li><code class="wrap">${escape(command)}</code><br>${both(zh, en)}</li>`,
  );
  const files = facts.files.map((file) => `<li><code>${escape(file)}</code></li>`);
  return `<section><h2>${both("接下来试试", "What to try next")}</h2><ul class="commands">${items.join("")}</ul>
<h3>${both("这次写出的文件", "Files of this run")}</h3><ul>${files.join("")}</ul></section>`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d5dbe3;--paper:#fff;--back:#f3f5f8;--mark:#0b5f59}
@media(prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#a3aebb;--line:#3a4553;--paper:#1b222b;--back:#12171d;--mark:#5fd0c5}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:16px/1.65 system-ui,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
header,main,footer{max-width:66rem;margin:0 auto;padding:1rem}header{display:flex;justify-content:space-between;align-items:start;gap:1rem}
h1{margin:.2rem 0;font-size:1.7rem}h2{margin:.2rem 0 .6rem;font-size:1.25rem}h3{font-size:1rem}
section{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem;margin:0 0 1rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.7rem;margin:0 0 1rem}
.figure{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:.7rem 1rem}.figure b{display:block;font-size:1.6rem;color:var(--mark)}
.labels{display:grid;grid-template-columns:1fr 1fr;gap:1.2rem}figure{margin:0}img{width:100%;height:auto;background:#fff;border:1px solid var(--line)}
figcaption,footer{color:var(--soft);font-size:.9rem}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}code,pre{font:.86rem/1.5 ui-monospace,Menlo,Consolas,monospace}
.wrap{overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--back);padding:.7rem;border-radius:8px;margin:.4rem 0}
summary{cursor:pointer;overflow-wrap:anywhere}button{font:inherit;padding:.35rem .9rem;border:1px solid var(--line);border-radius:8px;background:var(--paper);color:var(--ink);cursor:pointer}
.commands{padding-left:1.1rem}.commands li{margin-bottom:.5rem}p code,li code{overflow-wrap:anywhere}
html[data-lang=zh] span[lang=en],html[data-lang=en] span[lang=zh]{display:none}
@media(max-width:40rem){.labels{grid-template-columns:1fr}.row td{display:block;border:0;padding:.1rem .2rem}.row tr{display:block;border-bottom:1px solid var(--line);padding:.3rem 0}.row thead{display:none}h1{font-size:1.35rem}section{padding:.8rem}}`;

const SCRIPT = `
const root=document.documentElement;
const set=(lang)=>{root.dataset.lang=lang;root.lang=lang==="zh"?"zh-CN":"en"};
set((navigator.language||"zh").startsWith("zh")?"zh":"en");
document.getElementById("lang").addEventListener("click",()=>set(root.dataset.lang==="zh"?"en":"zh"));`;

/** Builds the whole page. Without JavaScript it shows both languages, one after the other. */
export function demoPage(facts: DemoFacts): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Midan 密单 · 演示 demo</title><style>${STYLE}</style></head><body>
<header><div><h1>Midan 密单</h1><div>${both("密封一次,脱敏打印,按用途查看,到期销毁。", "Sealed once, printed masked, opened for a purpose, dead on its day.")}</div></div>
<button id="lang" type="button">中文 / English</button></header>
<main>${figures(facts)}${labels(facts)}${sealedRow(facts)}${looks(facts)}${deaths(facts)}${refusals(facts)}${next(facts)}</main>
<footer>${both("演示数据均为虚构。生成于", "All people are invented. Made on")} ${escape(facts.generatedAt)} · ${facts.summary.seconds} s</footer>
<script>${SCRIPT}</script></body></html>
`;
}
