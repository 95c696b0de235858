/**
 * The messages of the local print protocol that Chinese ERP pages speak (docs/print-agent.md), read
 * into types with a bound on everything. What it does not know it refuses; nothing is guessed.
 */

export const DOCUMENTS_MAX = 100;
const NAME_CHARACTERS_MAX = 200;
const TASKS_ASKED_MAX = 100;
const SEALED_CHARACTERS_MAX = 6 * 1024 * 1024;

/** A label to print: a token of ours, or a payload sealed to this agent. */
export type DocumentContent =
  | { readonly kind: "token"; readonly token: string; readonly reason: string | null }
  | { readonly kind: "sealed"; readonly payload: Buffer };

export interface PrintDocument {
  readonly documentId: string;
  readonly content: DocumentContent;
}

export interface PrintTask {
  readonly taskId: string;
  /** Null for the default printer. */
  readonly printer: string | null;
  readonly documents: readonly PrintDocument[];
}

export type PrintRequest =
  | { readonly cmd: "getPrinters" | "getAgentInfo" | "getGlobalConfig" | "setGlobalConfig" }
  | { readonly cmd: "getPrinterConfig"; readonly printer: string | null }
  | { readonly cmd: "setPrinterConfig"; readonly printer: Readonly<Record<string, unknown>> }
  | { readonly cmd: "print"; readonly task: PrintTask }
  | { readonly cmd: "getTaskStatus"; readonly taskIds: readonly string[] };

/** What was read: the request, or what is wrong with it, named by field and never by value. */
export type ReadRequest =
  | { readonly id: string; readonly request: PrintRequest }
  | { readonly id: string; readonly cmd: string; readonly problem: string };

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members | null {
  // Any object that is no list may be read as a record of unknown members.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Members)
    : null;
}

function nameOf(value: unknown): string | null {
  const isName = typeof value === "string" && value !== "" && value.length <= NAME_CHARACTERS_MAX;
  return isName ? value : null;
}

function sealedOf(value: unknown): DocumentContent | null {
  if (typeof value !== "string" || value.length > SEALED_CHARACTERS_MAX) return null;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return null;
  return { kind: "sealed", payload: Buffer.from(value, "base64") };
}

/** Of a document's contents the one that is a label of ours; others are a vendor's data. */
function contentOf(contents: unknown): DocumentContent | null {
  if (!Array.isArray(contents) || contents.length > 10) return null;
  for (const value of contents as unknown[]) {
    const one = membersOf(value);
    if (one === null) continue;
    if (one["encryptedData"] !== undefined) return sealedOf(one["encryptedData"]);
    const data = membersOf(one["data"]) ?? one;
    const token = nameOf(data["token"]);
    if (token !== null) return { kind: "token", token, reason: nameOf(data["reason"]) };
  }
  return null;
}

function documentsOf(value: unknown): PrintDocument[] | string {
  if (!Array.isArray(value) || value.length < 1 || value.length > DOCUMENTS_MAX) return "documents";
  const documents: PrintDocument[] = [];
  // What a list of JSON holds is unknown until each is read.
  for (const one of value as unknown[]) {
    const members = membersOf(one);
    const documentId = nameOf(members?.["documentID"]);
    if (documentId === null) return "documentID";
    const content = contentOf(members?.["contents"]);
    if (content === null) return "contents";
    documents.push({ documentId, content });
  }
  const ids = new Set(documents.map(({ documentId }) => documentId));
  return ids.size === documents.length ? documents : "documentID";
}

function taskOf(value: unknown): PrintTask | string {
  const task = membersOf(value);
  if (task === null) return "task";
  const taskId = nameOf(task["taskID"]);
  if (taskId === null) return "taskID";
  if (task["preview"] === true) return "preview";
  const documents = documentsOf(task["documents"]);
  if (typeof documents === "string") return documents;
  return { taskId, printer: nameOf(task["printer"]), documents };
}

function taskIdsOf(value: unknown): readonly string[] | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length < 1 || list.length > TASKS_ASKED_MAX) return null;
  const ids = list.map(nameOf).filter((id) => id !== null);
  return ids.length === list.length ? ids : null;
}

function requestOf(cmd: string, members: Members): PrintRequest | string {
  switch (cmd) {
    case "getPrinters":
    case "getAgentInfo":
    case "getGlobalConfig":
    case "setGlobalConfig":
      return { cmd };
    case "getPrinterConfig":
      return { cmd, printer: nameOf(members["printer"]) };
    case "setPrinterConfig": {
      const printer = membersOf(members["printer"]);
      return printer === null ? "printer" : { cmd, printer };
    }
    case "print": {
      const task = taskOf(members["task"]);
      return typeof task === "string" ? task : { cmd, task };
    }
    case "getTaskStatus": {
      const taskIds = taskIdsOf(members["taskID"]);
      return taskIds === null ? "taskID" : { cmd, taskIds };
    }
    default:
      return "cmd";
  }
}

/** Reads one message. The answer repeats `id` and `cmd` where they have the form of a name. */
export function readRequest(text: string): ReadRequest {
  let members: Members | null = null;
  try {
    members = membersOf(JSON.parse(text));
  } catch {
    // Not JSON: answered like every message that is none.
  }
  const id = nameOf(members?.["requestID"]) ?? "";
  const cmd = nameOf(members?.["cmd"]) ?? "";
  if (members === null) return { id, cmd, problem: "message" };
  const request = requestOf(cmd, members);
  return typeof request === "string" ? { id, cmd, problem: request } : { id, request };
}
