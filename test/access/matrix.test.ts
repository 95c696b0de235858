/** Every verb by every role, everywhere and in every state, against a table written by hand. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { loadPolicySet } from "../../src/access/policy-set.ts";
import { EXPORT_KINDS } from "../../src/rules/export.ts";
import { PURPOSES, PURPOSE_NAMES } from "../../src/rules/purposes.ts";
import type { Purpose } from "../../src/rules/purposes.ts";
import { BEFORE_PICK_UP, ON_THE_WAY, ORDER_STATES, PLACES } from "../../src/rules/question.ts";
import type { OrderState, Place, Question } from "../../src/rules/question.ts";
import { ROLE_NAMES } from "../../src/rules/role.ts";
import type { Role } from "../../src/rules/role.ts";
import { SCOPE_NAMES } from "../../src/rules/scope.ts";
import { VERBS } from "../../src/rules/verb.ts";
import type { Verb } from "../../src/rules/verb.ts";

const MATRIX_FILE = new URL("./matrix.txt", import.meta.url);

// The keys of a table are the names of its rows.
const VERB_NAMES = Object.keys(VERBS) as Verb[];

const MASKED_PURPOSES = EXPORT_KINDS["masked-waybills"].purposes;

type Row = readonly [name: string, ...marks: string[]];

function rowsOf(text: string): Row[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const [name = "", ...marks] = line.split(/ +/);
    return [name, ...marks];
  });
}

const ROWS = rowsOf(readFileSync(MATRIX_FILE, "utf8"));

interface Cell {
  readonly mark: string;
  readonly place: Place;
  readonly state: OrderState;
  readonly isAssigned: boolean;
}

const EVERYWHERE = PLACES.flatMap((place) =>
  ORDER_STATES.flatMap((state) =>
    [true, false].map((isAssigned) => ({ place, state, isAssigned }) as const),
  ),
);

/** Verbs about one parcel; the others have no state and no route, and are asked place by place. */
const OF_A_PARCEL: ReadonlySet<string> = new Set<Verb>([
  ...(["reveal", "show", "state", "print"] as const),
  ...(["return", "split", "change-address", "drop-ship"] as const),
  ...(["assign", "hand-over", "merge", "break-glass", "prove-statement"] as const),
  ...(["hold", "release-hold", "erase", "correct", "certify-erasure", "subject-request"] as const),
]);
const BY_PLACE = PLACES.map((place) => ({ place, state: "sealed", isAssigned: false }) as const);

function circumstances(name: string): typeof EVERYWHERE {
  return OF_A_PARCEL.has(name.split("/")[0] ?? "") ? EVERYWHERE : BY_PLACE;
}

/** What a supplier and its machines may of what a merchant handed to it. */
const SUPPLIED: ReadonlySet<string> = new Set<Verb>(["show", "state", "print"]);
const SUPPLIERS: readonly Role[] = ["merchant", "erp-machine"];
/** Machines are asked as machines, with every scope of a key. */
const KINDS: Partial<Record<Role, Question["kind"]>> = {
  "erp-machine": "machine",
  operator: "operator",
};

function askerOf(role: Role): Pick<Question, "kind" | "scopes"> {
  const kind = KINDS[role] ?? "person";
  return { kind, scopes: kind === "machine" ? SCOPE_NAMES : [] };
}

function expected(name: string, role: Role, { mark, place, state, isAssigned }: Cell): boolean {
  const isSupplied = place === "supplied" && SUPPLIERS.includes(role) && SUPPLIED.has(name);
  if (place !== "own" && !isSupplied) return false;
  const isOnTheWay = ON_THE_WAY.includes(state);
  switch (mark) {
    case ".":
      return false;
    case "y":
      return true;
    case "w":
      return isOnTheWay;
    case "p":
      return BEFORE_PICK_UP.includes(state);
    case "a":
      return isAssigned;
    case "b":
      return isAssigned && isOnTheWay;
    default:
      throw new RangeError(`no such mark: ${mark}`);
  }
}

function askedIn(name: string): Pick<Question, "verb" | "purpose" | "fields" | "managed"> {
  const [first = "", second = null] = name.split("/");
  // The rows were compared with the tables before this is called.
  const verb = first as Verb;
  const none = { verb, purpose: null, managed: null, fields: [] } as const;
  if (second === null) return none;
  if (verb === "manage-account") return { ...none, managed: second as Role };
  const purpose = second as Purpose;
  return { ...none, purpose, fields: PURPOSES[purpose].fields };
}

const WRITTEN = { hasReason: true, hasWarrant: true, isEmergency: false } as const;

test("P10: the table has a row for every verb and a column for every role", () => {
  const managed = ROLE_NAMES.filter((role) => role !== "operator" && role !== "subject");
  const wanted = VERB_NAMES.flatMap((verb) => {
    if (verb === "reveal") return PURPOSE_NAMES.map((purpose) => `reveal/${purpose}`);
    if (verb === "export-masked") return MASKED_PURPOSES.map((purpose) => `${verb}/${purpose}`);
    return verb === "manage-account" ? managed.map((role) => `${verb}/${role}`) : [verb];
  });
  assert.deepEqual(ROWS.map(([name]) => name).toSorted(), wanted.toSorted());
  for (const row of ROWS) assert.equal(row.length, ROLE_NAMES.length + 1, row[0]);
});

test("P10: every verb by every role, everywhere, is as the table says", async (context) => {
  const policies = await loadPolicySet();
  const common = {
    hasDevice: true,
    isTrained: true,
    hour: 10,
  } as const;
  let asked = 0;
  for (const [name, ...marks] of ROWS) {
    for (const [at, role] of ROLE_NAMES.entries()) {
      for (const where of circumstances(name)) {
        const asker = { ...askerOf(role), role };
        const question = { ...common, ...askedIn(name), ...where, ...asker, ...WRITTEN };
        const wanted = expected(name, role, { mark: marks[at] ?? "", ...where });
        const told = `${name} by ${role}: ${JSON.stringify(where)}`;
        assert.equal(policies.ask(question).isAllowed, wanted, told);
        asked += 1;
      }
    }
  }
  const each = ROWS.map(([name]) => circumstances(name).length);
  assert.equal(asked, ROLE_NAMES.length * each.reduce((sum, count) => sum + count, 0));
  context.diagnostic(`${asked} questions of ${ROWS.length} rows and ${ROLE_NAMES.length} roles`);
});

test("P10: every verb of the table is asked for somewhere before it is done", () => {
  const asking = new Set<string>();
  for (const room of ["access", "identity", "vault", "oversight", "cli"]) {
    const directory = new URL(`../../src/${room}/`, import.meta.url);
    for (const file of readdirSync(directory)) {
      const text = readFileSync(new URL(file, directory), "utf8");
      for (const [, verb = ""] of text.matchAll(/\bverb: "([a-z-]+)"/g)) asking.add(verb);
    }
  }
  const silent = VERB_NAMES.filter((verb) => !asking.has(verb));
  assert.deepEqual(silent, []);
});
