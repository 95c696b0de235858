/** `midan mask`: JSON Lines in, JSON Lines out, no database. */
import { once } from "node:events";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { maskAddress } from "../privacy/address.ts";
import { maskTextWith } from "../privacy/free-text.ts";
import { maskLine } from "../privacy/line.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import { maskName } from "../privacy/name.ts";
import { maskPhoneField } from "../privacy/phone.ts";
import { Failure } from "../rules/failure.ts";
import { print } from "./context.ts";
import type { CliContext, ExitCode } from "./context.ts";
import { lineBatchesOf } from "./input-line.ts";

interface Masking {
  readonly profile: MaskProfile;
  readonly gazetteer: Gazetteer;
  readonly isScanned: boolean;
  readonly isExtensionVirtual: boolean;
}

type Masker = (input: MaskInput, masking: Masking) => object;

/* One row per kind of input; the members beside `masked` are part of the stable output. */
const MASKERS: Readonly<Record<string, Masker>> = {
  name: ({ text }, { profile }) => maskName(text, profile),
  phone: ({ text, isVirtual }, { profile, isExtensionVirtual }) =>
    maskPhoneField(text, profile, {
      isExtensionVirtual,
      ...(isVirtual ? { source: "virtual" } : {}),
    }),
  address: ({ text }, { profile, gazetteer }) => ({
    masked: maskAddress(text, profile, gazetteer).masked,
  }),
  line: ({ text }, { profile, gazetteer }) => maskLine(text, profile, gazetteer),
  text: ({ text }, { profile, gazetteer, isScanned }) =>
    maskTextWith(text, { profile, gazetteer, options: { isScanned } }),
};

/** One input line may hold the text under any of these members, as the evaluation sets do. */
const TEXT_MEMBERS = ["text", "name", "raw"] as const;
const LINE_BYTES_MAX = 1_048_576;

interface MaskInput {
  readonly id: string | number | null;
  readonly text: string;
  /** The line says that its number is a virtual one of a platform. */
  readonly isVirtual: boolean;
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
  const text = textIn(members);
  if (text === null) return null;
  const id = members["id"];
  return {
    id: typeof id === "string" || typeof id === "number" ? id : null,
    text,
    isVirtual: members["source"] === "virtual",
  };
}

function textIn(members: Readonly<Record<string, unknown>>): string | null {
  for (const name of TEXT_MEMBERS) {
    const member = members[name];
    if (typeof member === "string") return member;
  }
  return null;
}

function maskerOf(kind: string): Masker {
  const masker = Object.hasOwn(MASKERS, kind) ? MASKERS[kind] : undefined;
  if (masker === undefined) throw new Failure("USAGE", { option: "--kind" });
  return masker;
}

/** The answers to one batch, a line each; `refused` of its lines could not be read. */
function maskBatch(
  lines: readonly (string | null)[],
  masker: Masker,
  masking: Masking,
): { readonly answers: readonly string[]; readonly refused: number } {
  const answers: string[] = [];
  let refused = 0;
  for (const line of lines) {
    if (line?.trim() === "") continue;
    const input = line === null ? null : parseInput(line);
    if (input === null) refused += 1;
    else answers.push(JSON.stringify({ id: input.id, ...masker(input, masking) }));
  }
  return { answers, refused };
}

export interface MaskCommandOptions {
  readonly kind: string;
  readonly profile: string;
  readonly scanned?: boolean;
  readonly virtualExtensions?: boolean;
}

/** Masks standard input line by line; a line that is not `{"id","text"}` is reported by number. */
export async function runMask(context: CliContext, options: MaskCommandOptions): Promise<ExitCode> {
  const masker = maskerOf(options.kind);
  const masking: Masking = {
    profile: profileOf(options.profile),
    gazetteer: context.gazetteer(),
    isScanned: options.scanned === true,
    isExtensionVirtual: options.virtualExtensions === true,
  };
  let refused = 0;
  for await (const lines of lineBatchesOf(context.stdin, LINE_BYTES_MAX)) {
    const batch = maskBatch(lines, masker, masking);
    refused += batch.refused;
    if (batch.answers.length === 0) continue;
    if (!print(context, batch.answers.join("\n"))) await drained(context);
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
