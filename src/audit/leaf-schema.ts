/**
 * What each type of leaf holds, as data: the JSON Schema of docs/formats and an example of every
 * type are made from it, and leaves of real verbs are held against it. A type without a row here
 * does not compile.
 */
import { LEAF_TYPES, encodeLeaf } from "./leaf.ts";
import type { LeafBody, LeafType } from "./leaf.ts";
import type { CanonicalValue } from "./canonical-json.ts";

type Member = keyof LeafBody;
type Shape = Readonly<Record<string, CanonicalValue>>;

const hex = (characters: number): Shape => ({
  type: "string",
  pattern: `^[0-9a-f]{${characters}}$`,
});
const UUID: Shape = {
  type: "string",
  pattern: "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
};
const DAY: Shape = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" };
const INSTANT: Shape = {
  type: "string",
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$",
};
const TEXT: Shape = { type: "string", maxLength: 1000 };
const CODE: Shape = { type: "string", pattern: "^[A-Z][A-Z0-9_]{1,63}$" };
const PSEUDONYM: Shape = { type: "string", pattern: "^(?:st-[0-9a-f]{16}|system)$" };
const COUNT: Shape = { type: "integer", minimum: 0 };
const list = (items: Shape): Shape => ({ type: "array", items, maxItems: 200 });

const ID = "5f0c1a3e-8f0b-4d5e-9a67-2b8c9d0e1f23";
const ABOVE = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const PERSON = "st-7d0c2a9be1f35846";

/** The shape of each member, and what it may look like. */
const MEMBERS: Readonly<Record<Member, readonly [shape: Shape, example: CanonicalValue]>> = {
  actor: [PSEUDONYM, PERSON],
  organisationPath: [list(UUID), [ABOVE, ID]],
  device: [TEXT, "device-1"],
  approvedBy: [list(PSEUDONYM), ["st-00aa11bb22cc33dd"]],
  purpose: [TEXT, "contact"],
  basis: [TEXT, "PIPL-13-1-2"],
  fields: [list(TEXT), ["recipient.phone"]],
  subject: [hex(32), "c0ffee".padEnd(32, "0")],
  reason: [hex(64), "ab".repeat(32)],
  failure: [CODE, "REASON_MISSING"],
  orderState: [TEXT, "printed"],
  count: [COUNT, 3],
  root: [hex(64), "cd".repeat(32)],
  compartment: [hex(10), "00000001a3"],
  dayOfDeath: [DAY, "2027-03-28"],
  week: [
    { type: "string", pattern: "^(?:\\d{4}-\\d{2}-\\d{2}|season-\\d{4}Q[1-4])$" },
    "2027-03-22",
  ],
  profile: [TEXT, "gb41833"],
  rule: [TEXT, "gb41833/2"],
  campaign: [UUID, ID],
  seed: [TEXT, "2026-11-28 drawn in public"],
  outlets: [COUNT, 6],
  drawn: [COUNT, 60],
  violations: [COUNT, 2],
  broken: [
    { type: "object", additionalProperties: COUNT },
    { W1: 1, W2: 1 },
  ],
  case: [TEXT, "2026-0001"],
  state: [TEXT, "filed"],
  on: [DAY, "2026-11-28"],
  term: [TEXT, "decide-to-open"],
  due: [DAY, "2026-12-05"],
  digest: [hex(64), "ef".repeat(32)],
  table: [TEXT, "public.orders"],
  left: [COUNT, 0],
  shift: [UUID, ID],
  opened: [COUNT, 2],
  delivered: [COUNT, 2],
  returned: [COUNT, 1],
  organisation: [UUID, ID],
  by: [UUID, ABOVE],
  from: [UUID, ABOVE],
  next: [hex(32), "facade".padEnd(32, "0")],
  setting: [TEXT, "mask-profile"],
  value: [TEXT, "strict"],
  bound: [TEXT, "gb41833"],
  mode: [TEXT, "locked"],
  version: [{ type: "integer", minimum: 1 }, 2],
  request: [UUID, ID],
  answer: [TEXT, "granted"],
  trainee: [PSEUDONYM, PERSON],
  course: [TEXT, "privacy-2026"],
  validUntil: [DAY, "2027-11-28"],
  asked: [PSEUDONYM, PERSON],
  account: [PSEUDONYM, PERSON],
  role: [TEXT, "clerk"],
  session: [TEXT, "session-1"],
  apiKey: [TEXT, "key-1"],
  copy: [hex(32), "5d".repeat(16)],
  recipient: [hex(16), "77aa4c19d0e2b6f3"],
  madeAt: [INSTANT, "2026-11-28T07:59:59.000Z"],
  offSeconds: [{ type: "integer" }, -7200],
};

interface Row {
  /** Members that every leaf of the type has, `actor` apart. */
  readonly needs: readonly Member[];
  /** Members that it may have, organisation path and device apart. */
  readonly may?: readonly Member[];
}

