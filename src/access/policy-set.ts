/**
 * The policies (`policies/cedar/`) and how a question is put to them. They are parsed and checked
 * against their schema once in a process; an answer depends on the question alone, so equal
 * questions are answered from memory.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Cedar from "@cedar-policy/cedar-wasm/nodejs";
import type { Question } from "../rules/question.ts";

type Engine = Pick<
  typeof Cedar,
  "preparsePolicySet" | "preparseSchema" | "statefulIsAuthorized" | "validate"
>;

const DIRECTORY = fileURLToPath(new URL("../../policies/cedar/", import.meta.url));
const SUFFIX = ".cedar";
const SCHEMA_FILE = "schema.cedarschema";
const POLICIES_MAX = 20;
/** Distinct questions that are remembered; there are fewer in a day of one carrier. */
const REMEMBERED_MAX = 20_000;

export interface Decision {
  readonly isAllowed: boolean;
  /** Names of the policies that decided; empty when nothing permits it. For the log only. */
  readonly rules: readonly string[];
}

export interface PolicySet {
  /** Names of the policies, sorted. */
  readonly names: readonly string[];
  /** Puts the question to Cedar, every time. */
  readonly ask: (question: Question) => Decision;
  /** As `ask`, but equal questions are put once. */
  readonly decide: (question: Question) => Decision;
}

function messagesOf(errors: readonly Cedar.DetailedError[]): string {
  return errors.map(({ message }) => message).join("; ");
}

function readPolicies(directory: string): Record<string, string> {
  const files = readdirSync(directory).filter((file) => file.endsWith(SUFFIX));
  if (files.length === 0 || files.length > POLICIES_MAX) {
    throw new RangeError(`there are 1 to ${POLICIES_MAX} policies, not ${files.length}`);
  }
  const texts: Record<string, string> = {};
  for (const file of files.toSorted()) {
    texts[file.slice(0, -SUFFIX.length)] = readFileSync(join(directory, file), "utf8");
  }
  return texts;
}

/** Refuses policies that do not fit the schema: a rule about nothing would never hold anybody. */
function requireValid(cedar: Engine, schema: string, staticPolicies: Record<string, string>): void {
  const policies = { staticPolicies };
  const answer = cedar.validate({ schema, policies, validationSettings: { mode: "strict" } });
  if (answer.type === "failure") throw new RangeError(messagesOf(answer.errors));
  const [first] = answer.validationErrors;
  if (first !== undefined) throw new RangeError(`${first.policyId}: ${first.error.message}`);
}

function contextOf(question: Question): Record<string, Cedar.CedarValueJson> {
  const { kind, place, purpose, fields, state, scopes, managed } = question;
  const { isAssigned, isEmergency, hasDevice, isTrained, hasReason, hasWarrant, hour } = question;
  return {
    kind,
    place,
    purpose: purpose ?? "",
    fields: [...fields],
    state: state ?? "",
    scopes: [...scopes],
    managed: managed ?? "",
    isAssigned,
    hasDevice,
    isTrained,
    hasReason,
    hasWarrant,
    isEmergency,
    hour,
  };
}

function asker(cedar: Engine, id: string): PolicySet["ask"] {
  return (question) => {
    const answer = cedar.statefulIsAuthorized({
      principal: { type: "Role", id: question.role },
      action: { type: "Action", id: question.verb },
      resource: { type: "Thing", id: "any" },
      context: contextOf(question),
      entities: [],
      preparsedPolicySetId: id,
      preparsedSchemaName: id,
      validateRequest: true,
    });
    if (answer.type === "failure") throw new RangeError(messagesOf(answer.errors));
    const { decision, diagnostics } = answer.response;
    // A policy that could not be evaluated may have been the one that forbids.
    const isAllowed = decision === "allow" && diagnostics.errors.length === 0;
    return { isAllowed, rules: diagnostics.reason.toSorted() };
  };
}

/** Every member in a fixed order: two questions have one key only when they are the same. */
function keyOf(question: Question): string {
  const { role, verb, kind, place, purpose, fields, state, scopes, managed } = question;
  const { isAssigned, isEmergency, hasDevice, isTrained, hasReason, hasWarrant, hour } = question;
  return JSON.stringify([
    [role, verb, kind, place, purpose, state, managed, hour],
    [isAssigned, isEmergency, hasDevice, isTrained, hasReason, hasWarrant],
    fields.toSorted(),
    scopes.toSorted(),
  ]);
}

function remembering(ask: PolicySet["ask"]): PolicySet["decide"] {
  const remembered = new Map<string, Decision>();
  return (question) => {
    const key = keyOf(question);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const decision = ask(question);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(key, decision);
    return decision;
  };
}

/**
 * Reads, checks and parses the policies of a directory. Throws RangeError for what is no policy
 * set: it is part of the program, and a program with a broken one must not start to decide.
 */
export async function loadPolicySet(directory: string = DIRECTORY): Promise<PolicySet> {
  const cedar = await import("@cedar-policy/cedar-wasm/nodejs");
  const schema = readFileSync(join(directory, SCHEMA_FILE), "utf8");
  const staticPolicies = readPolicies(directory);
  requireValid(cedar, schema, staticPolicies);
  const parsed = cedar.preparsePolicySet(directory, { staticPolicies });
  if (parsed.type === "failure") throw new RangeError(messagesOf(parsed.errors));
  const read = cedar.preparseSchema(directory, schema);
  if (read.type === "failure") throw new RangeError(messagesOf(read.errors));
  const ask = asker(cedar, directory);
  return { names: Object.keys(staticPolicies), ask, decide: remembering(ask) };
}

let loaded: Promise<PolicySet> | null = null;

/** The policies of this installation, loaded with the first question. */
export async function policySet(): Promise<PolicySet> {
  loaded ??= loadPolicySet();
  return loaded;
}
