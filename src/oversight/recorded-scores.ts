/**
 * Scores that somebody acts on, held fast: the entry commits to every organisation's facts and
 * score, so that whoever publishes or answers them can be held to what was computed.
 */
import { authorise } from "../access/authorise.ts";
import type { CanonicalValue } from "../audit/canonical-json.ts";
import type { Day } from "../rules/calendar.ts";
import type { ResponsibilityScore, ScoreFacts, Tally } from "../rules/score.ts";
import { transaction } from "../store/pool.ts";
import { requireCampaign } from "./case-owner.ts";
import { digestOf } from "./correction-order.ts";
import { entryText, writeAct } from "./office.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";

export interface ScoreOf {
  readonly organisation: string;
  readonly facts: ScoreFacts;
  readonly score: ResponsibilityScore;
}

export interface RecordedScores {
  /** Id of the audit entry, hex, and the digest in it. */
  readonly entry: string;
  readonly digest: string;
}

function factsOf(facts: ScoreFacts): (readonly [string, CanonicalValue])[] {
  const rows: readonly (readonly [string, Tally])[] = Object.entries<Tally>({ ...facts });
  return rows.map(([item, { count, of }]) => [item, { count, of }] as const);
}

/** What the digest is over: sorted by organisation, scores in tenths, since it knows integers. */
function committed(scores: readonly ScoreOf[]): CanonicalValue {
  return scores
    .toSorted((one, other) => (one.organisation < other.organisation ? -1 : 1))
    .map(({ organisation, facts, score }) => ({
      organisation,
      facts: Object.fromEntries(factsOf(facts)),
      scoreTenths: score.score === null ? null : Math.round(score.score * 10),
    }));
}

/**
 * Leaves the entry `scores-recorded` with how many there are and the SHA-256 over all of them.
 * Throws CAMPAIGN_UNKNOWN, or OFFICE_FOREIGN to who did not open the spot check.
 */
export async function recordScores(
  office: Office,
  given: {
    readonly campaign: string;
    readonly on: Day;
    readonly actor: Actor;
    readonly scores: readonly ScoreOf[];
  },
): Promise<RecordedScores> {
  await authorise(office, { actor: given.actor, verb: "score" });
  const { campaign, on, actor, scores } = given;
  await requireCampaign(office, campaign, { act: "look", actor });
  const digest = digestOf(committed(scores));
  const act = { type: "scores-recorded", actor, campaign, on, count: scores.length } as const;
  const entry = await transaction(office.database, async (connection) =>
    writeAct(office, connection, { ...act, digest }),
  );
  return { entry: entryText(entry), digest };
}
