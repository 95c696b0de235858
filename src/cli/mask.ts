/** `midan mask`: JSON Lines in, JSON Lines out, no database. */
import { once } from "node:events";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { maskAddress } from "../privacy/address.ts";
import { maskText } from "../privacy/free-text.ts";
import { maskLine } from "../privacy/line.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import { maskName } from "../privacy/name.ts";
import { maskPhone } from "../privacy/phone.ts";
import { Failure } from "../rules/failure.ts";
import { print } from "./context.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { linesOf } from "./input-line.ts";

type Masker = (text: string, profile: MaskProfile, gazetteer: Gazetteer) => object;

/* One row per kind of input; the members beside `masked` are part of the stable output. */
const MASKERS: Readonly<Record<string, Masker>> = {
  name: (text, profile) => maskName(text, profile),
  phone: (text, profile) => ({ masked: maskPhone(text, profile) }),
  address: (text, profile, gazetteer) => ({ masked: maskAddress(text, profile, gazetteer).masked }),
  line: (text, profile, gazetteer) => maskLine(text, profile, gazetteer),
  text: (text, profile, gazetteer) => maskText(text, profile, gazetteer),
};

/** One input line may hold the text under any of these members, as the evaluation sets do. */
const TEXT_MEMBERS = ["text", "name", "raw"] as const;
const LINE_BYTES_MAX = 1_048_576;

interface MaskInput {
  readonly id: string | number | null;
  readonly text: string;
}

function parseInput(line: string): MaskInput | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  // Any non-null object may be read as a record of unknown members.
  const members = value as Record<string, unknown>;
  const text = TEXT_MEMBERS.map((name) => members[name]).find(
    (member) => typeof member === "string",
  );
  if (typeof text !== "string") return null;
  const id = members["id"];
  return { id: typeof id === "string" || typeof id === "number" ? id : null, text };
}

function maskerOf(kind: string): Masker {
  const masker = Object.hasOwn(MASKERS, kind) ? MASKERS[kind] : undefined;
  if (masker === undefined) throw new Failure("USAGE", { option: "--kind" });
  return masker;
}

async function* maskedLines(
  context: CliContext,
  mask: (text: string) => object,
): AsyncGenerator<string | null> {
  for await (const line of linesOf(context.stdin, LINE_BYTES_MAX)) {
    if (line?.trim() === "") continue;
    const input = line === null ? null : parseInput(line);
    yield input === null ? null : JSON.stringify({ id: input.id, ...mask(input.text) });
  }
}

/** Masks standard input line by line; a line that is not `{"id","text"}` is reported by number. */
export async function runMask(
  context: CliContext,
  options: { readonly kind: string; readonly profile: string },
): Promise<ExitCode> {
  const masker = maskerOf(options.kind);
  const profile = profileOf(options.profile);
  const gazetteer = context.gazetteer();
  let refused = 0;
  for await (const line of maskedLines(context, (text) => masker(text, profile, gazetteer))) {
    if (line === null) refused += 1;
    else if (!print(context, line)) await drained(context);
  }
  if (refused > 0) context.stderr.write(`JSON_BROKEN: ${refused}\n`);
  return refused > 0 ? 1 : 0;
}

/**
 * Waits for a slow reader, so that memory stays constant however long the input is. Rejects when
 * the reader goes away instead.
 */
async function drained(context: CliContext): Promise<void> {
  if (context.stdout.writableNeedDrain) await once(context.stdout, "drain");
}
