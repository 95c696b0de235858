/**
 * A real Chromium, spoken to over its own protocol: opens a page from a file, chooses files, reads
 * what it shows. Null where no Chromium is installed.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const START_TIMEOUT_MS = 60_000;

type Params = Readonly<Record<string, unknown>>;

export interface Browser {
  readonly open: (url: string) => Promise<void>;
  /** The value of an expression in the page. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  readonly chooseFiles: (selector: string, files: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

export function chromiumPath(): string | null {
  return PLACES.find((place) => existsSync(place)) ?? null;
}

class Session {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Params) => void>();
  #id = 0;
  #target = "";

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      // The protocol sends one JSON object a message.
      const answer = JSON.parse(String(data)) as Params;
      this.#waiting.get(Number(answer["id"]))?.(answer);
    });
  }

  async send(method: string, params: Params = {}): Promise<Params> {
    this.#id += 1;
    const id = this.#id;
    const target = this.#target === "" ? {} : { sessionId: this.#target };
    const answer = new Promise<Params>((done) => {
      this.#waiting.set(id, done);
    });
    this.#socket.send(JSON.stringify({ id, method, params, ...target }));
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    // Every answer without an error has a result object.
    return result as Params;
  }

  async attach(): Promise<void> {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    this.#target = String(sessionId);
  }
}

async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const [, address] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error("Chromium did not start");
}

/** Starts Chromium without a window. */
export async function openBrowser(program: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), "midan-browser-"));
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
  const words = [...flags, "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  const address = await addressOf(createInterface({ input: child.stderr }));
  clearTimeout(timer);
  child.stderr.resume();
  const socket = new WebSocket(address);
  await new Promise((done) => {
    socket.addEventListener("open", done);
  });
  const session = new Session(socket);
  await session.attach();
  let opened = 0;
  const evaluate = async (expression: string): Promise<unknown> => {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result } = await session.send("Runtime.evaluate", asked);
    // A remote object, by value.
    return (result as Params)["value"];
  };
  return {
    evaluate,
    open: async (url) => {
      await session.send("Page.enable");
      // The answer may come while the page before still stands; the query tells them apart.
      opened += 1;
      await session.send("Page.navigate", { url: `${url}?${opened}` });
      const isThere = `location.search === "?${opened}" && document.readyState === "complete"`;
      while ((await evaluate(isThere)) !== true);
    },
    chooseFiles: async (selector, files) => {
      const { root } = await session.send("DOM.getDocument");
      const { nodeId } = await session.send("DOM.querySelector", {
        nodeId: (root as Params)["nodeId"],
        selector,
      });
      await session.send("DOM.setFileInputFiles", { files, nodeId });
    },
    close: async () => {
      socket.close();
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGKILL");
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
