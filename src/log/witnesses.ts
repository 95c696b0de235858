/**
 * Asks witnesses to cosign what was published (C2SP tlog-witness), and adds what they say to the
 * checkpoint's file. Who does not answer is missing there for everybody to see; who remembers a
 * larger log stops the signer, because then this one is an older copy.
 */
import { Failure } from "../rules/failure.ts";
import { consistencyProof } from "../audit/proof.ts";
import { parseCheckpoint } from "../audit/checkpoint.ts";
import { NOTE_BYTES_MAX, parseNote } from "../audit/note.ts";
import type { LogFolder } from "./log-folder.ts";
import { nodesIn } from "./tile-reader.ts";

export interface WitnessAddress {
  readonly name: string;
  /** Submission prefix: `/add-checkpoint` follows. */
  readonly url: string;
}

const TIMEOUT_MS = 5_000;
const ANSWER_BYTES_MAX = 16 * 1024;
const LINE = /^\u2014 ([^ +]+) [A-Za-z0-9+/]+={0,2}$/u;
const RETRIES_MAX = 2;

/**
 * The witnesses of a policy file (C2SP tlog-policy) that can be asked: `witness NAME KEY URL`. A
 * cosignature bears the name inside the key. Throws SETTING_INVALID for a line that makes no sense.
 */
export function witnessAddresses(policy: string): WitnessAddress[] {
  return policy.split("\n").flatMap((line) => {
    const [kind, , key = "", url] = line.trim().split(/[ \t]+/);
    if (kind !== "witness" || url === undefined) return [];
    const [name = ""] = key.split("+");
    if (name === "" || !/^https?:\/\//.test(url))
      throw new Failure("SETTING_INVALID", { setting: "MIDAN_WITNESSES" });
    return [{ name, url }];
  });
}

/** For how long nobody asks a witness again that did not answer any of several logs. */
const SILENT_MS = 30_000;

/**
 * Which witnesses did not answer lately, for many logs that ask the same ones: waiting for a dead
 * one once for each log would keep the others from their turn.
 */
export class Silence {
  readonly #until = new Map<string, number>();

  has(url: string): boolean {
    return performance.now() < (this.#until.get(url) ?? 0);
  }

  begin(url: string): void {
    this.#until.set(url, performance.now() + SILENT_MS);
  }
}

export class Witnesses {
  readonly #folder: LogFolder;
  readonly #addresses: readonly WitnessAddress[];
  /** How far each witness had followed, as it said last. */
  readonly #sizes = new Map<string, number>();
  readonly #silence: Silence | null;

  constructor(
    folder: LogFolder,
    addresses: readonly WitnessAddress[],
    silence: Silence | null = null,
  ) {
    this.#folder = folder;
    this.#addresses = addresses;
    this.#silence = silence;
  }

  get count(): number {
    return this.#addresses.length;
  }

  /** How many of them have cosigned `note`, and how many there are. */
  seen(note: string): { readonly cosigned: number; readonly witnesses: number } {
    const names = new Set(parseNote(note)?.signatures.map(({ name }) => name));
    const cosigned = this.#addresses.filter(({ name }) => names.has(name)).length;
    return { cosigned, witnesses: this.#addresses.length };
  }

  async #body(note: string, oldSize: number, size: number): Promise<string> {
    const path = await consistencyProof(nodesIn(this.#folder, size), oldSize, size);
    const lines = path.map((hash) => `${Buffer.from(hash).toString("base64")}\n`);
    return `old ${oldSize}\n${lines.join("")}\n${note}`;
  }

  async #post(url: string, body: string): Promise<{ status: number; text: string }> {
    const target = `${url.replace(/\/$/, "")}/add-checkpoint`;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(target, { method: "POST", body, signal, redirect: "error" });
    return { status: answer.status, text: (await answer.text()).slice(0, ANSWER_BYTES_MAX) };
  }

  /** The lines that one witness adds; none when it does not answer. Throws LOG_BEHIND. */
  async #ask({ name, url }: WitnessAddress, note: string, size: number): Promise<string[]> {
    if (this.#silence?.has(url) === true) return [];
    for (let attempt = 0; attempt < RETRIES_MAX; attempt += 1) {
      const oldSize = this.#sizes.get(name) ?? 0;
      const body = await this.#body(note, oldSize, size);
      const answer = await this.#post(url, body).catch(() => null);
      if (answer === null) this.#silence?.begin(url);
      if (answer?.status === 200) {
        this.#sizes.set(name, size);
        return answer.text.split("\n").filter((line) => LINE.exec(line)?.[1] === name);
      }
      const known = answer?.status === 409 ? Number(answer.text.trim()) : Number.NaN;
      if (!Number.isSafeInteger(known)) return [];
      if (known > size)
        throw new Failure("LOG_BEHIND", { place: name, signed: known, database: size });
      // It remembers this very size with another root.
      if (known === size && oldSize === size)
        throw new Failure("LOG_FORKED", { place: name, size });
      this.#sizes.set(name, known);
    }
    return [];
  }

  /**
   * Asks all of them about the checkpoint in `note` and returns the note with what they added.
   * Throws LOG_BEHIND when one of them has seen a larger log.
   */
  async cosigned(note: string): Promise<string> {
    const parsed = parseNote(note);
    const checkpoint = parsed === null ? null : parseCheckpoint(parsed.text);
    if (checkpoint === null || note.length > NOTE_BYTES_MAX) return note;
    const missing = this.#addresses.filter(
      ({ name }) => !(parsed?.signatures.some((signature) => signature.name === name) ?? false),
    );
    const asked = missing.map(async (witness) => this.#ask(witness, note, checkpoint.size));
    const lines = (await Promise.all(asked)).flat();
    return `${note}${lines.map((line) => `${line}\n`).join("")}`;
  }
}
