/**
 * The prosecutors' recommendation (检察建议书) drafted from measured facts: its eight mandatory parts
 * (人民检察院公益诉讼办案规则 2021-07-01, art. 75), in Chinese with an English gloss. A draft is for a
 * prosecutor to judge and to sign; it says no more than the facts do.
 */
import type { Day } from "./calendar.ts";
import { claimOver, sayClaim, sayCoverage, TARGET_SHARE } from "./coverage.ts";
import type { CoverageFigure, Wording } from "./coverage.ts";
import { DEADLINES, dueOn } from "./deadline.ts";
import { LEGAL_BASES } from "./legal-basis.ts";
import type { LegalBasis } from "./legal-basis.ts";
import { factsOfHarm, factsOfOmission, REMEDIES, sourceParagraphs } from "./letter-findings.ts";
import type { CaseSource, SwitchHolder, WaitFact } from "./letter-findings.ts";

/** The eight parts, in the order and under the headings of art. 75. */
export const LETTER_PARTS = {
  agency: { zh: "行政机关名称", en: "The agency" },
  source: { zh: "案件来源", en: "How the case came about" },
  harm: { zh: "公益受损事实", en: "The harm to the public interest" },
  omission: {
    zh: "认定不依法履职的事实和理由",
    en: "Why the duty is found not to have been performed",
  },
  law: { zh: "法律依据", en: "Legal basis" },
  remedy: { zh: "建议的具体内容", en: "What is recommended" },
  term: { zh: "整改期限", en: "Time for rectification" },
  other: { zh: "其他需要说明的事项", en: "Other matters" },
} as const satisfies Record<string, Wording>;

export type LetterPart = keyof typeof LETTER_PARTS;

export interface CarrierFinding {
  /** Name of the organisation, never of a person. */
  readonly carrier: string;
  readonly figure: CoverageFigure;
}

/** What a letter is made from: measured by a campaign and read from records, never typed in. */
export interface LetterFacts {
  readonly number: string;
  /** The agency that is addressed (被建议的行政机关). */
  readonly agency: string;
  readonly procuratorate: string;
  readonly source: CaseSource;
  readonly campaign: {
    readonly name: string;
    readonly seed: string;
    readonly lookedOn: Day;
    readonly outlets: number;
  };
  /** At least one. */
  readonly carriers: readonly CarrierFinding[];
  readonly total: CoverageFigure;
  /** Where the switch for masking was found. */
  readonly switchHolder: SwitchHolder;
  /** How often an outlet tried to switch masking on and was refused; null where nobody shows it. */
  readonly refusals: number | null;
  readonly waits: readonly WaitFact[];
  /** Carriers that do not show their requests and refusals to the procuratorate. */
  readonly unread: readonly string[];
  /** Rows of old order tables that still hold persons in the clear; null when not looked at. */
  readonly oldRows: number | null;
  readonly laws: readonly LegalBasis[];
  /** Harm keeps growing, or other urgency: 15 days in place of two months. */
  readonly urgent: boolean;
  /** The day the letter is signed; the term is shown as if it were received on this day. */
  readonly issuedOn: Day;
  /** Deputies' suggestion that is linked, by title; null when none is. */
  readonly suggestion: string | null;
}

export interface LetterSection {
  readonly part: LetterPart;
  readonly heading: Wording;
  /** Paragraphs, never none; the two languages have as many. */
  readonly paragraphs: readonly Wording[];
}

export interface Letter {
  readonly title: Wording;
  readonly number: string;
  readonly agency: string;
  readonly procuratorate: string;
  readonly issuedOn: Day;
  readonly sections: readonly LetterSection[];
}

function agencyParagraphs({ agency }: LetterFacts): readonly Wording[] {
  return [{ zh: agency, en: agency }];
}

function harmParagraphs(facts: LetterFacts): readonly Wording[] {
  const figures = facts.carriers.map(({ carrier, figure }) => {
    const said = sayCoverage(figure);
    return { zh: `${carrier}:${said.zh}。`, en: `${carrier}: ${said.en}.` };
  });
  const total = sayCoverage(facts.total);
  const claim = sayClaim(claimOver(TARGET_SHARE, facts.total.clopperPearson), TARGET_SHARE);
  return [
    factsOfHarm(facts.campaign),
    ...figures,
    {
      zh: `合计:${total.zh}。按 Clopper-Pearson 区间,覆盖率${claim.zh}。`,
      en: `In all: ${total.en}. By the Clopper-Pearson interval coverage is: ${claim.en}.`,
    },
  ];
}

