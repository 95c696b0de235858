/** Many at once who each ask again when they were answered, over connections that stay open. */
import { Agent, request } from "node:http";

export interface Asking {
  readonly method: string;
  readonly path: string;
  /** Key or session; none where nobody signed in. */
  readonly token?: string;
  readonly body?: string | undefined;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

export interface Load {
  /** Answers, or units of work, a second. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadPlan {
  readonly connections: number;
  readonly count: number;
  /** How much one answer is worth: 1, or the orders of a batch. */
  readonly units?: number;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

/** Runs `work` `count` times, never more than `connections` at once. */
export async function loadOf(
  { connections, count, units = 1 }: LoadPlan,
  work: (at: number) => Promise<void>,
): Promise<Load> {
  const times: number[] = [];
  let next = 0;
  const began = performance.now();
  const asker = async (): Promise<void> => {
    while (next < count) {
      const at = next;
      next += 1;
      const sent = performance.now();
      await work(at);
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, asker));
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const [p50Ms, p99Ms] = [percentile(times, 0.5), percentile(times, 0.99)];
  return { rate: (count * units) / seconds, p50Ms, p99Ms };
}

function headersOf({ token, body, type = "application/json", headers = {} }: Asking) {
  return {
    ...headers,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined
      ? {}
      : { "content-type": type, "content-length": Buffer.byteLength(body) }),
  };
}

/** Asks a server over connections that stay open; who asks one by one has one connection. */
export class Asker implements Disposable {
  readonly #address: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(address: string) {
    this.#address = new URL(address);
  }

  /** Whatever the server answers, once all of it is there. */
  async answer(asking: Asking): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const { method, path, body } = asking;
    const { hostname, port } = this.#address;
    const headers = headersOf(asking);
    const sent = request(
      { agent: this.#agent, hostname, port, method, path, headers },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on("data", (piece: Buffer) => pieces.push(piece));
        answer.on("error", reject);
        answer.on("end", () => {
          const text = Buffer.concat(pieces).toString("utf8");
          resolve({ status: answer.statusCode ?? 0, text });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
    return promise;
  }

  /** The text of an answer of 200 or 201; any other is thrown. */
  async ask(asking: Asking): Promise<string> {
    const { status, text } = await this.answer(asking);
    if (status === 200 || status === 201) return text;
    const { method, path } = asking;
    throw new RangeError(`${method} ${path.split("/")[2]}: ${text.slice(0, 200)}`);
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
