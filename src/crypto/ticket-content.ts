/**
 * What a courier at the door needs and the label hides, packed for a ticket: a way to reach the
 * recipient, unit and room, name. docs/formats/ticket.md. A field stands whole or not at all: half
 * a room number sends the parcel to another door.
 */
import { Failure } from "../rules/failure.ts";

export const TICKET_FIELDS = ["contact", "room", "name"] as const;
export type TicketField = (typeof TICKET_FIELDS)[number];

export interface TicketContent {
  /** A phone, or a reference by which the recipient is reached. */
  readonly contact: string;
  /** What of the address the label hides: unit, floor, room. */
  readonly room: string;
  readonly name: string;
}

export interface ReadTicket extends TicketContent {
  /** Fields that the recipient has and the ticket had no room for; their text is empty. */
  readonly leftOut: readonly TicketField[];
}

/** What is left out, the least loss first; a contact of 40 letters fits always. */
const LEAVING_ORDER: readonly (readonly TicketField[])[] = [
  [],
  ["name"],
  ["room"],
  ["room", "name"],
];
const FIELD_BITS: Readonly<Record<TicketField, number>> = { contact: 1, room: 2, name: 4 };

const SCHEMA = 1;
const HEAD_BYTES = 2;
/** Nearly every contact: eleven digits in five bytes. */
const MOBILE = /^1\d{10}$/;
const MOBILE_MARK = 0xff;
const MOBILE_BYTES = 5;
const TEXT_BYTES_MAX = 0xfe;

function packedText(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function packed(field: TicketField, text: string): Buffer {
  if (field !== "contact" || !MOBILE.test(text)) return packedText(text);
  const bytes = Buffer.alloc(1 + MOBILE_BYTES);
  bytes[0] = MOBILE_MARK;
  bytes.writeUIntBE(Number(text), 1, MOBILE_BYTES);
  return bytes;
}

function packedWithout(content: TicketContent, leftOut: readonly TicketField[]): Buffer | null {
  const fields: Buffer[] = [];
  let bits = 0;
  for (const field of TICKET_FIELDS) {
    const isLeftOut = leftOut.includes(field) && content[field] !== "";
    if (isLeftOut) bits |= FIELD_BITS[field];
    const text = isLeftOut ? "" : content[field];
    // The field's length has one byte.
    if (Buffer.byteLength(text, "utf8") > TEXT_BYTES_MAX) return null;
    fields.push(packed(field, text));
  }
  return Buffer.concat([Buffer.of(SCHEMA, bits), ...fields]);
}

/**
 * The packed form in at most `bytesMax` bytes. What does not fit is left out as a whole, the least
 * loss first: the name; or else unit and room; or else both; and the form says so. RangeError when
 * not even the contact fits, which no contact of 40 letters comes near.
 */
export function packTicket(content: TicketContent, bytesMax: number): Buffer {
  for (const leftOut of LEAVING_ORDER) {
    const form = packedWithout(content, leftOut);
    if (form !== null && form.length <= bytesMax) return form;
  }
  throw new RangeError("a contact has at most 40 letters");
}

/** Reads a packed form from its start; every step fails closed at its end. */
class FormReader {
  readonly #form: Buffer;
  #at = HEAD_BYTES;

  constructor(form: Uint8Array) {
    this.#form = Buffer.from(form);
  }

  #take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#form.length) throw new Failure("TICKET_BROKEN");
    const taken = this.#form.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  text(field: TicketField): string {
    const length = this.#take(1).readUInt8();
    if (length !== MOBILE_MARK) return this.#take(length).toString("utf8");
    if (field !== "contact") throw new Failure("TICKET_BROKEN");
    return String(this.#take(MOBILE_BYTES).readUIntBE(0, MOBILE_BYTES));
  }

  requireEmptyRest(): void {
    if (this.#form.subarray(this.#at).some((byte) => byte !== 0))
      throw new Failure("TICKET_BROKEN");
  }
}

/** Reads what `packTicket` made, with zeros behind it. Throws TICKET_BROKEN for anything else. */
export function readTicketForm(form: Uint8Array): ReadTicket {
  const [schema, bits = 0] = form;
  if (schema !== SCHEMA || bits > 7) throw new Failure("TICKET_BROKEN");
  const reader = new FormReader(form);
  const contact = reader.text("contact");
  const room = reader.text("room");
  const name = reader.text("name");
  reader.requireEmptyRest();
  const leftOut = TICKET_FIELDS.filter((field) => (bits & FIELD_BITS[field]) !== 0);
  return { contact, room, name, leftOut };
}
