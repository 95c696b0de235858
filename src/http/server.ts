/** A small HTTP server with bounds: who asks slowly, or for too much, is let go. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { Failure } from "../rules/failure.ts";

const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const HEADER_BYTES_MAX = 8 * 1024;
const CONNECTIONS_MAX = 512;

/** Answers a request, or says false when it is for something else. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface Listening {
  /** Address and port, e.g. `http://127.0.0.1:8080`. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

async function answer(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    for (const route of routes) if (await route(request, response)) return;
    response.writeHead(404).end();
  } catch {
    // Nothing of what failed leaves; the operator sees it in `status`.
    if (response.headersSent) response.destroy();
    else response.writeHead(503).end();
  }
}

function addressOf(server: Server, host: string): string {
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Begins to listen. Throws PORT_UNAVAILABLE when the port cannot be had. */
export async function listen(
  place: { readonly host: string; readonly port: number },
  routes: readonly Route[],
): Promise<Listening> {
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on("request", (request, response) => void answer(routes, request, response));
  server.listen(place.port, place.host);
  try {
    await once(server, "listening");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new Failure("PORT_UNAVAILABLE", { port: place.port, reason });
  }
  return {
    address: addressOf(server, place.host),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => {
        server.close(() => done());
      });
    },
  };
}
