/** Which bytes of a file an answer holds (RFC 9110, section 14.2: one range, in bytes). */

export interface ByteRange {
  /** From this byte on, and before the other one. */
  readonly from: number;
  readonly to: number;
}

const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The range that the header asks for; null where it is to be ignored (no header, another unit,
 * several ranges, an `If-Range` that names another file), and the whole is the answer;
 * "unsatisfiable" where the file has none of these bytes.
 */
export function byteRange(
  size: number,
  headers: { readonly range?: unknown; readonly "if-range"?: unknown },
  etag: string,
): ByteRange | "unsatisfiable" | null {
  const { range, "if-range": ifRange } = headers;
  if (typeof range !== "string") return null;
  // A date would say that the file is known by its time, and ours has none.
  if (ifRange !== undefined && ifRange !== etag) return null;
  const [, first = "", last = ""] = RANGE.exec(range) ?? [];
  if (first === "" && last === "") return null;
  if (first === "") return suffixOf(size, Number(last));
  const from = Number(first);
  const to = last === "" ? size : Math.min(size, Number(last) + 1);
  if (last !== "" && Number(last) < from) return null;
  return from < size ? { from, to } : "unsatisfiable";
}

function suffixOf(size: number, length: number): ByteRange | "unsatisfiable" {
  if (length === 0 || size === 0) return "unsatisfiable";
  return { from: Math.max(0, size - length), to: size };
}
