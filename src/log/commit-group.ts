/**
 * Group commit: leaves that come while a commit is on its way are written together by the next one.
 * One transaction and one signature serve them all, and nobody gets an answer before the leaf is
 * durable (P11).
 */
import { leafHash } from "../audit/merkle.ts";
import type { NoteSigner } from "../audit/note.ts";
import { receiptsOf } from "../audit/receipt.ts";
import { insertLeaves, logSpan } from "../store/audit-leaf.ts";
import type { NewLeaf } from "../store/audit-leaf.ts";
import { connected } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import { apart, traced } from "../trace/span.ts";

export interface CommitGroupsOptions {
  readonly database: Database;
  readonly signer: () => Promise<NoteSigner>;
  readonly now: () => Date;
}

interface Waiting {
  readonly leaf: NewLeaf;
  readonly done: (receipt: string) => void;
  readonly failed: (error: unknown) => void;
}

const GROUP_LEAVES_MAX = 512;
/** Two commits overlap: the next group is written while the one before reaches the disk. */
const COMMITS_AT_ONCE = 2;

export class CommitGroups {
  readonly #options: CommitGroupsOptions;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(options: CommitGroupsOptions) {
    this.#options = options;
  }

  /**
   * Writes `leaf` and returns its receipt; durable when the promise resolves. Throws what the
   * database throws, and LOG_LATE: nothing may be revealed then.
   */
  async append(leaf: NewLeaf): Promise<string> {
    return traced(
      () => logSpan(1),
      async () => this.#append(leaf),
    );
  }

  async #append(leaf: NewLeaf): Promise<string> {
    return new Promise<string>((done, failed) => {
      this.#waiting.push({ leaf, done, failed });
      // A run serves whoever comes, and is of nobody's trace.
      if (this.#running < COMMITS_AT_ONCE) void apart(async () => this.#run());
    });
  }

  async #run(): Promise<void> {
    this.#running += 1;
    // What else was asked for in this turn of the event loop joins the group.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, GROUP_LEAVES_MAX));
    this.#running -= 1;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const { database, signer, now } = this.#options;
      const by = await signer();
      const leaves = group.map(({ leaf }) => leaf);
      // One statement, and so a transaction by itself: durable once it is answered.
      await connected(database, async (connection) => insertLeaves(connection, leaves));
      const hashes = leaves.map(({ body }) => leafHash(body));
      const receipts = await receiptsOf(by, now(), hashes);
      // There is one receipt for each leaf.
      for (const [at, { done }] of group.entries()) done(receipts[at] as string);
    } catch (error) {
      for (const { failed } of group) failed(error);
    }
  }
}
