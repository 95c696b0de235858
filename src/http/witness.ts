/** A witness over HTTP (C2SP tlog-witness): one address, one verb. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Witness } from "../outside/witness.ts";
import { answerRaw } from "./raw.ts";
import type { App } from "./serving.ts";

/** Above the longest proof and the longest note that a witness reads. */
const BODY_BYTES_MAX = 64 * 1024;
const PATH = "/add-checkpoint";

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    // Without an encoding set, a request yields buffers.
    const bytes = piece as Buffer;
    length += bytes.length;
    if (length > BODY_BYTES_MAX) return null;
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

/** Answers `POST /add-checkpoint`; false when the request is for something else. */
async function serveWitness(
  witness: Witness,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (request.url !== PATH) return false;
  if (request.method !== "POST") {
    response.writeHead(405, { allow: "POST" }).end();
    return true;
  }
  const body = await bodyOf(request);
  if (body === null) {
    response.writeHead(413, { connection: "close" }).end();
    return true;
  }
  const answer = await witness.addCheckpoint(body);
  response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
  return true;
}

/** `/add-checkpoint`. */
export function witnessRoutes(app: App, witness: Witness): void {
  answerRaw(app, [PATH], async (request, response) => serveWitness(witness, request, response));
}
