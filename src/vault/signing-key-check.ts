/**
 * An older key store that lacks a change of a signing key of which the log tells, or remembers less
 * of it (P13): it has lost a key that others were told to trust, or has one again that is over.
 */
import { verifierKeyText } from "../audit/note.ts";
import { rememberedChanges, retireKey, useKey } from "../log/key-changes.ts";
import type { SavedChange } from "../log/key-changes.ts";
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

/**
 * Does again what the log tells: a key that was used is used, and the one before it, where it was
 * destroyed, is destroyed. A key that is lost stays so.
 */
export async function catchUpSigning(
  vault: Vault,
  behind: readonly SigningBehind[],
): Promise<void> {
  const { keys } = vault;
  const now = vault.now();
  const lines = [...(await vault.log.lines()), certificateLine(vault)];
  const head = await connected(vault.database, async (connection) =>
    readHead(connection, vault.log.id),
  );
  for (const { name, phase, isLost } of behind) {
    const line = lines.find((one) => one.name === name);
    if (line === undefined || isLost || phase === "announced") continue;
    const isUnused = (await keys.signing.state(name)).announced !== null;
    if (isUnused) await useKey(keys, line, { now });
    const size = name === "certificate" ? 0 : (head?.size ?? 0);
    if (phase === "retired") await retireKey(keys, line, { now, size });
  }
}
