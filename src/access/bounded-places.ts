/** How much may be remembered of places, over all tenants together. */

/** What is remembered of one tenant's places, the longest known first. */
export interface KeptPlaces {
  readonly places: Map<string, unknown>;
}

/**
 * Makes room for one more where `placesMax` (1 or more) places are remembered in all of `kept`: the
 * tenant that has most forgets the one it has known longest, so that a large carrier does not drive
 * out the small ones.
 */
export function makeRoom(kept: Iterable<KeptPlaces>, placesMax: number): void {
  const all = [...kept].map(({ places }) => places);
  let count = all.reduce((sum, { size }) => sum + size, 0);
  for (; count >= placesMax; count -= 1) {
    const most = all.reduce((one, other) => (other.size > one.size ? other : one));
    for (const first of most.keys()) {
      most.delete(first);
      break;
    }
  }
}
