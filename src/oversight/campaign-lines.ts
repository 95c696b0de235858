/** Lines of files that people bring to a spot check: what may be drawn, and what labels showed. */
import { Failure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import type { PrintedParty, PrintedStrings } from "./campaign.ts";
import type { ListedParcel } from "./population.ts";

const LINE_CHARACTERS_MAX = 20_000;
const LINES_MAX = 1_000_000;
const NUMBER_CHARACTERS_MAX = 64;
const FIELD_CHARACTERS_MAX = 2_000;
const OTHERS_MAX = 50;

interface Place {
  readonly code: FailureCode;
  readonly line: number;
}

type Fields = Readonly<Record<string, unknown>>;

function refuse({ code, line }: Place, field: string): never {
  throw new Failure(code, { line, field });
}

function fieldsOf(value: unknown, place: Place, field: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(place, field);
  return { ...value };
}

function parsed(line: string, place: Place): Fields {
  if (line.length > LINE_CHARACTERS_MAX) refuse(place, "line");
  try {
    return fieldsOf(JSON.parse(line), place, "line");
  } catch {
    // The parser's message quotes the line, which may hold a person.
    return refuse(place, "line");
  }
}

function textOf(value: unknown, place: Place & { field: string; charactersMax: number }): string {
  const { field, charactersMax } = place;
  if (typeof value !== "string" || value.length > charactersMax) refuse(place, field);
  return value;
}

function numberOf(fields: Fields, place: Place): string {
  const bounds = { ...place, field: "parcel", charactersMax: NUMBER_CHARACTERS_MAX };
  const number = textOf(fields["parcel"], bounds).trim();
  return number === "" ? refuse(place, "parcel") : number;
}

function partyOf(value: unknown, place: Place, zone: string): PrintedParty {
  const fields = fieldsOf(value, place, zone);
  const read = (name: string): string =>
    textOf(fields[name], {
      ...place,
      field: `${zone}.${name}`,
      charactersMax: FIELD_CHARACTERS_MAX,
    });
  return { name: read("name"), phone: read("phone"), address: read("address") };
}

function othersOf(value: unknown, place: Place): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > OTHERS_MAX) return refuse(place, "others");
  const bounds = { ...place, field: "others", charactersMax: FIELD_CHARACTERS_MAX };
  return value.map((text) => textOf(text, bounds));
}

function parcelOf(line: string, place: Place): ListedParcel {
  const fields = parsed(line, place);
  const bounds = { ...place, field: "outlet", charactersMax: NUMBER_CHARACTERS_MAX };
  return { outlet: textOf(fields["outlet"], bounds), parcel: numberOf(fields, place) };
}

function printedOf(line: string, place: Place): PrintedStrings {
  const fields = parsed(line, place);
  const { recipient, sender, others } = fields;
  return {
    parcel: numberOf(fields, place),
    recipient: partyOf(recipient, place, "recipient"),
    sender: sender === null ? null : partyOf(sender, place, "sender"),
    others: othersOf(others, place),
  };
}

function linesOf<T>(text: string, code: FailureCode, read: (line: string, at: Place) => T): T[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  if (lines.length > LINES_MAX) throw new Failure(code, { lines: LINES_MAX });
  return lines.flatMap((line, at) =>
    line.trim() === "" ? [] : [read(line, { code, line: at + 1 })],
  );
}

/** The parcels of an NDJSON list. Throws POPULATION_INVALID with the line and the field. */
export function parseParcels(text: string): ListedParcel[] {
  return linesOf(text, "POPULATION_INVALID", parcelOf);
}

/** The looks of an NDJSON file. Throws LOOK_INVALID with line and field, never with their text. */
export function parsePrinted(text: string): PrintedStrings[] {
  return linesOf(text, "LOOK_INVALID", printedOf);
}
