/**
 * What the organisations of a line have said of one setting, and whose word stands. Pure.
 *
 * Something can be said of an organisation by itself or by whoever stands above it, and each keeps
 * the newest version of each. A word ends when somebody who stands at least as high says something
 * of the same organisation later; nobody below takes it back (P10).
 */
import type { OrganisationRow } from "../store/organisation.ts";
import type { SettingRow } from "../store/setting.ts";

/** One word that stands, or that an organisation of the line has none. */
export interface Said {
  /** Of whom it was said. */
  readonly organisation: OrganisationRow;
  /** Null where nothing was said. */
  readonly setting: SettingRow | null;
  /** Who said it; null where nothing was said, or whoever said it no longer stands above. */
  readonly by: OrganisationRow | null;
}

/** Below headquarters alone: what was said from another place, only headquarters takes back. */
const ELSEWHERE = 0.5;

/** How far below the top of the line somebody speaks; 0 is the top. Null is not of the line. */
export function rankOf(line: readonly OrganisationRow[], id: string | null): number {
  const at = line.findIndex((organisation) => organisation.id === id);
  return at === -1 ? ELSEWHERE : at;
}

/** The words about the last of the line that stand, whoever speaks from highest first. */
function standing(line: readonly OrganisationRow[], rows: readonly SettingRow[]): SettingRow[] {
  const stand: SettingRow[] = [];
  let highest = Number.POSITIVE_INFINITY;
  for (const row of rows.toSorted((one, other) => other.version - one.version)) {
    const rank = rankOf(line, row.byId);
    if (rank >= highest) continue;
    highest = rank;
    stand.unshift(row);
  }
  return stand;
}

/**
 * All that stands along `line`, the top first. `rows` are of one setting and hold, of each
 * organisation, at least the newest version of everybody who has said something of it.
 */
export function saidOn(line: readonly OrganisationRow[], rows: readonly SettingRow[]): Said[] {
  return line.flatMap((organisation, depth): Said[] => {
    const upTo = line.slice(0, depth + 1);
    const own = rows.filter(({ organisationId }) => organisationId === organisation.id);
    if (own.length === 0) return [{ organisation, setting: null, by: null }];
    return standing(upTo, own).map((setting) => {
      const by = upTo.find(({ id }) => id === setting.byId) ?? null;
      return { organisation, setting, by };
    });
  });
}

/** What stays of `said` when `by`, one of `line`, says something new of the line's last. */
export function saidBeside(
  line: readonly OrganisationRow[],
  said: readonly Said[],
  by: string,
): Said[] {
  const last = line.at(-1)?.id;
  const rank = rankOf(line, by);
  return said.filter(
    ({ organisation, setting }) =>
      organisation.id !== last || (setting !== null && rankOf(line, setting.byId) < rank),
  );
}
