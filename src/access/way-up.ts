/** The way from an organisation to the top, in a tree that was read whole. */
import { TREE_DEPTH_MAX } from "../store/organisation.ts";

/** Ids from `id` upwards, itself first. Ends at the top, or where a loop would begin. */
export function wayUp(parentOf: (id: string) => string | null | undefined, id: string): string[] {
  const ids: string[] = [];
  let at: string | null = id;
  while (at !== null && ids.length <= TREE_DEPTH_MAX) {
    ids.push(at);
    at = parentOf(at) ?? null;
  }
  return ids;
}
