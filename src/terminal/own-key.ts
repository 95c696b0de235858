/** The key pair of a terminal, in a folder of its own; what it keeps for itself is sealed to it. */
import path from "node:path";
import { newHandOverKeys, openSealed, sealTo } from "../crypto/hand-over.ts";
import { SUITES } from "../crypto/suites.ts";
import type { Suite } from "../crypto/suites.ts";
import { Failure } from "../rules/failure.ts";
import { keep, kept, makeFolder } from "./kept-file.ts";

type RandomBytes = (count: number) => Uint8Array;

const HEX = /^[0-9a-f]+$/;
const FILES = { private: "agent.key", public: "agent.pub" };

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export class OwnKey {
  readonly suite: Suite;
  readonly #privateKey: Buffer;
  readonly #publicKey: Buffer;
  readonly #randomBytes: RandomBytes;

  constructor(suite: Suite, keys: readonly [Buffer, Buffer], randomBytes: RandomBytes) {
    this.suite = suite;
    [this.#privateKey, this.#publicKey] = keys;
    this.#randomBytes = randomBytes;
  }

  /** The key in `folder`, made with `suiteName` when there is none yet. */
  static async at(
    folder: string,
    suiteName: Suite["name"],
    randomBytes: RandomBytes,
  ): Promise<OwnKey> {
    await makeFolder(folder);
    const text = (await kept(path.join(folder, FILES.private)))?.toString("latin1");
    if (text === undefined) return OwnKey.#made(folder, SUITES[suiteName], randomBytes);
    const [name = "", secret = "", open = ""] = text.trim().split(" ");
    const suite = Object.values(SUITES).find((row) => row.name === name);
    if (suite === undefined || !HEX.test(secret + open)) throw new Failure("AGENT_KEY_UNREADABLE");
    return new OwnKey(suite, [Buffer.from(secret, "hex"), Buffer.from(open, "hex")], randomBytes);
  }

  static async #made(folder: string, suite: Suite, randomBytes: RandomBytes): Promise<OwnKey> {
    const { privateKey, publicKey } = newHandOverKeys(suite, randomBytes);
    const own = new OwnKey(suite, [Buffer.from(privateKey), Buffer.from(publicKey)], randomBytes);
    await keep(path.join(folder, FILES.public), Buffer.from(`${own.publicText}\n`));
    const text = `${suite.name} ${hexOf(privateKey)} ${hexOf(publicKey)}`;
    await keep(path.join(folder, FILES.private), Buffer.from(text));
    return own;
  }

  /** How an installation is told to whom it seals. */
  get publicText(): string {
    return `midan-agent ${this.suite.name} ${hexOf(this.#publicKey)}`;
  }

  seal(info: string, plaintext: Uint8Array): Buffer {
    const [suite, publicKey, randomBytes] = [this.suite, this.#publicKey, this.#randomBytes];
    return sealTo({ suite, publicKey, info: Buffer.from(info), randomBytes }, plaintext);
  }

  /** Null for anything that was not sealed to this key for `info`. */
  open(info: string, sealed: Uint8Array): Buffer | null {
    const [suite, privateKey] = [this.suite, this.#privateKey];
    return openSealed({ suite, privateKey, info: Buffer.from(info) }, sealed);
  }
}
