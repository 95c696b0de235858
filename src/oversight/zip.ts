/**
 * A ZIP archive of a few small files (APPNOTE.TXT 6.3.3), enough for an Office document: one disk,
 * no encryption, no ZIP64, names in ASCII. The same files give the same bytes.
 */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipFile {
  /** ASCII path with forward slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LOCAL_SIGNATURE = 0x04034b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
const VERSION_NEEDED = 20;
const STORED = 0;
const DEFLATED = 8;
/** 1980-01-01, the first day that the format knows: the archive does not tell when it was made. */
const DOS_DATE = 0x0021;
const FILES_MAX = 1000;
const BYTES_MAX = 0x7fff_ffff;
const NAME = /^[\x21-\x7e]{1,200}$/;

interface Packed {
  readonly name: Buffer;
  readonly method: number;
  readonly data: Uint8Array;
  readonly size: number;
  readonly crc: number;
}

function pack({ name, bytes }: ZipFile, isStored: boolean): Packed {
  if (!NAME.test(name)) throw new RangeError("a name in an archive is short ASCII");
  const deflated = isStored ? bytes : deflateRawSync(bytes);
  const isSmaller = deflated.length < bytes.length;
  return {
    name: Buffer.from(name, "ascii"),
    method: isSmaller ? DEFLATED : STORED,
    data: isSmaller ? deflated : bytes,
    size: bytes.length,
    crc: crc32(bytes),
  };
}

/** The 26 bytes that the header before a file and its line in the directory share. */
function commonFields(file: Packed): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION_NEEDED, 0);
  fields.writeUInt16LE(file.method, 4);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(file.crc, 10);
  fields.writeUInt32LE(file.data.length, 14);
  fields.writeUInt32LE(file.size, 18);
  fields.writeUInt16LE(file.name.length, 22);
  return fields;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function localEntry(file: Packed): Buffer {
  return Buffer.concat([signature(LOCAL_SIGNATURE), commonFields(file), file.name, file.data]);
}

function centralEntry(file: Packed, offset: number): Buffer {
  const made = Buffer.alloc(2);
  made.writeUInt16LE(VERSION_NEEDED);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(CENTRAL_SIGNATURE), made, commonFields(file), rest, file.name]);
}

function endOfDirectory(count: number, sizeBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_SIGNATURE, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(sizeBytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/**
 * The archive of `files` in their order; each is deflated when that makes it smaller, unless they
 * are to be stored as they are. Throws RangeError above 1,000 files or 2 GiB: whoever calls makes a
 * document, not a backup.
 */
export function zip(
  files: readonly ZipFile[],
  { isStored = false }: { readonly isStored?: boolean } = {},
): Uint8Array {
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (files.length > FILES_MAX || total > BYTES_MAX) throw new RangeError("archive too large");
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files.map((each) => pack(each, isStored))) {
    const entry = localEntry(file);
    entries.push(entry);
    directory.push(centralEntry(file, offset));
    offset += entry.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...entries, central, endOfDirectory(files.length, central.length, offset)]);
}
