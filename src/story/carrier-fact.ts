/** What the page says of the carriers before anything changed, each number with its record. */
import { coverageOf } from "../rules/coverage.ts";
import { compartmentsOfTenant } from "../store/compartment.ts";
import { connected } from "../store/pool.ts";
import { countShells } from "../store/shell.ts";
import { coverageFact } from "./coverage-fact.ts";
import type { CarrierFact, CoverageFact, Sourced } from "./facts.ts";
import { LEGACY } from "./paper.ts";
import type { SpotCheck } from "./spot-check.ts";
import type { CarrierStage, Stage } from "./stage.ts";

const COMPARTMENTS_MAX = 10_000;

/** Both spot checks, and what counted at each outlet before. */
export interface Checks {
  readonly before: {
    readonly check: SpotCheck;
    readonly settings: ReadonlyMap<string, readonly string[]>;
  };
  readonly after: SpotCheck;
}

/** A carrier's outlets with their settings of before, as its own record. */
export function carrierFact(stage: Stage, carrier: CarrierStage, checks: Checks): CarrierFact {
  const { cast, vault, outlets, parcels } = carrier;
  const { id } = vault.tenant;
  const { before, after } = checks;
  const [was, is] = [before.check.carriers.get(id), after.carriers.get(id)];
  if (was === undefined || is === undefined) throw new RangeError("both checks drew every carrier");
  const settings = before.settings.get(id) ?? [];
  const clear = settings.filter((value) => value === LEGACY).length;
  const clearOutlets = clear / outlets.length;
  const title = { zh: `网点与此前设置:${cast.name}`, en: `Outlets, settings before: ${cast.name}` };
  const ref = stage.records.row(`carrier-${id}`, title, {
    carrier: cast.name,
    waybills: parcels.length,
    outletCount: outlets.length,
    clearOutletCount: clear,
    clearOutlets,
    outlets: outlets.map(({ id: outlet, name }, at) => ({ outlet, name, setting: settings[at] })),
  });
  const counts = { outlets: outlets.length, waybills: parcels.length, clearOutlets };
  return { name: cast.name, tenant: id, ...counts, ref, before: was, after: is };
}

/** Labels in the clear: the other side of the first spot check's coverage. */
export function clearFact(stage: Stage, { result }: SpotCheck): CoverageFact {
  const n = result.total.figure?.n ?? 0;
  const clear = coverageOf({ x: n - (result.total.figure?.x ?? 0), n }, "gb41833");
  const title = {
    zh: "第一次抽查:不合规的面单",
    en: "First spot check: labels that do not comply",
  };
  const body = { campaign: result.id, figure: clear, compliant: result.total.figure };
  return coverageFact(clear, stage.records.row("clear-share", title, body));
}

/** Counts shells of the database: what was sealed before and after the lock, carrier by carrier. */
export async function countWaybills(stage: Stage): Promise<Sourced> {
  const carriers = [];
  const from = stage.clock.dayOf("founded");
  for (const { cast, vault, nextParcels } of stage.carriers) {
    const shells = await connected(vault.database, async (connection) => {
      const limit = COMPARTMENTS_MAX;
      const rows = await compartmentsOfTenant(connection, vault.tenant.id, { from, limit });
      const serials = rows.map(({ serial }) => serial);
      return [...(await countShells(connection, serials)).values()].reduce((a, b) => a + b, 0);
    });
    const next = nextParcels.length;
    carriers.push({ carrier: cast.name, shells, afterLock: next, beforeLock: shells - next });
  }
  const value = carriers.reduce((sum, { beforeLock }) => sum + beforeLock, 0);
  const title = { zh: "运单骨架计数", en: "Count of waybill shells" };
  const body = { beforeLock: value, carriers };
  return { value, ref: stage.records.row("waybills", title, body) };
}
