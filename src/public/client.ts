/**
 * `midan/client`: the HTTP API from a program. It needs `fetch` and nothing else. What is exported
 * here stays; operations are those of docs/openapi.json.
 */
export { MidanClient } from "../client/client.ts";
export type { Answer, Asked, CallOptions, ClientOptions, Operation } from "../client/client.ts";
export type { Operations, ProblemCode } from "../client/operations.ts";
export { MidanProblem } from "../client/problem.ts";
export type { ProblemDetails } from "../client/problem.ts";
export type { StreamCounts, StreamLine } from "../client/stream.ts";
