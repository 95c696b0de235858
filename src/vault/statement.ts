/**
 * The statement (合规声明) of one print: docs/formats/statement.md. Who printed which waybill when, on
 * what, by which rules, and commitments to every string that came out. The salt of the commitments
 * dies with the waybill, and from then on nobody can try strings against them (P14).
 */
import { canonicalJson } from "../audit/canonical-json.ts";
import { commitment } from "../crypto/waybill-key.ts";
import type { PrintableLabel } from "../label/gate.ts";
import type { ReprintReason } from "../rules/reprint.ts";
import type { WaybillKey } from "./record.ts";

const STATEMENT_VERSION = 2;

export interface StatementDraft {
  readonly token: string;
  readonly label: PrintableLabel;
  /** Name and revision of the template. */
  readonly layout: string;
  /** Every string of the label in drawing order, those of barcodes too, without the ticket's. */
  readonly printed: readonly string[];
  /** Text of the 2-D code, or null where the label has none. */
  readonly ticket: string | null;
  readonly printNumber: number;
  /** Null for a first print. */
  readonly reason: ReprintReason | null;
  /** Where the label went, as the caller calls it; null when that is not known. */
  readonly printer: string | null;
  /** Pseudonym. */
  readonly actor: string;
  readonly at: Date;
}

/** The commitment to strings that were printed, hex; anyone who has the key can make it again. */
export function printedCommitment(
  { suite, leaf }: Pick<WaybillKey, "suite" | "leaf">,
  strings: readonly string[],
): string {
  const value = Buffer.from(canonicalJson(strings)).toString("utf8");
  return Buffer.from(commitment(suite, leaf, { kind: "printed", value })).toString("hex");
}

/** The bytes of the statement: a leaf of its batch's Merkle tree. */
export function statementBytes(
  tenantId: string,
  key: Pick<WaybillKey, "suite" | "leaf">,
  draft: StatementDraft,
): Uint8Array {
  const { label, printed, ticket, reason, printer, at, ...same } = draft;
  return canonicalJson({
    ...same,
    v: STATEMENT_VERSION,
    tenant: tenantId,
    profile: label.profile,
    rule: label.ruleVersion,
    lint: "passed",
    printed: printedCommitment(key, printed),
    ...(ticket === null ? {} : { ticket: printedCommitment(key, [ticket]) }),
    ...(reason === null ? {} : { reason }),
    ...(printer === null ? {} : { printer }),
    at: at.toISOString(),
  });
}
