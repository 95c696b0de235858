/**
 * Whether a move of an organisation would make any setting looser (P10). Pure: the whole tree and
 * all that was said in it come in as arguments.
 */
import type { OrganisationRow } from "../store/organisation.ts";
import { SETTING_NAMES } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import type { SettingRow } from "../store/setting.ts";
import { isLooser, leavesMoreRoom, rulingOver } from "./ruling.ts";
import type { Ruling } from "./ruling.ts";
import { saidOn } from "./said.ts";
import { wayUp } from "./way-up.ts";

export interface Realm {
  readonly tree: readonly OrganisationRow[];
  /** Of each organisation and name, the newest version of everybody who has said something. */
  readonly settings: readonly SettingRow[];
}

export interface Move {
  readonly id: string;
  /** Id of what it is to stand under. */
  readonly above: string;
}

type Parents = ReadonlyMap<string, string | null>;

function lineIn(parents: Parents, id: string): string[] {
  return wayUp((at) => parents.get(at), id).toReversed();
}

interface Words {
  readonly rows: ReadonlyMap<string, OrganisationRow>;
  readonly said: readonly SettingRow[];
}

function rulingIn({ rows, said }: Words, name: SettingName, line: readonly string[]): Ruling {
  const organisations = line.flatMap((id) => rows.get(id) ?? []);
  return rulingOver(name, saidOn(organisations, said));
}

/** The first setting that would count for less somewhere, or could be made to; null for none. */
export function loosenedByMove({ tree, settings }: Realm, move: Move): SettingName | null {
  const parents: Parents = new Map(tree.map((row) => [row.id, row.parentId] as const));
  const moved: Parents = new Map([...parents, [move.id, move.above]]);
  const rows = new Map(tree.map((row) => [row.id, row] as const));
  const travelling = tree.filter(({ id }) => lineIn(parents, id).includes(move.id));
  for (const name of SETTING_NAMES) {
    const own = settings.filter((row) => row.name === name);
    // What nobody has spoken of is the same everywhere.
    if (own.length === 0) continue;
    const words = { rows, said: own };
    const over = (where: Parents, id: string) => rulingIn(words, name, lineIn(where, id));
    const before = over(parents, parents.get(move.id) ?? move.above);
    if (leavesMoreRoom(before, over(moved, move.above))) return name;
    const looser = travelling.some(({ id }) =>
      isLooser(name, over(moved, id).value, over(parents, id).value),
    );
    if (looser) return name;
  }
  return null;
}
