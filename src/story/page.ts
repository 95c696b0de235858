/** The page of the story: one offline file, Chinese and English, desk and phone, light and dark. */
import { readFileSync } from "node:fs";
import { meter } from "./chart-coverage.ts";
import type { CampaignFact, StoryFacts } from "./facts.ts";
import { beforeChapter, bottleneckChapter, caseChapter, checkChapter } from "./page-first-half.ts";
import { both, html, join, plain, raw, t } from "./page-html.ts";
import type { Html } from "./page-html.ts";
import { PARAGRAPHS } from "./page-paragraphs.ts";
import {
  count,
  day,
  levelName,
  num,
  numeral,
  share,
  sourced,
  table,
  verdict,
  wilsonOf,
} from "./page-parts.ts";
import { checkLinks, recordList } from "./page-records.ts";
import { afterChapter, deathChapter, lockChapter, sweepChapter } from "./page-second-half.ts";
import type { StoryText } from "./text.ts";

interface Chapter {
  readonly seal: string;
  readonly title: StoryText;
  readonly build: (facts: StoryFacts) => Html;
  readonly command: string;
}

const CHAPTERS: readonly Chapter[] = [
  { seal: "一", title: "c1", build: beforeChapter, command: "midan seal · midan policy show" },
  { seal: "二", title: "c2", build: checkChapter, command: "midan campaign open · look · result" },
  { seal: "三", title: "c3", build: bottleneckChapter, command: "midan policy set · request" },
  {
    seal: "四",
    title: "c4",
    build: caseChapter,
    command: "midan case open · move · letter · link",
  },
  { seal: "五", title: "c5", build: lockChapter, command: "midan policy lock" },
  { seal: "六", title: "c6", build: sweepChapter, command: "midan sweep plan · run" },
  { seal: "七", title: "c7", build: deathChapter, command: "midan shred --due" },
  {
    seal: "八",
    title: "c8",
    build: afterChapter,
    command: "midan campaign result · scores · midan org training",
  },
];

function half(campaign: CampaignFact, kind: "before" | "after"): Html {
  const { total } = campaign;
  return html`<div class="half ${kind}">
    <div class="when">${t(kind)}</div>
    <div class="big">${share(total)}</div>
    ${meter(total, kind)}
    <div class="fine">
      ${t("colCount")} ${count(total)}<br />${t("wilson95")} ${wilsonOf(total)}
      <br />${levelName(total.level)}
    </div>
    ${verdict(total)}
  </div>`;
}

function stat(value: Html, words: Html): Html {
  return html`<li><b>${value}</b> ${words}</li>`;
}

function stats({ waybills, requests, sweep, deaths, locks }: StoryFacts): Html {
  const slowest = requests.toSorted((a, b) => b.waitDays - a.waitDays)[0];
  const from = num(sweep.readableBefore, sweep.ref);
  const [death] = deaths;
  const [lock] = locks;
  const items = [
    stat(num(waybills.value, waybills.ref), t("statWaybills")),
    ...(slowest === undefined ? [] : [stat(num(slowest.waitDays, slowest.ref), t("statWait"))]),
    ...(lock === undefined ? [] : [stat(num(lock.outletsReached, lock.ref), t("statLock"))]),
    stat(num(sweep.readableAfter, sweep.ref), t("statSweep", { from })),
    ...(death === undefined ? [] : [stat(num(death.waybills, death.ref), t("statDead"))]),
  ];
  return html`<ul class="stats">
    ${items}
  </ul>`;
}

function hero(facts: StoryFacts): Html {
  return html`<header class="hero">
    <div class="bar">
      <span class="kicker">${t("kicker")}</span>
      <button id="lang" type="button">${t("switch")}</button>
    </div>
    <h1>${t("title")}</h1>
    <p class="lead">${t("lead")}</p>
    <div class="span" role="group" aria-label="${plain("heroSpan")}">
      ${half(facts.before, "before")}
      <div class="arrow" aria-hidden="true">→</div>
      ${half(facts.after, "after")}
    </div>
    ${stats(facts)}
    <aside class="origin">
      <p>${t("origin")}</p>
      <p><strong>${t("invented")}</strong></p>
    </aside>
  </header>`;
}

