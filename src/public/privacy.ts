/**
 * `midan/privacy`: masking and its checks. Pure: no database, no clock, no file. What is exported
 * here stays; what is not may change with any version.
 */
export { maskAddress } from "../privacy/address.ts";
export type { MaskedAddress } from "../privacy/address.ts";
export { maskText, maskTextWith } from "../privacy/free-text.ts";
export type { MaskedFreeText, TextEntity, TextOptions } from "../privacy/free-text.ts";
export type { TextKind, TextLabel, TextReason, TextSpan } from "../privacy/free-text-span.ts";
export { buildGazetteer, resolveDivision } from "../privacy/gazetteer.ts";
export type { Gazetteer, ResolvedDivision } from "../privacy/gazetteer.ts";
export { maskLine } from "../privacy/line.ts";
export type { LineEntity, LineLabel, MaskedLine } from "../privacy/line.ts";
export { lintPrintable } from "../privacy/lint.ts";
export type { LintField, LintFinding } from "../privacy/lint.ts";
export { gradeLabel, judgeParty } from "../privacy/lint-verdict.ts";
export type {
  LabelGrade,
  PrintedParty,
  RuleVerdict,
  VerdictReason,
} from "../privacy/lint-verdict.ts";
export { parseProfile, PROFILES, profileOf } from "../privacy/mask-profile.ts";
export type { MaskProfile, ProfileName } from "../privacy/mask-profile.ts";
export { maskName } from "../privacy/name.ts";
export type { NameKind } from "../privacy/name-shape.ts";
export { maskParty } from "../privacy/party.ts";
export { maskPhone, maskPhoneField } from "../privacy/phone.ts";
export type { MaskedPhone, PhoneOptions } from "../privacy/phone.ts";
export type { PhoneKind } from "../privacy/phone-scan.ts";
export { parseParty } from "../privacy/plain.ts";
export type {
  MaskedParty,
  MaskedText,
  Party,
  PartyField,
  PartyReading,
  PlainAddress,
  PlainName,
  PlainPhone,
  RawParty,
} from "../privacy/plain.ts";
export { carrierCandidates } from "../privacy/waybill-number.ts";
export type { Carrier, CarrierCandidate } from "../privacy/waybill-number.ts";
export { Failure, FAILURES, isFailure } from "../rules/failure.ts";
export type { FailureCode } from "../rules/failure.ts";
