/**
 * Standard output that says when nobody takes it any more. The system's own stream forgets its
 * error, and an error that nobody listens to would end the process before the database is let go.
 */
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";

/** What a stream says whose reader has gone away, as `| head` does; it is no fault to report. */
const READER_GONE: ReadonlySet<string> = new Set(["EPIPE", "ERR_STREAM_DESTROYED"]);

/** Passes everything on to `target`; its first error stays in `errored`, for good. */
export function openOutput(target: Writable): Writable {
  // The callback of each write brings the error; unheard here, it would be thrown at the process.
  target.on("error", () => undefined);
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      target.write(chunk, (error) => done(error));
    },
    writev: (chunks, done) => {
      // Strings are decoded by the stream, so that every chunk is a buffer.
      const bytes = Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer));
      target.write(bytes, (error) => done(error));
    },
  });
  return output.on("error", () => undefined);
}

/** Ends `output`; resolves with its error, or null once the system has taken everything. */
export async function endOutput(output: Writable): Promise<Error | null> {
  output.end();
  try {
    await finished(output);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error("standard output failed");
  }
}

export function isReaderGone(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && READER_GONE.has(error.code);
}
