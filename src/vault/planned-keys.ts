/** Keys of the tenant that die on a day of their own, apart from compartments and weeks. */
import { addDays, parseDay } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import type { Connection } from "../store/query.ts";
import { seasonDueOn } from "./season.ts";
import { tenantKeyStatus } from "./tenant-key-rotation.ts";
import type { KeysOfUse } from "./tenant-key-rotation.ts";
import type { Vault } from "./vault.ts";

export interface PlannedKeys {
  /** Quarters of sealing whose key of recipient fingerprints is due. */
  readonly seasonKeys: readonly { readonly day: Day; readonly season: string }[];
  /** Earlier token and intake keys that nothing needs any more from that day on. */
  readonly tenantKeys: readonly {
    readonly day: Day;
    readonly use: KeysOfUse["use"];
    readonly number: number;
  }[];
}

/** What of them is due by `to`, also what is overdue. */
export async function plannedKeys(
  vault: Vault,
  connection: Connection,
  to: Day,
): Promise<PlannedKeys> {
  const epochs = await vault.keys.indexEpochs(vault.tenant.id);
  const seasonKeys: { day: Day; season: string }[] = [];
  for (const season of epochs.filter((epoch) => parseDay(epoch) === null))
    seasonKeys.push({ day: await seasonDueOn(vault, connection, season), season });
  const tenantKeys = (await tenantKeyStatus(vault)).flatMap(({ use, old }) =>
    old.map(({ number, neededUntil }) => ({ day: addDays(neededUntil, 1), use, number })),
  );
  return {
    seasonKeys: seasonKeys.filter(({ day }) => day <= to),
    tenantKeys: tenantKeys.filter(({ day }) => day <= to),
  };
}
