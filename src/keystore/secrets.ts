/** The shelves that hold secrets, and the kind of secret on each. */
import type { Generation } from "./generation.ts";
import type { KeyMedium } from "./key-medium.ts";
import type { Kind } from "./sealed-file.ts";
import { SealedShelf } from "./sealed-shelf.ts";

const SECRET_KINDS = {
  compartments: "compartment",
  tenants: "tenant",
  rings: "ring",
  index: "index",
  held: "held",
  signing: "signing",
  checkpoints: "checkpoint",
} as const satisfies Record<string, Kind>;

export type SecretPart = keyof typeof SECRET_KINDS;
export type Secrets = Readonly<Record<SecretPart, SealedShelf>>;

/** The parts in the order in which they are wrapped anew and copied. */
// The names come from the very table that they index.
export const SECRET_PARTS = Object.keys(SECRET_KINDS) as readonly SecretPart[];

interface Wrapping {
  readonly medium: KeyMedium;
  readonly generation: Generation;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** All shelves with secrets, wrapped as `wrapping` says. */
export function secretsOver(wrapping: Wrapping): Secrets {
  const on = (shelf: SecretPart): SealedShelf =>
    new SealedShelf({ ...wrapping, shelf, kind: SECRET_KINDS[shelf] });
  return {
    compartments: on("compartments"),
    tenants: on("tenants"),
    rings: on("rings"),
    index: on("index"),
    held: on("held"),
    signing: on("signing"),
    checkpoints: on("checkpoints"),
  };
}

export interface SecretsByAge {
  /** Under the current generation. */
  readonly current: number;
  /** Under older ones: a rotation brings them to 0. */
  readonly old: number;
}

/** How many secrets are wrapped under the current generation, and how many under older ones. */
export async function countByAge(secrets: Secrets): Promise<SecretsByAge> {
  let [current, old] = [0, 0];
  for (const part of SECRET_PARTS) {
    const found = await secrets[part].byAge();
    current += found.current;
    old += found.older.length;
  }
  return { current, old };
}
