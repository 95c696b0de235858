/** What every resource is served with. */
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { Desk } from "../access/desk.ts";
import type { OpenidClient } from "../identity/openid.ts";
import type { OutboundCounts } from "../trace/outbound.ts";

export interface Serving {
  readonly desk: Desk;
  /** Scheme, host and port under which browsers reach us; every own request names it. */
  readonly origin: string;
  /** Whether browsers come by TLS, so that cookies may say so. */
  readonly secure: boolean;
  /** What one caller may ask of this server in a minute. */
  readonly requestsPerMinute: number;
  /** Counts of spans, where traces are told to a collector. */
  readonly spanCounts?: () => OutboundCounts;
  /** Null where no provider is set up. */
  readonly openid: OpenidClient | null;
}

/** A server whose handlers get what their schemas say. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
