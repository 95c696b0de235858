/**
 * A page of an ERP as the public write-ups of the print protocol describe it (requests with cmd,
 * requestID and version, answers that echo them, notifyPrintResult by itself). Written from those
 * notes; it shares nothing with the agent.
 */
import { once } from "node:events";
import { WebSocket } from "ws";

export type Json = Readonly<Record<string, unknown>>;

const WAIT_MS = 20_000;

export class ErpPage {
  readonly #socket: WebSocket;
  readonly #heard: Json[] = [];
  #told: (() => void)[] = [];
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      this.#heard.push(JSON.parse(data.toString("utf8")) as Json);
      for (const tell of this.#told.splice(0)) tell();
    });
  }

  static async open(
    port: number,
    origin = "https://erp.example",
    more: { readonly host?: string; readonly tls?: boolean } = {},
  ): Promise<ErpPage> {
    const { host, tls = false } = more;
    const socket = new WebSocket(`${tls ? "wss" : "ws"}://127.0.0.1:${port}`, {
      ...(origin === "" ? {} : { origin }),
      ...(host === undefined ? {} : { headers: { host } }),
      rejectUnauthorized: false,
    });
    await once(socket, "open");
    return new ErpPage(socket);
  }

  async #until(fits: (message: Json) => boolean): Promise<Json> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      const found = this.#heard.find(fits);
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`heard only ${JSON.stringify(this.#heard)}`);
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#told.push(resolve);
        }),
        new Promise((resolve) => {
          setTimeout(resolve, 200);
        }),
      ]);
    }
  }

  /** Sends a request and waits for the answer that echoes its id. */
  async ask(cmd: string, members: Json = {}): Promise<Json> {
    this.#count += 1;
    const requestID = `r-${this.#count}`;
    this.#socket.send(JSON.stringify({ cmd, requestID, version: "1.0", ...members }));
    return this.#until((message) => message["requestID"] === requestID);
  }

  async print(taskID: string, documents: readonly Json[], printer = ""): Promise<Json> {
    const task = { taskID, preview: false, printer, previewType: "pdf", documents };
    return this.ask("print", { task });
  }

  /** The pushed message about a task that says `taskStatus`, or whose documents say `msg`. */
  async notified(taskID: string, about: { taskStatus?: string; msg?: string }): Promise<Json> {
    return this.#until((message) => {
      if (message["cmd"] !== "notifyPrintResult" || message["taskID"] !== taskID) return false;
      const documents = message["printStatus"] as readonly Json[];
      if (about.msg !== undefined) return documents.some(({ msg }) => msg === about.msg);
      return message["taskStatus"] === about.taskStatus;
    });
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  async closed(): Promise<number> {
    const [code] = (await once(this.#socket, "close")) as [number];
    return code;
  }

  close(): void {
    this.#socket.terminate();
  }
}

export const sealedDocument = (documentID: string, encryptedData: string): Json => ({
  documentID,
  contents: [
    { encryptedData, templateURL: "https://template.example/1", signature: "x", ver: "0" },
  ],
});

export const tokenDocument = (documentID: string, token: string, reason?: string): Json => ({
  documentID,
  contents: [{ data: { token, ...(reason === undefined ? {} : { reason }) } }],
});
