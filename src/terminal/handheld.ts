/**
 * A courier's handheld (手持终端), played on this machine: it takes the bundle of a shift, opens
 * tickets without network, and lets the key of each parcel go when that is delivered. On a real one
 * the private key lies in the hardware; here it lies in a file: no product for the road.
 */
import path from "node:path";
import { BUNDLE_BYTES_MAX, openBundle } from "../crypto/device-bundle.ts";
import type { BundleContent, BundleHead, BundleParcel } from "../crypto/device-bundle.ts";
import { newHandOverKeys, openSealed, sealTo } from "../crypto/hand-over.ts";
import { codeOf, journalLine } from "../crypto/journal.ts";
import type { JournalEvent } from "../crypto/journal.ts";
import { SUITES } from "../crypto/suites.ts";
import type { Suite } from "../crypto/suites.ts";
import { openTicket, parseTicket } from "../crypto/ticket.ts";
import type { ReadTicket } from "../crypto/ticket-content.ts";
import { parseToken } from "../crypto/token.ts";
import type { Token } from "../crypto/token.ts";
import { Failure } from "../rules/failure.ts";
import { addLine, forget, keep, kept, makeFolder, namesIn } from "./kept-file.ts";

/** Of a bundle; larger ones are none. */
export const HANDHELD_BUNDLE_BYTES_MAX = BUNDLE_BYTES_MAX;

type RandomBytes = (count: number) => Uint8Array;

export interface HandheldPlace {
  readonly folder: string;
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
}

export interface OpenedOffline extends ReadTicket {
  readonly token: Token;
  readonly printNumber: number;
}

/** What a handheld keeps of a shift beside the keys; sealed to itself. */
interface Shift {
  readonly head: BundleHead;
  readonly expiresAt: Date;
  readonly secret: Buffer;
}

const DRAWER = Buffer.from("midan.handheld1", "latin1");
const KEY_SUFFIX = ".parcel";
const FILES = {
  private: "handheld.key",
  public: "handheld.pub",
  shift: "shift",
  journal: "journal",
};
const HEX = /^[0-9a-f]+$/;

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The text in which a handheld's public key is registered: suite and hex. */
function publicKeyText(suite: Suite, publicKey: Uint8Array): string {
  return `midan-handheld ${suite.name} ${hexOf(publicKey)}\n`;
}

/** Makes a handheld in an empty folder; the text of its public key. HANDHELD_THERE otherwise. */
export async function newHandheld(place: HandheldPlace, suiteName: Suite["name"]): Promise<string> {
  const suite = SUITES[suiteName];
  await makeFolder(place.folder);
  const at = (name: string): string => path.join(place.folder, name);
  if ((await kept(at(FILES.private))) !== null) throw new Failure("HANDHELD_THERE");
  const { privateKey, publicKey } = newHandOverKeys(suite, place.randomBytes);
  const text = publicKeyText(suite, publicKey);
  await keep(
    at(FILES.private),
    Buffer.from(`${suite.name} ${hexOf(privateKey)} ${hexOf(publicKey)}`),
  );
  await keep(at(FILES.public), Buffer.from(text));
  return text;
}

export class Handheld {
  readonly #place: HandheldPlace;
  readonly #suite: Suite;
  readonly #privateKey: Buffer;
  readonly #publicKey: Buffer;

