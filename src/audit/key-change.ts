/**
 * How a signing key follows another (docs/formats/key-change.md): a note that both sign, so that
 * whoever trusts one of them can come to trust the other. Written anew with each phase.
 */
import { parseNote, parseVerifierKey, signedNote, verifierKeyText } from "./note.ts";
import type { NoteKey, NoteSigner } from "./note.ts";

const HEADER = "midan-key-change/1";
const PREFIX = "change:";
const ANNOUNCED = "announced ";
const USED = "used ";
const RETIRED = /^retired (\S+) (\d+)$/;

export interface KeyChangeTimes {
  readonly announcedAt: Date;
  /** When the next key began to sign beside the one before; null while it does not. */
  readonly usedAt: Date | null;
  /** When the key before was destroyed, and the size of the last tree that it signed. */
  readonly retired: { readonly at: Date; readonly size: number } | null;
}

export interface KeyChange extends KeyChangeTimes {
  readonly from: NoteKey;
  readonly to: NoteKey;
}

/** The note about a change, signed by the key that was and by the key that follows. */
export function keyChangeNote(
  [from, to]: readonly [from: NoteSigner, to: NoteSigner],
  { announcedAt, usedAt, retired }: KeyChangeTimes,
): string {
  const lines = [
    HEADER,
    verifierKeyText(from),
    verifierKeyText(to),
    `${ANNOUNCED}${announcedAt.toISOString()}`,
    ...(usedAt === null ? [] : [`${USED}${usedAt.toISOString()}`]),
    ...(retired === null ? [] : [`retired ${retired.at.toISOString()} ${retired.size}`]),
  ];
  return signedNote(`${lines.join("\n")}\n`, [from, to]);
}

/** What a note says that was written by `keyChangeNote`; null for anything else. Checks no key. */
export function parseKeyChange(note: string): KeyChange | null {
  const text = parseNote(note)?.text ?? "";
  const [header, old = "", next = "", announced = "", used, end] = text.slice(0, -1).split("\n");
  const [from, to] = [parseVerifierKey(old), parseVerifierKey(next)];
  if (header !== HEADER || from === null || to === null) return null;
  const [, at, size] = RETIRED.exec(end ?? "") ?? [];
  return {
    from,
    to,
    announcedAt: new Date(announced.slice(ANNOUNCED.length)),
    usedAt: used === undefined ? null : new Date(used.slice(USED.length)),
    retired: at === undefined ? null : { at: new Date(at), size: Number(size) },
  };
}

/** The note as one word, as it is passed on together with keys. */
export function keyChangeWord(note: string): string {
  return `${PREFIX}${Buffer.from(note, "utf8").toString("base64")}`;
}
