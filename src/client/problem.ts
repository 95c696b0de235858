/** What the API says that failed (RFC 9457), as an error. */
import type { ProblemCode } from "./operations.ts";

export interface ProblemDetails {
  readonly status: number;
  /** A row of docs/errors.md; UNREACHABLE where no answer came, or none that the API gave. */
  readonly code: ProblemCode | "UNREACHABLE";
  /** In the language that was asked for. */
  readonly title: string;
  /** What to do about it. */
  readonly detail: string;
  /** Names, counts and ids; never a value of a party. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  /** What the server's log calls the request, or "". */
  readonly requestId: string;
}

/** The only error that a client throws by itself, apart from its caller's own abort. */
export class MidanProblem extends Error {
  readonly problem: ProblemDetails;

  constructor(problem: ProblemDetails, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.title}`, options);
    this.name = "MidanProblem";
    this.problem = problem;
  }

  get code(): ProblemDetails["code"] {
    return this.problem.code;
  }
}

/** No answer came: the network, the timeout, or something between that is not the API. */
export function unreachable(status: number, cause?: unknown): MidanProblem {
  const title = status === 0 ? "No answer came" : `An answer came with status ${status}`;
  const none = { detail: "", details: {}, requestId: "" };
  return new MidanProblem({ status, code: "UNREACHABLE", title, ...none }, { cause });
}

/** The problem that an answer holds. */
export async function problemOf(answer: Response): Promise<MidanProblem> {
  const isProblem = answer.headers.get("content-type")?.startsWith("application/problem+json");
  if (isProblem !== true) return unreachable(answer.status);
  try {
    // What the API describes; where something else answers, what is missing is filled in.
    const told = (await answer.json()) as Partial<ProblemDetails>;
    const { title = "", detail = "", code = "INTERNAL", details = {}, requestId = "" } = told;
    return new MidanProblem({ status: answer.status, code, title, detail, details, requestId });
  } catch (error) {
    return unreachable(answer.status, error);
  }
}
