/** What remains, in sentences: the same ones on a terminal, in a report and on a page. */
import { say } from "../rules/catalogue.ts";
import type { TextKey } from "../rules/catalogue.ts";
import type { SweepReport } from "./run.ts";

export interface RemainsText {
  readonly zh: string;
  readonly en: string;
}

type Values = Readonly<Record<string, string | number>>;
type Told = Pick<
  SweepReport,
  "remains" | "vacuum" | "walWrittenBytes" | "followedUp" | "olderSnapshots" | "maskedRows"
>;

const BYTES_PER_MEBIBYTE = 1024 * 1024;

function mebibytes(bytes: number): string {
  return (bytes / BYTES_PER_MEBIBYTE).toFixed(1);
}

/**
 * Old row versions after a vacuum are those that an older snapshot could still see, and there are
 * none without one. The server's own count comes late, both ways, so it is told only beside one.
 */
function heldOf({ remains, olderSnapshots }: Told): readonly (readonly [TextKey, Values])[] {
  if (olderSnapshots === 0) return [];
  return remains.deadRows > 0
    ? [["sweep.remains.held", { rows: remains.deadRows }]]
    : [["sweep.remains.seen", { count: olderSnapshots }]];
}

function rowsOf(told: Told): readonly (readonly [TextKey, Values])[] {
  const { remains, vacuum, followedUp, maskedRows } = told;
  // Each row that was masked left a version behind, whether the server has counted it yet or not.
  const oldRows = Math.max(remains.deadRows, maskedRows);
  if (!followedUp) return [["sweep.remains.busy", {}]];
  switch (vacuum) {
    case "none":
      return oldRows === 0
        ? [["sweep.remains.pages", {}]]
        : [["sweep.remains.dead", { rows: oldRows }]];
    case "plain":
      return [...heldOf(told), ["sweep.remains.pages", {}]];
    case "full":
      return heldOf(told);
  }
}

function logOf({ remains, walWrittenBytes }: Told): readonly (readonly [TextKey, Values])[] {
  const onDisk =
    remains.walBytes === null
      ? (["sweep.remains.walUnknown", {}] as const)
      : (["sweep.remains.wal", { size: mebibytes(remains.walBytes) }] as const);
  const kept = remains.walKeepBytes + remains.slotKeepsBytes;
  return [
    ["sweep.remains.written", { size: mebibytes(walWrittenBytes) }],
    onDisk,
    ...(kept > 0 ? [["sweep.remains.kept", { size: mebibytes(kept) }] as const] : []),
    ...(remains.archiveMode === "off" ? [] : [["sweep.remains.archive", {}] as const]),
  ];
}

function copiesOf({ remains }: Told): readonly (readonly [TextKey, Values])[] {
  const { replicationSlots, replicas, publications, materializedViews } = remains;
  const outward = replicationSlots + replicas + publications;
  return [
    ...(outward > 0
      ? [["sweep.remains.replicas", { replicationSlots, replicas, publications }] as const]
      : []),
    ...(materializedViews > 0
      ? [["sweep.remains.views", { count: materializedViews }] as const]
      : []),
    ["sweep.remains.backups", {}],
  ];
}

/** Where old values may still lie after this run; never empty, since nobody can see backups. */
export function remainsTexts(report: Told): readonly RemainsText[] {
  return [...rowsOf(report), ...logOf(report), ...copiesOf(report)].map(([key, values]) => ({
    zh: say("zh", key, values),
    en: say("en", key, values),
  }));
}
