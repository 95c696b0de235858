/** Chapters one to four: how it was, the spot check, the bottleneck, the recommendation. */
import { CASE_STATES, parseCaseState } from "../rules/case-state.ts";
import { labelDrawing } from "./chart-label.ts";
import { drawChart, rulesChart } from "./chart-share.ts";
import { timelineChart } from "./chart-timeline.ts";
import { waitChart } from "./chart-wait.ts";
import type { CampaignFact, CaseFact, StoryFacts } from "./facts.ts";
import { both, html, t } from "./page-html.ts";
import type { Html } from "./page-html.ts";
import {
  count,
  coverage,
  day,
  exactOf,
  figure,
  file,
  levelName,
  num,
  percent,
  refusal,
  share,
  sourced,
  table,
  verdict,
  wilsonOf,
} from "./page-parts.ts";

const RULES = ["W1", "W2", "W3", "W4"] as const;

const BEFORE_AFTER = [
  ["before", "before"],
  ["after", "after"],
] as const;

/** Of a campaign: how many outlets there are in all. */
export function outletsOf({ carriers }: StoryFacts): number {
  return carriers.reduce((sum, { outlets }) => sum + outlets, 0);
}

function clear({ clearShare }: StoryFacts): Html {
  return t("clearLine", {
    share: share(clearShare),
    count: count(clearShare),
    wilson: wilsonOf(clearShare),
    exact: exactOf(clearShare),
    level: levelName(clearShare.level),
  });
}

export function beforeChapter(facts: StoryFacts): Html {
  const waybills = num(facts.waybills.value, facts.waybills.ref);
  const rows = facts.carriers.map((carrier) => [
    carrier.name,
    num(carrier.outlets, carrier.ref),
    num(carrier.waybills, carrier.ref),
    sourced(percent(carrier.clearOutlets), carrier.ref),
  ]);
  return html`<p class="lead">${t("c1lead", { waybills, clear: clear(facts) })}</p>
    <div class="labels">
      ${figure({ caption: "labelClear", chart: labelDrawing("before") })}
      ${figure({ caption: "labelMasked", chart: labelDrawing("after") })}
    </div>
    <p>${t("legacy")}</p>
    ${table({
      caption: "carrierTable",
      head: ["colCarrier", "colOutlets", "colWaybills", "colClear"],
      rows,
    })}`;
}

/** Seed, draw and result of one campaign. */
export function campaignCard(campaign: CampaignFact, outlets: number): Html {
  return html`<dl class="card">
      <dt>${t("seed")}</dt>
      <dd>${sourced(html`<code>${campaign.seed}</code>`, campaign.ref)}</dd>
      <dt>${t("found")}</dt>
      <dd>${coverage(campaign.total)} ${verdict(campaign.total)}</dd>
    </dl>
    ${figure({ caption: "drawCaption", chart: drawChart(campaign, outlets) })}`;
}

export function checkChapter(facts: StoryFacts): Html {
  const { before, after } = facts;
  const outlets = num(before.outletsDrawn, before.total.ref);
  const parcels = num(before.parcelsDrawn, before.total.ref);
  const rows = RULES.map((rule) => [
    t(rule),
    num(before.rules[rule], before.total.ref),
    num(after.rules[rule], after.total.ref),
  ]);
  return html`<p class="lead">${t("c2lead", { outlets, parcels })}</p>
    ${campaignCard(before, outletsOf(facts))}
    <h3>${t("rulesChart")}</h3>
    ${figure({ caption: "rulesCaption", chart: rulesChart(facts), legend: BEFORE_AFTER })}
    ${table({ caption: "rulesTable", head: ["colRule", "before", "after"], rows })}`;
}

function answer(word: string): Html {
  return word === "granted" || word === "refused" ? t(word) : html`${word}`;
}

