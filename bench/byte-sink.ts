/** Takes what is written and keeps only how much it was. */
import { Writable } from "node:stream";

export function byteSink(): { readonly out: Writable; readonly bytes: () => number } {
  let bytes = 0;
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  return { out, bytes: () => bytes };
}