const ACCOUNT: Row = {
  needs: [],
  may: [
    "account",
    "role",
    "mode",
    "failure",
    "session",
    "apiKey",
    "organisation",
    "validUntil",
    "fields",
  ],
};
const CASE: Row = { needs: ["case", "state", "on"], may: ["basis", "term", "due", "digest"] };
const HOLD: Row = {
  needs: ["request", "value", "validUntil", "digest"],
  may: ["subject", "mode"],
};
const SUBJECT_REQUEST: Row = {
  needs: ["request"],
  may: ["value", "validUntil", "answer", "count", "failure", "fields", "digest", "mode", "purpose"],
};
const SETTING: Row = {
  needs: ["organisation", "setting", "value", "mode", "digest"],
  may: ["by", "version", "failure", "approvedBy", "request", "validUntil", "bound"],
};
const REVEAL: Row = {
  needs: ["purpose", "basis", "fields"],
  may: ["subject", "reason", "orderState", "approvedBy", "request", "validUntil", "mode"],
};
const RAISED: Row = {
  needs: [],
  may: [
    ...([
      "account",
      "purpose",
      "value",
      "count",
      "validUntil",
      "approvedBy",
      "reason",
      "digest",
    ] as const),
    ...([
      "organisation",
      "request",
      "mode",
      "fields",
      "subject",
      "setting",
      "version",
      "by",
    ] as const),
    ...(["failure", "basis", "orderState", "answer"] as const),
  ],
};

const TYPES: Readonly<Record<LeafType, Row>> = {
  "seal-batch": { needs: ["count", "root", "dayOfDeath"] },
  reveal: REVEAL,
  "reveal-denied": {
    needs: [...REVEAL.needs, "failure"],
    may: [...(REVEAL.may ?? []), "rule"],
  },
  search: {
    needs: ["count"],
    may: ["purpose", "basis", "fields", "organisation", "on", "failure", "mode"],
  },
  merge: { needs: ["count", "root"], may: ["failure"] },
  "print-batch": { needs: ["count", "root"], may: ["profile", "rule"] },
  "shred-intent": { needs: ["compartment", "dayOfDeath", "count"] },
  "compartment-closing": { needs: ["compartment", "dayOfDeath"] },
  "compartment-destroyed": { needs: ["compartment", "dayOfDeath", "count"], may: ["left"] },
  "shred-run": { needs: ["count"] },
  "keys-rotated": { needs: [], may: ["fields"] },
  "signing-key-changed": { needs: ["fields", "digest"] },
  "keys-copied": { needs: [], may: ["count", "digest", "copy", "recipient", "madeAt", "mode"] },
  "copy-discarded": { needs: [], may: ["count", "digest", "copy"] },
  "keys-restored": { needs: ["count", "left"] },
  "index-destroyed": { needs: ["week"] },
  "campaign-opened": {
    needs: ["campaign", "seed", "rule", "profile", "count", "outlets", "drawn", "root"],
    may: ["organisation"],
  },
  "sample-taken": { needs: ["campaign", "count", "violations", "broken", "root"] },
  "case-moved": { needs: ["case", "state"], may: ["on", "term", "due", "basis"] },
  "order-issued": CASE,
  "order-proved": CASE,
  "suggestion-linked": CASE,
  "suggestion-answered": { needs: ["on", "due", "digest"], may: ["case", "state"] },
  "document-issued": {
    needs: ["digest"],
    may: ["compartment", "case", "state", "on", "organisation"],
  },
  "sweep-run": { needs: ["table", "fields", "profile", "rule", "count", "left"] },
  "organisation-founded": { needs: ["organisation", "count"], may: ["by"] },
  "organisation-moved": { needs: ["organisation", "by", "digest"], may: ["from"] },
  "organisation-closed": { needs: ["organisation", "digest"] },
  "setting-changed": SETTING,
  "setting-proposed": { ...SETTING, needs: [...SETTING.needs, "request"] },
  "setting-refused": { ...SETTING, needs: [...SETTING.needs, "failure"] },
  "request-filed": {
    needs: ["organisation", "by", "request", "setting", "value", "digest"],
    may: ["mode"],
  },
  "request-answered": {
    needs: ["organisation", "by", "request", "setting", "value", "answer", "digest"],
    may: ["mode"],
  },
  "retention-changed": { needs: ["setting", "value", "version", "digest"], may: ["organisation"] },
  "parcel-state": { needs: ["subject", "orderState"] },
  "parcel-assigned": { needs: ["subject", "organisation", "on"], may: ["account"] },
  "access-denied": { needs: ["failure", "mode", "rule"] },
  "hold-placed": HOLD,
  "hold-refused": HOLD,
  "hold-ended": HOLD,
  "erase-intent": { needs: ["subject"], may: ["reason", "mode"] },
  "waybill-erased": { needs: ["compartment", "count", "mode"] },
  "office-refused": { needs: ["failure"], may: ["organisation", "case", "campaign", "by"] },
  "authority-scope": {
    needs: ["organisation", "request", "value", "mode", "on", "validUntil", "digest"],
    may: ["asked"],
  },
  "authority-read": { needs: ["organisation", "request", "value", "count"] },
  "scores-recorded": { needs: ["campaign", "on", "count", "digest"] },
  corrected: { needs: ["subject", "fields"], may: ["count"] },
  "platform-token-given": { needs: ["subject"] },
  "subject-request-received": SUBJECT_REQUEST,
  "subject-request-code": SUBJECT_REQUEST,
  "subject-request-verified": SUBJECT_REQUEST,
  "subject-request-denied": SUBJECT_REQUEST,
  "subject-request-answered": SUBJECT_REQUEST,
  "subject-request-refused": SUBJECT_REQUEST,
  "backup-made": { needs: ["count"] },
  "drill-run": { needs: ["count", "answer"] },
  "training-recorded": { needs: ["trainee", "course", "validUntil"] },
  "bundle-made": { needs: ["count", "digest"], may: ["organisation"] },
  "log-queried": { needs: ["fields", "count"], may: ["purpose", "asked", "subject"] },
  export: RAISED,
  "export-made": {
    needs: ["request", "mode", "purpose", "count"],
    may: ["digest", "organisation", "failure"],
  },
  "shift-settled": {
    needs: ["shift", "count", "opened", "delivered", "returned", "left", "account"],
  },
  resealed: { needs: ["subject", "next", "mode"] },
  "drop-shipped": {
    needs: ["subject", "organisation", "mode"],
    may: ["value", "count", "validUntil"],
  },
  "hand-over": { needs: ["subject", "organisation", "on"], may: ["from"] },
  "real-name-sealed": RAISED,
  "real-name-opened": RAISED,
  warrant: { needs: ["request", "mode", "count", "digest"], may: ["asked", "validUntil"] },
  "break-glass": RAISED,
  "sign-in": ACCOUNT,
  "sign-in-failed": ACCOUNT,
  "session-ended": ACCOUNT,
  "account-changed": ACCOUNT,
  "role-changed": ACCOUNT,
  "device-registered": ACCOUNT,
  "api-key-changed": ACCOUNT,
  "webhook-changed": { needs: ["request", "mode", "digest"] },
  "policy-changed": { needs: ["digest"] },
  "quota-raised": RAISED,
  "quota-alarm": { needs: ["account", "count", "on"] },
  "clock-jumped": { needs: ["mode", "offSeconds"] },
  "configuration-changed": { needs: ["fields", "digest"] },
  "database-restored": { needs: ["count", "mode"] },
};

