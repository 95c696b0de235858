/**
 * Renews the keys that sign: the log's and the one for certificates. Three phases, one for each
 * call, with as much time between them as it takes to tell those who verify:
 *
 *   announced  the next key is made; a note that both sign is published beside the log, in bundles
 *              and with every certificate, and its public half is in a leaf
 *   used       the next key signs beside the one before, so whoever knows either can verify
 *   retired    the key before is destroyed; the note says what it signed last, and a leaf too
 *
 * Interrupted anywhere, the same call or the jobs of any server go on.
 */
import { hash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { authorise } from "../access/authorise.ts";
import type { Actor } from "../access/actor.ts";
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import type { EntryDraft } from "../access/entry.ts";
import { LEAF_ID_BYTES } from "../audit/leaf.ts";
import { verifierKeyText } from "../audit/note.ts";
import { announceKey, changesOf, changeWords, retireKey, useKey } from "../log/key-changes.ts";
import type { SavedChange, SigningLine } from "../log/key-changes.ts";
import { Failure } from "../rules/failure.ts";
import { knownLeafIds } from "../store/audit-leaf.ts";
import { readHead, tryLockLog, unlockLog } from "../store/log.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { certificateLine } from "./certificate-key.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import type { Vault } from "./vault.ts";

export const SIGNING_USES = ["log", "certificate"] as const;
export type SigningUse = (typeof SIGNING_USES)[number];
export type SigningPhase = "announced" | "used" | "retired";

export interface SigningKeyStatus {
  /** Name in the key store: `log`, `log-sm2`, `certificate`, or a tenant's own log's. */
  readonly name: string;
  readonly use: SigningUse;
  readonly number: number;
  /** Null while nothing is being changed. */
  readonly phase: "announced" | "used" | null;
  /** Private keys that came before the one in use and are still there. */
  readonly old: number;
}

/** Other servers keep a signer for a minute (src/log/log.ts); it must not be needed any more. */
const USED_MS_MIN = 60_000;
const LOCK_PAUSE_MS = 50;
const LOCK_TRIES = 300;

async function linesOf(vault: Vault, use: SigningUse): Promise<readonly SigningLine[]> {
  return use === "log" ? vault.log.lines() : [certificateLine(vault)];
}

/** What may sign, by name and number; no key is in it. */
export async function signingKeyStatus(vault: Vault): Promise<readonly SigningKeyStatus[]> {
  const found: SigningKeyStatus[] = [];
  for (const use of SIGNING_USES) {
    for (const { name } of await linesOf(vault, use)) {
      const { number, announced, old } = await vault.keys.signing.state(name);
      const phase = old > 0 ? "used" : announced === null ? null : "announced";
      found.push({ name, use, number, phase, old });
    }
  }
  return found;
}

/** What each line has to do next; lines of one log go through a phase together. */
async function nextOf(vault: Vault, line: SigningLine): Promise<SigningPhase> {
  const { announced, old } = await vault.keys.signing.state(line.name);
  if (old > 0) return "retired";
  return announced === null ? "announced" : "used";
}

/** Of two lines an interruption may have left one behind; that one goes first. */
function earliest(phases: readonly SigningPhase[]): SigningPhase {
  // A line that waits to be announced anew, beside one to be retired, was retired already.
  if (phases.includes("announced") && !phases.includes("retired")) return "announced";
  return phases.includes("used") ? "used" : "retired";
}

/**
 * Id of the leaf about that phase of that key: one for each, whoever writes it. The key itself is
 * in it, because an older key store that was put back gives the same number to another key.
 */
function leafIdOf(name: string, { number, to }: SavedChange, phase: SigningPhase): Uint8Array {
  const words = ["midan.signing-key", name, String(number), verifierKeyText(to), phase].join("\0");
  return hash("sha256", words, "buffer").subarray(0, LEAF_ID_BYTES);
}

async function phasesOf(
  vault: Vault,
  line: SigningLine,
  change: SavedChange,
): Promise<readonly SigningPhase[]> {
  const state = await vault.keys.signing.state(line.name);
  const isUsed = state.number >= change.number;
  const isOver = change.retired !== null && (state.number > change.number || state.old === 0);
  return [
    "announced",
    ...(isUsed ? ["used" as const] : []),
    ...(isOver ? ["retired" as const] : []),
  ];
}

async function tellPhase(
  vault: Vault,
  connection: Connection,
  told: {
    readonly line: SigningLine;
    readonly change: SavedChange;
    readonly phase: SigningPhase;
    readonly actor: EntryDraft["actor"];
  },
): Promise<Uint8Array> {
  const { line, change, phase, actor } = told;
  const id = leafIdOf(line.name, change, phase);
  if ((await knownLeafIds(connection, [id])).size > 0) return id;
  const fields = [line.name, phase, verifierKeyText(change.from), verifierKeyText(change.to)];
  const digest = hash("sha256", change.note);
  await writeEntry(vault, connection, { type: "signing-key-changed", actor, id, fields, digest });
  return id;
}

/** Writes the leaves of all phases that are done and not told; the id of the last. */
async function tell(
  vault: Vault,
  lines: readonly SigningLine[],
  actor: EntryDraft["actor"],
): Promise<string | null> {
  let last: Uint8Array | null = null;
  for (const line of lines) {
    const change = (await changesOf(vault.keys, line)).at(-1);
    if (change === undefined) continue;
    const phases = await phasesOf(vault, line, change);
    last = await transaction(vault.database, async (connection) => {
      let id: Uint8Array | null = null;
      for (const phase of phases)
        id = await tellPhase(vault, connection, { line, change, phase, actor });
      return id;
    });
  }
  return last === null ? null : Buffer.from(last).toString("hex");
}

/** Tells what a crash left untold; by the jobs of any server. */
export async function settleSigningKeys(vault: Vault): Promise<void> {
  for (const use of SIGNING_USES) await tell(vault, await linesOf(vault, use), SYSTEM_ACTOR);
}

/** Runs `work` while nobody signs a tree of this log, with the size of the last one. */
async function whileNobodySigns<T>(vault: Vault, work: (size: number) => Promise<T>): Promise<T> {
  const { id } = vault.log;
  return connected(vault.database, async (connection) => {
    for (let tries = 0; !(await tryLockLog(connection, id)); tries += 1) {
      if (tries === LOCK_TRIES) throw new Failure("LOG_LATE");
      await sleep(LOCK_PAUSE_MS);
    }
    try {
      return await work((await readHead(connection, id))?.size ?? 0);
    } finally {
      await unlockLog(connection, id).catch(() => undefined);
    }
  });
}

async function requireUsedLong(vault: Vault, line: SigningLine): Promise<void> {
  const usedAt = (await changesOf(vault.keys, line)).at(-1)?.usedAt ?? null;
  const left = usedAt === null ? 0 : usedAt.getTime() + USED_MS_MIN - vault.now().getTime();
  if (left > 0) throw new Failure("KEY_CHANGE_EARLY", { seconds: Math.ceil(left / 1000) });
}

interface Entering {
  readonly phase: SigningPhase;
  readonly use: SigningUse;
  readonly noted: () => Promise<void>;
}

async function enter(
  vault: Vault,
  lines: readonly SigningLine[],
  { phase, use, noted }: Entering,
): Promise<void> {
  const { keys } = vault;
  const now = vault.now();
  const retireAll = async (size: number): Promise<void> => {
    for (const line of lines) await retireKey(keys, line, { now, size, noted });
  };
  switch (phase) {
    case "announced":
      for (const line of lines) await announceKey(keys, line, now);
      return;
    case "used":
      for (const line of lines) await useKey(keys, line, { now, noted });
      return;
    case "retired":
      for (const line of lines) await requireUsedLong(vault, line);
      if (use === "certificate") await retireAll(0);
      else await whileNobodySigns(vault, retireAll);
      return;
    default:
      phase satisfies never;
  }
}

export interface SigningRotation {
  readonly phase: SigningPhase;
  readonly keys: readonly SigningKeyStatus[];
  /** How the keys followed one another, as words that anybody may check. */
  readonly changes: readonly string[];
  /** Id of the entry about it. */
  readonly entry: string;
}

/**
 * Takes the keys of `use` one phase further. Throws KEY_CHANGE_EARLY within a minute after the next
 * key began to sign (call again then), LOG_LATE when a sequencer does not end, and as the stores
 * do: call it again.
 */
export async function rotateSigningKeys(
  vault: Vault,
  request: { readonly use: SigningUse; readonly actor: Actor; readonly reached?: Reached },
): Promise<SigningRotation> {
  const { use, actor, reached = PASS } = request;
  await authorise(vault, { actor, verb: "rotate-keys" });
  const lines = await linesOf(vault, use);
  await tell(vault, lines, actor);
  const next = new Map<SigningLine, SigningPhase>();
  for (const line of lines) {
    await vault.keys.signing.current(line.name, line.make);
    next.set(line, await nextOf(vault, line));
  }
  const phase = earliest([...next.values()]);
  await enter(
    vault,
    lines.filter((line) => next.get(line) === phase),
    { phase, use, noted: async () => reached("signing-noted") },
  );
  await reached(`signing-${phase}`);
  const entry = (await tell(vault, lines, actor)) ?? "";
  await reached("signing-told");
  const keys = (await signingKeyStatus(vault)).filter((key) => key.use === use);
  return { phase, keys, changes: await changesFor(vault, lines), entry };
}

async function changesFor(vault: Vault, lines: readonly SigningLine[]): Promise<readonly string[]> {
  const found = await Promise.all(lines.map(async (line) => changesOf(vault.keys, line)));
  return changeWords(found.flat());
}
