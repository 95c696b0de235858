/** Where `midan seal` writes, and that it never writes over what it reads. */
import { fstat, stat } from "node:fs";
import type { BigIntStats } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { unfinishedPath } from "../orders/output-file.ts";
import { Failure } from "../rules/failure.ts";
import type { FileFormat } from "./label-choice.ts";

export const STANDARD_INPUT = "-";

export interface Outputs {
  readonly result: string;
  readonly rejected: string;
  readonly labels: string;
}

/** An order file and what becomes of it. */
export interface FileOutputs extends Outputs {
  readonly file: string;
}

function stemOf(file: string): string {
  return file === STANDARD_INPUT ? "stdin" : path.parse(file).name;
}

/** The stem, numbered from 2 where it was given before; some folders do not tell A from a. */
function freshStem(stem: string, taken: Set<string>): string {
  const plain = (name: string): string => name.normalize("NFC").toLowerCase();
  let name = stem;
  for (let number = 2; taken.has(plain(name)); number += 1) name = `${stem}-${number}`;
  taken.add(plain(name));
  return name;
}

/**
 * The outputs of each file: of one `result.csv`, `rejected.csv` and `labels.pdf` or another form;
 * of several each has its input's stem before it, and equal stems are numbered in the order given.
 */
export function outputsOf(
  out: string,
  files: readonly string[],
  labels: FileFormat,
): FileOutputs[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const prefix = files.length > 1 ? `${freshStem(stemOf(file), taken)}.` : "";
    const named = (name: string): string => path.join(out, `${prefix}${name}`);
    return {
      file,
      result: named("result.csv"),
      rejected: named("rejected.csv"),
      labels: named(`labels.${labels}`),
    };
  });
}

/** Which file it is, whatever it is called and through whichever links. */
function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

async function identityAt(place: string | number): Promise<string | null> {
  const options = { bigint: true } as const;
  try {
    return identityOf(
      typeof place === "number"
        ? await promisify(fstat)(place, options)
        : await promisify(stat)(place, options),
    );
  } catch {
    // Nothing there, or nothing that can be looked at: then reading or writing it says why.
    return null;
  }
}

/** The handle behind standard input, where it is one: `midan seal - < result.csv` reads a file. */
function handleOf(stdin: Readable): number | null {
  return "fd" in stdin && typeof stdin.fd === "number" ? stdin.fd : null;
}

/**
 * Throws OUTPUT_IS_INPUT when a file that would be written is one of those to be read, under
 * another name or through a link too. Nothing is touched.
 */
export async function refuseInputs(
  stdin: Readable,
  files: readonly string[],
  outputs: readonly Outputs[],
): Promise<void> {
  const inputs = new Set<string>();
  for (const file of files) {
    const place = file === STANDARD_INPUT ? handleOf(stdin) : file;
    const identity = place === null ? null : await identityAt(place);
    if (identity !== null) inputs.add(identity);
  }
  const written = outputs.flatMap(({ result, rejected, labels }) => [result, rejected, labels]);
  for (const place of written.flatMap((name) => [name, unfinishedPath(name)])) {
    const identity = await identityAt(place);
    if (identity !== null && inputs.has(identity)) throw new Failure("OUTPUT_IS_INPUT");
  }
}
