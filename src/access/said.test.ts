import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDay } from "../rules/calendar.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { SETTING_MODES } from "../store/setting.ts";
import type { SettingMode, SettingRow } from "../store/setting.ts";
import { isLooser, refusalOf, rulingOver } from "./ruling.ts";
import { saidBeside, saidOn } from "./said.ts";

const NAME = "label-sizes";
const SETS = ["76x130", "100x150", "76x130,100x150", "76x130,100x150,100x180"] as const;
const OPENED = parseDay("2020-01-01");

function organisation(id: string, parentId: string | null): OrganisationRow {
  assert.ok(OPENED !== null);
  return {
    id,
    tenantId: "tenant",
    parentId,
    kind: parentId === null ? "headquarters" : "outlet",
    form: null,
    name: id,
    openedOn: OPENED,
    closedOn: null,
  };
}

const TOP = organisation("top", null);
const [EAST, WEST] = [organisation("east", "top"), organisation("west", "top")];
const BRANCH = organisation("branch", "east");
const LINE = [TOP, EAST, BRANCH] as const;
const MOVED = [TOP, WEST, BRANCH] as const;

interface Wish {
  readonly value: string;
  readonly mode: SettingMode;
  readonly bound: string | null;
}

function row(by: string, version: number, { value, mode, bound }: Wish): SettingRow {
  const said = { organisationId: BRANCH.id, byId: by, name: NAME, version } as const;
  const common = { reason: "试", actor: "st-0", approvedBy: null, at: new Date(version) };
  return { ...said, ...common, value, mode, bound: mode === "delegated" ? bound : null };
}

/** Says it of the branch in the name of `by` when that is let through; as the tables hold it. */
function say(
  line: readonly OrganisationRow[],
  rows: readonly SettingRow[],
  said: Wish & { readonly by: OrganisationRow },
): readonly SettingRow[] {
  const above = rulingOver(NAME, saidBeside(line, saidOn(line, rows), said.by.id));
  const { value, mode, by } = said;
  const bound = mode === "delegated" ? said.bound : null;
  const change = { value, bound, by, organisation: BRANCH, isGranted: false };
  const refusal = refusalOf(above, { ...change, isDelegating: mode === "delegated" });
  return refusal === null ? [...rows, row(by.id, rows.length + 1, said)] : rows;
}

const anyWish = fc
  .record({
    value: fc.constantFrom<string>(...SETS),
    mode: fc.constantFrom(...SETTING_MODES),
    bound: fc.constantFrom<string>(...SETS),
  })
  .filter(({ value, bound }) => !isLooser(NAME, value, bound));

test("P10: no run of words from below loosens what was said of a branch from above", () => {
  const seen = { said: 0, refused: 0, moved: 0 };
  const lower = fc.array(fc.tuple(anyWish, fc.boolean(), fc.boolean()), { maxLength: 6 });
  const run = fc.property(anyWish, fc.constantFrom(TOP, EAST), lower, (first, by, wishes) => {
    let rows: readonly SettingRow[] = [row(by.id, 1, first)];
    const loosest = first.mode === "delegated" ? (first.bound ?? first.value) : first.value;
    for (const [wish, isMoved, byWest] of wishes) {
      const line = isMoved ? MOVED : LINE;
      const speaker = isMoved && byWest ? WEST : BRANCH;
      const then = say(line, rows, { ...wish, by: speaker });
      seen[then === rows ? "refused" : "said"] += 1;
      if (isMoved) seen.moved += 1;
      rows = then;
      for (const where of [LINE, MOVED]) {
        const now = rulingOver(NAME, saidOn(where, rows));
        assert.equal(isLooser(NAME, now.value, loosest), false, JSON.stringify({ first, rows }));
        if (first.mode === "locked") assert.equal(now.value, first.value);
      }
    }
  });
  fc.assert(run, { numRuns: 1000 });
  assert.ok(Math.min(seen.said, seen.refused, seen.moved) > 300, JSON.stringify(seen));
});