function contents(): Html {
  const items = CHAPTERS.map(
    ({ seal, title }, at) =>
      html`<li>
        <a href="#chapter-${at + 1}"
          ><span class="seal small" aria-hidden="true">${seal}</span> <span>${t(title)}</span></a
        >
      </li>`,
  );
  const more = (["paragraphs", "thin", "records"] as const).map(
    (key) => html`<li class="more"><a href="#${key}">${t(key)}</a></li>`,
  );
  return html`<nav class="contents" aria-label="${plain("contents")}">
    <ul>
      ${items}${more}
    </ul>
  </nav>`;
}

function chapter({ seal, title, build, command }: Chapter, at: number, facts: StoryFacts): Html {
  const id = `chapter-${at + 1}`;
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title"><span class="seal" aria-hidden="true">${seal}</span> ${t(title)}</h2>
    ${build(facts)}
    <p class="command">${t("command")} <code>${command}</code></p>
  </section>`;
}

function paragraphs(): Html {
  const rows = PARAGRAPHS.map((one) => [
    both(one),
    html`<code>${one.command}</code>`,
    html`<a href="#chapter-${one.chapter}">${CHAPTERS[one.chapter - 1]?.seal ?? ""}</a>`,
  ]);
  const head = ["colParagraph", "colCommand", "colChapter"] as const;
  return table({ caption: "paragraphTable", head, rows });
}

function thin(facts: StoryFacts): Html {
  const items = facts.thin.map((text) => html`<li>${both(text)}</li>`);
  return html`<p>${t("thinLead")}</p>
    <ul class="thin">
      ${items}
    </ul>`;
}

function closing(key: "paragraphs" | "thin" | "records", inner: Html): Html {
  return html`<section id="${key}" aria-labelledby="${key}-title">
    <h2 id="${key}-title">${t(key)}</h2>
    ${inner}
  </section>`;
}

function body(facts: StoryFacts): Html {
  const chapters = CHAPTERS.map((one, at) => chapter(one, at, facts));
  const on = sourced(day(facts.startedOn), facts.seconds.ref);
  const seconds = sourced(numeral(facts.seconds.value), facts.seconds.ref);
  return html`<a class="skip" href="#story">${t("skip")}</a>${hero(facts)}
    <div class="columns">
      ${contents()}
      <main id="story">
        ${join(chapters, "\n")}
        ${closing("paragraphs", paragraphs())}${closing("thin", thin(facts))}
        ${closing("records", recordList(facts))}
      </main>
    </div>
    <footer>
      <p>${t("footer", { on, seconds })}</p>
      <p>${t("offline")}</p>
    </footer>`;
}

const STYLE = readFileSync(new URL("./page.css", import.meta.url), "utf8");

const SCRIPT = `
const root = document.documentElement;
const set = (lang) => { root.dataset.lang = lang; root.lang = lang === "zh" ? "zh-CN" : "en"; };
const asked = /^(zh|en)$/.exec(new URLSearchParams(location.search).get("lang") || "");
set(asked ? asked[1] : (navigator.language || "zh").startsWith("zh") ? "zh" : "en");
const other = () => set(root.dataset.lang === "zh" ? "en" : "zh");
document.getElementById("lang").addEventListener("click", other);
const open = () => {
  const record = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (record instanceof HTMLDetailsElement) record.open = true;
};
addEventListener("hashchange", open);
open();
`;

const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/**
 * The whole page as HTML. Without JavaScript it shows both languages, one after the other. Throws
 * RangeError when a number of the facts refers to a record that is not among them.
 */
export function storyPage(facts: StoryFacts): string {
  const inner = body(facts);
  checkLinks(inner, facts);
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}" />
        <meta name="color-scheme" content="light dark" />
        <title>Midan 密单 · ${plain("title")}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        ${inner}
        <script>
          ${raw(SCRIPT)};
        </script>
      </body>
    </html> `.text;
}
