/**
 * An older key store that lacks a change of a signing key of which the log tells, or remembers less
 * of it (P13): it has lost a key that others were told to trust, or has one again that is over.
 */
import { verifierKeyText } from "../audit/note.ts";
import { rememberedChanges, retireKey, useKey } from "../log/key-changes.ts";
import type { SavedChange, SigningLine } from "../log/key-changes.ts";
import { lineNamed } from "../log/log-keys.ts";
import { Failure } from "../rules/failure.ts";
import { readHead } from "../store/log.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { TOLD_PHASES, toldKeyChanges } from "../store/told-key-change.ts";
import type { ToldPhase } from "../store/told-key-change.ts";
import { certificateLine } from "./certificate-key.ts";
import type { Vault } from "./vault.ts";

/** The record of a key store, or of a copy of one, under a name. */
export type RecordIn = (name: string) => Promise<Uint8Array | null>;

export interface SigningBehind {
  readonly name: string;
  /** How far the log says that the change is. */
  readonly phase: ToldPhase;
  /** True when the key store has not even the key that follows. */
  readonly isLost: boolean;
}

function phaseOf({ usedAt, retired }: SavedChange): ToldPhase {
  if (retired !== null) return "retired";
  return usedAt === null ? "announced" : "used";
}

/** The names of which the log tells more than the key store knows. */
export async function signingBehind(
  connection: Connection,
  record: RecordIn,
): Promise<readonly SigningBehind[]> {
  const behind: SigningBehind[] = [];
  for (const { name, phase, to } of await toldKeyChanges(connection)) {
    const known = (await rememberedChanges(record, name)).find(
      (change) => verifierKeyText(change.to) === to,
    );
    const reached = known === undefined ? -1 : TOLD_PHASES.indexOf(phaseOf(known));
    if (reached < TOLD_PHASES.indexOf(phase))
      behind.push({ name, phase, isLost: known === undefined });
  }
  return behind;
}

/** Whose keys those of that name are, of whichever log, and the size of the tree they signed. */
async function lineOf(
  vault: Vault,
  name: string,
): Promise<{ readonly line: SigningLine; readonly size: number }> {
  const certificates = certificateLine(vault);
  if (name === certificates.name) return { line: certificates, size: 0 };
  const named = lineNamed(name);
  if (named === null) throw new Failure("KEY_UNKNOWN", { name });
  const { log } = named;
  const head = await connected(vault.database, async (connection) => readHead(connection, log));
  if (head === null) throw new Failure("KEY_UNKNOWN", { name });
  const line = named.lineOf({ log, origin: head.origin }, vault.randomBytes);
  return { line, size: head.size };
}

/**
 * Does again what the log tells, of all tenants' logs: a key that was used is used, and the one
 * before it, where it was destroyed, is destroyed. A key that is lost stays so. Throws KEY_UNKNOWN
 * for a name of no log; nothing must be told to be restored then.
 */
export async function catchUpSigning(
  vault: Vault,
  behind: readonly SigningBehind[],
): Promise<void> {
  const { keys } = vault;
  const now = vault.now();
  for (const { name, phase, isLost } of behind) {
    if (isLost || phase === "announced") continue;
    const { line, size } = await lineOf(vault, name);
    const isUnused = (await keys.signing.state(name)).announced !== null;
    if (isUnused) await useKey(keys, line, { now });
    if (phase === "retired") await retireKey(keys, line, { now, size });
  }
}
