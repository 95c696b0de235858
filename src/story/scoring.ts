/**
 * Responsibility scores (安全管理责任考核) of all outlets. What a carrier shares comes from the
 * oversight room; the labels of an outlet are all of its paper, read by the same lint, because a
 * spot check draws only some outlets and a score has to be there for each.
 */
import { playedActor } from "../access/actor.ts";
import { recordScores } from "../oversight/recorded-scores.ts";
import type { ScoreOf } from "../oversight/recorded-scores.ts";
import { scoresOf } from "../oversight/responsibility.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { lintPrintable } from "../privacy/lint.ts";
import type { LintField } from "../privacy/lint.ts";
import { PROFILES } from "../privacy/mask-profile.ts";
import { responsibilityScore, SCORE_ITEMS } from "../rules/score.ts";
import type { ResponsibilityScore, Tally } from "../rules/score.ts";
import { LEADING_INSPECTOR, outletOf } from "./cast.ts";
import type { ScoreFact } from "./facts.ts";
import type { Paper } from "./paper.ts";
import type { Stage } from "./stage.ts";

const LEVEL = "gb41833";
const NOTHING: Tally = { count: 0, of: 0 };

function fieldsOf(paper: Paper): LintField[] {
  const parties = [
    ["recipient", paper.recipient],
    ["sender", paper.sender],
  ] as const;
  const fields = parties.flatMap(([zone, party]): LintField[] =>
    party === null
      ? []
      : (["name", "phone", "address"] as const).map((kind) => ({ zone, kind, text: party[kind] })),
  );
  const others = (paper.others ?? []).map(
    (text) => ({ zone: "other", kind: "text", text }) as const,
  );
  return [...fields, ...others];
}

/** Whether one printed label meets the level. */
export function isCompliant(paper: Paper, gazetteer: Gazetteer): boolean {
  return lintPrintable(fieldsOf(paper), PROFILES[LEVEL], gazetteer).length === 0;
}

/** Score of each outlet (id) on one day, and the record that holds all of them. */
export interface OutletScores {
  readonly byOutlet: ReadonlyMap<string, ResponsibilityScore>;
  readonly ref: string;
}

function countLabels(papers: readonly Paper[], gazetteer: Gazetteer): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const paper of papers) {
    const { count, of } = tallies.get(paper.outlet) ?? NOTHING;
    const isGood = isCompliant(paper, gazetteer);
    tallies.set(paper.outlet, { count: count + (isGood ? 1 : 0), of: of + 1 });
  }
  return tallies;
}

/** Scores all outlets by `papers` and by what the carriers' records say now. */
export async function scoreOutlets(
  stage: Stage,
  measured: {
    readonly key: "before" | "after";
    readonly campaign: string;
    readonly papers: readonly Paper[];
  },
): Promise<OutletScores> {
  const { postal, clock, carriers, records } = stage;
  const { campaign, papers, key } = measured;
  const scored = await scoresOf(postal.vault, { campaign, on: clock.today });
  const labels = countLabels(papers, postal.vault.gazetteer);
  const byOutlet = new Map<string, ResponsibilityScore>();
  const all: NamedScore[] = [];
  for (const { headquarters, outlets } of carriers) {
    const shared = scored.find(({ organisation }) => organisation === headquarters.id);
    if (shared === undefined) throw new RangeError("every headquarters is scored");
    for (const { id, name } of outlets) {
      const compliantLabels = labels.get(id) ?? NOTHING;
      const facts = { ...shared.facts, compliantLabels, unansweredRequests: NOTHING };
      const score = responsibilityScore(facts, LEVEL);
      byOutlet.set(id, score);
      all.push({ organisation: id, name, facts, score });
    }
  }
  const title = {
    zh: `各网点考核所据事实(${key === "before" ? "整改前" : "整改后"})`,
    en: `What outlets' scores rest on (${key})`,
  };
  const actor = await playedActor(postal.vault, LEADING_INSPECTOR);
  const given = { campaign, on: clock.today, scores: all, actor };
  const { entry, digest } = await recordScores(postal.vault, given);
  await records.leaf(entry);
  const outlets = all.map(({ organisation, name, facts, score }) => {
    const points = pointsOf(score).map(({ name: { zh }, points: earned }) => [zh, earned] as const);
    const told = { organisation, name, score: score.score, facts };
    return { ...told, points: Object.fromEntries(points) };
  });
  const body = { campaign, on: clock.today, entry, digest, outlets };
  return { byOutlet, ref: records.row(`scores-${key}`, title, body) };
}

interface NamedScore extends ScoreOf {
  readonly name: string;
}

function pointsOf({ items, measuredWeight }: ResponsibilityScore): ScoreFact["parts"] {
  return items.flatMap(({ item, weight, earned }) => {
    if (earned === null) return [];
    const { zh, en } = SCORE_ITEMS[item];
    const points = Math.round(((weight * earned) / measuredWeight) * 1000) / 10;
    return [{ name: { zh, en }, points }];
  });
}

/** Each outlet before and after, with the points of the second score. */
export function scoreFacts(stage: Stage, before: OutletScores, after: OutletScores): ScoreFact[] {
  return stage.carriers.flatMap(({ cast, outlets }) =>
    outlets.map(({ id, name }) => {
      const [was, is] = [before.byOutlet.get(id), after.byOutlet.get(id)];
      if (is === undefined) throw new RangeError("every outlet was scored");
      return {
        carrier: cast.name,
        outlet: outletOf(cast, name),
        before: measuredScore(was),
        after: measuredScore(is),
        refs: { before: before.ref, after: after.ref },
        parts: pointsOf(is),
      };
    }),
  );
}

/** Every outlet has paper, so there is always something that was measured. */
function measuredScore(scored: ResponsibilityScore | undefined): number {
  if (scored === undefined || scored.score === null) throw new RangeError("nothing was measured");
  return scored.score;
}
