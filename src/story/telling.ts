/** The story from its first day to its last, in the order in which things happened. */
import { answerRequests, fileRequests, requestFacts, tryAlone } from "./asking.ts";
import { trainCouriers, trainedCourier, trainingFacts } from "./courier-training.ts";
import { deliverNext } from "./delivering.ts";
import { dyingParcels, lastingParcels, letDie } from "./dying.ts";
import { carrierFact, clearFact, countWaybills } from "./carrier-fact.ts";
import type { Sourced, StoryFacts } from "./facts.ts";
import { draftRecommendation, LETTER_FILES } from "./letter.ts";
import { lockCarrier, requireTrainingOf, tryToLoosen } from "./locking.ts";
import type { Locked } from "./locking.ts";
import {
  answerDeputy,
  close,
  copyUp,
  investigate,
  linkDeputy,
  matterFact,
  orderCorrections,
  proveCorrections,
  reply,
  serveRecommendation,
} from "./matter.ts";
import { countOldRows, openOldSystem, sweepOldRows } from "./old-system.ts";
import { keepPaper, printOldLabels } from "./paper.ts";
import type { Paper } from "./paper.ts";
import { scoreFacts, scoreOutlets } from "./scoring.ts";
import type { OutletScores } from "./scoring.ts";
import { printNewLabels, sealParcels } from "./sealing.ts";
import { spotCheck } from "./spot-check.ts";
import type { SpotCheck } from "./spot-check.ts";
import type { Stage } from "./stage.ts";
import { THIN } from "./thin.ts";

interface Before {
  readonly check: SpotCheck;
  readonly scores: OutletScores;
  /** What counted at each outlet of a carrier (by tenant id), in the order of its outlets. */
  readonly settings: ReadonlyMap<string, readonly string[]>;
}

/** The labels of before, and the first spot check. */
async function tellBefore(stage: Stage): Promise<Before> {
  const { clock, tell } = stage;
  tell("此前:各网点按旧设置打印面单", "Before: outlets print as their old settings say");
  clock.go("printed");
  const papers: Paper[] = [];
  const settings = new Map<string, readonly string[]>();
  for (const carrier of stage.carriers) {
    const printed = await printOldLabels(carrier);
    papers.push(...printed.papers);
    settings.set(carrier.vault.tenant.id, printed.settings);
  }
  await keepPaper(stage.dir, "paper-before.ndjson", papers);
  tell("抽查:以公开种子双随机抽取", "The spot check, drawn at random from a printed seed");
  clock.go("sampled");
  const seed = `${stage.seed} 第一次`;
  const plan = { key: "before", name: "第一次抽查", seed, papers } as const;
  const check = await spotCheck(stage, plan);
  const campaign = check.result.id;
  const scores = await scoreOutlets(stage, { key: "before", campaign, papers });
  return { check, scores, settings };
}

/** From the refusals to the recommendation. */
async function tellBottleneck(stage: Stage, campaign: string) {
  const { clock, tell } = stage;
  tell("瓶颈:仅总部可设置,网点提出授权申请", "The bottleneck: only headquarters may");
  clock.go("asked");
  const [refusal] = await tryAlone(stage);
  if (refusal === undefined) throw new RangeError("outlets tried and were refused");
  clock.go("filed");
  await fileRequests(stage);
  tell("立案、检察建议、责令改正、代表建议", "The case, the recommendation, the orders");
  await investigate(stage, campaign);
  return refusal;
}

async function tellRecommendation(stage: Stage, oldRows: number): Promise<string> {
  const { clock, carriers } = stage;
  await serveRecommendation(stage);
  await draftRecommendation(stage, oldRows);
  clock.go("firstSealed");
  for (const carrier of carriers) await sealParcels(carrier, dyingParcels(stage, carrier));
  await copyUp(stage);
  await orderCorrections(stage);
  return linkDeputy(stage);
}