  private constructor(place: HandheldPlace, suite: Suite, keys: readonly [Buffer, Buffer]) {
    this.#place = place;
    this.#suite = suite;
    [this.#privateKey, this.#publicKey] = keys;
  }

  /** The handheld in that folder. Throws HANDHELD_MISSING. */
  static async at(place: HandheldPlace): Promise<Handheld> {
    const text = (await kept(path.join(place.folder, FILES.private)))?.toString("latin1") ?? "";
    const [name = "", secret = "", open = ""] = text.trim().split(" ");
    const suite = Object.values(SUITES).find((row) => row.name === name);
    if (suite === undefined || !HEX.test(secret + open)) throw new Failure("HANDHELD_MISSING");
    return new Handheld(place, suite, [Buffer.from(secret, "hex"), Buffer.from(open, "hex")]);
  }

  #file(name: string): string {
    return path.join(this.#place.folder, name);
  }

  #sealed(plaintext: Buffer): Buffer {
    const { randomBytes } = this.#place;
    const to = { suite: this.#suite, publicKey: this.#publicKey, info: DRAWER, randomBytes };
    const sealed = sealTo(to, plaintext);
    plaintext.fill(0);
    return sealed;
  }

  async #opened(name: string): Promise<Buffer | null> {
    const bytes = await kept(this.#file(name));
    if (bytes === null) return null;
    const opening = { suite: this.#suite, privateKey: this.#privateKey, info: DRAWER };
    const plaintext = openSealed(opening, bytes);
    if (plaintext === null) throw new Failure("HANDHELD_BROKEN");
    return plaintext;
  }

  async #shift(): Promise<Shift> {
    const bytes = await this.#opened(FILES.shift);
    if (bytes === null) throw new Failure("SHIFT_NONE");
    const id = (at: number): Buffer => bytes.subarray(at * 16, (at + 1) * 16);
    return {
      head: { suite: this.#suite, tenant: id(0), handheld: id(1), shift: id(2) },
      expiresAt: new Date(Number(bytes.readBigUInt64BE(48))),
      secret: bytes.subarray(56),
    };
  }

  async #lines(): Promise<string[]> {
    const text = (await kept(this.#file(FILES.journal)))?.toString("latin1") ?? "";
    return text.split("\n").filter((line) => line !== "");
  }

  /** Writes one line, durably, before what it tells of is done (P11). */
  async #write(
    shift: Shift,
    event: JournalEvent,
    about: { readonly token: Token; readonly print: number } | null,
  ): Promise<void> {
    const lines = await this.#lines();
    const last = lines.at(-1);
    const at = this.#place.now().toISOString();
    const { token = null, print = 0 } = about ?? {};
    const line = { n: lines.length + 1, at, event, token, print };
    const key = { suite: this.#suite, secret: shift.secret };
    const before = last === undefined ? null : codeOf(last);
    await addLine(this.#file(FILES.journal), journalLine(key, before, line));
  }

  /** Refuses and lets all keys go once the shift is over, or when the clock was put back. */
  async #requireRunning(shift: Shift): Promise<void> {
    const now = this.#place.now();
    const last = (await this.#lines()).at(-1)?.split(" ")[1] ?? "";
    if (now.toISOString() < last) throw new Failure("HANDHELD_CLOCK");
    if (now < shift.expiresAt) return;
    await this.wipe();
    throw new Failure("SHIFT_OVER");
  }

  async #keep(parcel: BundleParcel): Promise<void> {
    const { token, waybillId, suite, prints } = parcel;
    const number = (value: number): Buffer => Buffer.of(value >> 8, value & 255);
    const keys = prints.flatMap(({ printNumber, key }) => [number(printNumber), key]);
    const plaintext = Buffer.concat([Buffer.of(suite.id), waybillId, ...keys]);
    await keep(this.#file(`${token}${KEY_SUFFIX}`), this.#sealed(plaintext));
  }

  /**
   * Takes the bundle of a shift; how many parcels it has. The bundle itself is not kept. Throws
   * BUNDLE_BROKEN when it is not for this handheld, SHIFT_OVER, and SHIFT_RUNNING while the shift
   * before it still has keys here.
   */
  async load(bundle: Uint8Array): Promise<number> {
    const opened = openBundle(bundle, this.#privateKey);
    if (opened === null || opened.suite.id !== this.#suite.id) throw new Failure("BUNDLE_BROKEN");
    if (opened.expiresAt <= this.#place.now()) throw new Failure("SHIFT_OVER");
    if ((await namesIn(this.#place.folder, KEY_SUFFIX)).length > 0)
      throw new Failure("SHIFT_RUNNING");
    await this.#begin(opened);
    return opened.parcels.length;
  }

  async #begin(opened: BundleHead & BundleContent): Promise<void> {
    const { tenant, handheld, shift, expiresAt, secret, parcels } = opened;
    const ends = Buffer.alloc(8);
    ends.writeBigUInt64BE(BigInt(expiresAt.getTime()));
    await forget(this.#file(FILES.journal));
    await keep(
      this.#file(FILES.shift),
      this.#sealed(Buffer.concat([tenant, handheld, shift, ends, secret])),
    );
    await this.#write(await this.#shift(), "loaded", null);
    for (const parcel of parcels) await this.#keep(parcel);
  }

  /** The key for a ticket that was scanned, if it is here. */
  async #keyFor(
    token: Token,
    printNumber: number,
  ): Promise<{ readonly suite: number; readonly waybillId: Buffer; readonly key: Buffer }> {
    const bytes = await this.#opened(`${token}${KEY_SUFFIX}`);
    if (bytes === null) throw new Failure("TICKET_KEY_GONE");
    const suite = bytes.readUInt8(0);
    const step = 2 + (suite === SUITES.intl.id ? SUITES.intl : SUITES.gm).keyBytes;
    for (let at = 16; at < bytes.length; at += step) {
      if (bytes.readUInt16BE(at) !== printNumber) continue;
      return { suite, waybillId: bytes.subarray(1, 16), key: bytes.subarray(at + 2, at + step) };
    }
    throw new Failure("TICKET_KEY_GONE");
  }

  /**
   * Opens a scanned ticket without network; the journal has it before this resolves. Throws what
   * `parseTicket` throws, TICKET_KEY_GONE for a parcel that was not given to this handheld or is
   * delivered already, TICKET_BROKEN, SHIFT_NONE, SHIFT_OVER, HANDHELD_CLOCK.
   */
  async open(text: string): Promise<OpenedOffline> {
    const ticket = parseTicket(text);
    const shift = await this.#shift();
    await this.#requireRunning(shift);
    const { token, printNumber } = ticket;
    const { suite, waybillId, key } = await this.#keyFor(token, printNumber);
    if (suite !== ticket.suite.id) throw new Failure("TICKET_BROKEN");
    const read = openTicket(ticket, { key, place: { tenant: shift.head.tenant, waybillId } });
    await this.#write(shift, "opened", { token, print: printNumber });
    return { ...read, token, printNumber };
  }

  /** Lets the key of a parcel go, since it was delivered or goes back. Throws TICKET_KEY_GONE. */
  async finish(text: string, event: "delivered" | "returned"): Promise<void> {
    const token = parseToken(text);
    const shift = await this.#shift();
    if ((await kept(this.#file(`${token}${KEY_SUFFIX}`))) === null)
      throw new Failure("TICKET_KEY_GONE");
    await this.#write(shift, event, { token, print: 0 });
    await forget(this.#file(`${token}${KEY_SUFFIX}`));
  }

  /** Lets all keys go; how many there were. */
  async wipe(): Promise<number> {
    const names = await namesIn(this.#place.folder, KEY_SUFFIX);
    if (names.length > 0) await this.#write(await this.#shift(), "wiped", null);
    for (const name of names) await forget(this.#file(name));
    return names.length;
  }

  /** Tokens whose keys are here. */
  async parcels(): Promise<string[]> {
    const names = await namesIn(this.#place.folder, KEY_SUFFIX);
    return names.map((name) => name.slice(0, -KEY_SUFFIX.length));
  }

  /** The journal as it is handed in: the shift, then its lines. Nothing of it names a person. */
  async journal(): Promise<string> {
    const { head } = await this.#shift();
    return `midan-journal ${hexOf(head.shift)}\n${(await this.#lines()).join("\n")}\n`;
  }
}
