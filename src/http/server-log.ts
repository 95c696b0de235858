/**
 * What the server says of itself while it runs: one JSON document a line. An event holds names,
 * numbers and ids of ours only, so that nothing of a party, no token and no address gets in (P9).
 */
import type { Writable } from "node:stream";

const LEVELS = ["info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];

/** From which level on lines are written. */
export const SERVER_LOG_LEVELS = [...LEVELS, "off"] as const;
export type ServerLogLevel = (typeof SERVER_LOG_LEVELS)[number];

interface RequestEvent {
  readonly event: "request";
  readonly requestId: string;
  readonly method: string;
  /** As `/v1/waybills/:token`. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly code?: string;
  readonly cut?: true;
  readonly address?: string;
}

/** Everything that is ever told. */
export type ServerEvent =
  | RequestEvent
  | {
      readonly event: "unforeseen";
      readonly requestId: string;
      readonly method: string;
      readonly route: string;
      readonly kind: string;
      readonly frames: readonly string[];
    }
  | { readonly event: "listening"; readonly tls: boolean }
  | { readonly event: "tls-read" }
  | { readonly event: "tls-failed" }
  /** A code of a request that was made by a phone; of which one is not said. */
  | { readonly event: "code-unsent" }
  | { readonly event: "stopping"; readonly requests: number }
  | { readonly event: "stopped" };

export interface ServerLog {
  readonly tell: (level: Level, event: ServerEvent) => void;
}

export interface ServerLogOptions {
  readonly output: Writable;
  readonly from: ServerLogLevel;
  /** Id of the tenant that is served. */
  readonly tenant: string;
  readonly now: () => Date;
}

export const NO_LOG: ServerLog = { tell: () => undefined };

/** A log that writes to `output`, and lets lines go while nobody reads what it wrote. */
export function serverLog({ output, from, tenant, now }: ServerLogOptions): ServerLog {
  const least = SERVER_LOG_LEVELS.indexOf(from);
  let dropped = 0;
  return {
    tell: (level, event) => {
      if (LEVELS.indexOf(level) < least || output.errored !== null) return;
      if (output.writableNeedDrain) {
        dropped += 1;
        return;
      }
      const lost = dropped === 0 ? {} : { dropped };
      dropped = 0;
      const line = { time: now().toISOString(), level, ...event, tenant, ...lost };
      output.write(`${JSON.stringify(line)}\n`);
    },
  };
}
