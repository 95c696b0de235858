/**
 * The two plaintexts that are sealed for a waybill, in their own small forms (schemas 1 and 2,
 * docs/formats/envelope.md): the parties, which only a reveal opens, and the masked view, from
 * which labels are printed.
 */
import type {
  MaskedParty,
  MaskedText,
  Party,
  PlainAddress,
  PlainName,
  PlainPhone,
} from "../privacy/plain.ts";
import type { ExternalParty, Recipient } from "../privacy/external.ts";
import { isExternal } from "../privacy/external.ts";
import { Failure } from "../rules/failure.ts";
import { platformOf } from "../rules/platform.ts";
import type { Platform } from "../rules/platform.ts";

/** Stand in the envelope, so that the forms can be told apart. */
const SCHEMA = 1;
/** A recipient whom a shop platform withholds stands as what the platform handed out. */
const SCHEMA_EXTERNAL = 2;

/** The form in which a waybill to `recipient` is written. */
export function schemaOf(recipient: Recipient): number {
  return isExternal(recipient) ? SCHEMA_EXTERNAL : SCHEMA;
}

export interface Parties {
  readonly recipient: Recipient;
  readonly sender: Party | null;
  readonly remark: string;
}

/** How a waybill was sealed out of another (docs/formats/envelope.md). */
export const ORIGIN_KINDS = ["return", "split"] as const;

/** The waybill that another was sealed out of; it stands in the view, and dies with it. */
export interface Origin {
  readonly how: (typeof ORIGIN_KINDS)[number];
  readonly token: string;
}

export interface View {
  readonly profile: string;
  readonly rule: string;
  readonly recipient: MaskedParty;
  readonly sender: MaskedParty | null;
  readonly goods: string;
  readonly remark: string;
  readonly orderNumber: string;
  readonly sortCode: string;
  /** City and district of the recipient, never more. */
  readonly destination: string;
  /** The first print that is good, where an address was changed after earlier ones; else 1. */
  readonly firstPrint?: number;
  /** The shop platform that withholds the recipient; null where the person is sealed here. */
  readonly platform: Platform | null;
  /** Where its persons came from another waybill. */
  readonly origin?: Origin;
}

type Triple = readonly [name: string, phone: string, address: string];

function tripleOf(party: Party | MaskedParty | null): Triple | null {
  return party === null ? null : [party.name, party.phone, party.address];
}

type Trio = readonly [name: string | null, phone: string | null, address: string | null];

/** Schema 2: platform, token, ciphertexts, what is clear, what is shown. */
function externalForm({ platform, token, ciphers, clear, shown }: ExternalParty) {
  return [platform, token, trioOf(ciphers), trioOf(clear), trioOf(shown)];
}

function trioOf(fields: ExternalParty["ciphers"] | ExternalParty["clear"]): Trio {
  return [fields.name, fields.phone, fields.address];
}

/** Writes parties in the form of `schemaOf`. */
export function encodeParties(parties: Parties): Buffer {
  const { recipient } = parties;
  const first = isExternal(recipient) ? externalForm(recipient) : tripleOf(recipient);
  const form = [first, tripleOf(parties.sender), parties.remark];
  return Buffer.from(JSON.stringify(form), "utf8");
}

export function encodeView(view: View): Buffer {
  const form = {
    p: view.profile,
    v: view.rule,
    r: tripleOf(view.recipient),
    s: tripleOf(view.sender),
    g: view.goods,
    m: view.remark,
    o: view.orderNumber,
    c: view.sortCode,
    d: view.destination,
    f: view.firstPrint,
    ...(view.platform === null ? {} : { e: view.platform }),
    ...(view.origin === undefined ? {} : { w: [view.origin.how, view.origin.token] }),
  };
  return Buffer.from(JSON.stringify(form), "utf8");
}

function isTriple(value: unknown): value is Triple {
  return (
    Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === "string")
  );
}

function triple(value: unknown): Triple {
  if (!isTriple(value)) throw new Failure("ENVELOPE_BROKEN");
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new Failure("ENVELOPE_BROKEN");
  return value;
}

