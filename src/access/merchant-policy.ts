/** What counts for each merchant (商家), by the name that orders carry. */
import type { SettingName } from "../rules/setting.ts";
import { organisationsOf } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import { settingsOfTenant } from "../store/setting.ts";
import type { Desk } from "./desk.ts";
import { policyFrom } from "./policy.ts";
import type { Policy } from "./policy.ts";
import { wayUp } from "./way-up.ts";

const ORGANISATIONS_MAX = 100_000;

/**
 * The name of a shop (店铺) as orders spell it, for comparing: full-width signs, capitals and spaces
 * make no other shop. A setting that a spelling could drop would be none.
 */
export function shopKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().replaceAll(/\s/gu, "");
}

/** The organisations from the top down to the merchant. */
function lineTo(
  byId: ReadonlyMap<string, OrganisationRow>,
  merchant: OrganisationRow,
): OrganisationRow[] {
  const ids = wayUp((id) => byId.get(id)?.parentId, merchant.id).toReversed();
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * The policies over the merchants of the tenant by the `shopKey` of their names, as far as anybody
 * has said something of `names`; nobody is listed where nobody has, so that a run of sealing pays
 * one query for it.
 */
export async function merchantPolicies(
  desk: Desk,
  names: readonly SettingName[],
): Promise<ReadonlyMap<string, readonly Policy[]>> {
  return connected(desk.database, async (connection) => {
    const rows = (await settingsOfTenant(connection, desk.tenant.id)).filter((row) =>
      names.includes(row.name),
    );
    if (rows.length === 0) return new Map<string, readonly Policy[]>();
    const all = await organisationsOf(connection, desk.tenant.id, ORGANISATIONS_MAX);
    const byId = new Map(all.map((row) => [row.id, row] as const));
    const merchants = all.filter(({ kind }) => kind === "merchant");
    const byName = Map.groupBy(merchants, ({ name }) => shopKey(name));
    const over = (row: OrganisationRow): Policy => policyFrom(lineTo(byId, row), rows);
    return new Map([...byName].map(([key, same]) => [key, same.map(over)]));
  });
}
