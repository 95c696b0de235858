/** What an agent answers and tells by itself, in the words of the local print protocol. */
import { isEnded } from "./print-queue.ts";
import type { DocumentState, QueuedDocument, QueuedTask } from "./print-queue.ts";

export type Message = Readonly<Record<string, unknown>>;

/** States in the protocol's words. What is unsure is no success: somebody has to look. */
const STATUS: Readonly<Record<DocumentState, string>> = {
  received: "pending",
  waiting: "pending",
  sending: "pending",
  accepted: "pending",
  printed: "success",
  failed: "failed",
  unsure: "failed",
};

export function answer(cmd: string, id: string, members: Message): Message {
  return { cmd, requestID: id, version: "1.0", ...members };
}

export function refusal(cmd: string, id: string, problem: string): Message {
  return answer(cmd, id, { status: "failed", msg: problem });
}

function messageOf({ state, detail }: QueuedDocument): string {
  return state === "unsure" ? `unsure:${detail}` : detail;
}

function documentStatus(document: QueuedDocument): Message {
  const { documentId, state } = document;
  const msg = messageOf(document);
  return { documentID: documentId, status: STATUS[state], msg, detail: msg };
}

export function taskStatus(task: QueuedTask): Message {
  const { taskId, printer, documents } = task;
  return { taskID: taskId, printer, detailStatus: documents.map(documentStatus) };
}

/** What is pushed when documents end, or when a printer keeps them waiting. */
export function notification(task: QueuedTask): Message {
  const { taskId, printer, documents } = task;
  const isFailed = documents.some(({ state }) => STATUS[state] === "failed");
  const ended = isFailed ? "failed" : "printed";
  return {
    cmd: "notifyPrintResult",
    requestID: "",
    version: "1.0",
    taskID: taskId,
    printer,
    taskStatus: isEnded(task) ? ended : "pending",
    printStatus: documents.map((document) => ({ ...documentStatus(document), printer })),
  };
}
