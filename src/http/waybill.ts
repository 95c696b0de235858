/** One waybill over HTTP: its masked view, its state, its label. */
import { createHash } from "node:crypto";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Type } from "typebox";
import { drawLabel, LABEL_FORMATS } from "../label/format.ts";
import type { LabelFormat } from "../label/format.ts";
import type { PrintableLabel } from "../label/gate.ts";
import { LABEL_SIZES } from "../label/label-size.ts";
import type { LabelSize } from "../label/label-size.ts";
import type { Dpi } from "../label/page.ts";
import { writePdf } from "../label/pdf.ts";
import { PARCEL_STATE_NAMES } from "../rules/access-close.ts";
import type { ParcelState } from "../rules/access-close.ts";
import { dayOf } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { PLATFORM_NAMES } from "../rules/platform.ts";
import { REPRINT_REASONS } from "../rules/reprint.ts";
import type { ReprintReason } from "../rules/reprint.ts";
import { toldWaybill } from "../vault/masked-row.ts";
import { recordState } from "../vault/parcel-state.ts";
import { platformToken } from "../vault/platform-token.ts";
import { printLabels } from "../vault/print.ts";
import { showMasked } from "../vault/show.ts";
import { ORIGIN_KINDS } from "../vault/view.ts";
import { answers, MASKED_PARTY, TOKEN_PARAMS } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf } from "./caller.ts";
import { dayIn, NULLABLE_TEXT, oneOf } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["waybills"];

const WAYBILL = Type.Object({
  token: Type.String(),
  waybillNumber: Type.String(),
  carrier: Type.String(),
  state: Type.String(),
  life: Type.String(),
  parcelState: NULLABLE_TEXT,
  accessClosed: Type.Boolean(),
  sealedAt: Type.String(),
  dayOfDeath: Type.String(),
  view: Type.Union([
    Type.Object({
      recipient: MASKED_PARTY,
      sender: Type.Union([MASKED_PARTY, Type.Null()]),
      goods: Type.String(),
      remark: Type.String(),
      profile: Type.String(),
      /** The shop platform that withholds the recipient. */
      platform: Type.Union([oneOf(PLATFORM_NAMES), Type.Null()]),
    }),
    Type.Null(),
  ]),
  /** The waybill that it was sealed out of, with the entry that links the two. */
  origin: Type.Union([
    Type.Object({ how: oneOf(ORIGIN_KINDS), token: Type.String(), entry: Type.String() }),
    Type.Null(),
  ]),
});

const TAG_CHARACTERS = 22;

/** Changes with whatever is told; says nothing about it. */
function tagOf(told: unknown): string {
  const digest = createHash("sha256").update(JSON.stringify(told)).digest("base64url");
  return `"${digest.slice(0, TAG_CHARACTERS)}"`;
}

function viewRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "The masked view. Never opens a person; with If-None-Match 304 where nothing changed.",
    params: TOKEN_PARAMS,
    response: answers({ 200: WAYBILL, 304: Type.Null() }),
  };
  // The masks are those that whoever sealed was given.
  const config = { caller: "seal" } as const;
  app.get("/v1/waybills/:token", { config, schema }, async (request, reply) => {
    const told = toldWaybill(
      await showMasked(serving.vault, { token: request.params.token, actor: actorOf(request) }),
    );
    const tag = tagOf(told);
    reply.header("etag", tag);
    if (request.headers["if-none-match"] === tag) return reply.code(304).send(null);
    return reply.send(told);
  });
}

function stateRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary: "Records where the parcel stands; without `on` it stands there since today.",
    params: TOKEN_PARAMS,
    body: Type.Object(
      {
        state: oneOf<ParcelState>(PARCEL_STATE_NAMES),
        on: Type.Optional(Type.String({ maxLength: 10 })),
      },
      { additionalProperties: false },
    ),
    response: answers({
      200: Type.Object({
        token: Type.String(),
        state: Type.String(),
        accessClosesOn: NULLABLE_TEXT,
        entry: Type.String(),
      }),
    }),
  };
  const config = { caller: "state" } as const;
  app.put("/v1/waybills/:token/state", { config, schema }, async (request) => {
    const actor = actorOf(request);
    const { vault } = serving;
    const { state, on: asked } = request.body;
    const on = asked === undefined ? dayOf(vault.now(), vault.timeZone) : dayIn(asked, "/on");
    const { token } = request.params;
    return recordState(vault, { token, state, on, organisation: actor.organisationId, actor });
  });
}

