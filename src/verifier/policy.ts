/**
 * Whom to believe (C2SP tlog-policy): the keys of logs and witnesses, groups of them, and how many
 * have to have cosigned. `witness` lines may stand alone; without `quorum` all are shown and none
 * is required.
 */
import { textOf } from "./bytes.ts";
import { cosignedBy, parseKey } from "./note.ts";
import type { Cosigned, SignedNote, VerifierKey } from "./note.ts";
import type { Platform } from "./platform.ts";
import { Refused } from "./reason.ts";

interface Group {
  readonly needed: number;
  readonly members: readonly string[];
}

export interface Policy {
  readonly logs: readonly VerifierKey[];
  readonly witnesses: ReadonlyMap<string, VerifierKey>;
  readonly groups: ReadonlyMap<string, Group>;
  /** Name of a witness or a group, or null when nothing is required. */
  readonly quorum: string | null;
}

const LINES_MAX = 1000;

interface Draft {
  readonly logs: VerifierKey[];
  readonly witnesses: Map<string, VerifierKey>;
  readonly groups: Map<string, Group>;
  quorum: string | null;
}

function neededOf(word: string, members: number): number {
  if (word === "all") return members;
  if (word === "any") return 1;
  const count = /^[1-9]\d{0,2}$/.test(word) ? Number(word) : 0;
  return count >= 1 && count <= members ? count : 0;
}

function isNew(draft: Draft, name: string): boolean {
  return name !== "none" && !draft.witnesses.has(name) && !draft.groups.has(name);
}

function isKnown(draft: Draft, name: string): boolean {
  return draft.witnesses.has(name) || draft.groups.has(name);
}

function addGroup(draft: Draft, [name = "", word = "", ...members]: readonly string[]): boolean {
  const needed = neededOf(word, members.length);
  if (needed === 0 || !isNew(draft, name)) return false;
  if (!members.every((member) => isKnown(draft, member))) return false;
  if (new Set(members).size !== members.length) return false;
  draft.groups.set(name, { needed, members });
  return true;
}

/** Takes in one line; false when it makes no sense. */
function addLine(platform: Platform, draft: Draft, words: readonly string[]): boolean {
  const [kind = "", ...rest] = words;
  const [name = "", key = ""] = rest;
  switch (kind) {
    case "log":
      draft.logs.push(parseKey(platform, name));
      return rest.length <= 2;
    case "witness":
      if (!isNew(draft, name) || rest.length > 3) return false;
      draft.witnesses.set(name, parseKey(platform, key));
      return true;
    case "group":
      return addGroup(draft, rest);
    case "quorum":
      if (rest.length !== 1 || draft.quorum !== null) return false;
      if (name !== "none" && !isKnown(draft, name)) return false;
      draft.quorum = name;
      return true;
    default:
      return false;
  }
}

/** Reads a policy file. Throws POLICY_MALFORMED with the line, or KEY_MALFORMED. */
export function parsePolicy(platform: Platform, bytes: Uint8Array, file: string): Policy {
  const lines = textOf(bytes)?.split("\n") ?? null;
  if (lines === null || lines.length > LINES_MAX) throw new Refused("POLICY_MALFORMED", { file });
  const draft: Draft = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null };
  for (const [at, line] of lines.entries()) {
    const words = line.trim().split(/[ \t]+/);
    if (words[0] === "" || line.trimStart().startsWith("#")) continue;
    if (!addLine(platform, draft, words))
      throw new Refused("POLICY_MALFORMED", { file, detail: `line ${at + 1}` });
  }
  return { ...draft, quorum: draft.quorum === "none" ? null : draft.quorum };
}

export interface WitnessSeen {
  readonly name: string;
  readonly said: Cosigned;
}

function isMet(policy: Policy, name: string, held: ReadonlySet<string>): boolean {
  const group = policy.groups.get(name);
  if (group === undefined) return held.has(name);
  const met = group.members.filter((member) => isMet(policy, member, held));
  return met.length >= group.needed;
}

/**
 * What each witness of the policy said about the checkpoint in `note`. Throws SIGNATURE_WRONG for a
 * cosignature that does not hold, COSIGNATURE_FUTURE, and WITNESSES_TOO_FEW when the quorum is not
 * met: a missing cosignature is otherwise shown, not hidden.
 */
export async function witnessesOf(
  platform: Platform,
  policy: Policy,
  { note, file }: { readonly note: SignedNote; readonly file: string },
): Promise<readonly WitnessSeen[]> {
  const seen: WitnessSeen[] = [];
  for (const [name, key] of policy.witnesses) {
    const said = await cosignedBy(platform, note, key);
    if (said.state === "wrong") throw new Refused("SIGNATURE_WRONG", { file, detail: name });
    if (said.state === "future") throw new Refused("COSIGNATURE_FUTURE", { file, detail: name });
    seen.push({ name, said });
  }
  const held = new Set(seen.filter(({ said }) => said.state === "held").map(({ name }) => name));
  if (policy.quorum !== null && !isMet(policy, policy.quorum, held))
    throw new Refused("WITNESSES_TOO_FEW", { file, detail: `${held.size} of ${seen.length}` });
  return seen;
}
