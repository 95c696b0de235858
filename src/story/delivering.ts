/** An ordinary day after the lock: trained couriers open the phone of one parcel each. */
import { couriersOf } from "./cast.ts";
import { EXPIRED_COURIER } from "./courier-training.ts";
import { tryReveal } from "./dying.ts";
import type { Stage } from "./stage.ts";

/** Each trained courier of each outlet reveals one of its outlet's next parcels, to deliver it. */
export async function deliverNext(stage: Stage): Promise<number> {
  let opened = 0;
  for (const carrier of stage.carriers) {
    const parcelsAt = Map.groupBy(carrier.nextParcels, ({ outlet }) => outlet);
    for (const outlet of carrier.outlets.keys()) {
      for (const [at, account] of couriersOf(outlet).entries()) {
        const parcel = parcelsAt.get(outlet)?.[at];
        const isOut = carrier === stage.carriers[0] && account === EXPIRED_COURIER;
        if (parcel === undefined || isOut) continue;
        if ((await tryReveal(carrier, parcel, account)) === "OPENED") opened += 1;
      }
    }
  }
  return opened;
}
