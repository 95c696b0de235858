/**
 * The print agent (打印代理): speaks to pages on this machine, keeps a queue, and feeds the printers.
 * docs/print-agent.md. It opens what was sealed to it and holds no key of an installation.
 */
import type { OwnKey } from "./own-key.ts";
import { answer, notification, refusal, taskStatus } from "./print-answer.ts";
import type { Message } from "./print-answer.ts";
import { PAYLOAD_BYTES_MAX, PAYLOAD_INFO, readPayload } from "./print-payload.ts";
import { readRequest } from "./print-message.ts";
import type { DocumentContent, PrintRequest, PrintTask } from "./print-message.ts";
import { digestOf, isEnded, PrintQueue, taskFile } from "./print-queue.ts";
import type { QueuedDocument, QueuedTask } from "./print-queue.ts";
import { PrintWorker } from "./print-worker.ts";
import type { Draw } from "./print-worker.ts";
import type { Printer } from "./printer.ts";

export interface AgentOptions {
  readonly folder: string;
  readonly key: OwnKey;
  readonly printers: readonly Printer[];
  readonly draw: Draw | null;
  readonly version: string;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly retryMs: number;
}

/** Tasks that wait at the same time; a page that sends more is told to wait. */
const WAITING_MAX = 1000;
const NAME_BYTES = 8;

type Tell = (message: Message) => void;

export class PrintAgent {
  readonly #options: AgentOptions;
  readonly #queue: PrintQueue;
  readonly #workers = new Map<string, PrintWorker>();
  readonly #listeners = new Set<Tell>();
  /** Tasks that are being added: two at once under one id are one. */
  readonly #adding = new Map<string, Promise<Message>>();

  private constructor(options: AgentOptions, queue: PrintQueue) {
    this.#options = options;
    this.#queue = queue;
    for (const printer of options.printers) {
      const changed = (task: QueuedTask): void => this.#tell(notification(task));
      const { draw, retryMs } = options;
      this.#workers.set(printer.name, new PrintWorker({ queue, printer, draw, changed, retryMs }));
    }
  }

  /** Opens the queue of an earlier run and goes on with it. */
  static async start(options: AgentOptions): Promise<PrintAgent> {
    const queue = await PrintQueue.open(options.folder, options.key);
    const agent = new PrintAgent(options, queue);
    for (const worker of agent.#workers.values()) worker.start();
    return agent;
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers.values()) await worker.stop();
  }

  #tell(message: Message): void {
    for (const tell of this.#listeners) tell(message);
  }

  /** Lets a page hear of results until the function that comes back is called. */
  listen(tell: Tell): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  /** The answer to one message; never throws. */
  async answerTo(text: string): Promise<Message> {
    const read = readRequest(text);
    if ("problem" in read) return refusal(read.cmd, read.id, read.problem);
    const { id, request } = read;
    try {
      return answer(request.cmd, id, await this.#answer(request));
    } catch {
      // A disk that is full, mostly; nothing of what was asked for is repeated.
      return refusal(request.cmd, id, "INTERNAL");
    }
  }

  async #answer(request: PrintRequest): Promise<Message> {
    switch (request.cmd) {
      case "getPrinters":
        return this.#printers();
      case "getPrinterConfig":
        return this.#printerConfig(request.printer);
      case "setPrinterConfig":
        // What a label looks like is its template's business, so there is nothing to set.
        return { status: "success", msg: "" };
      case "getGlobalConfig":
        return { status: "success", msg: "", notifyOnTaskFailure: true };
      case "setGlobalConfig":
        return { status: "success", msg: "" };
      case "getAgentInfo":
        return { status: "success", msg: "", version: this.#options.version };
      case "getTaskStatus": {
        const found = request.taskIds.map((id) => this.#queue.find(id));
        return { printStatus: found.filter((task) => task !== null).map(taskStatus) };
      }
      case "print":
        return this.#printOnce(request.task);
    }
  }

  async #printers(): Promise<Message> {
    const { printers } = this.#options;
    const told = printers.map(async (printer) => {
      const { isReady, detail } = await printer.status();
      return { name: printer.name, status: isReady ? "enable" : "disable", detail };
    });
    const [first] = printers;
    return { defaultPrinter: first?.name ?? "", printers: await Promise.all(told) };
  }

  #named(name: string | null): Printer | null {
    const { printers } = this.#options;
    return printers.find((printer) => name === null || printer.name === name) ?? null;
  }

