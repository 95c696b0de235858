/** Status: counts, days, sizes, health. Opens nothing. */
import { isRotationDue } from "../keystore/rotation.ts";
import { dayOf, daysBetween } from "../rules/calendar.ts";
import { lifeStateOn } from "../rules/retention.ts";
import { countLeaves } from "../store/audit-leaf.ts";
import { countCompartments } from "../store/compartment.ts";
import { tableSizes } from "../store/partition.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { countByState, countShells } from "../store/shell.ts";
import { serverVersion } from "../store/server-version.ts";
import type { Vault } from "./vault.ts";

/** Persons past their day whose keys live, and a key generation that should have been replaced. */
export type Attention = "shred-due" | "rotation-due";

export interface Status {
  readonly waybills: {
    readonly total: number;
    readonly live: number;
    readonly closing: number;
    readonly dead: number;
  };
  readonly compartments: {
    readonly total: number;
    readonly destroyed: number;
    readonly due: number;
  };
  readonly nextDayOfDeath: string | null;
  readonly leaves: number;
  readonly database: {
    readonly version: string;
    readonly bytes: number;
    readonly tables: Readonly<Record<string, number>>;
  };
  /** What a person has to see to; empty when all is well. */
  readonly attention: readonly Attention[];
  readonly keyStore: { readonly bytes: number; readonly generationAgeDays: number };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

async function databaseStatus(connection: Connection) {
  const sizes = await tableSizes(connection);
  return {
    shells: await countByState(connection),
    compartments: await countCompartments(connection),
    leaves: await countLeaves(connection),
    version: await serverVersion(connection),
    tables: Object.fromEntries(sizes.map(({ table, bytes }) => [table, bytes])),
  };
}

async function livingStatus(vault: Vault) {
  const today = dayOf(vault.now(), vault.timeZone);
  const records = await vault.keys.list();
  const counts = await connected(vault.database, async (connection) =>
    countShells(
      connection,
      records.map((record) => record.serial),
    ),
  );
  const states = records.map((record) => ({
    state: lifeStateOn(today, record.dayOfDeath),
    waybills: counts.get(record.serial) ?? 0,
  }));
  const closing = states.filter(({ state }) => state === "closing");
  return {
    waybills: sum(states.map(({ waybills }) => waybills)),
    closing: sum(closing.map(({ waybills }) => waybills)),
    due: states.filter(({ state }) => state === "due").length,
  };
}

function attentionOf(dueCompartments: number, vault: Vault): Attention[] {
  const isRotationLate = isRotationDue(vault.keys.generationMadeAt, vault.now());
  return [
    ...(dueCompartments > 0 ? (["shred-due"] as const) : []),
    ...(isRotationLate ? (["rotation-due"] as const) : []),
  ];
}

/** Reads every shell once to count them; takes about a second for each million. */
export async function status(vault: Vault): Promise<Status> {
  const found = await connected(vault.database, databaseStatus);
  const living = await livingStatus(vault);
  const total = sum(found.shells.values());
  const { live, closing, destroyed, nextDeath } = found.compartments;
  const madeOn = dayOf(vault.keys.generationMadeAt, vault.timeZone);
  return {
    waybills: {
      total,
      live: living.waybills - living.closing,
      closing: living.closing,
      dead: total - living.waybills,
    },
    compartments: { total: live + closing + destroyed, destroyed, due: living.due },
    nextDayOfDeath: nextDeath,
    leaves: sum(found.leaves.values()),
    database: {
      version: found.version,
      bytes: sum(Object.values(found.tables)),
      tables: found.tables,
    },
    attention: attentionOf(living.due, vault),
    keyStore: {
      bytes: await vault.keys.sizeBytes(),
      generationAgeDays: daysBetween(madeOn, dayOf(vault.now(), vault.timeZone)),
    },
  };
}
