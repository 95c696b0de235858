/**
 * A day that is over, as far as it is known: settings, policies and the tree as they stood at each
 * moment of it.
 */
import { addDays, dayOf, startOfDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import type { Connection } from "../store/query.ts";
import { settingVersions } from "../store/setting.ts";
import type { SettingRow } from "../store/setting.ts";
import { treeTimes } from "./past-tenant.ts";
import type { TreeTimes } from "./past-tenant.ts";
import { policyTimes } from "./policy-history.ts";
import type { PolicyTimes } from "./policy-history.ts";
import type { Vault } from "./vault.ts";

const SETTINGS_MAX = 100_000;

/** Moments of a day. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** From the day's beginning to its end. Throws USAGE for a day to come. */
export function spanOf(vault: Vault, on: Day): Span {
  if (on > dayOf(vault.now(), vault.timeZone)) throw new Failure("USAGE", { option: "--on" });
  const [from, to] = [on, addDays(on, 1)].map((day) => startOfDay(day, vault.timeZone));
  if (from === undefined || to === undefined) throw new RangeError("a day begins and ends");
  return { from, to };
}

/** Settings of a tenant as they stood at any moment. */
class SettingTimes {
  readonly #versions: readonly SettingRow[];

  /** `versions` in the order of their numbers. */
  constructor(versions: readonly SettingRow[]) {
    this.#versions = versions;
  }

  /** The moments after `from` and before `to` at which something was said. */
  changesIn({ from, to }: Span): readonly Date[] {
    return this.#versions.map(({ at }) => at).filter((at) => at > from && at < to);
  }

  /** Of each setting and organisation, the newest that each had said by that moment. */
  rowsAt(at: Date): readonly SettingRow[] {
    const newest = new Map<string, SettingRow>();
    for (const row of this.#versions) {
      if (row.at <= at) newest.set(`${row.organisationId} ${row.name} ${row.byId}`, row);
    }
    return [...newest.values()];
  }
}

/** All that is known of a day that is over. */
export interface Past {
  readonly settings: SettingTimes;
  readonly policies: PolicyTimes;
  readonly tree: TreeTimes;
  /** Where what is known of the day begins, and every moment at which something changed. */
  readonly moments: readonly Date[];
}

/** Throws HISTORY_TOO_SHORT where nothing of the day is known. */
export async function pastOf(vault: Vault, connection: Connection, span: Span): Promise<Past> {
  const policies = await policyTimes(connection, vault.tenant.id);
  const { knownFrom } = policies;
  if (knownFrom === null || knownFrom >= span.to) {
    throw new Failure("HISTORY_TOO_SHORT", { of: "policies" });
  }
  const from = knownFrom > span.from ? knownFrom : span.from;
  const settings = await settingTimes(vault, connection);
  const tree = await treeTimes(vault, connection);
  const known = { from, to: span.to };
  const changes = [settings, policies, tree].flatMap((one) => one.changesIn(known));
  const times = new Set([from, ...changes].map((at) => at.getTime()));
  const moments = [...times].toSorted((one, other) => one - other).map((at) => new Date(at));
  return { settings, policies, tree, moments };
}

async function settingTimes(vault: Vault, connection: Connection): Promise<SettingTimes> {
  return new SettingTimes(await settingVersions(connection, vault.tenant.id, SETTINGS_MAX));
}
