/**
 * What an installation hands to a print agent (docs/print-agent.md): one label in the language of
 * its printer, stated already, sealed to the agent's key. The page that carries it sees nothing.
 */
import { sealTo } from "../crypto/hand-over.ts";
import { SUITES } from "../crypto/suites.ts";

export const PAYLOAD_INFO = "midan.print1";
/** The largest paper at 300 dpi as hex ZPL has less than a tenth. */
export const PAYLOAD_BYTES_MAX = 4 * 1024 * 1024;
const KEY_TEXT = /^midan-agent (intl|gm) ([0-9a-f]{64}|04[0-9a-f]{128})\s*$/;
const KEY_DIGITS = { intl: 64, gm: 130 } as const;
const HEAD_BYTES_MAX = 1000;

export interface PrintPayload {
  readonly token: string;
  readonly printNumber: number;
  readonly language: string;
  readonly bytes: Uint8Array;
}

/**
 * Seals a label to the agent whose public key stands in `keyText`, as base64 text; null when that
 * is no key of an agent.
 */
export function sealPayload(
  keyText: string,
  payload: PrintPayload,
  randomBytes: (count: number) => Uint8Array,
): string | null {
  const [, name, hex = ""] = KEY_TEXT.exec(keyText) ?? [];
  if ((name !== "intl" && name !== "gm") || hex.length !== KEY_DIGITS[name]) return null;
  const { token, printNumber, language, bytes } = payload;
  const head = JSON.stringify({ v: 1, token, printNumber, language });
  const plaintext = Buffer.concat([Buffer.from(`${head}\n`, "utf8"), bytes]);
  const to = { suite: SUITES[name], publicKey: Buffer.from(hex, "hex"), randomBytes };
  return sealTo({ ...to, info: Buffer.from(PAYLOAD_INFO) }, plaintext).toString("base64");
}

/** The payload of an opened message; null when it has another form. */
export function readPayload(plaintext: Buffer): PrintPayload | null {
  const end = plaintext.subarray(0, HEAD_BYTES_MAX).indexOf("\n");
  if (end < 0) return null;
  try {
    const head: unknown = JSON.parse(plaintext.toString("utf8", 0, end));
    if (typeof head !== "object" || head === null) return null;
    // Any object may be read as a record of unknown members.
    const { v, token, printNumber, language } = head as Record<string, unknown>;
    if (v !== 1 || typeof token !== "string" || typeof language !== "string") return null;
    if (typeof printNumber !== "number") return null;
    return { token, printNumber, language, bytes: plaintext.subarray(end + 1) };
  } catch {
    return null;
  }
}
