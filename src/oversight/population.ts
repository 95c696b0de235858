/** What may be drawn, from a list of parcels with the outlet that each lies at. */
import { requireOffice } from "../access/office-guard.ts";
import { Failure } from "../rules/failure.ts";
import { UUID } from "../rules/uuid.ts";
import { findOrganisation } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { OutletPopulation } from "./campaign-draw.ts";
import type { Office } from "./office.ts";

export interface ListedParcel {
  /** Id of the outlet. */
  readonly outlet: string;
  /** Waybill number. */
  readonly parcel: string;
}

const OUTLETS_MAX = 100_000;

/**
 * The parcels by outlet, each outlet with its carrier. An authority sees the outlets of every
 * carrier, a carrier none (OFFICE_FOREIGN). Throws POPULATION_INVALID when a name is no outlet's.
 */
export async function populationOf(
  office: Office,
  parcels: readonly ListedParcel[],
): Promise<OutletPopulation[]> {
  const byOutlet = Map.groupBy(parcels, ({ outlet }) => outlet);
  if (byOutlet.size > OUTLETS_MAX)
    throw new Failure("POPULATION_INVALID", { outlets: OUTLETS_MAX });
  await requireOffice(office, { owners: "any", actor: null });
  return connected(office.database, async (connection) => {
    const population: OutletPopulation[] = [];
    for (const [outlet, listed] of byOutlet) {
      const found = UUID.test(outlet) ? await findOrganisation(connection, outlet) : null;
      const carrierTenant = found?.kind === "outlet" ? found.tenantId : null;
      if (carrierTenant === null) throw new Failure("POPULATION_INVALID", { field: "outlet" });
      population.push({ outlet, carrierTenant, parcels: listed.map(({ parcel }) => parcel) });
    }
    return population;
  });
}
