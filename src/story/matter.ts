/**
 * The case (案件) of the story: opened from the spot check, moved by the table of the rules, with the
 * orders that the postal authority issues and the deputy's suggestion that is linked.
 */
import { playedActor } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { showCase } from "../oversight/case-file.ts";
import type { CaseFile } from "../oversight/case-file.ts";
import { meet, moveOn, openCase } from "../oversight/case-record.ts";
import { fileProof, issueOrder } from "../oversight/correction-order.ts";
import { linkSuggestion, noteAnswer } from "../oversight/linked-suggestion.ts";
import { addDays } from "../rules/calendar.ts";
import type { CaseState } from "../rules/case-state.ts";
import type { DeadlineName } from "../rules/deadline.ts";
import { ACCOUNTS, MENDED_MERCHANT, MERCHANTS, OWN_PRINTER, PLATFORM } from "./cast.ts";
import type { CaseFact, LockFact } from "./facts.ts";
import type { Stage } from "./stage.ts";
import type { Moment } from "./timeline.ts";

interface Note {
  readonly zh: string;
  readonly en: string;
}

const NOTES = {
  clue: {
    zh: "抽查发现面单大面积明文",
    en: "the spot check found labels in the clear on a large scale",
  },
  filed: { zh: "决定立案", en: "decided to file" },
  consulted: {
    zh: "与邮政管理局磋商,查明开关在总部",
    en: "consulted the postal authority: the switch lies with headquarters",
  },
  investigating: {
    zh: "调取授权申请与旧系统留存情况",
    en: "looked into the authorisation requests and what old systems keep",
  },
  decided: { zh: "决定提出检察建议", en: "decided to recommend" },
  recommended: { zh: "检察建议书已送达", en: "the recommendation is served" },
  replied: {
    zh: "邮政管理局书面回复:已责令改正并收集证明",
    en: "the authority replied: orders issued and proof collected",
  },
  "following-up": { zh: "跟进调查整改效果", en: "following up what the orders achieved" },
  closed: {
    zh: "行政机关已依法履职;一家商家未交证明,由邮政管理局继续督促",
    en: "the authority has done its duty; one merchant still owes its proof to it",
  },
} as const satisfies Partial<Record<CaseState, Note>>;

type StoryState = keyof typeof NOTES;

const LETTER_DAYS_TO_PROVE = 60;
/** The prosecutor in whose name the case is led. */
async function prosecutor(stage: Stage): Promise<Actor> {
  return playedActor(stage.procuratorate.vault, ACCOUNTS.prosecutor);
}

async function postalOfficer(stage: Stage): Promise<Actor> {
  return playedActor(stage.postal.vault, ACCOUNTS.postalOfficer);
}

/** 松检行公立〔2026〕1号, by the year of the day. */
export function caseNumber(stage: Stage): string {
  return `松检行公立〔${stage.clock.dayOf("clue").slice(0, 4)}〕1号`;
}

async function move(
  stage: Stage,
  to: StoryState,
  told: { readonly moment: Moment; readonly found?: Note },
): Promise<void> {
  const on = stage.clock.go(told.moment);
  const note = (told.found?.zh ?? "") + NOTES[to].zh;
  const request = { number: caseNumber(stage), to, on, actor: await prosecutor(stage), note };
  const { entry } = await moveOn(stage.procuratorate.vault, request);
  await stage.records.leaf(entry);
}

async function met(stage: Stage, name: DeadlineName, moment: Moment): Promise<void> {
  const on = stage.clock.go(moment);
  const request = { number: caseNumber(stage), name, on, actor: await prosecutor(stage) };
  const { entry } = await meet(stage.procuratorate.vault, request);
  await stage.records.leaf(entry);
}

/** From the clue to the investigation. */
export async function investigate(stage: Stage, campaign: string): Promise<void> {
  const { procuratorate, postal, clock, records } = stage;
  const { entry } = await openCase(procuratorate.vault, {
    number: caseNumber(stage),
    title: "寄递面单个人信息保护行政公益诉讼案",
    procuratorate: procuratorate.organisation.id,
    agency: postal.organisation.id,
    campaign,
    on: clock.go("clue"),
    actor: await prosecutor(stage),
    note: NOTES.clue.zh,
  });
  await records.leaf(entry);
  await move(stage, "filed", { moment: "caseFiled" });
  await met(stage, "serve-filing", "caseServed");
  await move(stage, "consulted", { moment: "consulted" });
  await move(stage, "investigating", { moment: "investigated" });
  await move(stage, "decided", { moment: "decided" });
}

/** The recommendation is served; a copy goes up. */
export async function serveRecommendation(stage: Stage): Promise<void> {
  await move(stage, "recommended", { moment: "recommended" });
}

export async function copyUp(stage: Stage): Promise<void> {
  await met(stage, "copy-up", "copiedUp");
}

/** The merchant that prints with its own software and still owes its proof. */
const UNMENDED_MERCHANT = MERCHANTS[OWN_PRINTER] ?? "";

