/** Training of couriers (培训): who passed, whose has run out, and what their reveals end in. */
import { playedActor, staffPseudonym } from "../access/actor.ts";
import { recordTraining } from "../access/training.ts";
import { addDays } from "../rules/calendar.ts";
import { COURSES, trainingStateOn } from "../rules/training.ts";
import { connected } from "../store/pool.ts";
import { trainingOfActor } from "../store/training.ts";
import { ACCOUNTS, couriersOf } from "./cast.ts";
import { lastingParcels, tryReveal } from "./dying.ts";
import type { TrainingFact } from "./facts.ts";
import type { CarrierStage, Stage } from "./stage.ts";

const COURSE = "waybill-privacy";
/** The course holds a year; this courier passed it longer ago than that. */
const EXPIRED_DAYS_AGO = 400;
const RECORDS_MAX = 10;

/** The couriers whose records the page shows: outlet, and which of its two. */
const SHOWN = [
  [0, 0],
  [0, 1],
  [1, 0],
] as const;
/** Courier of the first carrier whose training has run out. */
export const EXPIRED_COURIER = couriersOf(0)[1];

/** The courier of the first outlet, whose training is valid. */
export function trainedCourier(): string {
  return couriersOf(0)[0];
}

/** Records the training of every outlet's couriers; one of the first carrier's has run out. */
export async function trainCouriers(stage: Stage): Promise<ReadonlyMap<string, string>> {
  const entries = new Map<string, string>();
  const [first] = stage.carriers;
  for (const carrier of stage.carriers) {
    for (const at of carrier.outlets.keys()) {
      for (const trainee of couriersOf(at)) {
        const isExpired = carrier === first && trainee === EXPIRED_COURIER;
        const passedOn = addDays(stage.clock.today, isExpired ? -EXPIRED_DAYS_AGO : -at);
        const actor = await playedActor(carrier.vault, ACCOUNTS.headquarters);
        const given = { trainee, course: COURSE, passedOn, actor };
        const { entry } = await recordTraining(carrier.vault, given);
        entries.set(`${carrier.cast.tenant}/${trainee}`, entry);
      }
    }
  }
  return entries;
}

async function factOf(
  stage: Stage,
  carrier: CarrierStage,
  courier: { readonly account: string; readonly entry: string; readonly at: number },
): Promise<TrainingFact> {
  const { account, entry, at } = courier;
  const actor = await staffPseudonym(carrier.vault, account);
  const who = { tenantId: carrier.vault.tenant.id, actor, course: COURSE } as const;
  const rows = await connected(carrier.vault.database, async (connection) =>
    trainingOfActor(connection, who, RECORDS_MAX),
  );
  const parcel = lastingParcels(stage, carrier)[at];
  if (parcel === undefined) throw new RangeError("a story has parcels that last");
  return {
    actor,
    course: COURSES[COURSE].zh,
    validUntil: rows[0]?.validUntil ?? "",
    valid: trainingStateOn(rows, COURSE, stage.clock.today) === "valid",
    reveal: await tryReveal(carrier, parcel, account),
    ref: await stage.records.leaf(entry),
  };
}

/** Three couriers of the first carrier each try to open a phone. */
export async function trainingFacts(
  stage: Stage,
  entries: ReadonlyMap<string, string>,
): Promise<TrainingFact[]> {
  const [carrier] = stage.carriers;
  if (carrier === undefined) throw new RangeError("a story has carriers");
  const facts: TrainingFact[] = [];
  for (const [at, [outlet, which]] of SHOWN.entries()) {
    const account = couriersOf(outlet)[which];
    const entry = entries.get(`${carrier.cast.tenant}/${account}`) ?? "";
    facts.push(await factOf(stage, carrier, { account, entry, at }));
  }
  return facts;
}
