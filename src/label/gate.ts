/**
 * The only door through which a label becomes printable (P1). It reads the text that would be
 * printed, not the order it came from, so a fault anywhere before it ends here.
 */
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { lintPrintable } from "../privacy/lint.ts";
import type { LintField } from "../privacy/lint.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { carrierCandidates } from "../privacy/waybill-number.ts";
import { Failure } from "../rules/failure.ts";
import { cleanLabel } from "./label.ts";
import type { CleanLabel, LabelData, LabelParty } from "./label.ts";
import { ownNumber } from "./own-number.ts";

declare const passedGate: unique symbol;

/** A label whose printed text passed the lint of its profile. Only `gate` makes one. */
export interface PrintableLabel {
  readonly [passedGate]: true;
  readonly data: CleanLabel;
  /** Name and rule version of the profile that it passed, for the statement (P14). */
  readonly profile: string;
  readonly ruleVersion: string;
}

/** The type alone could be forged by a cast or from plain JavaScript; membership here cannot. */
const passed = new WeakSet<PrintableLabel>();

function partyFields(zone: "recipient" | "sender", party: LabelParty): readonly LintField[] {
  return [
    { zone, kind: "name", text: party.name },
    { zone, kind: "phone", text: party.phone },
    { zone, kind: "address", text: party.address },
  ];
}

/** Shape of a token of ours: its letters are random, so patterns of numbers mean nothing in it. */
const TOKEN = /^md\d[0-9a-hjkmnp-tv-z]{20,40}$/i;

/** Crockford's base32 behind a mark: a person's words and figures do not come in this form. */
const TICKET_SHAPE = /^MDT\d[0-9A-HJKMNP-TV-Z]{24,415}$/;

/** Fields with a form of their own count as free text as soon as they do not have that form. */
function formlessText(data: CleanLabel): readonly string[] {
  const { waybillNumber, token } = data;
  // A number of ours is digits of a hash, in which a phone is chance.
  const hasForm = carrierCandidates(waybillNumber).length > 0 || waybillNumber === ownNumber(token);
  return [
    ...(hasForm ? [] : [waybillNumber]),
    ...(TOKEN.test(token) ? [] : [token]),
    ...(TICKET_SHAPE.test(data.ticket) ? [] : [data.ticket]),
  ];
}

function printedFields(data: CleanLabel): readonly LintField[] {
  const { carrier, product, sortCode, destination, orderNumber, printedAt } = data;
  const { goods, remark, merchant } = data;
  const free = [product, destination, goods, remark, printedAt];
  return [
    ...partyFields("recipient", data.recipient),
    ...partyFields("sender", data.sender),
    ...[carrier, sortCode, orderNumber, merchant].map((text): LintField => ({
      zone: "other",
      kind: "code",
      text,
    })),
    ...[...free, ...formlessText(data)].map((text): LintField => ({
      zone: "other",
      kind: "text",
      text,
    })),
  ];
}

/**
 * Lets `data` through when every party field and every free text on it passes the lint of
 * `profile`. What comes back is cleaned and frozen, so that what was read is what will be printed.
 * Fails with LABEL_LINT_FAILED, details `findings`: zone, kind and rule of each finding, never a
 * value. The caller refuses that label; masking it again is no answer, since the masker has just
 * been shown to be wrong.
 */
export function gate(data: LabelData, profile: MaskProfile, gazetteer: Gazetteer): PrintableLabel {
  const clean = cleanLabel(data);
  const findings = lintPrintable(printedFields(clean), profile, gazetteer);
  if (findings.length > 0) {
    const named = findings.map(({ zone, kind, rule }) => `${zone}.${kind}: ${rule}`);
    throw new Failure("LABEL_LINT_FAILED", { findings: [...new Set(named)].join("; ") });
  }
  // The brand has no value at run time; `passed` is what proves it.
  const label = Object.freeze({
    data: clean,
    profile: profile.name,
    ruleVersion: profile.ruleVersion,
  }) as PrintableLabel;
  passed.add(label);
  return label;
}

/** The text of a label that did pass the gate; LABEL_LINT_FAILED for anything else. */
export function printableData(label: PrintableLabel): CleanLabel {
  if (!passed.has(label)) throw new Failure("LABEL_LINT_FAILED", { findings: "not from the gate" });
  return label.data;
}
