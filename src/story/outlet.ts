/** Who answers for one outlet in the story. */
import { playedActor } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import type { Role } from "../rules/role.ts";
import { lineOf } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import { ACCOUNTS } from "./cast.ts";
import type { CarrierStage } from "./stage.ts";

/** Somebody of one outlet (by its id), who acts there and nowhere else. */
export async function staffOf(
  { vault }: Pick<CarrierStage, "vault">,
  outlet: string,
  played: { readonly name: string; readonly role: Role },
): Promise<Actor> {
  const actor = await playedActor(vault, played);
  const line = await connected(vault.database, async (c) => lineOf(c, outlet));
  return { ...actor, organisationId: outlet, organisationPath: line.map(({ id }) => id) };
}

/** The manager of one outlet. */
export async function managerOf(carrier: CarrierStage, outlet: string): Promise<Actor> {
  return staffOf(carrier, outlet, ACCOUNTS.outlet);
}
