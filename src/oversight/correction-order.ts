/**
 * Orders to put things right (责令改正): what the postal authority, after the recommendation, asks of
 * each carrier, platform and merchant by a day, and the proof that each files.
 */
import { authorise } from "../access/authorise.ts";
import { createHash } from "node:crypto";
import { canonicalJson } from "../audit/canonical-json.ts";
import type { CanonicalValue } from "../audit/canonical-json.ts";
import type { Day } from "../rules/calendar.ts";
import type { CaseState } from "../rules/case-state.ts";
import { Failure } from "../rules/failure.ts";
import { transaction } from "../store/pool.ts";
import { insertOrder, ordersOf, proveOrder } from "../store/public-interest-case.ts";
import type { AddresseeKind } from "../store/public-interest-case.ts";
import { requireCase } from "./case-owner.ts";
import { lockCase, lateness, requirePast, stateOf } from "./case-record.ts";
import type { Lateness } from "./case-record.ts";
import { entryText, writeAct } from "./office.ts";
import type { Office } from "./office.ts";
import type { Actor } from "../access/actor.ts";
import { recordedText } from "../access/recorded-text.ts";

export interface OrderRequest {
  readonly number: string;
  /** A firm, never a person. */
  readonly addressee: string;
  readonly kind: AddresseeKind;
  readonly on: Day;
  readonly due: Day;
  readonly actor: Actor;
}

export interface ProofRequest {
  readonly number: string;
  readonly addressee: string;
  /** What shows it: a document's number, a spot check's id. */
  readonly proof: string;
  readonly on: Day;
  readonly actor: Actor;
}

const ADDRESSEE_CHARACTERS_MAX = 100;
const PROOF_CHARACTERS_MAX = 300;

/** The authority acts on the recommendation, so not before it has it and not after the end. */
const ORDERS_IN: readonly CaseState[] = ["recommended", "replied", "following-up"];

/** SHA-256 (hex) of the canonical form of what a leaf refers to. */
export function digestOf(value: CanonicalValue): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/**
 * Issues an order. Throws CASE_UNKNOWN, OFFICE_FOREIGN, CASE_DAY_FUTURE, CASE_NOT_READY (no
 * recommendation has been served, or the case is over), ORDER_EXISTS, CASE_DAY_BACKWARDS (due
 * before it is issued), TEXT_LENGTH or TEXT_PERSONAL.
 */
export async function issueOrder(
  office: Office,
  request: OrderRequest,
): Promise<{ readonly entry: string }> {
  await authorise(office, { actor: request.actor, verb: "order" });
  const { number, kind, on, due, actor } = request;
  const bounds = { field: "addressee", charactersMax: ADDRESSEE_CHARACTERS_MAX };
  const addressee = recordedText(request.addressee, bounds, office.gazetteer);
  await requireCase(office, number, { act: "correct", actor });
  requirePast(office, on);
  return transaction(office.database, async (connection) => {
    const matter = await lockCase(connection, number);
    const state = stateOf(matter);
    if (!ORDERS_IN.includes(state)) throw new Failure("CASE_NOT_READY", { state });
    if (due < on || on < matter.openedOn) throw new Failure("CASE_DAY_BACKWARDS");
    const order = { addressee, kind, issuedOn: on, dueOn: due };
    if (!(await insertOrder(connection, matter.id, order))) throw new Failure("ORDER_EXISTS");
    const digest = digestOf(order);
    const act = { type: "order-issued", actor, case: number, state, on, due, digest } as const;
    return { entry: entryText(await writeAct(office, connection, act)) };
  });
}

/** A filed proof; `daysLate` above 0 says that the order's day was over. */
export interface FiledProof extends Lateness {
  readonly entry: string;
}

/**
 * Files the proof that an addressee has put it right; a late one is filed and told as late. Throws
 * CASE_UNKNOWN, OFFICE_FOREIGN, ORDER_UNKNOWN (no order, or its proof is filed), CASE_DAY_BACKWARDS
 * (before the order was issued), CASE_DAY_FUTURE, TEXT_LENGTH or TEXT_PERSONAL.
 */
export async function fileProof(office: Office, request: ProofRequest): Promise<FiledProof> {
  await authorise(office, { actor: request.actor, verb: "order" });
  const { number, addressee, on, actor } = request;
  const bounds = { field: "proof", charactersMax: PROOF_CHARACTERS_MAX };
  const proof = recordedText(request.proof, bounds, office.gazetteer);
  await requireCase(office, number, { act: "correct", actor });
  requirePast(office, on);
  return transaction(office.database, async (connection) => {
    const matter = await lockCase(connection, number);
    const orders = await ordersOf(connection, matter.id);
    const order = orders.find((one) => one.addressee === addressee);
    const proved = { addressee, proof, on };
    if (order === undefined) throw new Failure("ORDER_UNKNOWN");
    if (on < order.issuedOn) throw new Failure("CASE_DAY_BACKWARDS");
    if (!(await proveOrder(connection, matter.id, proved))) throw new Failure("ORDER_UNKNOWN");
    const digest = digestOf(proved);
    const { state } = matter;
    const { dueOn: due } = order;
    const act = { type: "order-proved", actor, case: number, state, on, due, digest } as const;
    const entry = entryText(await writeAct(office, connection, act));
    return { entry, ...lateness(due, on) };
  });
}
