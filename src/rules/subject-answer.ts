/** The answer to a request of the person concerned, as data: it is printed and given as JSON. */
import type { RequestKind, RequestOutcome } from "./subject-request.ts";

export interface AnsweredLook {
  /** Local minute. */
  readonly at: string;
  readonly what: string;
  readonly purpose: string;
  readonly actor: string;
  readonly fields: readonly string[];
}

export interface AnsweredWaybill {
  readonly token: string;
  readonly waybillNumber: string;
  readonly carrier: string;
  readonly outcome: RequestOutcome;
  /**
   * The person's own data in the clear, and the other party's masked; empty where none is given.
   */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly sealedAt: string;
  readonly dayOfDeath: string;
  readonly looks: readonly AnsweredLook[];
  /** Id of the certificate of erasure, or null. */
  readonly certificate: string | null;
  /** The log's receipt for the opening of the person's data, or null where nothing was opened. */
  readonly receipt: string | null;
}

export interface SubjectAnswer {
  readonly request: string;
  readonly kind: RequestKind;
  readonly tenant: string;
  readonly receivedOn: string;
  readonly dueOn: string;
  readonly answeredOn: string;
  readonly waybills: readonly AnsweredWaybill[];
  /** Terms in days that count now, by class. */
  readonly terms: Readonly<Record<string, number>>;
  /** Id of the entry that tells of the answer, hex. */
  readonly entry: string;
}