function platformTokenRoute(app: App, serving: ApiServing): void {
  const schema = {
    tags: TAGS,
    summary:
      "What the shop's platform handed out of a recipient whom it withholds, for a machine that " +
      "fetches the platform's label or virtual number. An entry; never for a person.",
    params: TOKEN_PARAMS,
    response: answers({
      200: Type.Object({
        platform: oneOf(PLATFORM_NAMES),
        orderNumber: Type.String(),
        token: NULLABLE_TEXT,
        ciphers: Type.Object({ name: NULLABLE_TEXT, phone: NULLABLE_TEXT, address: NULLABLE_TEXT }),
        entry: Type.String(),
        receipt: Type.String(),
      }),
    }),
  };
  // Asked by POST, so that no cache keeps the answer.
  const config = { caller: "print" } as const;
  app.post("/v1/waybills/:token/platform-token", { config, schema }, async (request, reply) => {
    const { token } = request.params;
    const given = await platformToken(serving.vault, { token, actor: actorOf(request) });
    return reply.header("cache-control", "no-store").send(given);
  });
}

const MEDIA_TYPES: Readonly<Record<LabelFormat, string>> = {
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  zpl: "application/vnd.midan.zpl",
  tspl: "application/vnd.midan.tspl",
  cpcl: "application/vnd.midan.cpcl",
};

const LABEL_BODY = Type.Object(
  {
    format: oneOf<LabelFormat>(LABEL_FORMATS),
    dpi: Type.Optional(Type.Unsafe<Dpi>({ type: "integer", enum: [203, 300] })),
    size: Type.Optional(oneOf<LabelSize>(LABEL_SIZES)),
    ticket: Type.Optional(Type.Boolean()),
    // The keys are exactly the reasons.
    reason: Type.Optional(oneOf(Object.keys(REPRINT_REASONS) as ReprintReason[])),
    printer: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  { additionalProperties: false },
);

async function drawn(
  { vault, fonts }: ApiServing,
  label: PrintableLabel,
  asked: { readonly format: LabelFormat; readonly dpi: Dpi },
): Promise<Uint8Array> {
  const { format, dpi } = asked;
  if (format !== "pdf") return drawLabel(label, { format, dpi, fonts: fonts() });
  const output = new PassThrough();
  const written = writePdf([label], output, { fonts: fonts(), dpi, createdAt: vault.now() });
  const [bytes] = await Promise.all([buffer(output), written]);
  return bytes;
}

function labelRoute(app: App, serving: ApiServing): void {
  const binary = Type.Unsafe<Uint8Array>({ type: "string", format: "binary" });
  const content = Object.values(MEDIA_TYPES).map((type) => [type, { schema: binary }] as const);
  const schema = {
    tags: TAGS,
    summary: "Prints the masked label, once; printed before, it needs a reason.",
    params: TOKEN_PARAMS,
    body: LABEL_BODY,
    response: answers({
      200: { description: "The label.", content: Object.fromEntries(content) },
    }),
  };
  const config = { caller: "print", once: "shown-once" } as const;
  app.post("/v1/waybills/:token/label", { config, schema }, async (request, reply) => {
    const actor = actorOf(request);
    const { format, dpi = 203, size, ticket = false, reason = null, printer } = request.body;
    const [printed] = await printLabels(serving.vault, {
      tokens: [request.params.token],
      actor,
      fonts: serving.fonts(),
      organisation: actor.organisationId,
      ...(size === undefined ? {} : { size }),
      ticket,
      reprintReason: reason,
      printer: printer ?? "api",
    });
    if (printed === undefined) throw new Failure("TOKEN_UNKNOWN");
    reply.header("midan-entry", printed.entry);
    reply.header("midan-print-number", String(printed.printNumber));
    const bytes = await drawn(serving, printed.label, { format, dpi });
    return reply.type(MEDIA_TYPES[format]).send(Buffer.from(bytes));
  });
}

/** `/v1/waybills/:token` and what lies below it, but for reveals. */
export function waybillRoutes(app: App, serving: ApiServing): void {
  viewRoute(app, serving);
  stateRoute(app, serving);
  platformTokenRoute(app, serving);
  labelRoute(app, serving);
}
