/** The log over HTTP (C2SP tlog-tiles): checkpoint and tiles, read-only. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { LogFolder } from "../log/log-folder.ts";
import { answerRaw } from "./raw.ts";
import type { App } from "./serving.ts";

/** The only names that are served; nothing else of the disk can be named with them. */
const TILE = /^\/(tile\/(?:\d{1,2}|entries)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?)$/;
const TEXTS: ReadonlyMap<string, string> = new Map([
  ["/checkpoint", "checkpoint"],
  ["/log.vkey", "log.vkey"],
  ["/log-sm2.vkey", "log-sm2.vkey"],
  ["/log-changes", "log-changes"],
]);

const PATHS = [...TEXTS.keys(), "/tile/*", "/log/*"];

interface Named {
  readonly file: string;
  readonly type: string;
  readonly cache: string;
}

/** A tenant's log has a folder of its own, and here a path of its own. */
const OWN_LOG = /^\/log\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\/.+)$/;

function named(url: string): Named | null {
  const [, tenant, rest = ""] = OWN_LOG.exec(url) ?? [];
  if (tenant === undefined) return namedInLog(url);
  const within = namedInLog(rest);
  return within === null ? null : { ...within, file: `${tenant}/${within.file}` };
}

function namedInLog(url: string): Named | null {
  const text = TEXTS.get(url);
  if (text !== undefined)
    return { file: text, type: "text/plain; charset=utf-8", cache: "no-cache" };
  const file = TILE.exec(url)?.[1];
  // A tile never changes once it is there.
  const cache = "public, max-age=31536000, immutable";
  return file === undefined ? null : { file, type: "application/octet-stream", cache };
}

/** Answers a request for a file of the log; false when the request is for something else. */
async function serveLog(
  folder: LogFolder,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const wanted = named(request.url ?? "");
  if (wanted === null) return false;
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return true;
  }
  const bytes = await folder.read(wanted.file);
  if (bytes === null) {
    response.writeHead(404).end();
    return true;
  }
  response.writeHead(200, {
    "content-type": wanted.type,
    "content-length": bytes.length,
    "cache-control": wanted.cache,
    "x-content-type-options": "nosniff",
    // Anybody may check the log, from any page.
    "access-control-allow-origin": "*",
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
  return true;
}

/**
 * `/checkpoint`, the keys, `/log-changes` and `/tile/…` of the log that all tenants share, and
 * the same below `/log/TENANT` for a tenant's own.
 */
export function logRoutes(app: App, folder: LogFolder): void {
  answerRaw(app, PATHS, async (request, response) => serveLog(folder, request, response));
}
