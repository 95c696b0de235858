/** Values that cannot occur by chance, and looking for them in files of every kind (P9). */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

/** UTF-8, UTF-16 both ways, and GB18030 of the characters that a table gives. */
export interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Searched {
  readonly files: number;
  readonly bytes: number;
  /** File and needle of every find; the needle by its number, never by its value. */
  readonly found: readonly string[];
}

/** GB18030 of every two-byte character: there is a decoder in the platform and no encoder. */
function twoByteTable(): ReadonlyMap<string, Buffer> {
  const decoder = new TextDecoder("gb18030");
  const table = new Map<string, Buffer>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      const bytes = Buffer.of(lead, trail);
      const text = decoder.decode(bytes);
      if ([...text].length === 1) table.set(text, bytes);
    }
  }
  return table;
}

const TWO_BYTES = twoByteTable();

export function gb18030(text: string): Buffer {
  const pieces = [...text].map((character) => {
    if (character < "\u0080") return Buffer.from(character, "latin1");
    const bytes = TWO_BYTES.get(character);
    if (bytes === undefined) throw new Error("this character has no two-byte form");
    return bytes;
  });
  return Buffer.concat(pieces);
}

/** The value in every encoding in which it could lie on a disk; also as hex digits. */
export function needlesOf(values: readonly string[]): Needle[] {
  const needles = new Map<string, Needle>();
  for (const [index, value] of values.entries()) {
    const little = Buffer.from(value, "utf16le");
    const forms = {
      "utf-8": Buffer.from(value, "utf8"),
      gb18030: gb18030(value),
      "utf-16le": little,
      "utf-16be": Buffer.from(little).swap16(),
      hex: Buffer.from(Buffer.from(value, "utf8").toString("hex"), "latin1"),
    };
    for (const [form, bytes] of Object.entries(forms)) {
      needles.set(bytes.toString("hex"), { name: `canary ${index} in ${form}`, bytes });
    }
  }
  return [...needles.values()];
}

/** Where needles begin, by their first four bytes, so that one pass finds hundreds of them. */
class Haystack {
  readonly #byStart = new Map<number, Needle[]>();
  /** For each pair of first bytes whether a needle begins with it: most places end here. */
  readonly #begins = new Uint8Array(65_536);

  constructor(needles: readonly Needle[]) {
    for (const needle of needles) {
      const start = needle.bytes.readUInt32BE(0);
      this.#begins[start >>> 16] = 1;
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle]);
    }
  }

  find(bytes: Buffer): string[] {
    const found = new Set<string>();
    let pair = bytes[0] ?? 0;
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      pair = ((pair << 8) | (bytes[at + 1] ?? 0)) & 0xffff;
      if (this.#begins[pair] === 0) continue;
      for (const needle of this.#byStart.get(bytes.readUInt32BE(at)) ?? []) {
        if (bytes.subarray(at, at + needle.bytes.length).equals(needle.bytes))
          found.add(needle.name);
      }
    }
    return [...found];
  }
}

/** The streams of a PDF as they are before compression. */
export function pdfStreams(pdf: Buffer): Buffer[] {
  const streams: Buffer[] = [];
  for (let at = pdf.indexOf("stream\n"); at >= 0; at = pdf.indexOf("stream\n", at + 1)) {
    const end = pdf.indexOf("endstream", at);
    const raw = pdf.subarray(at + "stream\n".length, end < 0 ? undefined : end);
    try {
      streams.push(inflateSync(raw, { finishFlush: 2 }));
    } catch {
      // A stream without compression is searched with the file itself.
    }
  }
  return streams;
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Looks for every needle in every file under `folders`, and in what PDFs hold compressed. */
export async function searchFolders(
  folders: readonly string[],
  needles: readonly Needle[],
): Promise<Searched> {
  const haystack = new Haystack(needles);
  const found: string[] = [];
  let files = 0;
  let size = 0;
  for (const folder of folders) {
    for (const file of await filesOf(folder)) {
      const whole = await readFile(file);
      const parts = [whole, ...(file.endsWith(".pdf") ? pdfStreams(whole) : [])];
      for (const part of parts)
        found.push(...haystack.find(part).map((name) => `${file}: ${name}`));
      files += 1;
      size += whole.length;
    }
  }
  return { files, bytes: size, found };
}

/** Looks for every needle in one piece of bytes. */
export function searchBytes(bytes: Buffer, needles: readonly Needle[]): string[] {
  return new Haystack(needles).find(bytes);
}
