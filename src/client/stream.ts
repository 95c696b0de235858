/** Sealing a stream of orders: lines go out and lines come back at the same time. */
import type { ProblemCode } from "./operations.ts";
import { MidanProblem, problemOf, unreachable } from "./problem.ts";

/** One order's result, in the order of the stream. */
export type StreamLine =
  | {
      readonly line: number;
      readonly ok: true;
      readonly token: string;
      readonly orderNumber: string;
      readonly waybillNumber: string;
      readonly state: "sealed" | "repeated";
    }
  | {
      readonly line: number;
      readonly ok: false;
      readonly code: ProblemCode;
      readonly title: string;
      readonly field: string;
    };

export interface StreamCounts {
  readonly sealed: number;
  readonly repeated: number;
  readonly rejected: number;
}

interface LastLine extends StreamCounts {
  readonly done: boolean;
  readonly code?: ProblemCode;
}

interface Streaming {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly orders: AsyncIterable<object> | Iterable<object>;
  readonly signal: AbortSignal | undefined;
}

/** As many bytes as go out in one piece, so that orders do not go one by one. */
const PIECE_CHARACTERS = 32 * 1024;

async function* piecesOf(orders: Streaming["orders"]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const order of orders) {
    text += `${JSON.stringify(order)}\n`;
    if (text.length < PIECE_CHARACTERS) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

async function begin({ url, headers, orders, signal }: Streaming): Promise<Response> {
  const body = ReadableStream.from(piecesOf(orders));
  // `duplex` is in the standard of fetch and not in the types of every version.
  const init = { method: "POST", headers, body, duplex: "half", redirect: "error" } as const;
  try {
    return await fetch(url, signal === undefined ? init : { ...init, signal });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw unreachable(0, error);
  }
}

function countsOf({ done, code, ...counts }: LastLine, requestId: string): StreamCounts {
  if (done) return counts;
  const title = "The stream stopped: send the same orders again";
  const told = { status: 200, code: code ?? "INTERNAL", title, detail: "", requestId } as const;
  throw new MidanProblem({ ...told, details: { ...counts } });
}

/** As `MidanClient.sealStream`. */
export async function* streamLines(asked: Streaming): AsyncGenerator<StreamLine, StreamCounts> {
  const answer = await begin(asked);
  if (!answer.ok || answer.body === null) throw await problemOf(answer);
  const requestId = answer.headers.get("midan-request-id") ?? "";
  try {
    for await (const text of linesOf(answer.body)) {
      // Lines of the API, as its description says.
      const line = JSON.parse(text) as StreamLine | LastLine;
      if ("done" in line) return countsOf(line, requestId);
      yield line;
    }
  } catch (error) {
    if (error instanceof MidanProblem || asked.signal?.aborted === true) throw error;
    throw unreachable(0, error);
  }
  throw unreachable(0);
}
