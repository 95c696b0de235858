/** Hands out the slots of one leased compartment, lane by lane, each at most once. */
import { LANE_POSITIONS, LANES } from "./compartment-record.ts";

export class SlotAllocator {
  readonly #next: Uint16Array = new Uint16Array(LANES);
  readonly #returned: (Set<number> | undefined)[] = [];
  #highest: number;

  /** `first` is the position from which on every lane is free: the durable ceiling at the lease. */
  constructor(first: number) {
    this.#next.fill(first);
    this.#highest = first;
  }

  /** A slot of `lane` (0..255) that nobody had before, or null when the lane is full. */
  take(lane: number): number | null {
    const again = this.#takeReturned(lane);
    if (again !== null) return again;
    const position = this.#next[lane] ?? LANE_POSITIONS;
    if (position >= LANE_POSITIONS) return null;
    this.#next[lane] = position + 1;
    this.#highest = Math.max(this.#highest, position + 1);
    return lane * LANE_POSITIONS + position;
  }

  #takeReturned(lane: number): number | null {
    const returned = this.#returned[lane];
    if (returned === undefined) return null;
    for (const slot of returned) {
      returned.delete(slot);
      return slot;
    }
    return null;
  }

  /**
   * Gives back a slot that was taken and under which nothing was sealed. Twice is as good as once.
   */
  giveBack(slot: number): void {
    const lane = laneOf(slot);
    const wasTaken = slot - lane * LANE_POSITIONS < (this.#next[lane] ?? 0);
    if (!wasTaken) throw new RangeError("this slot was never taken");
    (this.#returned[lane] ??= new Set()).add(slot);
  }

  /** No position at or above this one was ever handed out, in any lane. */
  get highest(): number {
    return this.#highest;
  }
}

/** The lane of a slot, which is the bucket of the order that was sealed there. */
export function laneOf(slot: number): number {
  return Math.floor(slot / LANE_POSITIONS);
}
