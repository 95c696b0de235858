/**
 * The draw of a spot check: outlets of each carrier, then parcels of each drawn outlet, then the
 * inspectors who go there, all from one printed seed (双随机), so that anyone who has the list can
 * draw again and get the same.
 */
import { drawWithoutReplacement, INSPECTORS_MIN, stageSeed } from "../rules/draw.ts";
import { Failure } from "../rules/failure.ts";

/** One outlet and the parcels that may be drawn there. */
export interface OutletPopulation {
  readonly outlet: string;
  readonly carrierTenant: string;
  /** Waybill numbers, none twice. */
  readonly parcels: readonly string[];
}

export interface DrawPlan {
  /** As `parseSeed` gave it. */
  readonly seed: string;
  readonly outletsPerCarrier: number;
  readonly parcelsPerOutlet: number;
  /** Accounts to draw from; none leaves inspectors out. */
  readonly inspectors: readonly string[];
}

export interface DrawnOutlet {
  readonly outlet: string;
  readonly carrierTenant: string;
  readonly parcels: readonly string[];
  readonly inspectors: readonly string[];
}

function draw(seed: string, population: readonly string[], count: number): readonly string[] {
  if (count > population.length) {
    throw new Failure("POPULATION_SMALL", { asked: count, there: population.length });
  }
  return drawWithoutReplacement(seed, population, count);
}

function byCarrier(population: readonly OutletPopulation[]): [string, OutletPopulation[]][] {
  const carriers = Map.groupBy(population, ({ carrierTenant }) => carrierTenant);
  return [...carriers].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function inspectorsOf(plan: DrawPlan, outlet: string): readonly string[] {
  if (plan.inspectors.length === 0) return [];
  return draw(stageSeed(plan.seed, "inspectors", outlet), plan.inspectors, INSPECTORS_MIN);
}

/**
 * Draws by carrier (in the order of their ids), outlet and parcel. Fails with POPULATION_SMALL when
 * a carrier has too few outlets, or a drawn outlet too few parcels: the plan holds for all or for
 * none. Outlets and parcels must each stand once in the population.
 */
export function drawCampaign(
  population: readonly OutletPopulation[],
  plan: DrawPlan,
): readonly DrawnOutlet[] {
  return byCarrier(population).flatMap(([carrier, outlets]) => {
    const parcelsAt = new Map(outlets.map(({ outlet, parcels }) => [outlet, parcels] as const));
    const seed = stageSeed(plan.seed, "outlets", carrier);
    return draw(seed, [...parcelsAt.keys()], plan.outletsPerCarrier).map((outlet) => ({
      outlet,
      carrierTenant: carrier,
      parcels: draw(
        stageSeed(plan.seed, "parcels", outlet),
        parcelsAt.get(outlet) ?? [],
        plan.parcelsPerOutlet,
      ),
      inspectors: inspectorsOf(plan, outlet),
    }));
  });
}
