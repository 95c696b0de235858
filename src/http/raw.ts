/** Resources with a protocol of their own, which read and write HTTP by themselves. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { App } from "./serving.ts";

/** Answers a request, or says false when it is for something else. */
type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;

async function answered(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (!(await answer(request, response))) response.writeHead(404).end();
  } catch {
    // Nothing of what failed leaves; the operator sees it in `status`.
    if (response.headersSent) response.destroy();
    else response.writeHead(503).end();
  }
}

/** Hands requests for `addresses` to `answer`, of any method and with their bodies unread. */
export function answerRaw(app: App, addresses: readonly string[], answer: Answer): void {
  void app.register(async (inner) => {
    inner.removeAllContentTypeParsers();
    inner.addContentTypeParser("*", (_request, _payload, done) => done(null));
    for (const url of addresses) {
      inner.route({
        method: [...METHODS],
        url,
        exposeHeadRoute: false,
        config: { caller: "anybody" },
        handler: async (request, reply) => {
          reply.hijack();
          await answered(answer, request.raw, reply.raw);
        },
      });
    }
    return Promise.resolve();
  });
}