  async #printerConfig(name: string | null): Promise<Message> {
    const printer = this.#named(name);
    if (printer === null) return { status: "failed", msg: "printer" };
    const { isReady, detail } = await printer.status();
    const config = {
      name: printer.name,
      needTopLogo: false,
      needBottomLogo: false,
      horizontalOffset: 0,
      verticalOffset: 0,
      forceNoPageMargins: true,
      language: printer.language,
      status: isReady ? "enable" : "disable",
      detail,
    };
    return { status: "success", msg: "", printer: config };
  }

  async #printOnce(task: PrintTask): Promise<Message> {
    const adding = this.#adding.get(task.taskId);
    if (adding !== undefined) await adding;
    const work = this.#print(task);
    this.#adding.set(task.taskId, work);
    try {
      return await work;
    } finally {
      if (this.#adding.get(task.taskId) === work) this.#adding.delete(task.taskId);
    }
  }

  /** Takes a task; it is durable in the queue when this resolves. The same one again is not. */
  async #print(task: PrintTask): Promise<Message> {
    const { taskId } = task;
    const known = this.#queue.find(taskId);
    if (known !== null) return this.#again(known, task);
    const printer = this.#named(task.printer);
    if (printer === null) return { taskID: taskId, status: "failed", msg: "printer" };
    if (this.#queue.tasks.filter((one) => !isEnded(one)).length >= WAITING_MAX)
      return { taskID: taskId, status: "failed", msg: "QUEUE_FULL" };
    const { now, randomBytes } = this.#options;
    const queued: QueuedTask = {
      taskId,
      printer: printer.name,
      digest: digestOf(task),
      at: now().toISOString(),
      file: taskFile(randomBytes(NAME_BYTES)),
      documents: task.documents.map(({ documentId, content }) =>
        this.#document(printer, documentId, content),
      ),
    };
    await this.#queue.add(queued);
    if (isEnded(queued)) this.#tell(notification(queued));
    this.#workers.get(printer.name)?.wake();
    return { taskID: taskId, status: "success", msg: "" };
  }

  #again(known: QueuedTask, task: PrintTask): Message {
    const { taskId } = task;
    if (known.digest !== digestOf(task))
      return { taskID: taskId, status: "failed", msg: "TASK_ID_USED" };
    // It is told once more how it stands, since whoever asks again missed it.
    if (isEnded(known)) this.#tell(notification(known));
    return { taskID: taskId, status: "success", msg: "REPEATED" };
  }

  #document(printer: Printer, documentId: string, content: DocumentContent): QueuedDocument {
    const blank = {
      documentId,
      job: `midan-${Buffer.from(this.#options.randomBytes(NAME_BYTES)).toString("hex")}`,
      detail: "",
      printerJob: "",
      bytes: "",
      wasInterrupted: false,
    };
    if (content.kind === "token")
      return { ...blank, token: content.token, reason: content.reason, state: "received" };
    const opened = this.#opened(printer, content.payload);
    const sealed = { ...blank, token: null, reason: null };
    return typeof opened === "string"
      ? { ...sealed, state: "failed", detail: opened }
      : { ...sealed, state: "waiting", bytes: Buffer.from(opened).toString("base64") };
  }

  /** What was sealed to this agent for that kind of printer, or the code of why not. */
  #opened(printer: Printer, sealed: Buffer): Uint8Array | string {
    if (sealed.length > PAYLOAD_BYTES_MAX) return "PAYLOAD_BROKEN";
    const plaintext = this.#options.key.open(PAYLOAD_INFO, sealed);
    const payload = plaintext === null ? null : readPayload(plaintext);
    if (payload === null) return "PAYLOAD_BROKEN";
    return payload.language === printer.language ? payload.bytes : "PRINTER_LANGUAGE";
  }
}
