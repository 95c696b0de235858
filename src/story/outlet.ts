/** Who answers for one outlet in the story. */
import { playedActor } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { lineOf } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import { ACCOUNTS } from "./cast.ts";
import type { CarrierStage } from "./stage.ts";

/** The manager of one outlet, who acts there and nowhere else. */
export async function managerOf({ vault }: CarrierStage, outlet: string): Promise<Actor> {
  const manager = await playedActor(vault, ACCOUNTS.outlet);
  const line = await connected(vault.database, async (c) => lineOf(c, outlet));
  return { ...manager, organisationId: outlet, organisationPath: line.map(({ id }) => id) };
}