/** Members that any leaf may have: from where somebody acted. */
const ANY: readonly Member[] = ["organisationPath", "device"];

const FRAME: Readonly<Record<string, Shape>> = {
  v: { const: 1 },
  id: hex(32),
  at: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" },
  tenant: UUID,
};

// Keys of the table.
const NAMES = Object.keys(TYPES) as LeafType[];

function membersOf(type: LeafType): readonly Member[] {
  const { needs, may = [] } = TYPES[type];
  return [...new Set<Member>(["actor", ...needs, ...may, ...ANY])];
}

const reference = (name: string): Shape => ({ $ref: `#/$defs/${name}` });

function typeSchema(type: LeafType): Shape {
  const { verb } = LEAF_TYPES[type];
  const frame = Object.keys(FRAME);
  const names = [...frame, ...membersOf(type)];
  return {
    title: LEAF_TYPES[type].en,
    type: "object",
    properties: {
      ...Object.fromEntries(names.map((name) => [name, reference(name)])),
      type: { const: type },
      ...(verb === null ? {} : { verb: { const: verb } }),
    },
    required: [...frame, "type", "actor", ...TYPES[type].needs, ...(verb === null ? [] : ["verb"])],
    additionalProperties: false,
  };
}

/** The JSON Schema (2020-12) of a leaf: one of the types, with its members and no others. */
export function leafSchema(): Shape {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Midan audit leaf, version 1",
    oneOf: NAMES.map((type) => reference(`type.${type}`)),
    $defs: {
      ...FRAME,
      ...Object.fromEntries(Object.entries(MEMBERS).map(([name, [shape]]) => [name, shape])),
      ...Object.fromEntries(NAMES.map((type) => [`type.${type}`, typeSchema(type)])),
    },
  };
}

/** A leaf of each type with every member that it may have, in the order of the types. */
export function leafExamples(): { readonly type: LeafType; readonly bytes: Uint8Array }[] {
  return NAMES.map((type, index) => {
    const id = Buffer.alloc(16);
    id.writeUInt32BE(index + 1, 12);
    const at = new Date("2026-11-28T08:00:00.000Z");
    // Examples are of the shapes beside them, which a test holds.
    const body = Object.fromEntries(membersOf(type).map((name) => [name, MEMBERS[name][1]]));
    const tenant = "9b1de2a4-5c6f-4a7b-8d9e-0f1a2b3c4d5e";
    const { bytes } = encodeLeaf({ ...(body as unknown as LeafBody), type, tenant, id, at });
    return { type, bytes };
  });
}
