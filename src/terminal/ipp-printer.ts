/**
 * A printer or CUPS queue that speaks IPP (RFC 8011): it says what it lacks, by its
 * printer-state-reasons, and what became of each job.
 */
import { ippRequest, readIppAnswer } from "./ipp-message.ts";
import type { IppAnswer, IppAttribute, IppOperation } from "./ipp-message.ts";
import type { Printer, PrinterKindLanguage, PrinterStatus, Sent } from "./printer.ts";

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const USER = "midan";
const SUCCESS_MAX = 0x00ff;
/** RFC 8011 section 5.4.11 and 5.3.7. */
const PRINTER_STOPPED = 5;
const JOB = { canceled: 7, aborted: 8, completed: 9 } as const;
/** Said of a printer that goes on printing all the same. */
const HARMLESS = /^(?:none|.*-(?:report|warning)|media-low|.*-supply-low|cups-.*)$/;
const MIME: Readonly<Record<PrinterKindLanguage, string>> = {
  pdf: "application/pdf",
  png: "image/png",
  zpl: "application/vnd.cups-raw",
  tspl: "application/vnd.cups-raw",
  cpcl: "application/vnd.cups-raw",
};

type Ask = (
  operation: IppOperation,
  attributes: readonly IppAttribute[],
  data?: Uint8Array,
) => Promise<IppAnswer | "unreachable" | "broken">;

function asker(uri: string): Ask {
  const url = uri.replace(/^ipp:/, "http:").replace(/^ipps:/, "https:");
  const target: readonly IppAttribute[] = [
    { tag: "uri", name: "printer-uri", values: [uri] },
    { tag: "name", name: "requesting-user-name", values: [USER] },
  ];
  return async (operation, attributes, data) => {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/ipp" },
        body: ippRequest(operation, [...target, ...attributes], data),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: "error",
      });
      const body = Buffer.from(await response.arrayBuffer());
      if (!response.ok || body.length > ANSWER_BYTES_MAX) return "broken";
      return readIppAnswer(body) ?? "broken";
    } catch (error) {
      const cause = error instanceof Error ? error.cause : null;
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
      return /^(?:ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(
        code,
      )
        ? "unreachable"
        : "broken";
    }
  };
}

function valuesOf(answer: IppAnswer, name: string): readonly (string | number)[] {
  return answer.groups.flatMap((group) => group.get(name) ?? []);
}

function statusFrom(answer: IppAnswer | "unreachable" | "broken"): PrinterStatus {
  if (typeof answer === "string") return { isReady: false, detail: "connecting-to-device" };
  const reasons = valuesOf(answer, "printer-state-reasons").map(String);
  const wrong = reasons.find((reason) => !HARMLESS.test(reason));
  if (wrong !== undefined) return { isReady: false, detail: wrong };
  const isStopped = valuesOf(answer, "printer-state").includes(PRINTER_STOPPED);
  return isStopped ? { isReady: false, detail: "stopped" } : { isReady: true, detail: "" };
}

function jobOutcome(answer: IppAnswer | "unreachable" | "broken"): Sent | null {
  if (typeof answer === "string") return null;
  const [state] = valuesOf(answer, "job-state");
  if (state === JOB.completed) return { outcome: "printed" };
  if (state === JOB.canceled) return { outcome: "failed", detail: "job-canceled" };
  if (state === JOB.aborted) return { outcome: "failed", detail: "job-aborted" };
  return null;
}

function sentFrom(answer: IppAnswer | "unreachable" | "broken"): Sent {
  if (answer === "unreachable") return { outcome: "refused", detail: "connecting-to-device" };
  if (answer === "broken") return { outcome: "unsure", detail: "broken-off" };
  if (answer.status > SUCCESS_MAX)
    return { outcome: "failed", detail: `ipp-${answer.status.toString(16).padStart(4, "0")}` };
  const [job] = valuesOf(answer, "job-id");
  return job === undefined
    ? { outcome: "unsure", detail: "no-job-id" }
    : { outcome: "accepted", job: String(job) };
}

export function ippPrinter(printer: {
  readonly name: string;
  readonly language: PrinterKindLanguage;
  readonly uri: string;
}): Printer {
  const { name, language } = printer;
  const ask = asker(printer.uri);
  const wanted = (names: readonly string[]): IppAttribute => ({
    tag: "keyword",
    name: "requested-attributes",
    values: names,
  });
  return {
    name,
    language,
    status: async () =>
      statusFrom(
        await ask("get-printer-attributes", [wanted(["printer-state", "printer-state-reasons"])]),
      ),
    send: async (job) =>
      sentFrom(
        await ask(
          "print-job",
          [
            { tag: "name", name: "job-name", values: [job.name] },
            { tag: "mime", name: "document-format", values: [MIME[language]] },
          ],
          job.bytes,
        ),
      ),
    outcomeOf: async (job) =>
      jobOutcome(
        await ask("get-job-attributes", [
          { tag: "integer", name: "job-id", values: [Number(job)] },
          wanted(["job-state"]),
        ]),
      ),
    recover: async (jobName) => {
      for (const which of ["not-completed", "completed"]) {
        const answer = await ask("get-jobs", [
          { tag: "keyword", name: "which-jobs", values: [which] },
          wanted(["job-id", "job-name"]),
        ]);
        // Without an answer nobody knows, and a second label must not come out.
        if (typeof answer === "string")
          return { outcome: "unsure", detail: "connecting-to-device" };
        const found = answer.groups.find((group) => group.get("job-name")?.[0] === jobName);
        const id = found?.get("job-id")?.[0];
        if (id !== undefined) return { outcome: "accepted", job: String(id) };
      }
      return null;
    },
  };
}
