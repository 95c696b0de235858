/** Where a log is read from: a folder, or a web address that serves the same names. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { Failure } from "../rules/failure.ts";
import type { Source } from "../verifier/platform.ts";

/** A bundle of 256 leaves of 8 KiB has 2 MiB; of the longest entries of other logs, 16 MiB. */
const FILE_BYTES_MAX = 17 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 30_000;
const SCHEME = /^https?:\/\//i;

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "unreadable";
}

function readBounded(name: string): Uint8Array | null {
  try {
    if (statSync(name).size > FILE_BYTES_MAX)
      throw new Failure("FILE_UNREADABLE", { reason: "too-large" });
    return readFileSync(name);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = codeOf(error);
    if (reason === "ENOENT" || reason === "ENOTDIR") return null;
    throw new Failure("FILE_UNREADABLE", { reason });
  }
}

/** Whoever checks a folder does nothing else, and waiting in turn for 8,000 files costs seconds. */
function folderSource(folder: string): Source {
  return { read: async (file) => Promise.resolve(readBounded(path.join(folder, file))) };
}

function urlSource(base: string): Source {
  const prefix = base.endsWith("/") ? base : `${base}/`;
  return {
    read: async (file) => {
      try {
        const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
        const answer = await fetch(new URL(file, prefix), { signal, redirect: "error" });
        if (answer.status === 404) return null;
        if (!answer.ok) throw new Failure("FILE_UNREADABLE", { status: answer.status });
        const bytes = new Uint8Array(await answer.arrayBuffer());
        if (bytes.length > FILE_BYTES_MAX)
          throw new Failure("FILE_UNREADABLE", { reason: "too-large" });
        return bytes;
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw new Failure("FILE_UNREADABLE", { reason: "unreachable" });
      }
    },
  };
}

/**
 * The files of the log at `place`: a folder, or an http(s) address. Reading throws FILE_UNREADABLE
 * for anything but a file that is not there.
 */
export function logSource(place: string): Source {
  return SCHEME.test(place) ? urlSource(place) : folderSource(place);
}
