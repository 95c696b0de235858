/** One message on its way to a webhook, with its bounds and without going where it must not. */
import { request as plainRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as tlsRequest } from "node:https";
import { guardedLookup, isRefusedLiteral, mayConnect } from "./webhook-address.ts";
import type { OwnNetworks, Target } from "./webhook-address.ts";

const TIMEOUT_MS = 10_000;
const OK_MIN = 200;
const OK_MAX = 299;

/** How an attempt went: the status of an answer, or a word for why there was none. */
export interface Outcome {
  readonly status: number | null;
  readonly failure:
    | "address"
    | "connection"
    | "timeout"
    | "status"
    /** Its secret cannot be opened: only a new one helps. */
    | "secret"
    /** The key store could not be asked. */
    | "keys"
    /** We stopped while it was told: that was no attempt. */
    | "stopped"
    | null;
}

export interface Message {
  readonly target: Target;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function answered({ statusCode: status = 0 }: IncomingMessage): Outcome {
  // A redirect is no delivery: it is not followed.
  return { status, failure: status >= OK_MIN && status <= OK_MAX ? null : "status" };
}

/** Lets go of a connection that leads to where none may; true when it was. */
function endsAtWrongPlace(sending: ClientRequest, own: OwnNetworks, target: Target): void {
  sending.once("socket", (socket) => {
    socket.once("connect", () => {
      const { remoteAddress = "" } = socket;
      if (!mayConnect(own, target, remoteAddress)) sending.destroy(new Error("address"));
    });
  });
}

function failureOf(error: Error): Outcome {
  const isRefused = error.message === "address" || ("code" in error && error.code === "EREFUSED");
  if (isRefused) return { status: null, failure: "address" };
  return { status: null, failure: error.name === "AbortError" ? "timeout" : "connection" };
}

const TIMED_OUT: Outcome = { status: null, failure: "timeout" };
const STOPPED: Outcome = { status: null, failure: "stopped" };

/**
 * Sends one message and waits for the head of the answer, for at most ten seconds or until `stop`;
 * of the body nothing is read.
 */
export async function post(
  own: OwnNetworks,
  { target, headers, body }: Message,
  stop: AbortSignal,
): Promise<Outcome> {
  if (isRefusedLiteral(own, target)) return { status: null, failure: "address" };
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const signal = AbortSignal.any([late, stop]);
  const options = { method: "POST", headers, agent: false, lookup: guardedLookup(own, target) };
  const send = target.isPlain ? plainRequest : tlsRequest;
  const sending = send(target.url, { ...options, signal });
  endsAtWrongPlace(sending, own, target);
  sending.once("response", (response) => {
    resolve(answered(response));
    response.destroy();
  });
  sending.on("error", (error) => {
    resolve(stop.aborted ? STOPPED : late.aborted ? TIMED_OUT : failureOf(error));
  });
  // Whatever ends it with neither an answer nor an error, such as a change of protocol.
  sending.once("close", () => resolve({ status: null, failure: "connection" }));
  sending.end(body);
  return promise;
}
