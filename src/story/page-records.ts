/** The appendix: every record that a number of the page leads to. */
import type { RecordFact, StoryFacts } from "./facts.ts";
import { both, html, t } from "./page-html.ts";
import type { Html } from "./page-html.ts";
import { anchorOf } from "./page-parts.ts";

const KINDS = ["leaf", "row", "file"] as const;

function entry({ id, title, body }: RecordFact): Html {
  return html`<details class="record" id="${anchorOf(id)}">
    <summary>${both(title)} <code>${id}</code></summary>
    <pre>${body}</pre>
  </details>`;
}

export function recordList({ records }: StoryFacts): Html {
  const groups = KINDS.map((kind) => {
    const list = records.filter((record) => record.kind === kind);
    return list.length === 0
      ? html``
      : html`<h3>${t(kind)}</h3>
          ${list.map(entry)}`;
  });
  return html`<p>${t("recordsLead")}</p>
    ${groups}`;
}

/**
 * Throws RangeError when a link of the page leads to no record: a number must have one behind it.
 */
export function checkLinks(page: Html, { records }: StoryFacts): void {
  const there = new Set(records.map(({ id }) => anchorOf(id)));
  for (const [, target = ""] of page.text.matchAll(/href="#(rec-[^"]*)"/g)) {
    if (!there.has(target)) throw new RangeError(`no record ${target} behind a number of the page`);
  }
}
