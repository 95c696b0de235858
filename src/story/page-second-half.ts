/** Chapters five to eight: the lock, the old data, the death of data, and how it is after. */
import { coverageChart } from "./chart-coverage.ts";
import { scoreChart } from "./chart-score.ts";
import { sweepChart } from "./chart-share.ts";
import type { CoverageFact, ScoreFact, StoryFacts } from "./facts.ts";
import { campaignCard, outletsOf } from "./page-first-half.ts";
import { both, html, join, t } from "./page-html.ts";
import type { Html, Piece } from "./page-html.ts";
import {
  count,
  day,
  exactOf,
  figure,
  file,
  folded,
  levelName,
  num,
  numeral,
  outcome,
  refusal,
  share,
  sourced,
  table,
  verdict,
  wilsonOf,
} from "./page-parts.ts";

export function lockChapter({ locks }: StoryFacts): Html {
  const rows = locks.map((lock) => [
    lock.carrier,
    html`<code>${lock.profile}</code>`,
    sourced(day(lock.lockedOn), lock.ref),
    num(lock.outletsReached, lock.ref),
  ]);
  const head = ["colCarrier", "colProfile", "colLocked", "colReached"] as const;
  return html`<p class="lead">${t("c5lead")}</p>
    ${table({ caption: "lockTable", head, rows })}
    <h3>${t("loosening")}</h3>
    <div class="refusals">${locks.map(({ loosening }) => refusal(loosening))}</div>`;
}

const SWEEP_LEGEND = [
  ["openRows", "legendOpenRows"],
  ["sealedRows", "legendMaskedRows"],
] as const;

export function sweepChapter({ sweep }: StoryFacts): Html {
  const { rows, readableBefore, readableAfter, ref } = sweep;
  const lead = t("c6lead", {
    table: html`<code>${sweep.table}</code>`,
    rows: num(rows, ref),
    chunks: num(sweep.chunks, ref),
    from: num(readableBefore, ref),
    to: num(readableAfter, ref),
    spared: num(sweep.sparedRows, ref),
  });
  const lines = [
    [t("sweptBefore"), num(rows, ref), num(readableBefore, ref)],
    [t("sweptAfter"), num(rows, ref), num(readableAfter, ref)],
  ];
  return html`<p class="lead">${lead}</p>
    ${figure({ caption: "sweepCaption", chart: sweepChart(sweep), legend: SWEEP_LEGEND })}
    ${table({ caption: "sweepTable", head: ["colWhen", "colRows", "colReadable"], rows: lines })}
    <h3>${t("remains")}</h3>
    <p>${t("remainsLead", { record: sourced(t("record"), ref) })}</p>
    <ul class="remains">
      ${sweep.remains.map((text) => html`<li>${sourced(both(text), ref)}</li>`)}
    </ul>`;
}

/** What a reveal ended in: opened, or the failure with its sentence. */
function reveal(word: string): Html {
  if (word !== "OPENED") return outcome(word);
  return html`<span class="state good">✓ ${t("opened")}</span>`;
}

export function deathChapter({ deaths }: StoryFacts): Html {
  const rows = deaths.map((death) => [
    html`${death.carrier} <code>${death.compartment}</code>`,
    sourced(day(death.dayOfDeath), death.ref),
    num(death.waybills, death.ref),
    reveal(death.revealBefore),
    reveal(death.revealAfter),
    file(death.certificate, "certificate"),
  ]);
  return html`<p class="lead">${t("c7lead")}</p>
    ${table({
      caption: "deathTable",
      head: [
        "colCompartment",
        "colDay",
        "colWaybills",
        "colRevealBefore",
        "colRevealAfter",
        "colCertificate",
      ],
      rows,
    })}`;
}

const BEFORE_AFTER = [
  ["before", "before"],
  ["after", "after"],
] as const;

function coverageRow(name: Piece, when: "before" | "after", fact: CoverageFact): readonly Piece[] {
  return [
    name,
    t(when),
    share(fact),
    count(fact),
    wilsonOf(fact),
    exactOf(fact),
    html`${verdict(fact)} <span class="basis own-line">${levelName(fact.level)}</span>`,
  ];
}

function coverageTable({ carriers, before, after }: StoryFacts): Html {
  const rows = carriers.flatMap((carrier) => [
    coverageRow(carrier.name, "before", carrier.before),
    coverageRow(carrier.name, "after", carrier.after),
  ]);
  rows.push(coverageRow(t("allCarriers"), "before", before.total));
  rows.push(coverageRow(t("allCarriers"), "after", after.total));
  const tail = ["colWilson", "colExact", "colVerdict"] as const;
  const head = ["colCarrier", "colWhen", "colShare", "colCount", ...tail] as const;
  return table({ caption: "coverageTable", head, rows });
}

function scoreRow(score: ScoreFact): readonly Piece[] {
  const { refs } = score;
  const parts = score.parts.map(
    ({ name, points }) =>
      html`<span class="part">${both(name)} ${sourced(numeral(points), refs.after)}</span>`,
  );
  return [
    html`${score.carrier} ${score.outlet}`,
    num(score.before, refs.before),
    num(score.after, refs.after),
    join(parts, " "),
  ];
}

function training({ trainings }: StoryFacts): Html {
  const rows = trainings.map((one) => [
    html`<code>${one.actor}</code>`,
    one.course,
    sourced(day(one.validUntil), one.ref),
    html`<span class="state ${one.valid ? "good" : "bad"}"
      >${one.valid ? "✓" : "✕"} ${t(one.valid ? "valid" : "expired")}</span
    >`,
    reveal(one.reveal),
  ]);
  const head = ["colActor", "colCourse", "colValid", "colState", "colReveal"] as const;
  return table({ caption: "trainingTable", head, rows });
}

export function afterChapter(facts: StoryFacts): Html {
  const { after } = facts;
  const outlets = num(after.outletsDrawn, after.total.ref);
  const parcels = num(after.parcelsDrawn, after.total.ref);
  const scores = facts.scores.map(scoreRow);
  const head = ["colOutlet", "colBefore", "colAfter", "colParts"] as const;
  return html`<p class="lead">${t("c8lead", { outlets, parcels })}</p>
    ${campaignCard(after, outletsOf(facts))}
    <h3>${t("coverageChart")}</h3>
    ${figure({ caption: "coverageCaption", chart: coverageChart(facts), legend: BEFORE_AFTER })}
    ${coverageTable(facts)}
    <h3>${t("scoreHeading")}</h3>
    ${figure({ caption: "scoreCaption", chart: scoreChart(facts.scores), legend: BEFORE_AFTER })}
    ${folded({ caption: "scoreTable", head, rows: scores })}
    <h3>${t("trainingHeading")}</h3>
    ${training(facts)}`;
}
