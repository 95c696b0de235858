/**
 * Keeps one log going: takes in what waits, and asks silent witnesses again. Failures are
 * remembered and tried again; verbs stop by themselves once leaves have waited too long (LOG_LATE),
 * and go on when the sequencer does.
 */
import { isFailure } from "../rules/failure.ts";
import type { Sequencer } from "./sequencer.ts";
import type { Witnesses } from "./witnesses.ts";

/** Witnesses that were silent are asked again after this time, even when no leaf came. */
const ASK_AGAIN_MS = 30_000;

export class LogKeeper {
  readonly #sequencer: Sequencer;
  readonly #witnesses: Witnesses;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Code of the last failure since the last success, for `status`. */
  failure: string | null = null;

  /** How many witnesses have cosigned what is published, as this process knows. */
  witnessed = { cosigned: 0, witnesses: 0 };

  constructor(sequencer: Sequencer, witnesses: Witnesses) {
    this.#sequencer = sequencer;
    this.#witnesses = witnesses;
  }

  /**
   * At the opening of a tenant: a database that came from an older copy takes its leaves
   * back from the files, if they prove it; then what waits is taken in. A failure is remembered,
   * never thrown: nothing is signed then, and verbs stop in time.
   */
  async open(recover: () => Promise<number>): Promise<void> {
    try {
      if (await this.#sequencer.isOlder()) this.recovered = await recover();
    } catch (error) {
      this.failure = isFailure(error) ? error.code : "LOG_FILES_FAILED";
    }
    await this.turn();
  }

  /** How many leaves came back when this process opened the log. */
  recovered = 0;

  /** Takes in what waits now, once; a failure is remembered, never thrown. */
  async turn(): Promise<void> {
    await this.#try(async () => this.#turn(await this.#sequencer.isWaiting()));
  }

  /** As `turn`, when it is known already whether leaves wait. */
  async turnKnown(isWaiting: boolean): Promise<void> {
    await this.#try(async () => this.#turn(isWaiting));
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failure = isFailure(error) ? error.code : "LOG_FILES_FAILED";
    }
  }

  async #turn(isWaiting: boolean): Promise<void> {
    // The database was asked just now. What else failed stays until a leaf gets through.
    if (this.failure?.startsWith("DATABASE_") === true) this.failure = null;
    if (!isWaiting && !this.#isSilenceLong()) return;
    this.#askedAt = performance.now();
    const note = isWaiting
      ? ((await this.#sequencer.integrate())?.checkpoint ?? null)
      : await this.#sequencer.cosign();
    this.failure = null;
    if (note !== null) this.witnessed = this.#witnesses.seen(note);
  }

  #isSilenceLong(): boolean {
    const { cosigned, witnesses } = this.witnessed;
    const isMissing = cosigned < this.#witnesses.count || cosigned < witnesses;
    return isMissing && performance.now() - this.#askedAt > ASK_AGAIN_MS;
  }
}
