/**
 * A witness (见证人, C2SP tlog-witness): somebody else's machine that remembers how far a log had
 * grown and cosigns only what grows from there. What it remembers is on disk before the cosignature
 * leaves, in one step with the check, so that it can never be talked into two histories.
 */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { cosigner } from "../audit/cosignature.ts";
import type { Cosigner } from "../audit/cosignature.ts";
import { verifierKeyText } from "../audit/note.ts";
import { fromBase64, sameBytes, textOf, toBase64, utf8 } from "../verifier/bytes.ts";
import { checkpointOf } from "../verifier/checkpoint.ts";
import type { Checkpoint } from "../verifier/checkpoint.ts";
import { HASH_BYTES, isGrowth } from "../verifier/merkle.ts";
import { holds, parseNote } from "../verifier/note.ts";
import type { VerifierKey } from "../verifier/note.ts";
import type { Platform } from "../verifier/platform.ts";
import { Refused } from "../verifier/reason.ts";

/** What `add-checkpoint` answers: the statuses of the specification. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: "text/plain; charset=utf-8" | "text/x.tlog.size";
  readonly body: string;
}

const PROOF_LINES_MAX = 63;
const SEED_BYTES = 32;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

function plain(status: WitnessAnswer["status"], body = ""): WitnessAnswer {
  return { status, type: "text/plain; charset=utf-8", body };
}

interface Submission {
  readonly oldSize: number;
  readonly path: readonly Uint8Array[];
  readonly note: Uint8Array;
}

/** The three parts of a request's body; null when it is none. */
function submissionOf(bytes: Uint8Array): Submission | null {
  const text = textOf(bytes) ?? "";
  const split = text.indexOf("\n\n");
  const [first = "", ...lines] = split < 0 ? [] : text.slice(0, split).split("\n");
  const [, digits] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  const hashes = lines.map(fromBase64).filter((hash) => hash?.length === HASH_BYTES);
  if (digits === undefined || hashes.length !== lines.length) return null;
  if (lines.length > PROOF_LINES_MAX) return null;
  // Every element has HASH_BYTES, so none is null.
  const found = hashes as Uint8Array[];
  return { oldSize: Number(digits), path: found, note: utf8(text.slice(split + 2)) };
}

interface Seen {
  readonly size: number;
  readonly root: Uint8Array;
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(`${file}.new`, "w", FILE_MODE);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  const folder = await open(path.dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readIfThere(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Whose checkpoints are cosigned, and with what they are checked. */
export interface Trust {
  readonly platform: Platform;
  readonly logs: readonly VerifierKey[];
}

export class Witness {
  readonly #folder: string;
  readonly #platform: Platform;
  readonly #logs: readonly VerifierKey[];
  readonly #cosigner: Cosigner;
  /** One request after the other: check, remember and sign are one step. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, trust: Trust, by: Cosigner) {
    this.#folder = folder;
    this.#platform = trust.platform;
    this.#logs = trust.logs;
    this.#cosigner = by;
  }

  /**
   * Opens the witness whose key and memory lie in `folder`; both are made when it is empty. Only
   * one process may use a folder at a time.
   */
  static async open(folder: string, name: string, trust: Trust): Promise<Witness> {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const file = path.join(folder, "witness.key");
    const seed = (await readIfThere(file)) ?? randomBytes(SEED_BYTES);
    await writeDurably(file, seed);
    return new Witness(folder, trust, cosigner(name, seed));
  }

  /** Name and public key, as a policy file wants them. */
  get key(): string {
    return verifierKeyText(this.#cosigner);
  }

  #fileOf(origin: string): string {
    const hash = Buffer.from(this.#platform.sha256(utf8(origin))).toString("hex");
    return path.join(this.#folder, `${hash}.log`);
  }

  async #seen(origin: string): Promise<Seen> {
    const bytes = await readIfThere(this.#fileOf(origin));
    if (bytes === null) return { size: 0, root: this.#platform.sha256(new Uint8Array(0)) };
    const [name, size = "", root = ""] = (textOf(bytes) ?? "").split("\n");
    const hash = fromBase64(root);
    if (name !== origin || !/^\d{1,16}$/.test(size) || hash?.length !== HASH_BYTES)
      throw new Refused("CHECKPOINT_MALFORMED", { file: "witness" });
    return { size: Number(size), root: hash };
  }

  /** The checkpoint, when a log that is witnessed here signed it; else the status to answer. */
  async #trusted(note: Uint8Array): Promise<Checkpoint | 400 | 403 | 404> {
    try {
      const checkpoint = checkpointOf(parseNote(note, "body"), "body");
      const keys = this.#logs.filter(({ name }) => name === checkpoint.origin);
      if (keys.length === 0) return 404;
      for (const key of keys)
        if ((await holds(this.#platform, checkpoint.note, key)) === true) return checkpoint;
      return 403;
    } catch (error) {
      if (error instanceof Refused) return 400;
      throw error;
    }
  }

  /** Answers one `add-checkpoint` request. */
  async addCheckpoint(body: Uint8Array): Promise<WitnessAnswer> {
    const answer = this.#turn.then(async () => this.#add(body));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #add(body: Uint8Array): Promise<WitnessAnswer> {
    const submission = submissionOf(body);
    if (submission === null) return plain(400);
    const checkpoint = await this.#trusted(submission.note);
    if (typeof checkpoint === "number") return plain(checkpoint);
    const { origin, size, root, note } = checkpoint;
    const { oldSize, path: proof } = submission;
    if (oldSize > size) return plain(400);
    const seen = await this.#seen(origin);
    if (oldSize !== seen.size || (size === seen.size && !sameBytes(root, seen.root)))
      return { status: 409, type: "text/x.tlog.size", body: `${seen.size}\n` };
    const claim = { oldSize, oldRoot: seen.root, size, root, path: proof };
    if (!isGrowth(this.#platform, claim)) return plain(422);
    const kept = utf8(`${origin}\n${size}\n${toBase64(root)}\n`);
    await writeDurably(this.#fileOf(origin), kept);
    return plain(200, this.#cosigner.line(note.text, this.#platform.now()));
  }
}
