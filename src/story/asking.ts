/** The bottleneck: outlets that may not switch masking on, ask, and wait for headquarters. */
import { playedActor } from "../access/actor.ts";
import {
  answerAuthorisation,
  fileRequest,
  listAuthorisations,
} from "../access/authorisation-request.ts";
import { changeSetting } from "../access/setting-change.ts";
import type { SettingRequest } from "../access/setting-change.ts";
import { isFailure } from "../rules/failure.ts";
import type { RefusalFact, RequestFact } from "./facts.ts";
import { ACCOUNTS, outletOf } from "./cast.ts";
import { managerOf } from "./outlet.ts";
import type { CarrierStage, Stage } from "./stage.ts";

const SETTING = "mask-profile";
const WANTED = "gb41833";
/** Places of the outlets that ask; those that headquarters had masked already have no reason to. */
const ASKING_OUTLETS = [0, 5] as const;

/** Tries a change that must be refused; the refusal is an entry of the log. */
export async function refusedChange(
  stage: Stage,
  carrier: CarrierStage,
  request: Pick<SettingRequest, "organisation" | "value" | "reason">,
): Promise<RefusalFact> {
  const common = {
    by: null,
    name: SETTING,
    mode: "set",
    actor: await managerOf(carrier, request.organisation),
  };
  try {
    await changeSetting(carrier.vault, { ...common, ...request });
  } catch (error) {
    const entry = isFailure(error) ? error.details["entry"] : undefined;
    if (!isFailure(error) || typeof entry !== "string") throw error;
    const outlet = carrier.outlets.find(({ id }) => id === request.organisation)?.name ?? "";
    const ref = await stage.records.leaf(entry);
    return { outlet, asked: `${SETTING} = ${request.value}`, code: error.code, ref };
  }
  throw new RangeError("an outlet could change what only headquarters may");
}

/** Each asking outlet tries to switch masking on by itself first; all are refused. */
export async function tryAlone(stage: Stage): Promise<RefusalFact[]> {
  const refusals: RefusalFact[] = [];
  for (const carrier of stage.carriers) {
    for (const at of ASKING_OUTLETS) {
      const organisation = carrier.outlets[at]?.id ?? "";
      const reason = "抽查通报后本网点拟立即脱敏打印";
      refusals.push(await refusedChange(stage, carrier, { organisation, value: WANTED, reason }));
    }
  }
  return refusals;
}

/** Files the requests; a request waits from this day on. */
export async function fileRequests(stage: Stage): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const carrier of stage.carriers) {
    for (const at of ASKING_OUTLETS) {
      const { request, entry } = await fileRequest(carrier.vault, {
        from: carrier.outlets[at]?.id ?? "",
        setting: SETTING,
        wanted: WANTED,
        reason: "面单明文打印,请总部授权本网点启用脱敏方案",
        actor: await managerOf(carrier, carrier.outlets[at]?.id ?? ""),
      });
      await stage.records.leaf(entry);
      ids.push(request.id);
    }
  }
  return ids;
}

/** Headquarters answer one after the other, each late; the clock moves with them. */
export async function answerRequests(stage: Stage): Promise<void> {
  const { clock, carriers, records } = stage;
  const inTurn = carriers.toSorted((a, b) => a.cast.answersAfter - b.cast.answersAfter);
  for (const carrier of inTurn) {
    clock.go("filed", carrier.cast.answersAfter);
    const own = await listAuthorisations(carrier.vault, { viewer: null, on: clock.today });
    for (const { id } of own) {
      const { entry } = await answerAuthorisation(carrier.vault, {
        id,
        by: carrier.headquarters.id,
        answer: "granted",
        reason: "同意,并将由总部统一设置",
        actor: await playedActor(carrier.vault, ACCOUNTS.headquarters),
      });
      await records.leaf(entry);
    }
  }
}

/** What the postal authority sees of the waits. */
export async function requestFacts(stage: Stage): Promise<RequestFact[]> {
  const { postal, clock, records, carriers } = stage;
  const viewer = postal.organisation.id;
  const listed = await listAuthorisations(postal.vault, { viewer, on: clock.today });
  // Filed on one day, they come in no order of their own.
  const seen = listed.toSorted((a, b) => (a.fromName < b.fromName ? -1 : 1));
  return seen.map((row): RequestFact => {
    const carrier = carriers.find(({ headquarters }) => headquarters.id === row.toOrganisation);
    if (carrier === undefined) throw new RangeError("a request goes to a headquarters of ours");
    const title = {
      zh: "授权申请(监管可见)",
      en: "Authorisation request, as the authority sees it",
    };
    const { id, filedOn, answeredOn, waitingDays, setting, wanted, reason, answered } = row;
    const body = { id, outlet: row.fromName, setting, wanted, reason, filedOn, answeredOn };
    const ref = records.row(`request-${id}`, title, { ...body, waitingDays, answered });
    return {
      outlet: outletOf(carrier.cast, row.fromName),
      carrier: carrier.cast.name,
      filedOn,
      answeredOn: answeredOn ?? "",
      waitDays: waitingDays,
      answer: answered?.answer ?? "",
      ref,
    };
  });
}
