/**
 * The agent's ear: WebSocket on this machine alone, for pages of named origins. A page whose site
 * points its own name at this machine (DNS rebinding) says another host, and is refused.
 */
import { once } from "node:events";
import { createServer as createPlain } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { createServer as createTls } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { Failure } from "../rules/failure.ts";
import type { PrintAgent } from "./print-agent.ts";

const HOST = "127.0.0.1";
/** A hundred documents of a sealed label each fit, with room to spare. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
const CONNECTIONS_MAX = 32;
const HEADERS_TIMEOUT_MS = 10_000;
const HEADER_BYTES_MAX = 8 * 1024;
/** Messages of one page that wait for their answers. */
const UNANSWERED_MAX = 64;
const TOO_MUCH = 1008;
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

export interface EarOptions {
  readonly port: number;
  readonly origins: readonly string[];
  readonly tls: { readonly certificate: Uint8Array; readonly key: Uint8Array } | null;
}

export interface Ear {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Whether a request is from a page that may use the agent: by its origin, and the host named. */
export function mayUse(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  origins: readonly string[],
): boolean {
  const { host = "", origin = "" } = headers;
  return LOCAL_HOST.test(host) && origins.includes(origin);
}

function serve(agent: PrintAgent, socket: WebSocket): void {
  let unanswered = 0;
  const send = (message: unknown): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const deaf = agent.listen(send);
  // Whatever is wrong with a connection ends it; there is nothing else to do about it.
  socket.on("error", () => socket.terminate());
  socket.on("close", deaf);
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary || unanswered >= UNANSWERED_MAX) {
      socket.close(TOO_MUCH);
      return;
    }
    unanswered += 1;
    void agent.answerTo(data.toString("utf8")).then((message) => {
      unanswered -= 1;
      send(message);
    });
  });
}

function refuse(socket: Duplex): void {
  socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

function serverOf({ tls }: EarOptions): Server {
  const bounds = { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: HEADER_BYTES_MAX };
  if (tls === null) return createPlain(bounds);
  const { certificate, key } = tls;
  return createTls({ ...bounds, cert: Buffer.from(certificate), key: Buffer.from(key) });
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new Failure("PORT_UNAVAILABLE", { port, reason });
  }
  // A server that listens on a port has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

/** Listens for pages on this machine. Throws PORT_UNAVAILABLE. */
export async function listenForPages(agent: PrintAgent, options: EarOptions): Promise<Ear> {
  const server = serverOf(options);
  server.maxConnections = CONNECTIONS_MAX;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });
  server.on("request", (_request, response) => response.writeHead(404).end());
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const { host, origin } = request.headers;
    if (!mayUse({ host, origin }, options.origins)) {
      refuse(socket);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (page) => serve(agent, page));
  });
  const port = await listening(server, options.port);
  return {
    port,
    close: async () => {
      for (const page of sockets.clients) page.terminate();
      server.closeAllConnections();
      await new Promise<void>((done) => {
        server.close(() => done());
      });
    },
  };
}
