/**
 * The two plaintexts that are sealed for a waybill, in their own small form (schema 1): the
 * parties, which only a reveal opens, and the masked view, from which labels are printed.
 */
import type {
  MaskedParty,
  MaskedText,
  Party,
  PlainAddress,
  PlainName,
  PlainPhone,
} from "../privacy/plain.ts";
import { Failure } from "../rules/failure.ts";

/** Stands in the envelope, so that a later form can be told apart. */
export const SCHEMA = 1;

export interface Parties {
  readonly recipient: Party;
  readonly sender: Party | null;
  readonly remark: string;
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
}

type Triple = readonly [name: string, phone: string, address: string];

function tripleOf(party: Party | MaskedParty | null): Triple | null {
  return party === null ? null : [party.name, party.phone, party.address];
}

export function encodeParties(parties: Parties): Buffer {
  const form = [tripleOf(parties.recipient), tripleOf(parties.sender), parties.remark];
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

/** Reads parties that were opened. Throws ENVELOPE_BROKEN for a form that is not schema 1. */
export function decodeParties(plaintext: Buffer): Parties {
  const form = parsed(plaintext);
  if (!Array.isArray(form)) throw new Failure("ENVELOPE_BROKEN");
  const [recipient, sender, remark] = form as unknown[];
  return {
    recipient: partyOf(triple(recipient)),
    sender: sender === null ? null : partyOf(triple(sender)),
    remark: text(remark),
  };
}

/** Reads a view that was opened. Throws ENVELOPE_BROKEN for a form that is not schema 1. */
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
  };
}
