/**
 * The recommendation of a case (检察建议书), drafted from what the database and the log hold: the
 * spot check's figures, refused settings, waits for headquarters, linked suggestions. Nothing in it
 * is typed in but where the switch was found and what other systems still keep.
 */
import { authorise } from "../access/authorise.ts";
import { scopesInForce, tellRead } from "../access/scope-use.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { LEGAL_BASES } from "../rules/legal-basis.ts";
import type { LegalBasis } from "../rules/legal-basis.ts";
import { draftLetter } from "../rules/letter.ts";
import type { CarrierFinding, Letter, LetterFacts } from "../rules/letter.ts";
import type { CaseSource, SwitchHolder, WaitFact } from "../rules/letter-findings.ts";
import type { AuthorityScopeRow } from "../store/authority-scope.ts";
import { countFailures } from "../store/audit-leaf.ts";
import { listRequests } from "../store/authorisation-request.ts";
import { findOrganisation } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { campaignResult } from "./campaign-result.ts";
import type { CampaignResult } from "./campaign-result.ts";
import { campaignOf } from "./campaign.ts";
import { requireCase } from "./case-owner.ts";
import { showCase } from "./case-file.ts";
import type { CaseFile } from "./case-file.ts";
import { digestOf } from "./correction-order.ts";
import { entryText, writeAct } from "./office.ts";
import type { Office } from "./office.ts";
import { writtenDay } from "./official-document.ts";
import type { OfficialDocument } from "./official-document.ts";
import type { Actor } from "../access/actor.ts";

export interface LetterRequest {
  /** Number of the case. */
  readonly number: string;
  /** Number of the letter itself, such as 兴检行公建〔2026〕1号. */
  readonly letterNumber: string;
  readonly source: CaseSource;
  readonly switchHolder: SwitchHolder;
  /** Rows of old tables with persons in the clear, as a sweep counted them; else null. */
  readonly oldRows: number | null;
  readonly urgent: boolean;
  readonly on: Day;
  readonly actor: Actor;
}

export interface DraftedLetter {
  readonly letter: Letter;
  readonly facts: LetterFacts;
  /** Id of the audit entry, hex; its digest is over the letter's text in both languages. */
  readonly entry: string;
  readonly digest: string;
}

const REQUESTS_MAX = 100;
const LIST_MAX = 100_000;

/** The figure of each carrier; CASE_NOT_READY while some carrier's parcels were not looked at. */
function findingsOf(result: CampaignResult): CarrierFinding[] {
  return result.carriers.map(({ name, figure }) => {
    if (figure === null) throw new Failure("CASE_NOT_READY", { campaign: result.id });
    return { carrier: name, figure };
  });
}

/** The instant at which the day after `on` begins, in the office's time zone or a little later. */
function endOf(office: Office, on: Day): Date {
  const now = office.now();
  return dayOf(now, office.timeZone) <= on ? now : new Date(`${addDays(on, 1)}T00:00:00Z`);
}

/** What is told of waits and refusals: of carriers that show them to the procuratorate alone. */
interface Shown {
  readonly by: readonly AuthorityScopeRow[];
  /** Names of the carriers that do not show them. */
  readonly unread: readonly string[];
}

async function shownBy(
  office: Office,
  connection: Connection,
  { procuratorate, result }: { readonly procuratorate: string; readonly result: CampaignResult },
): Promise<Shown> {
  const asked = { authorities: [procuratorate], scope: "requests" } as const;
  const granted = await scopesInForce(office, connection, asked);
  const isShown = ({ carrierTenant }: { readonly carrierTenant: string }): boolean =>
    granted.has(carrierTenant);
  const tenants = result.carriers.filter(isShown).map(({ carrierTenant }) => carrierTenant);
  return {
    by: [...granted.values()].filter(({ tenantId }) => tenants.includes(tenantId)),
    unread: result.carriers.filter((carrier) => !isShown(carrier)).map(({ name }) => name),
  };
}

/** With the carrier, for its entry; the letter does not have it. */
type CarrierWait = WaitFact & { readonly tenantId: string };

/** The waits of the carriers that are shown, and of no others. */
async function waitsOf(
  office: Office,
  connection: Connection,
  asked: { readonly on: Day; readonly carriers: readonly string[] },
): Promise<CarrierWait[]> {
  const { on, carriers } = asked;
  const before = endOf(office, on);
  const all = await listRequests(connection, { tenantId: null, before }, LIST_MAX);
  const rows = all.filter(({ tenantId }) => carriers.includes(tenantId)).slice(0, REQUESTS_MAX);
  return rows.map(({ tenantId, fromName, filedAt, answered }) => {
    const answeredOn = answered === null ? null : dayOf(answered.at, office.timeZone);
    return {
      tenantId,
      organisation: fromName,
      filedOn: dayOf(filedAt, office.timeZone),
      answeredOn: answeredOn !== null && answeredOn <= on ? answeredOn : null,
      asOf: on,
    };
  });
}

async function lookedOn(office: Office, campaign: string): Promise<Day> {
  const { samples, campaign: row } = await campaignOf(office, campaign);
  const instants = samples.flatMap(({ look }) => (look === null ? [] : [look.at.getTime()]));
  return dayOf(new Date(Math.max(row.openedAt.getTime(), ...instants)), office.timeZone);
}

async function nameOf(connection: Connection, id: string): Promise<string> {
  return (await findOrganisation(connection, id))?.name ?? id;
}

