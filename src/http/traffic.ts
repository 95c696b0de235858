/** Requests under way: never too many at once, and none is cut off when the server stops. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Failure } from "../rules/failure.ts";
import type { App } from "./serving.ts";

/** How the server ends: first it says that it does, then it takes no more, then it cuts off. */
export interface Stopping {
  /** How long it goes on answering while `/health/ready` says no, so that a balancer sees it. */
  readonly delayMs: number;
  /** How long what is under way may take from then on. */
  readonly timeoutMs: number;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether it answers however busy the server is: what a supervisor asks. */
    readonly isVital?: boolean;
  }
  interface FastifyInstance {
    readonly traffic: Traffic;
  }
}

const LOOK_AGAIN_MS = 50;

async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export class Traffic {
  readonly #requestsMax: number;
  readonly #responses = new Set<ServerResponse>();
  readonly #sockets = new Set<Socket>();
  #isStopping = false;

  constructor(requestsMax: number) {
    this.#requestsMax = requestsMax;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** How many requests are under way. */
  get count(): number {
    return this.#responses.size;
  }

  /** Counts a request until its answer has ended. Throws SERVER_BUSY when there are too many. */
  enter(response: ServerResponse, isVital: boolean): void {
    if (this.#isStopping) response.setHeader("connection", "close");
    if (!isVital && this.count >= this.#requestsMax)
      throw new Failure("SERVER_BUSY", { retryAfterSeconds: 1 });
    this.#responses.add(response);
    response.once("close", () => this.#responses.delete(response));
  }

  /** Knows a connection, so that it can be cut off. */
  connect(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  /**
   * Ends `app`: says so, takes no more connections, lets what is under way come to its end, and
   * cuts off what has not by then.
   */
  async stop(app: App, { delayMs, timeoutMs }: Stopping): Promise<void> {
    this.#isStopping = true;
    for (const response of this.#responses)
      if (!response.headersSent) response.setHeader("connection", "close");
    if (delayMs > 0) await pause(delayMs);
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, timeoutMs);
    // A connection whose last answer began before the stop is idle only now.
    const look = setInterval(() => app.server.closeIdleConnections(), LOOK_AGAIN_MS);
    try {
      await app.close();
    } finally {
      clearTimeout(cut);
      clearInterval(look);
    }
  }
}

/** Lets every request of `app` pass by its traffic. */
export function watchTraffic(app: App, requestsMax: number): void {
  const traffic = new Traffic(requestsMax);
  app.decorate("traffic", traffic);
  app.server.on("connection", (socket: Socket) => traffic.connect(socket));
  app.addHook("onRequest", async ({ routeOptions }, reply) => {
    traffic.enter(reply.raw, routeOptions.config.isVital === true);
    return Promise.resolve();
  });
}
