/** Parts that every chapter uses: numbers with their records, coverage, tables, figures. */
import { FAILURES } from "../rules/failure.ts";
import type { CoverageFact, RefusalFact } from "./facts.ts";
import { both, html, plain, t } from "./page-html.ts";
import type { Html, Piece } from "./page-html.ts";
import type { StoryText } from "./text.ts";

/** What a rule level is called in the standard that sets it. */
const LEVELS: Readonly<Record<string, string>> = { gb41833: "GB/T 41833-2022" };

/** The fragment of a record: letters and digits stay, everything else is spelt out in hex. */
export function anchorOf(ref: string): string {
  const safe = ref.replaceAll(
    /[^A-Za-z0-9-]/gu,
    (sign) => `_${(sign.codePointAt(0) ?? 0).toString(16)}_`,
  );
  return `rec-${safe}`;
}

/** Whole numbers with a comma at the thousands, others with at most two places. */
export function numeral(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** A share 0..1 in percent, one place; never rounded onto 0 or 100 that it is not. */
export function percent(share: number): string {
  const clear = share > 0 && share < 1;
  const rounded = Math.round(share * 1000) / 10;
  return `${(clear ? Math.min(99.9, Math.max(0.1, rounded)) : rounded).toFixed(1)} %`;
}

/** Any text that leads to its record. */
export function sourced(text: Piece, ref: string): Html {
  return html`<a class="n" href="#${anchorOf(ref)}">${text}</a>`;
}

export function num(value: number, ref: string): Html {
  return sourced(numeral(value), ref);
}

export function day(on: string): Html {
  return html`<time datetime="${on}">${on}</time>`;
}

export function levelName(level: string): string {
  return LEVELS[level] ?? level;
}

/** Percent of a coverage, linked. */
export function share({ x, n, ref }: CoverageFact): Html {
  return sourced(percent(x / n), ref);
}

export function count({ x, n, ref }: CoverageFact): Html {
  return sourced(`${numeral(x)} / ${numeral(n)}`, ref);
}

function bounds({ low, high }: CoverageFact["wilson"]): string {
  return `${percent(low).replace(" %", "")}–${percent(high)}`;
}

export function wilsonOf(fact: CoverageFact): Html {
  return sourced(bounds(fact.wilson), fact.ref);
}

export function exactOf(fact: CoverageFact): Html {
  return sourced(bounds(fact.clopperPearson), fact.ref);
}

/** "Over 90 %" only when the lower bound is over it (P15). */
export function verdict({ over90 }: CoverageFact): Html {
  const key = over90 ? "over90" : "notOver90";
  return html`<span class="verdict ${over90 ? "good" : "bad"}">${t(key)}</span>`;
}

/** A coverage with what it must never go without: rule level, n and interval (P15). */
export function coverage(fact: CoverageFact): Html {
  return t("coverageLine", {
    share: share(fact),
    count: count(fact),
    wilson: wilsonOf(fact),
    exact: exactOf(fact),
    level: levelName(fact.level),
  });
}

function isFailureCode(code: string): code is keyof typeof FAILURES {
  return Object.hasOwn(FAILURES, code);
}

/** A failure code with its sentence. */
export function outcome(code: string): Html {
  const words = isFailureCode(code) ? both(FAILURES[code]) : html``;
  return html`<code class="code">${code}</code> ${words}`;
}

export function refusal(fact: RefusalFact): Html {
  const what = t("refusalLine", { outlet: fact.outlet, asked: html`<code>${fact.asked}</code>` });
  return html`<div class="refusal">
    <p>${what}</p>
    <p><a class="n" href="#${anchorOf(fact.ref)}">${outcome(fact.code)}</a></p>
  </div>`;
}

export interface Table {
  readonly caption: StoryText;
  readonly head: readonly StoryText[];
  readonly rows: readonly (readonly Piece[])[];
}

/** Scrolls sideways where it must; the first cell of a row names it. */
export function table({ caption, head, rows }: Table): Html {
  const line = ([first, ...rest]: readonly Piece[]): Html =>
    html`<tr>
      <th scope="row">${first ?? ""}</th>
      ${rest.map((cell) => html`<td>${cell}</td>`)}
    </tr>`;
  const heads = head.map((key) => html`<th scope="col">${t(key)}</th>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${plain(caption)}">
    <table>
      <caption>
        ${t(caption)}
      </caption>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows.map(line)}
      </tbody>
    </table>
  </div>`;
}

/** A long table behind a line that opens it. */
export function folded(inner: Table): Html {
  return html`<details class="fold">
    <summary>${t(inner.caption)}</summary>
    ${table(inner)}
  </details>`;
}

export interface Figure {
  readonly caption: StoryText;
  readonly chart: Html;
  /** What its marks mean: class of the swatch and words. */
  readonly legend?: readonly (readonly [swatch: string, key: StoryText])[];
}

export function figure({ caption, chart, legend = [] }: Figure): Html {
  const keys = legend.map(([swatch, key]) => html`<li class="key ${swatch}">${t(key)}</li>`);
  const list =
    keys.length === 0
      ? html``
      : html`<ul class="legend">
          ${keys}
        </ul>`;
  return html`<figure>
    ${list}${chart}
    <figcaption>${t(caption)}</figcaption>
  </figure>`;
}