function parsed(plaintext: Buffer): unknown {
  try {
    return JSON.parse(plaintext.toString("utf8"));
  } catch {
    throw new Failure("ENVELOPE_BROKEN");
  }
}

/* What these two make was plaintext, or masked, when it was sealed; the tag has shown that
 * nothing changed since, so the brands are given back. */
function partyOf([name, phone, address]: Triple): Party {
  return { name: name as PlainName, phone: phone as PlainPhone, address: address as PlainAddress };
}

function maskedOf([name, phone, address]: Triple): MaskedParty {
  return { name: name as MaskedText, phone: phone as MaskedText, address: address as MaskedText };
}

function isTrio(value: unknown): value is Trio {
  const isPart = (part: unknown): boolean => part === null || typeof part === "string";
  return Array.isArray(value) && value.length === 3 && value.every(isPart);
}

function externalOf(value: unknown): ExternalParty {
  // An array of anything; each part is looked at below.
  const [platform, token, ciphers, clear, shown] = Array.isArray(value) ? (value as unknown[]) : [];
  const known = platformOf(text(platform));
  if (known === null || !isTrio(ciphers) || !isTrio(clear)) throw new Failure("ENVELOPE_BROKEN");
  const [name, phone, address] = clear;
  return {
    platform: known,
    token: token === null ? null : text(token),
    ciphers: { name: ciphers[0], phone: ciphers[1], address: ciphers[2] },
    // As with the brands above: it was read as plaintext when it was sealed.
    clear: {
      name: name as PlainName | null,
      phone: phone as PlainPhone | null,
      address: address as PlainAddress | null,
    },
    shown: shownOf(triple(shown)),
  };
}

function shownOf([name, phone, address]: Triple): ExternalParty["shown"] {
  return { name, phone, address };
}

function recipientOf(value: unknown, schema: number): Recipient {
  if (schema === SCHEMA) return partyOf(triple(value));
  if (schema === SCHEMA_EXTERNAL) return externalOf(value);
  throw new Failure("ENVELOPE_BROKEN");
}

/** Reads opened parties in the form that their envelope names. Throws ENVELOPE_BROKEN. */
export function decodeParties(plaintext: Buffer, schema: number): Parties {
  const form = parsed(plaintext);
  if (!Array.isArray(form)) throw new Failure("ENVELOPE_BROKEN");
  const [recipient, sender, remark] = form as unknown[];
  return {
    recipient: recipientOf(recipient, schema),
    sender: sender === null ? null : partyOf(triple(sender)),
    remark: text(remark),
  };
}

function originOf(value: unknown): { readonly origin?: Origin } {
  if (value === undefined) return {};
  // An array of anything; both parts are looked at below.
  const [word, token] = Array.isArray(value) ? (value as unknown[]) : [];
  const how = ORIGIN_KINDS.find((kind) => kind === word);
  if (how === undefined) throw new Failure("ENVELOPE_BROKEN");
  return { origin: { how, token: text(token) } };
}

/** Reads a view that was opened. Throws ENVELOPE_BROKEN for a form that is none of ours. */
export function decodeView(plaintext: Buffer): View {
  const form = parsed(plaintext);
  if (typeof form !== "object" || form === null) throw new Failure("ENVELOPE_BROKEN");
  // Any non-null object may be read as a record of unknown members.
  const members = form as Record<string, unknown>;
  return {
    profile: text(members["p"]),
    rule: text(members["v"]),
    recipient: maskedOf(triple(members["r"])),
    sender: members["s"] === null ? null : maskedOf(triple(members["s"])),
    goods: text(members["g"]),
    remark: text(members["m"]),
    orderNumber: text(members["o"]),
    sortCode: text(members["c"]),
    destination: text(members["d"]),
    ...(typeof members["f"] === "number" ? { firstPrint: members["f"] } : {}),
    platform: members["e"] === undefined ? null : platformOf(text(members["e"])),
    ...originOf(members["w"]),
  };
}
