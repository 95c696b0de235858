/** `midan receipt check`: a receipt becomes a proof, or evidence. For outsiders as well. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inclusionProof, nodesInTiles } from "../audit/proof.ts";
import type { NodeReader } from "../audit/proof.ts";
import { proofText } from "../audit/proof-file.ts";
import { TILE_WIDTH, tilePath } from "../audit/tile.ts";
import type { TilePlace } from "../audit/tile.ts";
import { unwritable } from "../orders/output-file.ts";
import { logSource } from "../outside/log-source.ts";
import { nodePlatform } from "../outside/node-platform.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { signedCheckpoint } from "../verifier/checkpoint.ts";
import type { Checkpoint } from "../verifier/checkpoint.ts";
import { HASH_BYTES, isIncluded } from "../verifier/merkle.ts";
import { changesBeside, parseLogKeys, withChanges } from "../verifier/log-keys.ts";
import type { VerifierKey } from "../verifier/note.ts";
import type { Platform, Source } from "../verifier/platform.ts";
import { parsePolicy, witnessesOf } from "../verifier/policy.ts";
import { Refused } from "../verifier/reason.ts";
import { checkReceipt, readReceipt } from "../verifier/receipt.ts";
import type { Receipt, ReceiptVerdict } from "../verifier/receipt.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { optionFile } from "./verify-log.ts";

interface ReceiptOptions extends SharedOptions {
  readonly log?: string;
  readonly key?: readonly string[];
  readonly witness?: string;
  readonly proof?: string;
}

const KEY_BYTES_MAX = 262_144;

async function keyOf(platform: Platform, source: Source, given: readonly string[] | undefined) {
  const bytes = given === undefined ? await source.read("log.vkey") : Buffer.from(given.join("\n"));
  if (bytes === null || bytes.length > KEY_BYTES_MAX)
    throw new Failure("USAGE", { option: "--key" });
  // A receipt has the Ed25519 signature alone.
  const words = withChanges(Buffer.from(bytes).toString("utf8"), await changesBeside(source));
  return (await parseLogKeys(platform, words)).key;
}

interface Held {
  readonly receipt: Receipt;
  readonly checkpoint: Checkpoint;
  readonly verdict: ReceiptVerdict;
  readonly note: Uint8Array;
}

async function hold(
  platform: Platform,
  source: Source,
  given: {
    readonly receipt: Uint8Array;
    readonly key: VerifierKey;
    readonly policy: Uint8Array | null;
  },
): Promise<Held> {
  const file = "checkpoint";
  const receipt = await readReceipt(platform, given.receipt, given.key);
  const note = await source.read(file);
  if (note === null) throw new Refused("FILE_MISSING", { file });
  const checkpoint = await signedCheckpoint(platform, note, { file, key: given.key });
  const seen =
    given.policy === null
      ? []
      : await witnessesOf(platform, parsePolicy(platform, given.policy, "policy"), {
          note: checkpoint.note,
          file,
        });
  const times = seen.flatMap(({ said }) => (said.state === "held" ? [said.at.getTime()] : []));
  const witnessed = times.length === 0 ? null : new Date(Math.max(...times));
  const verdict = await checkReceipt(platform, source, { receipt, checkpoint, witnessed });
  return { receipt, checkpoint, verdict, note };
}

/** The nodes of the log's tree at `size`, wherever its tiles lie. Throws FILE_MISSING. */
function nodesAt(source: Source, size: number): NodeReader {
  return nodesInTiles(async (place) => {
    const file = tilePath(place);
    const bytes = (await source.read(file)) ?? (await source.read(tilePath(wholeOf(place))));
    if (bytes === null) throw new Refused("FILE_MISSING", { file });
    return Array.from({ length: Math.floor(bytes.length / HASH_BYTES) }, (_none, at) =>
      bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
    );
  }, size);
}

const wholeOf = (place: TilePlace): TilePlace => ({ ...place, width: TILE_WIDTH });

/** The tiles may be anybody's: a proof is written only when it holds. */
async function writeProof(
  { file, platform, source }: { file: string; platform: Platform; source: Source },
  held: Held,
  index: number,
): Promise<void> {
  const { size, root } = held.checkpoint;
  const path = await inclusionProof(nodesAt(source, size), index, size);
  if (!isIncluded(platform, { leaf: held.receipt.leaf, index, size, path, root }))
    throw new Refused("PROOF_WRONG", { index });
  const checkpoint = Buffer.from(held.note).toString("utf8");
  try {
    await writeFile(file, proofText({ index, path, checkpoint }), { flag: "wx" });
  } catch (error) {
    throw unwritable(error);
  }
}

function printVerdict(
  context: CliContext,
  options: ReceiptOptions,
  { receipt, verdict }: Held,
): void {
  const due = receipt.due.toISOString();
  if (options.json === true) {
    printJson(context, { ...verdict, at: receipt.at, due });
    return;
  }
  const language = languageOf(context, options);
  if (verdict.state === "included")
    print(context, say(language, "receipt.included", { index: verdict.index }));
  else if (verdict.state === "open") print(context, say(language, "receipt.open", { due }));
  else
    print(context, say(language, "receipt.broken", { due, seen: verdict.seenUntil.toISOString() }));
}

/** The id at the end of the origin, in the text that is signed. */
const TENANT = /\n\nmidan-receipt\/1\n\S+\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\n/;

/** Where the log of a receipt lies on this machine: a tenant's own is a folder in the folder. */
function ownLogOf(receipt: Uint8Array, logDir: string): string {
  const [, tenant = ""] = TENANT.exec(Buffer.from(receipt).toString("utf8")) ?? [];
  const own = join(logDir, tenant);
  return existsSync(own) ? own : logDir;
}

const EXIT: Readonly<Record<ReceiptVerdict["state"], ExitCode>> = {
  included: 0,
  open: 1,
  broken: 3,
};

async function runCheck(
  context: CliContext,
  file: string,
  options: ReceiptOptions,
): Promise<ExitCode> {
  const receipt = await optionFile(file);
  const place = options.log ?? ownLogOf(receipt, context.config.logDir);
  const [platform, source] = [nodePlatform(() => new Date()), logSource(place)];
  try {
    const held = await hold(platform, source, {
      receipt,
      key: await keyOf(platform, source, options.key),
      policy: options.witness === undefined ? null : await optionFile(options.witness),
    });
    const { verdict } = held;
    if (options.proof !== undefined && verdict.state === "included")
      await writeProof({ file: options.proof, platform, source }, held, verdict.index);
    printVerdict(context, options, held);
    return EXIT[verdict.state];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Failure("LOG_REFUSED", { reason: error.reason, ...error.where });
  }
}

export const RECEIPT: CommandGroup = {
  name: "receipt",
  text: "cli.receipt",
  commands: [
    typed<ReceiptOptions>({
      usage: "check <file>",
      text: "cli.receipt.check",
      options: [
        { flags: "--log <place>", text: "cli.receipt.log" },
        { flags: "--key <key>", text: "cli.verify-log.key", isRepeated: true },
        { flags: "--witness <file>", text: "cli.verify-log.witness" },
        { flags: "--proof <file>", text: "cli.receipt.proof" },
      ],
      run: async (context, [file = ""], options) => runCheck(context, file, options),
    }),
  ],
};
