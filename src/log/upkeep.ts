/** What the operator asks of the log: whether database and files agree, and its public key. */
import { leafHash } from "../audit/merkle.ts";
import { verifierKeyText } from "../audit/note.ts";
import { TILE_WIDTH } from "../audit/tile.ts";
import { leafBodies, queueState, readHead } from "../store/log.ts";
import { connected } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import type { Log } from "./log.ts";
import { nodesIn } from "./tile-reader.ts";

export interface Compared {
  readonly leaves: number;
  readonly waiting: number;
  /** Index of the first leaf whose row is not what the files hold; null when all agree. */
  readonly differs: number | null;
}

interface Place {
  readonly database: Database;
  readonly log: Log;
}

/**
 * Holds every row against its hash in the tiles. Says nothing about the tiles themselves: that is
 * the verifier's work.
 */
export async function compareLog({ database, log }: Place): Promise<Compared> {
  return connected(database, async (connection) => {
    const head = await readHead(connection, log.id);
    const queue = await queueState(connection, log.id);
    const size = head === null || head.checkpoint === null ? 0 : head.size;
    for (let from = 0; from < size; from += TILE_WIDTH) {
      const to = Math.min(size, from + TILE_WIDTH);
      const read = nodesIn(log.folder, size);
      const bodies = await leafBodies(connection, log.id, { from, to });
      for (let index = from; index < to; index += 1) {
        const body = bodies[index - from];
        const held = await read({ height: 0, index });
        if (body === undefined || Buffer.compare(leafHash(body), held) !== 0)
          return { leaves: size, waiting: queue.leaves, differs: index };
      }
    }
    return { leaves: size, waiting: queue.leaves, differs: null };
  });
}

/** Name and public keys of the log, as people pass them on: Ed25519, and SM2 if it signs so too. */
export async function logKeys({ log }: Pick<Place, "log">): Promise<readonly string[]> {
  const signers = await log.signers();
  const newest = signers.filter(
    ({ key }, at) => signers.findIndex((other) => other.key[0] === key[0]) === at,
  );
  return newest.map(verifierKeyText);
}
