/** Who sends slowly, or does not read, is let go. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { IncomingMessage } from "node:http";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether the body may take as long as it keeps coming. */
    readonly isLong?: boolean;
  }
}

/** Whether it is the client that keeps us waiting: for more of the body, or for a reader. */
function waitsForClient({ complete, readableLength, socket }: IncomingMessage): boolean {
  return (!complete && readableLength === 0) || socket.writableLength > 0;
}

/**
 * Lets go of who sends a body slowly, in all or, where it may be long, after a pause; and of who
 * does not read the answer.
 */
export async function limitTime(
  { raw, routeOptions }: FastifyRequest,
  { raw: response }: FastifyReply,
  timeoutMs: number,
): Promise<void> {
  const { socket } = raw;
  // What is still being sent after the answer is nobody's to read.
  const isLong = (): boolean => routeOptions.config.isLong === true && !response.writableEnded;
  let moved = -1;
  const timer = setInterval(() => {
    const before = moved;
    moved = socket.bytesRead + socket.bytesWritten;
    const isStuck = before === moved && waitsForClient(raw);
    const isLate = isStuck || (!isLong() && !raw.complete);
    if (isLate) socket.destroy();
    const isOver = raw.complete && response.writableFinished;
    if (isOver || socket.destroyed) clearInterval(timer);
  }, timeoutMs).unref();
  response.once("close", () => {
    if (raw.complete) clearInterval(timer);
  });
  return Promise.resolve();
}
