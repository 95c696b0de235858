/** Parts that every chapter uses: numbers with their records, coverage, tables, figures. */
import { boundText } from "../rules/coverage.ts";
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
export function percent(part: number): string {
  const clear = part > 0 && part < 1;
  const rounded = Math.round(part * 1000) / 10;
  return `${(clear ? Math.min(99.9, Math.max(0.1, rounded)) : rounded).toFixed(1)}\u00a0%`;
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

/** A bound as the letter prints it: cut away from the claim, a lower one down, an upper one up. */
export function bound(value: number, side: "down" | "up"): string {
  return boundText(value, side).replace(" %", "\u00a0%");
}

function bounds({ low, high }: CoverageFact["wilson"]): string {
  return `${bound(low, "down").replace("\u00a0%", "")}–${bound(high, "up")}`;
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

/** A file beside the page; the name can lead nowhere else. */
export function file(name: string, words: StoryText): Html {
  return html`<a class="file" href="./${encodeURIComponent(name)}">${t(words)}</a>`;
}

export interface Table {
  readonly caption: StoryText;
  readonly head: readonly StoryText[];
  readonly rows: readonly (readonly Piece[])[];
}

/** More columns than this do not fit a phone: there each row becomes a card. */
const COLUMNS_ON_PHONE = 3;

function cells({ head }: Table, row: readonly Piece[]): Html {
  const [first = "", ...rest] = row;
  const named = rest.map((cell, at) => {
    const key = head[at + 1];
    // The heading again, for cards; a reader of the screen has it from the column already.
    const label =
      key === undefined ? html`` : html`<span class="label" aria-hidden="true">${t(key)}</span>`;
    return html`<td role="cell">${label}<span class="cell">${cell}</span></td>`;
  });
  return html`<tr role="row">
    <th scope="row" role="rowheader">${first}</th>
    ${named}
  </tr>`;
}

/**
 * The first cell of a row names it. The roles are said outright, because a row shown as a card is
 * no longer a row to some browsers.
 */
export function table(given: Table): Html {
  const { caption, head, rows } = given;
  const heads = head.map((key) => html`<th scope="col" role="columnheader">${t(key)}</th>`);
  const kind = head.length > COLUMNS_ON_PHONE ? "scroll cards" : "scroll";
  const body = rows.map((row) => cells(given, row));
  return html`<div class="${kind}" tabindex="0" role="region" aria-label="${plain(caption)}">
    <table role="table">
      <caption>
        ${t(caption)}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${heads}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${body}
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