interface Told {
  readonly shown: Shown;
  /** Null where no carrier shows them. */
  readonly refusals: number | null;
  readonly waits: readonly CarrierWait[];
}

async function toldOf(
  office: Office,
  connection: Connection,
  { on, shown }: { readonly on: Day; readonly shown: Shown },
): Promise<Told> {
  const carriers = shown.by.map(({ tenantId }) => tenantId);
  const code = "SETTING_HEADQUARTERS_ONLY";
  const refused = { type: "setting-refused", code, tenants: carriers } as const;
  const refusals =
    carriers.length === 0 ? null : await countFailures(connection, refused, office.now());
  return { shown, refusals, waits: await waitsOf(office, connection, { on, carriers }) };
}

async function tellShown(office: Office, { shown, waits }: Told, actor: Actor): Promise<void> {
  await transaction(office.database, async (connection) => {
    for (const scope of shown.by) {
      const count = waits.filter(({ tenantId }) => tenantId === scope.tenantId).length;
      await tellRead(office, connection, { scope, actor, count });
    }
  });
}

/**
 * What the letter of a case says. Throws CASE_UNKNOWN, or CASE_NOT_READY when the case has no spot
 * check, or one that some carrier's parcels were not looked at in.
 */
export async function letterFacts(office: Office, request: LetterRequest): Promise<LetterFacts> {
  const { number, on, source, switchHolder, oldRows, urgent } = request;
  const file: CaseFile = await showCase(office, { number, on });
  if (file.campaign === null) throw new Failure("CASE_NOT_READY", { state: file.state });
  const result = await campaignResult(office, file.campaign);
  const total = result.total.figure;
  if (total === null) throw new Failure("CASE_NOT_READY", { campaign: result.id });
  const looked = await lookedOn(office, file.campaign);
  const { procuratorate } = file;
  const told = await connected(office.database, async (connection) =>
    toldOf(office, connection, {
      on,
      shown: await shownBy(office, connection, { procuratorate, result }),
    }),
  );
  await tellShown(office, told, request.actor);
  return connected(office.database, async (connection) => ({
    number: request.letterNumber,
    agency: await nameOf(connection, file.agency),
    procuratorate: await nameOf(connection, file.procuratorate),
    source,
    campaign: {
      name: result.name,
      seed: result.seed,
      lookedOn: looked,
      outlets: result.carriers.reduce((sum, { outlets }) => sum + outlets.length, 0),
    },
    carriers: findingsOf(result),
    total,
    switchHolder,
    refusals: told.refusals,
    waits: told.waits.map(({ tenantId: _carrier, ...wait }) => wait),
    unread: told.shown.unread,
    oldRows,
    // The keys of the table are the names of its rows.
    laws: Object.keys(LEGAL_BASES) as LegalBasis[],
    urgent,
    issuedOn: on,
    suggestion: file.suggestions[0]?.title ?? null,
  }));
}

/** Over number, day, agency and every paragraph in both languages. */
function textDigest({ number, issuedOn, agency, procuratorate, sections }: Letter): string {
  const texts = sections.map(({ part, paragraphs }) => [
    part,
    ...paragraphs.map(({ zh, en }) => [zh, en]),
  ]);
  return digestOf([number, issuedOn, agency, procuratorate, texts]);
}

/** Drafts the letter of a case and leaves an entry with the digest of its text. */
export async function writeLetter(office: Office, request: LetterRequest): Promise<DraftedLetter> {
  await authorise(office, { actor: request.actor, verb: "case" });
  await requireCase(office, request.number, { act: "handle", actor: request.actor });
  const facts = await letterFacts(office, request);
  const letter = draftLetter(facts);
  const digest = textDigest(letter);
  const { number, actor } = request;
  const entry = await transaction(office.database, async (connection) =>
    writeAct(office, connection, { type: "document-issued", actor, case: number, digest }),
  );
  return { letter, facts, entry: entryText(entry), digest };
}

const CHINESE_NUMERALS = ["一", "二", "三", "四", "五", "六", "七", "八"] as const;

const NOTES = {
  zh: "本稿由密单按案件记录起草,数字均可由数据库与日志复核;须经检察官审核、检察长决定后送达。",
  en:
    "English gloss of the Chinese letter, which alone counts. Drafted by Midan from the record " +
    "of the case; a prosecutor has to judge it, and the chief prosecutor to decide.",
} as const;

/** The letter as a document, in Chinese or in its English gloss. */
export function letterDocument(drafted: DraftedLetter, language: "zh" | "en"): OfficialDocument {
  const { letter, entry, digest } = drafted;
  const isChinese = language === "zh";
  return {
    language,
    issuer: letter.procuratorate,
    title: letter.title[language],
    number: letter.number,
    addressee: letter.agency,
    parts: letter.sections.map(({ heading, paragraphs }, at) => ({
      heading: `${isChinese ? `${CHINESE_NUMERALS[at]}、` : `${at + 1}. `}${heading[language]}`,
      paragraphs: paragraphs.map((paragraph) => paragraph[language]),
    })),
    signedOn: writtenDay(letter.issuedOn, language),
    seal: isChinese ? "(院印)" : "(seal)",
    notes: [NOTES[language], `${isChinese ? "留痕" : "Audit entry"} ${entry} · SHA-256 ${digest}`],
  };
}
