/**
 * Seal (密封): orders in, sealed waybills out. Batches overlap in time (one is sealed in the worker
 * while the one before is written) but they claim and commit in the order of the file, so that
 * everything up to `committedThrough` is there after a crash, once, and running the file again
 * completes it.
 */
import { authoriseFor } from "../access/authorise-within.ts";
import type { Order, RowResult } from "../orders/order.ts";
import { dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import type { Lifetime } from "../rules/retention.ts";
import { claim } from "../store/intake.ts";
import type { IntakeRow } from "../store/intake.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { uuidBytes } from "../store/wire.ts";
import type { SealedBatch } from "./batch-sealer.ts";
import { requireClockForSealing } from "./clock.ts";
import { repeatOrders } from "./earlier-order.ts";
import type { Actor } from "../access/actor.ts";
import { ruledBy } from "./ruled-vault.ts";
import {
  bucketOf,
  holdsKeys,
  intakeIndex,
  keyedOrder,
  partByClaim,
  partByEarlierKeys,
  sealingKeysOf,
} from "./keyed-order.ts";
import type { EarlierOrder, KeyedOrder, KnownOrders, SealingKeys } from "./keyed-order.ts";
import { inOrder } from "./batch-outcome.ts";
import type { BatchOutcome, WithBatch } from "./batch-outcome.ts";
import { batchesOf } from "./order-batch.ts";
import type { OrderBatch, Rejection } from "./order-batch.ts";
import { drained } from "./batch-drain.ts";
import type { Turn } from "./batch-drain.ts";
import { lifetimeFor } from "./lifetime.ts";
import { orderRules } from "./order-rule.ts";
import type { OrderRules } from "./order-rule.ts";
import { isSandbox } from "../rules/sandbox.ts";
import { withinSandbox } from "./sandbox-bound.ts";
import { Placement } from "./placement.ts";
import { storeBatch } from "./stored-batch.ts";
import type { SealedRow, Won } from "./sealed-row.ts";
import { SealingThread } from "./sealing-thread.ts";
import type { WorkerStart } from "./sealing-thread.ts";
import type { Vault } from "./vault.ts";
import type { Origin } from "./view.ts";

export interface SealProgress {
  /** Every line up to this one is committed or refused. */
  readonly committedThrough: number;
  readonly sealed: number;
  readonly repeated: number;
  readonly rejected: number;
}

/** Told after each commit, in the order of the file; the next commit waits until it resolves. */
export interface SealSink {
  committed(
    rows: readonly SealedRow[],
    rejected: readonly Rejection[],
    progress: SealProgress,
  ): Promise<void>;
}

interface Offered {
  readonly order: Order;
  readonly row: IntakeRow;
}

/** What one batch has come to under the keys that it was claimed with. */
interface MadeBatch {
  readonly won: readonly Won[];
  readonly lost: readonly EarlierOrder[];
  /** Null where nothing won. */
  readonly sealed: SealedBatch | null;
  readonly keys: SealingKeys;
}

export interface SealSummary extends SealProgress {
  readonly milliseconds: number;
}

class SealRun {
  readonly #vault: Vault;
  readonly #sink: SealSink;
  readonly #thread: SealingThread;
  readonly #placement: Placement;
  readonly #lifetime: Lifetime;
  readonly #today: Day;
  readonly #actor: Actor;
  readonly #rules: OrderRules;
  readonly #within: WithBatch | null;
  readonly #origin: Origin | null;
  #repeatsLikely = true;
  #claimed: Promise<unknown> = Promise.resolve();
  #committed: Promise<unknown> = Promise.resolve();
  #progress: SealProgress = { committedThrough: 0, sealed: 0, repeated: 0, rejected: 0 };

  constructor(
    vault: Vault,
    sink: SealSink,
    made: {
      readonly thread: SealingThread;
      readonly actor: Actor;
      readonly lifetime: Lifetime;
      readonly rules: OrderRules;
      readonly within: WithBatch | null;
      readonly origin: Origin | null;
    },
  ) {
    this.#vault = vault;
    this.#sink = sink;
    this.#thread = made.thread;
    this.#actor = made.actor;
    this.#rules = made.rules;
    this.#within = made.within;
    this.#origin = made.origin;
    this.#today = dayOf(vault.now(), vault.timeZone);
    this.#lifetime = made.lifetime;
    this.#placement = new Placement(vault, { lifetime: this.#lifetime, sealedOn: this.#today });
  }

  get progress(): SealProgress {
    return this.#progress;
  }

  async close(): Promise<void> {
    await this.#placement.close();
  }

  /** Starts a batch; resolves when it is committed and told. At most two run at once. */
  start(batch: OrderBatch): Promise<void> {
    const claimedBefore = this.#claimed;
    const committedBefore = this.#committed;
    const claimed = Promise.withResolvers<undefined>();
    this.#claimed = claimed.promise;
    const done = this.#run(batch, {
      claimedBefore,
      committedBefore,
      claimed: () => claimed.resolve(undefined),
    });
    this.#committed = done;
    return done.finally(() => claimed.resolve(undefined));
  }

  async #run(batch: OrderBatch, turn: Turn): Promise<void> {
    await turn.claimedBefore;
    for (let outcome: BatchOutcome | null = null; outcome === null;) {
      outcome = await this.#attempt(batch, turn);
      if (outcome !== null) await this.#tell(batch.lastLine, outcome);
    }
  }

  /** Null when the tenant's keys were renewed meanwhile: nothing was made then. */
  async #attempt(batch: OrderBatch, turn: Turn): Promise<BatchOutcome | null> {
    const keys = await sealingKeysOf(this.#vault);
    const { unknown, earlier } = await this.#partKnown(batch.orders, keys);
    const offered = await this.#offer(unknown);
    return transaction(this.#vault.database, async (connection) => {
      if (!(await holdsKeys(this.#vault, connection, keys))) {
        for (const { row } of offered) this.#giveBack(row);
        return null;
      }
      const { won, lost } = await this.#claim(connection, offered);
      this.#repeatsLikely = lost.length > 0 || earlier.length > 0;
      turn.claimed();
      const sealed = await this.#sealWinners(won, keys);
      // Commits keep the order of the file; a batch after a failed one fails with it.
      await turn.committedBefore;
      const made = { won, lost: [...earlier, ...lost], sealed, keys };
      const outcome = inOrder(batch, await this.#store(connection, made));
      await this.#within?.(connection, outcome);
      return outcome;
    });
  }

  /** What is known already takes no place and needs no key. */
  async #partKnown(orders: readonly Order[], keys: SealingKeys): Promise<KnownOrders> {
    const before =
      keys.intake.length === 1
        ? { unknown: orders, earlier: [] }
        : await connected(this.#vault.database, async (connection) =>
            partByEarlierKeys(connection, keys, orders),
          );
    const index = intakeIndex(keys);
    const keyed = before.unknown.map((order) => keyedOrder(index, order));
    // Claims of a file that was begun before.
    const now = this.#repeatsLikely
      ? await connected(this.#vault.database, async (connection) => partByClaim(connection, keyed))
      : { unknown: keyed, earlier: [] };
    return { unknown: now.unknown, earlier: [...before.earlier, ...now.earlier] };
  }

  async #offer(keyed: readonly KeyedOrder[]): Promise<Offered[]> {
    const { dayOfDeath, intakeExpiresOn } = this.#lifetime;
    const offered: Offered[] = [];
    for (const { order, orderKey, bodyKey } of keyed) {
      const bucket = bucketOf(orderKey);
      const place = await this.#placement.take(bucket);
      const row: IntakeRow = {
        bucket,
        orderKey,
        bodyKey,
        compartment: place.serial,
        slot: place.slot,
        dayOfDeath,
        expiresOn: intakeExpiresOn,
      };
      offered.push({ order, row });
    }
    return offered;
  }

  async #claim(
    connection: Connection,
    offered: readonly Offered[],
  ): Promise<{ won: Won[]; lost: EarlierOrder[] }> {
    const results = await claim(
      connection,
      offered.map(({ row }) => row),
    );
    const won: Won[] = [];
    const lost: EarlierOrder[] = [];
    for (const [index, { order, row }] of offered.entries()) {
      const earlier = results[index] ?? null;
      const place = { serial: row.compartment, slot: row.slot };
      if (earlier === null) {
        const { name: profile } = this.#rules.profileFor(order);
        won.push({ order, ...place, profile, origin: this.#origin });
      } else {
        this.#giveBack(row);
        lost.push({ order, bodyKey: row.bodyKey, earlier });
      }
    }
    return { won, lost };
  }

  #giveBack({ compartment: serial, slot }: IntakeRow): void {
    this.#placement.giveBack({ serial, slot });
  }

  async #sealWinners(won: readonly Won[], keys: SealingKeys): Promise<SealedBatch | null> {
    if (won.length === 0) return null;
    const [{ key: tokenKey }] = keys.token;
    const { compartments } = this.#placement;
    return this.#thread.seal({ orders: won, compartments, tokenKey });
  }

  async #store(connection: Connection, made: MadeBatch): Promise<BatchOutcome> {
    const { won, lost, sealed, keys } = made;
    const batch = { keys, lifetime: this.#lifetime, actor: this.#actor };
    const rows =
      sealed === null ? [] : await storeBatch(this.#vault, connection, { ...batch, won, sealed });
    const repeated = await repeatOrders(this.#vault, connection, {
      lost,
      keys,
      today: this.#today,
      rules: this.#rules,
    });
    return { rows: [...rows, ...repeated.rows], rejected: repeated.rejected };
  }

  async #tell(lastLine: number, { rows, rejected }: BatchOutcome): Promise<void> {
    const repeated = rows.filter((row) => row.state === "repeated").length;
    this.#progress = {
      committedThrough: lastLine,
      sealed: this.#progress.sealed + rows.length - repeated,
      repeated: this.#progress.repeated + repeated,
      rejected: this.#progress.rejected + rejected.length,
    };
    await this.#sink.committed(rows, rejected, this.#progress);
  }
}

