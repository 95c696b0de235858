/** A real receiver of OTLP over HTTP on this machine, which keeps what it was sent. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | boolean>>;
}

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code: number };
}

export interface Collector extends AsyncDisposable {
  readonly url: string;
  /** All that came, head and body of every request. */
  readonly bytes: () => Buffer;
  readonly headers: readonly IncomingHttpHeaders[];
  readonly spans: () => readonly ReceivedSpan[];
  /** The first span of that name. Throws when there is none. */
  readonly span: (name: string) => ReceivedSpan;
}

interface Body {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}

function spansIn(bodies: readonly Buffer[]): ReceivedSpan[] {
  return bodies
    .map((bytes) => JSON.parse(bytes.toString("utf8")) as Body)
    .flatMap(({ resourceSpans }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans);
}

/** The value of an attribute as text; "" when it is not there. */
export function attributeOf({ attributes }: ReceivedSpan, key: string): string {
  const found = attributes.find((attribute) => attribute.key === key)?.value ?? {};
  return String(Object.values(found)[0] ?? "");
}

const ACCEPT = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "application/json" }).end("{}");
};

/** Answers as `answer` does; what came is kept by then, whatever it answers. */
export async function collector(
  answer: (response: ServerResponse, count: number) => void = ACCEPT,
): Promise<Collector> {
  const bodies: Buffer[] = [];
  const heads: IncomingHttpHeaders[] = [];
  const urls: string[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      bodies.push(bytes);
      heads.push(request.headers);
      urls.push(request.url ?? "");
      answer(response, bodies.length);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    bytes: () => Buffer.concat([...bodies, Buffer.from(JSON.stringify([heads, urls]))]),
    headers: heads,
    spans: () => spansIn(bodies),
    span: (name) => {
      const all = spansIn(bodies);
      const found = all.find((span) => span.name === name);
      return found ?? assert.fail(`${name} is not among ${all.map((s) => s.name).join(", ")}`);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
