/** What counts for each merchant (商家), by the name that orders carry. */
import type { SettingName } from "../rules/setting.ts";
import { organisationsOf } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import { settingsOfTenant } from "../store/setting.ts";
import type { Desk } from "./desk.ts";
import { policyFrom } from "./policy.ts";
import type { Policy } from "./policy.ts";

const ORGANISATIONS_MAX = 100_000;

function lineTo(
  byId: ReadonlyMap<string, OrganisationRow>,
  merchant: OrganisationRow,
): OrganisationRow[] {
  const line: OrganisationRow[] = [];
  let at: OrganisationRow | undefined = merchant;
  while (at !== undefined) {
    line.unshift(at);
    at = at.parentId === null ? undefined : byId.get(at.parentId);
  }
  return line;
}

/**
 * The policy over each merchant of the tenant by its name, as far as anybody has said something of
 * `names`; nobody is listed where nobody has, so that a run of sealing pays one query for it.
 */
export async function merchantPolicies(
  desk: Desk,
  names: readonly SettingName[],
): Promise<ReadonlyMap<string, Policy>> {
  return connected(desk.database, async (connection) => {
    const rows = (await settingsOfTenant(connection, desk.tenant.id)).filter((row) =>
      names.includes(row.name),
    );
    if (rows.length === 0) return new Map<string, Policy>();
    const all = await organisationsOf(connection, desk.tenant.id, ORGANISATIONS_MAX);
    const byId = new Map(all.map((row) => [row.id, row] as const));
    const merchants = all.filter(({ kind }) => kind === "merchant");
    return new Map(
      merchants.map((row) => [row.name, policyFrom(lineTo(byId, row), rows)] as const),
    );
  });
}