export interface SealOptions {
  readonly sink: SealSink;
  readonly within?: WithBatch;
  /** The waybill that these are sealed out of. */
  readonly origin?: Origin;
  readonly actor: Actor;
  /** Id or name of the branch by whose terms and profile: one below the actor's own, else that. */
  readonly organisation?: string | null;
  /** Names of a profile and a suite that may only be stricter than what counts there. */
  readonly profile?: string | null;
  readonly suite?: string | null;
  /** Gives the thread to seal in, which stays the caller's; without it the run has its own. */
  readonly thread?: (start: WorkerStart) => SealingThread;
}

/**
 * Seals everything that `rows` yields and tells `sink` after each commit. Refused rows do not stop
 * it. Throws when the file as a whole cannot be read, or DATABASE_UNAVAILABLE, DATABASE_FAILED,
 * KEYSTORE_*, SANDBOX_FULL: what was told is committed; run the same rows again to complete it,
 * nothing is sealed twice. CLOCK_BEHIND, SEAL_CLOCK_AHEAD, ORGANISATION_UNKNOWN, ACCESS_DENIED (for
 * another branch too), SUITE_NOT_ALLOWED, SEAL_LOOSER, PROFILE_UNKNOWN before anything is read.
 */
export async function seal(
  opened: Vault,
  rows: AsyncIterable<readonly RowResult[]>,
  options: SealOptions,
): Promise<SealSummary> {
  const asked = { actor: options.actor, verb: "seal" } as const;
  const organisation = await authoriseFor(opened, asked, options.organisation ?? null);
  const began = performance.now();
  await requireClockForSealing(opened);
  const vault = await ruledBy(opened, organisation, options);
  const rules = await orderRules(vault, organisation);
  const start: WorkerStart = {
    settings: { tenant: uuidBytes(vault.tenant.id), suite: vault.tenant.suite },
    gazetteerFile: vault.gazetteerFile,
  };
  await using own = options.thread === undefined ? new SealingThread(start) : null;
  const thread = own ?? options.thread?.(start);
  if (thread === undefined) throw new RangeError("a run has a thread");
  const bounded = isSandbox(vault.tenant) ? withinSandbox(vault, rows) : rows;
  const run = new SealRun(vault, options.sink, {
    thread,
    actor: options.actor,
    lifetime: await lifetimeFor(vault, organisation),
    rules,
    within: options.within ?? null,
    origin: options.origin ?? null,
  });
  try {
    await drained(batchesOf(bounded, rules.refusalOf), async (batch) => run.start(batch));
  } finally {
    await run.close();
  }
  return { ...run.progress, milliseconds: performance.now() - began };
}
