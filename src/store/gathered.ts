/**
 * Questions that come while earlier ones are with the database go to it together, in the next
 * statement. Whoever is alone waits for nobody. A statement is sent after everything that it
 * answers was asked, so what had changed before somebody asked is in his answer.
 */
import { apart, traced } from "../trace/span.ts";
import { connected } from "./pool.ts";
import type { Database } from "./pool.ts";
import { databaseSpan } from "./query.ts";
import type { Connection } from "./query.ts";

/** Asks for all of `asked` at once, in one statement; the answers in their order. */
type AskAll<Asked, Answer> = (
  connection: Connection,
  tenantId: string,
  asked: readonly Asked[],
) => Promise<readonly Answer[]>;

interface Waiting<Asked, Answer> {
  readonly asked: Asked;
  readonly done: (answer: Answer) => void;
  readonly failed: (error: unknown) => void;
}

interface Queue<Asked, Answer> {
  readonly waiting: Waiting<Asked, Answer>[];
  running: number;
}

const TOGETHER_MAX = 100;
/** Two statements overlap: one works while the answer of the other is read. */
const STATEMENTS_AT_ONCE = 2;

export class Gathered<Asked, Answer> {
  readonly #name: string;
  readonly #askAll: AskAll<Asked, Answer>;
  readonly #queues = new WeakMap<Database, Map<string, Queue<Asked, Answer>>>();

  /** `name` is what traces call it. */
  constructor(name: string, askAll: AskAll<Asked, Answer>) {
    this.#name = name;
    this.#askAll = askAll;
  }

  #queueOf(database: Database, tenantId: string): Queue<Asked, Answer> {
    const queues = this.#queues.get(database) ?? new Map<string, Queue<Asked, Answer>>();
    this.#queues.set(database, queues);
    const queue = queues.get(tenantId) ?? { waiting: [], running: 0 };
    queues.set(tenantId, queue);
    return queue;
  }

  /** The answer for one tenant. Throws what the statement throws, to all that it was asked for. */
  async ask(database: Database, tenantId: string, asked: Asked): Promise<Answer> {
    const queue = this.#queueOf(database, tenantId);
    const answered = async (): Promise<Answer> =>
      new Promise<Answer>((done, failed) => {
        queue.waiting.push({ asked, done, failed });
        // A run serves whoever comes, and is of nobody's trace.
        if (queue.running < STATEMENTS_AT_ONCE)
          void apart(async () => this.#run(database, tenantId, queue));
      });
    return traced(() => databaseSpan(this.#name), answered);
  }

  async #run(database: Database, tenantId: string, queue: Queue<Asked, Answer>): Promise<void> {
    queue.running += 1;
    // What else is asked for in this turn of the event loop comes along.
    await Promise.resolve();
    while (queue.waiting.length > 0) {
      const group = queue.waiting.splice(0, TOGETHER_MAX);
      await this.#answer(database, tenantId, group);
    }
    queue.running -= 1;
  }

  async #answer(
    database: Database,
    tenantId: string,
    group: readonly Waiting<Asked, Answer>[],
  ): Promise<void> {
    try {
      const asked = group.map((waiting) => waiting.asked);
      const answers = await connected(database, async (connection) =>
        this.#askAll(connection, tenantId, asked),
      );
      if (answers.length !== group.length) throw new RangeError("an answer for each, in order");
      // There is one for each.
      for (const [at, { done }] of group.entries()) done(answers[at] as Answer);
    } catch (error) {
      for (const { failed } of group) failed(error);
    }
  }
}