/** Headquarters answer, lock, and seal what they hold. */
async function tellLock(stage: Stage) {
  const { clock, carriers, tell } = stage;
  await answerRequests(stage);
  tell("总部统一设置并锁定,在库订单全部密封", "Headquarters lock masking; orders are sealed");
  clock.go("locked");
  const requests = await requestFacts(stage);
  const locks: Locked[] = [];
  for (const carrier of carriers) locks.push(await lockCarrier(stage, carrier));
  for (const carrier of carriers) await sealParcels(carrier, lastingParcels(stage, carrier));
  clock.go("loosened");
  const told = [];
  for (const [at, carrier] of carriers.entries()) {
    const lock = locks[at];
    if (lock !== undefined) told.push({ ...lock, loosening: await tryToLoosen(stage, carrier) });
  }
  return { locks: told, requests };
}

async function tellCorrections(stage: Stage, locks: readonly Locked[]) {
  const { clock, carriers } = stage;
  await proveCorrections(stage, locks);
  await reply(stage);
  clock.go("trained");
  const entries = await trainCouriers(stage);
  for (const carrier of carriers) await requireTrainingOf(stage, carrier);
  return entries;
}

/** The next labels of every outlet, and the second spot check. */
async function tellAfter(stage: Stage): Promise<{ check: SpotCheck; papers: readonly Paper[] }> {
  const { clock, carriers, tell, records, dir, seed } = stage;
  tell("整改之后:全部网点经密单打印,再次抽查", "After: every outlet prints through Midan");
  clock.go("sealedAfter");
  const papers: Paper[] = [];
  for (const carrier of carriers) {
    await sealParcels(carrier, carrier.nextParcels);
    const printed = await printNewLabels(stage, carrier);
    for (const entry of printed.entries) await records.leaf(entry);
    papers.push(...printed.papers);
  }
  await keepPaper(dir, "paper-after.ndjson", papers);
  clock.go("sampledAgain");
  const plan = { key: "after", name: "第二次抽查", seed: `${seed} 第二次`, papers } as const;
  return { check: await spotCheck(stage, plan), papers };
}

/** How long the run took until its facts stood, to a tenth of a second. */
function runTime({ records, clock, seed, sizes }: Stage, began: number): Sourced {
  const value = Math.round((performance.now() - began) / 100) / 10;
  const [startedOn, endedOn] = [clock.dayOf("founded"), clock.today];
  const title = { zh: "本次运行", en: "This run" };
  const body = { seconds: value, startedOn, endedOn, seed, sizes };
  return { value, ref: records.row("run", title, body) };
}

/** Tells the whole story and returns what it found; `began` is a reading of performance.now(). */
export async function tellStory(stage: Stage, began: number): Promise<StoryFacts> {
  const { clock, carriers, tell, records } = stage;
  const [first] = carriers;
  if (first === undefined) throw new RangeError("a story has carriers");
  const before = await tellBefore(stage);
  const refusal = await tellBottleneck(stage, before.check.result.id);
  const old = await openOldSystem(stage);
  try {
    const { readableRows } = await countOldRows(stage, old, first.vault);
    const suggestion = await tellRecommendation(stage, readableRows);
    const { locks, requests } = await tellLock(stage);
    tell("旧数据:历史订单表原地屏蔽", "The old data: an old order table is masked in place");
    clock.go("swept");
    const sweep = await sweepOldRows(stage, old, first.vault);
    const entries = await tellCorrections(stage, locks);
    const after = await tellAfter(stage);
    await answerDeputy(stage, suggestion);
    clock.go("today");
    await deliverNext(stage);
    const trainings = await trainingFacts(stage, entries);
    const measured = {
      key: "after",
      campaign: after.check.result.id,
      papers: after.papers,
    } as const;
    const scores = scoreFacts(stage, before.scores, await scoreOutlets(stage, measured));
    const waybills = await countWaybills(stage);
    tell("到期销毁", "The data dies on its day");
    const deaths = await letDie(stage, trainedCourier);
    await close(stage, after.check.fact.total.over90);
    const fact = await matterFact(stage, LETTER_FILES);
    return {
      version: 1,
      startedOn: clock.dayOf("founded"),
      seconds: runTime(stage, began),
      waybills,
      clearShare: clearFact(stage, before.check),
      carriers: carriers.map((carrier) =>
        carrierFact(stage, carrier, { before, after: after.check }),
      ),
      before: before.check.fact,
      refusal,
      requests,
      matter: fact,
      locks,
      sweep,
      deaths,
      after: after.check.fact,
      scores,
      trainings,
      records: records.all,
      thin: THIN,
    };
  } finally {
    await old.close();
  }
}
