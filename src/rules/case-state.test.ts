import assert from "node:assert/strict";
import { test } from "node:test";
import { CASE_STATES, moveCase, movesFrom, parseCaseState, startedBy } from "./case-state.ts";
import type { CaseState } from "./case-state.ts";
import { isFailure } from "./failure.ts";

// The keys of the table are the states, as its type says.
const STATES = Object.keys(CASE_STATES) as CaseState[];

/** All moves, written a second time as `from>to`. */
const ALLOWED = new Set(
  `clue>filed clue>not-filed clue>transferred filed>consulted filed>investigating
   consulted>investigating consulted>closed investigating>consulted investigating>decided
   investigating>closed decided>recommended recommended>replied recommended>following-up
   replied>following-up following-up>replied following-up>suspended following-up>closed
   following-up>suit-review following-up>transferred suspended>following-up suit-review>sued
   suit-review>closed sued>judged sued>closed judged>closed closed>revisited revisited>closed
   revisited>clue`.split(/\s+/),
);

test("CASE-1: of all pairs of states exactly the moves of the rules are allowed", () => {
  let allowed = 0;
  for (const from of STATES) {
    for (const to of STATES) {
      if (ALLOWED.has(`${from}>${to}`)) {
        allowed += 1;
        assert.notEqual(moveCase(from, to).basis.instrument, "");
      } else {
        assert.throws(
          () => moveCase(from, to),
          (error) => isFailure(error, "CASE_MOVE_REFUSED"),
          `${from} to ${to}`,
        );
      }
    }
  }
  assert.equal(allowed, ALLOWED.size);
});

test("CASE-1: every state can be reached from a clue, and all but two lead on", () => {
  const seen = new Set<CaseState>(["clue"]);
  for (const state of seen) for (const next of movesFrom(state)) seen.add(next);
  assert.deepEqual([...seen].sort(), [...STATES].sort());
  assert.deepEqual(
    STATES.filter((state) => movesFrom(state).length === 0),
    ["not-filed", "transferred"],
  );
});

test("CASE-2: nobody is sued without a served recommendation and a follow-up", () => {
  const without = (barred: CaseState): ReadonlySet<CaseState> => {
    const seen = new Set<CaseState>(["clue"]);
    for (const state of seen) {
      for (const next of movesFrom(state)) if (next !== barred) seen.add(next);
    }
    return seen;
  };
  for (const barred of ["filed", "decided", "recommended", "following-up"] as const) {
    assert.ok(!without(barred).has("sued"), barred);
  }
});

test("CASE-3: a move starts its deadlines, and urgency shortens the agency's", () => {
  const served = moveCase("decided", "recommended");
  assert.deepEqual(startedBy(served, false), ["copy-up", "agency-reply"]);
  assert.deepEqual(startedBy(served, true), ["copy-up", "agency-reply-urgent"]);
  assert.deepEqual(moveCase("clue", "filed").starts, ["serve-filing"]);
});

test("CASE-1: only names of the table are states", () => {
  assert.equal(parseCaseState("sued"), "sued");
  for (const name of ["", "Sued", "toString", "__proto__"])
    assert.equal(parseCaseState(name), null);
});
