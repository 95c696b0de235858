/** How HTTP says that something failed: problem details (RFC 9457) out of the table of failures. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Language } from "../rules/catalogue.ts";
import { Failure, isFailure } from "../rules/failure.ts";

/** The language that the client asks for first; Chinese unless it is English (RFC 9110 12.5.4). */
export function languageOf(request: Pick<FastifyRequest, "headers">): Language {
  const [first = ""] = (request.headers["accept-language"] ?? "").split(",");
  return /^\s*en\b/i.test(first) ? "en" : "zh";
}

interface ServerFault {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly validation?: readonly { readonly instancePath: string; readonly keyword: string }[];
}

const PLACE = /^[\w/]{0,80}$/;
/**
 * What can be wrong with a place that a schema names. Whatever else is wrong may be about a name
 * that the client made up, and that may be anything, a phone too.
 */
const SAID_OF_NAMED_PLACES: ReadonlySet<string> = new Set([
  "anyOf",
  "const",
  "enum",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "pattern",
  "type",
]);
const CLIENT_STATUS_MIN = 400;
const SERVER_STATUS_MIN = 500;

/** What the server itself refuses, as a row of our table; null for what nobody foresaw. */
function failureOf(error: unknown): Failure | null {
  if (isFailure(error)) return error;
  if (typeof error !== "object" || error === null) return null;
  const { code, statusCode, validation } = error as ServerFault;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new Failure("REQUEST_TOO_LARGE");
  if (validation !== undefined) {
    const { instancePath = "", keyword = "" } = validation[0] ?? {};
    const isNamed = SAID_OF_NAMED_PLACES.has(keyword) && PLACE.test(instancePath);
    return new Failure("REQUEST_INVALID", { field: isNamed ? instancePath : "" });
  }
  const isClients =
    typeof statusCode === "number" &&
    statusCode >= CLIENT_STATUS_MIN &&
    statusCode < SERVER_STATUS_MIN;
  return isClients ? new Failure("REQUEST_INVALID", { field: "" }) : null;
}

function send(reply: FastifyReply, status: number, problem: Readonly<Record<string, unknown>>) {
  return reply.code(status).header("content-type", "application/problem+json").send(problem);
}

/** Answers with what failed; of an error that nobody foresaw nothing leaves. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  const language = languageOf(request);
  const failure = failureOf(error);
  const { id: requestId } = request;
  request.failed = failure?.code ?? "INTERNAL";
  if (failure === null) {
    const title = language === "zh" ? "服务器内部错误" : "Something failed on the server";
    return send(reply, SERVER_STATUS_MIN, { type: "about:blank", title, status: 500, requestId });
  }
  const { code, details, row } = failure;
  const { retryAfterSeconds } = details;
  if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
  return send(reply, row.status, {
    type: `urn:midan:problem:${code}`,
    title: row[language],
    status: row.status,
    detail: language === "zh" ? row.doZh : row.doEn,
    code,
    details,
    requestId,
  });
}
