/**
 * The queue (打印队列) of a print agent. Each task is a file sealed to the agent's own key, so that it
 * survives a crash at any moment and says nothing to whoever finds the disk. A label is never sent
 * twice without somebody's word: what broke off while it was being sent is `unsure`, and stays so.
 */
import { createHash } from "node:crypto";
import path from "node:path";
import { forget, keep, kept, makeFolder, namesIn } from "./kept-file.ts";
import type { OwnKey } from "./own-key.ts";
import type { PrintTask } from "./print-message.ts";

const INFO = "midan.queue1";
const SUFFIX = ".task";
/** Done tasks that are remembered, so that one that is sent again is known. */
const DONE_MAX = 5000;

/**
 * `received`: not drawn yet. `waiting`: drawn or opened, to be sent. `sending`: on its way when
 * last written. `accepted`: the printer has it as a job. Then one of three ends.
 */
export type DocumentState =
  | "received"
  | "waiting"
  | "sending"
  | "accepted"
  | "printed"
  | "failed"
  | "unsure";

export const ENDED: ReadonlySet<DocumentState> = new Set(["printed", "failed", "unsure"]);

export interface QueuedDocument {
  readonly documentId: string;
  readonly token: string | null;
  readonly reason: string | null;
  /** Random; what the printer is told. */
  readonly job: string;
  state: DocumentState;
  /** What stands in its way, or why it ended; a code, no value. */
  detail: string;
  /** The printer's own number of the job, once accepted. */
  printerJob: string;
  /** Base64 of what the printer gets; empty before it is drawn and after it ended. */
  bytes: string;
  /** Whether it was read from disk in this state: then an earlier try may have got further. */
  wasInterrupted: boolean;
}

export interface QueuedTask {
  readonly taskId: string;
  readonly printer: string;
  /** SHA-256 of what was asked for, hex: the same id with other contents is no repetition. */
  readonly digest: string;
  readonly at: string;
  readonly file: string;
  readonly documents: QueuedDocument[];
}

export function digestOf(task: PrintTask): string {
  const hash = createHash("sha256");
  for (const { documentId, content } of task.documents) {
    hash.update(JSON.stringify([documentId, content.kind]));
    hash.update(content.kind === "token" ? content.token : content.payload);
  }
  return hash.digest("hex");
}

export const isEnded = (task: QueuedTask): boolean =>
  task.documents.every(({ state }) => ENDED.has(state));

export class PrintQueue {
  readonly #folder: string;
  readonly #key: OwnKey;
  readonly #tasks = new Map<string, QueuedTask>();

  private constructor(folder: string, key: OwnKey) {
    this.#folder = folder;
    this.#key = key;
  }

  /** Reads what an earlier run left. A file that does not open is left where it lies. */
  static async open(folder: string, key: OwnKey): Promise<PrintQueue> {
    await makeFolder(folder);
    const queue = new PrintQueue(folder, key);
    const tasks: QueuedTask[] = [];
    for (const name of await namesIn(folder, SUFFIX)) {
      const bytes = await kept(path.join(folder, name));
      const plaintext = bytes === null ? null : key.open(INFO, bytes);
      // The tag has shown that this agent wrote it, so it has the form that `#write` gives it.
      if (plaintext !== null) tasks.push(JSON.parse(plaintext.toString("utf8")) as QueuedTask);
    }
    for (const task of tasks.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
      for (const document of task.documents) document.wasInterrupted = true;
      queue.#tasks.set(task.taskId, task);
    }
    return queue;
  }

  /** In the order received. */
  get tasks(): readonly QueuedTask[] {
    return [...this.#tasks.values()];
  }

  find(taskId: string): QueuedTask | null {
    return this.#tasks.get(taskId) ?? null;
  }

  /** Adds a task; durable when this resolves. */
  async add(task: QueuedTask): Promise<void> {
    await this.save(task);
    this.#tasks.set(task.taskId, task);
    await this.#forgetOld();
  }

  /** Writes down how a task stands; durable when this resolves. */
  async save(task: QueuedTask): Promise<void> {
    for (const document of task.documents) if (ENDED.has(document.state)) document.bytes = "";
    const plaintext = Buffer.from(JSON.stringify(task), "utf8");
    await keep(path.join(this.#folder, task.file), this.#key.seal(INFO, plaintext));
    plaintext.fill(0);
  }

  async #forgetOld(): Promise<void> {
    if (this.#tasks.size <= DONE_MAX) return;
    const done = this.tasks.filter(isEnded).slice(0, this.#tasks.size - DONE_MAX);
    for (const task of done) {
      this.#tasks.delete(task.taskId);
      await forget(path.join(this.#folder, task.file));
    }
  }
}

/** A name for a task's file that says nothing of it. */
export function taskFile(random: Uint8Array): string {
  return `${Buffer.from(random).toString("hex")}${SUFFIX}`;
}
