/**
 * The policies (`policies/cedar/`) and how a question is put to them. They are parsed and checked
 * against their schema once in a process; an answer depends on the question alone, so equal
 * questions are answered from memory.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Cedar from "@cedar-policy/cedar-wasm/nodejs";
import { canonicalJson } from "../audit/canonical-json.ts";
import { Failure } from "../rules/failure.ts";
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

/** A whole set: its schema, and its policies by name. */
interface PolicyTexts {
  readonly schema: string;
  readonly policies: Readonly<Record<string, string>>;
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
function requireValid(cedar: Engine, texts: PolicyTexts): void {
  const { schema } = texts;
  const policies = { staticPolicies: { ...texts.policies } };
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

/**
 * Of a set of the past the schema may not know what is asked today: its request is not validated,
 * and where a policy of it cannot be evaluated no answer is given at all.
 */
function asker(cedar: Engine, id: string, isPast: boolean): PolicySet["ask"] {
  return (question) => {
    const answer = cedar.statefulIsAuthorized({
      principal: { type: "Role", id: question.role },
      action: { type: "Action", id: question.verb },
      resource: { type: "Thing", id: "any" },
      context: contextOf(question),
      entities: [],
      preparsedPolicySetId: id,
      preparsedSchemaName: id,
      validateRequest: !isPast,
    });
    if (answer.type === "failure") throw new RangeError(messagesOf(answer.errors));
    const { decision, diagnostics } = answer.response;
    if (isPast && diagnostics.errors.length > 0) {
      throw new Failure("HISTORY_TOO_SHORT", { of: "policies" });
    }
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

async function parsedSet(
  texts: PolicyTexts,
  { id, isPast }: { readonly id: string; readonly isPast: boolean },
): Promise<PolicySet> {
  const cedar = await import("@cedar-policy/cedar-wasm/nodejs");
  const staticPolicies = { ...texts.policies };
  if (!isPast) requireValid(cedar, texts);
  const parsed = cedar.preparsePolicySet(id, { staticPolicies });
  if (parsed.type === "failure") throw new RangeError(messagesOf(parsed.errors));
  const read = cedar.preparseSchema(id, texts.schema);
  if (read.type === "failure") throw new RangeError(messagesOf(read.errors));
  const ask = asker(cedar, id, isPast);
  return { names: Object.keys(staticPolicies), ask, decide: remembering(ask) };
}

function textsOf(directory: string): PolicyTexts {
  const schema = readFileSync(join(directory, SCHEMA_FILE), "utf8");
  return { schema, policies: readPolicies(directory) };
}

/**
 * Reads, checks and parses the policies of a directory. Throws RangeError for what is no policy
 * set: it is part of the program, and a program with a broken one must not start to decide.
 */
export async function loadPolicySet(directory: string = DIRECTORY): Promise<PolicySet> {
  return parsedSet(textsOf(directory), { id: directory, isPast: false });
}

let loaded: Promise<PolicySet> | null = null;

/** The policies of this installation, loaded with the first question. */
export async function policySet(): Promise<PolicySet> {
  loaded ??= loadPolicySet();
  return loaded;
}

export interface PolicyText {
  /** SHA-256 of the body, 32 bytes. */
  readonly digest: Uint8Array;
  /** Schema and policies by name, as canonical JSON. */
  readonly body: string;
}

let current: PolicyText | null = null;

/** The text of the policies that this program decides by, and its digest. */
export function currentPolicyText(): PolicyText {
  if (current !== null) return current;
  const bytes = canonicalJson({ ...textsOf(DIRECTORY) });
  const digest = createHash("sha256").update(bytes).digest();
  current = { digest, body: Buffer.from(bytes).toString("utf8") };
  return current;
}

/** Sets of the past, by digest: a text that was parsed once is not parsed again. */
const past = new Map<string, Promise<PolicySet>>();
const PAST_MAX = 8;

/**
 * A set from its kept text, to ask what it decided. `ask` throws HISTORY_TOO_SHORT where this
 * program no longer knows a circumstance that the set decided by.
 */
export async function policySetOf(body: string): Promise<PolicySet> {
  const id = createHash("sha256").update(body).digest("hex");
  const known = past.get(id);
  if (known !== undefined) return known;
  if (past.size >= PAST_MAX) past.clear();
  // It was written by `currentPolicyText` of some version of this program.
  const made = parsedSet(JSON.parse(body) as PolicyTexts, { id, isPast: true });
  past.set(id, made);
  return made;
}