/** The postal authority orders each carrier, the platform and two merchants to put it right. */
export async function orderCorrections(stage: Stage): Promise<void> {
  const on = stage.clock.go("ordered");
  const addressees = [
    ...stage.carriers.map(({ cast }) => ({ addressee: cast.name, kind: "carrier" as const })),
    { addressee: PLATFORM, kind: "platform" as const },
    { addressee: MENDED_MERCHANT, kind: "merchant" as const },
    { addressee: UNMENDED_MERCHANT, kind: "merchant" as const },
  ];
  const common = { number: caseNumber(stage), on, due: addDays(on, LETTER_DAYS_TO_PROVE) };
  for (const order of addressees) {
    const request = { ...common, ...order, actor: await postalOfficer(stage) };
    const { entry } = await issueOrder(stage.postal.vault, request);
    await stage.records.leaf(entry);
  }
}

/** What the case found is carried to where headquarters can be reached: a deputy's suggestion. */
export async function linkDeputy(stage: Stage): Promise<string> {
  const { id, entry } = await linkSuggestion(stage.procuratorate.vault, {
    number: caseNumber(stage),
    title: "关于统一电子运单加密标准、由总部一键启用的建议",
    deputyRole: "全国人大代表",
    direction: "from-case",
    assignedOn: stage.clock.go("suggested"),
    difficult: true,
    actor: await prosecutor(stage),
  });
  await stage.records.leaf(entry);
  return id;
}

export async function answerDeputy(stage: Stage, id: string): Promise<void> {
  const on = stage.clock.go("suggestionAnswered");
  const { entry } = await noteAnswer(stage.procuratorate.vault, {
    id,
    on,
    actor: await prosecutor(stage),
  });
  await stage.records.leaf(entry);
}

/** Each addressee files its proof but for the merchant whose printing is not mended. */
export async function proveCorrections(
  stage: Stage,
  locks: readonly Pick<LockFact, "carrier" | "lockedOn" | "version">[],
) {
  const on = stage.clock.go("proved");
  const proofs = [
    // An id of the log may read like a phone in a text, so the version of the setting is named.
    ...locks.map(({ carrier, lockedOn, version }) => {
      return [carrier, `总部锁定记录:mask-profile 第 ${version} 版,${lockedOn}`] as const;
    }),
    [PLATFORM, "平台发单接口改用脱敏字段的说明"] as const,
    [MENDED_MERCHANT, "改用平台电子面单的说明"] as const,
  ];
  for (const [addressee, proof] of proofs) {
    const request = {
      number: caseNumber(stage),
      addressee,
      proof,
      on,
      actor: await postalOfficer(stage),
    };
    const { entry } = await fileProof(stage.postal.vault, request);
    await stage.records.leaf(entry);
  }
}

export async function reply(stage: Stage): Promise<void> {
  await move(stage, "replied", { moment: "replied" });
  await move(stage, "following-up", { moment: "followedUp" });
}

/** What the second spot check showed; said only as far as it did (P15). */
const FOUND_AGAIN = {
  shown: { zh: "复查覆盖率超过 90 %;", en: "checked again, coverage over 90 %; " },
  open: { zh: "复查覆盖率未能证明超过 90 %;", en: "checked again, coverage over 90 % not shown; " },
} as const satisfies Record<string, Note>;

export async function close(stage: Stage, isShown: boolean): Promise<void> {
  const found = isShown ? FOUND_AGAIN.shown : FOUND_AGAIN.open;
  await move(stage, "closed", { moment: "today", found });
}

function isStoryState(state: string): state is StoryState {
  return Object.hasOwn(NOTES, state);
}

function noteOf(state: string, written: string): Note {
  if (!isStoryState(state)) return { zh: written, en: written };
  const found = Object.values(FOUND_AGAIN).find(({ zh }) => written.startsWith(zh));
  return { zh: written, en: `${found?.en ?? ""}${NOTES[state].en}` };
}

function factsOf(file: CaseFile, letter: CaseFact["letter"], ref: string): CaseFact {
  const [suggestion] = file.suggestions;
  if (suggestion === undefined) throw new RangeError("a suggestion was linked");
  const { title, assignedOn, dueOn, answeredOn } = suggestion;
  return {
    number: file.number,
    steps: file.events.map(({ atDay, state, note, entry }) => ({
      on: atDay,
      state,
      note: noteOf(state, note),
      ref: entry,
    })),
    deadlines: file.deadlines.map(({ zh, en, dueOn: due, metOn, basis }) => ({
      name: { zh, en },
      dueOn: due,
      metOn,
      basis,
    })),
    orders: file.orders.map(({ addressee, dueOn: due, provedOn, proof }) => ({
      addressee,
      dueOn: due,
      provedOn,
      proof: proof ?? "",
    })),
    suggestion: { title, assignedOn, dueOn, answeredOn },
    letter,
    ref,
  };
}

/** The case as the database has it on the last day. */
export async function matterFact(stage: Stage, letter: CaseFact["letter"]): Promise<CaseFact> {
  const { procuratorate, clock, records } = stage;
  const file = await showCase(procuratorate.vault, {
    number: caseNumber(stage),
    on: clock.today,
  });
  const title = { zh: "案件全卷", en: "The file of the case" };
  const ref = records.row("case-file", title, file);
  return factsOf(file, letter, ref);
}