function lawParagraphs({ laws }: LetterFacts): readonly Wording[] {
  return laws.map((name) => {
    const row = LEGAL_BASES[name];
    const force = row.binding
      ? { zh: "", en: "" }
      : { zh: "(推荐性标准,作为衡量尺度)", en: " (a recommended standard, used as the measure)" };
    return {
      zh: `${row.instrument}(${row.version} 版)${row.placeZh}:${row.zh}${force.zh}。`,
      en:
        `${row.instrument} (version ${row.version}), ` +
        `${row.binding ? "art. " : ""}${row.article}: ${row.en}${force.en}.`,
    };
  });
}

function termParagraphs({ urgent, issuedOn }: LetterFacts): readonly Wording[] {
  const name = urgent ? "agency-reply-urgent" : "agency-reply";
  const { basis } = DEADLINES[name];
  const last = dueOn(name, issuedOn);
  const term = urgent ? { zh: "十五日内", en: "15 days" } : { zh: "两个月内", en: "two months" };
  return [
    {
      zh:
        `请自收到本检察建议书之日起${term.zh}依法履行职责,并书面回复本院` +
        `(${basis.instrument},${basis.version},第 ${basis.article} 条)。` +
        `如于 ${issuedOn} 收到,期限届满日为 ${last}。`,
      en:
        `Please perform the duty and reply in writing within ${term.en} of receipt ` +
        `(${basis.instrument}, ${basis.version}, art. ${basis.article}). ` +
        `If received on ${issuedOn}, the last day is ${last}.`,
    },
  ];
}

function otherParagraphs({ suggestion, campaign }: LetterFacts): readonly Wording[] {
  const linked =
    suggestion === null
      ? []
      : [
          {
            zh: `本案与代表建议《${suggestion}》衔接办理:成因中需由外地总部解决的部分已转代表建议。`,
            en:
              `This case is linked with the deputy's suggestion “${suggestion}”: what only ` +
              "headquarters elsewhere can change is carried there.",
          },
        ];
  return [
    ...linked,
    {
      zh:
        `期限届满后,本院将以新的种子、相同的方案再次抽查(本次种子“${campaign.seed}”);` +
        "逾期不依法履行职责且公益仍受侵害的,将依法提起行政公益诉讼。",
      en:
        "After the term the same plan is drawn again with a new seed (this one was " +
        `“${campaign.seed}”); if the duty is still not performed and the harm goes on, suit ` +
        `follows.`,
    },
  ];
}

/** Who writes each part: total, so that a part without a writer does not compile. */
const WRITERS: Readonly<Record<LetterPart, (facts: LetterFacts) => readonly Wording[]>> = {
  agency: agencyParagraphs,
  source: ({ source }) => sourceParagraphs(source),
  harm: harmParagraphs,
  omission: factsOfOmission,
  law: lawParagraphs,
  remedy: () => REMEDIES,
  term: termParagraphs,
  other: otherParagraphs,
};

/**
 * The draft. Every figure comes with its count, rule level and intervals (P15). Throws RangeError
 * when there is no carrier or no provision to rest on: such a letter must not be written.
 */
export function draftLetter(facts: LetterFacts): Letter {
  if (facts.carriers.length === 0 || facts.laws.length === 0) {
    throw new RangeError("a recommendation needs a finding and a legal basis");
  }
  const { number, agency, procuratorate, issuedOn } = facts;
  // The keys of the table are the parts, as its type says.
  const sections = (Object.keys(LETTER_PARTS) as LetterPart[]).map((part) => ({
    part,
    heading: LETTER_PARTS[part],
    paragraphs: WRITERS[part](facts),
  }));
  return {
    title: { zh: "检察建议书", en: "Prosecutors' recommendation" },
    number,
    agency,
    procuratorate,
    issuedOn,
    sections,
  };
}