test("P10: whoever said it takes it back, and so does whoever stands above", () => {
  const lock: Wish = { value: "76x130", mode: "locked", bound: null };
  const open = { value: "76x130,100x150", mode: "set", bound: null } as const;
  for (const [by, takes] of [
    [EAST, [EAST, TOP]],
    [TOP, [TOP]],
    [BRANCH, [BRANCH, EAST, TOP]],
  ] as const) {
    const rows = [row(by.id, 1, lock)];
    for (const speaker of LINE) {
      const mayTake = takes.some((one) => one === speaker);
      const then = say(LINE, rows, { ...open, by: speaker });
      assert.equal(then.length, mayTake ? 2 : 1, `${by.id} by ${speaker.id}`);
      const { value, by: sayer } = rulingOver(NAME, saidOn(LINE, then));
      assert.deepEqual(
        [value, sayer?.id],
        mayTake ? [open.value, speaker.id] : [lock.value, by.id],
      );
    }
  }
  const elsewhere = [row(EAST.id, 1, lock)];
  assert.equal(say(MOVED, elsewhere, { ...open, by: WEST }), elsewhere);
  assert.equal(rulingOver(NAME, saidOn(MOVED, elsewhere)).by, null);
  assert.equal(say(MOVED, elsewhere, { ...open, by: TOP }).length, 2);
});

interface Heard {
  readonly rows: readonly SettingRow[];
  /** Whether the last who asked was let through. */
  readonly isSaid: boolean;
}

/** As `say`, of the branch or of the region above it. */
function sayOf(
  { rows }: Heard,
  said: Wish & { readonly by: OrganisationRow; readonly of: OrganisationRow },
): Heard {
  const { by, of, value, mode } = said;
  const line = LINE.slice(0, LINE.findIndex(({ id }) => id === of.id) + 1);
  const above = rulingOver(NAME, saidBeside(line, saidOn(line, rows), by.id));
  const bound = mode === "delegated" ? said.bound : null;
  const change = { value, bound, by, organisation: of, isGranted: false };
  const refusal = refusalOf(above, { ...change, isDelegating: mode === "delegated" });
  if (refusal !== null) return { rows, isSaid: false };
  const next = { ...row(by.id, rows.length + 1, said), organisationId: of.id };
  return { rows: [...rows, next], isSaid: true };
}

test("P10: what a region says of itself loosens nothing that was said higher of a branch", () => {
  const seen = { said: 0, refused: 0 };
  const speaking = fc.constantFrom(
    { by: EAST, of: EAST },
    { by: EAST, of: BRANCH },
    { by: BRANCH, of: BRANCH },
  );
  const lower = fc.array(fc.tuple(anyWish, speaking), { minLength: 1, maxLength: 6 });
  const run = fc.property(fc.option(anyWish), anyWish, lower, (ofTop, first, wishes) => {
    const top = { ...row(TOP.id, 1, ofTop ?? first), organisationId: TOP.id };
    const begun: Heard = { rows: ofTop === null ? [] : [top], isSaid: true };
    let heard = sayOf(begun, { ...first, by: TOP, of: BRANCH });
    if (!heard.isSaid) return;
    const { floor } = rulingOver(NAME, saidOn(LINE, heard.rows));
    for (const [wish, who] of wishes) {
      heard = sayOf(heard, { ...wish, ...who });
      seen[heard.isSaid ? "said" : "refused"] += 1;
      const { value } = rulingOver(NAME, saidOn(LINE, heard.rows));
      assert.ok(floor !== null);
      assert.equal(isLooser(NAME, value, floor), false, JSON.stringify(heard.rows));
    }
  });
  fc.assert(run, { numRuns: 2000 });
  assert.ok(Math.min(seen.said, seen.refused) > 300, JSON.stringify(seen));
});