export function bottleneckChapter({ refusal: fact, requests }: StoryFacts): Html {
  const longestFirst = requests.toSorted((a, b) => b.waitDays - a.waitDays);
  const rows = longestFirst.map((request) => [
    html`${request.carrier} ${request.outlet}`,
    sourced(day(request.filedOn), request.ref),
    sourced(day(request.answeredOn), request.ref),
    num(request.waitDays, request.ref),
    answer(request.answer),
  ]);
  return html`<p class="lead">${t("c3lead")}</p>
    ${refusal(fact)}
    <h3>${t("waitChart")}</h3>
    ${figure({ caption: "waitCaption", chart: waitChart(requests) })}
    ${table({
      caption: "waitTable",
      head: ["colOutlet", "colFiled", "colAnswered", "colWait", "colAnswer"],
      rows,
    })}`;
}

/** Whether a term was met, in words and with a sign, never by colour alone. */
function metState(due: string, met: string | null): Html {
  if (met === null) return html`<span class="state bad">○ ${t("legendOpen")}</span>`;
  if (met > due) return html`<span class="state bad">✕ ${t("legendLate")}</span>`;
  return html`<span class="state good">✓ ${t("legendMet")}</span>`;
}

function stateName(state: string): Html {
  const known = parseCaseState(state);
  return known === null ? html`${state}` : both(CASE_STATES[known]);
}

function stepList({ steps }: CaseFact): Html {
  const items = steps.map(
    (step) =>
      html`<li>
        <div class="step">
          ${sourced(day(step.on), step.ref)}<b>${stateName(step.state)}</b>
          <span>${both(step.note)}</span>
        </div>
      </li>`,
  );
  return html`<ol class="steps">
    ${items}
  </ol>`;
}

function terms({ deadlines, ref }: CaseFact): Html {
  const rows = deadlines.map(({ name, dueOn, metOn, basis }) => [
    both(name),
    sourced(day(dueOn), ref),
    metOn === null ? t("none") : sourced(day(metOn), ref),
    metState(dueOn, metOn),
    html`<span class="basis">${basis}</span>`,
  ]);
  const head = ["colTerm", "colDue", "colMet", "colState", "colBasis"] as const;
  return table({ caption: "termTable", head, rows });
}

function orders({ orders: list, ref }: CaseFact): Html {
  const rows = list.map(({ addressee, dueOn, provedOn, proof }) => [
    addressee,
    sourced(day(dueOn), ref),
    provedOn === null ? t("none") : sourced(day(provedOn), ref),
    metState(dueOn, provedOn),
    proof === "" ? t("none") : html`<span class="basis">${proof}</span>`,
  ]);
  const head = ["colAddressee", "colDue", "colMet", "colState", "colProof"] as const;
  return table({ caption: "orderTable", head, rows });
}

function suggestion({ suggestion: fact, ref }: CaseFact): Html {
  const { title, assignedOn, dueOn, answeredOn } = fact;
  const answered =
    answeredOn === null ? t("notAnswered") : t("answeredOn", { on: sourced(day(answeredOn), ref) });
  const when = { assigned: sourced(day(assignedOn), ref), due: sourced(day(dueOn), ref), answered };
  return html`<p class="note">${t("suggestion", { title, ...when })}</p>`;
}

const TERM_LEGEND = [
  ["due", "legendDue"],
  ["met", "legendMet"],
  ["late", "legendLate"],
  ["open", "legendOpen"],
] as const;

export function caseChapter({ matter }: StoryFacts): Html {
  const { letter } = matter;
  const number = sourced(matter.number, matter.ref);
  return html`<p class="lead">${t("c4lead", { number })}</p>
    <p class="files">${file(letter.pdf, "letterPdf")} ${file(letter.docx, "letterDocx")}</p>
    <h3>${t("timelineChart")}</h3>
    ${figure({ caption: "timelineCaption", chart: timelineChart(matter), legend: TERM_LEGEND })}
    <h3>${t("steps")}</h3>
    ${stepList(matter)} ${terms(matter)} ${orders(matter)} ${suggestion(matter)}`;
}
