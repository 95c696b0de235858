/**
 * Print (打印): opens masked views (P12), passes the lint gate (P1), and leaves a statement for
 * each label (P14). Parties are opened only to seal them into a ticket, where one is wanted. The
 * statements of a batch are the leaves of a Merkle tree whose root is one entry; statements and
 * entry commit before a label leaves.
 */
import { authoriseFor } from "../access/authorise-within.ts";
import { printedStrings } from "../label/display-list.ts";
import type { Fonts } from "../label/font.ts";
import { gate } from "../label/gate.ts";
import type { PrintableLabel } from "../label/gate.ts";
import { USUAL_SIZE } from "../label/label-size.ts";
import type { LabelSize } from "../label/label-size.ts";
import type { LabelData, LabelParty } from "../label/label.ts";
import type { Dpi } from "../label/page.ts";
import { toPreviewPng } from "../label/preview.ts";
import { printedList } from "../label/printed-list.ts";
import { layoutName } from "../label/shipped-template.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { minuteOf } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import type { ReprintReason } from "../rules/reprint.ts";
import { isSandbox, SANDBOX_MARK } from "../rules/sandbox.ts";
import { connected } from "../store/pool.ts";
import { SQLSTATE, sqlStateOf } from "../store/query.ts";
import { lastPrintNumbers } from "../store/statement.ts";
import type { TenantRow } from "../store/tenant.ts";
import type { Actor } from "../access/actor.ts";
import { effectiveProfile, tighterProfile } from "../access/print-profile.ts";
import { allowedBy, policyAt } from "../access/policy.ts";
import { openViews } from "./open-views.ts";
import type { OpenedView, ViewResult } from "./open-views.ts";
import { requireUnended } from "./print-lock.ts";
import { recordBatch } from "./print-record.ts";
import type { Ready } from "./print-record.ts";
import { printableBy } from "./print-supplier.ts";
import type { Printable } from "./print-supplier.ts";
import { ticketOf } from "./print-ticket.ts";
import { statementBytes } from "./statement.ts";
import { tightened } from "./tighten.ts";
import type { PrintedView } from "./tighten.ts";
import type { Vault } from "./vault.ts";
import { anewWhile } from "./outdated.ts";

export interface PrintedLabel {
  readonly label: PrintableLabel;
  readonly token: string;
  /** Counts the prints of this waybill, from 1. */
  readonly printNumber: number;
  /** Id of the batch's audit entry, hex. */
  readonly entry: string;
}

export interface UnprintedLabel {
  readonly token: string;
  readonly code: FailureCode;
}

export interface PrintRequest {
  readonly tokens: readonly string[];
  readonly actor: Actor;
  readonly fonts: Fonts;
  /**
   * Id or name of the outlet that prints, the actor's own or one below: the profile that rules over
   * it at this moment counts, if it is tighter than the one that a waybill was sealed with. Without
   * it the actor's own branch prints, and the tenant for whoever belongs to none.
   */
  readonly organisation?: string | null;
  /** The paper; 76 x 130 mm without it. */
  readonly size?: LabelSize;
  /** What the merchant wants said in the area of its own; none without it. */
  readonly merchantText?: string;
  /** Whether the labels carry a ticket (面单密码) in their 2-D code. */
  readonly ticket?: boolean;
  /** Why labels that were printed before are printed again; those are refused without it. */
  readonly reprintReason?: ReprintReason | null;
  /** Where the labels go, as the statement shall name it; at most 100 characters count. */
  readonly printer?: string;
  /** Told of each label that cannot be printed; without it the first one is thrown. */
  readonly onRefused?: (refused: UnprintedLabel) => void;
}

const PRINTER_CHARACTERS_MAX = 100;
const NOBODY: LabelParty = { name: "", phone: "", address: "" };

/** The view as it may be printed now: as it was sealed, or tighter. */
function printedView(run: Run, { view }: OpenedView): { view: PrintedView; profile: MaskProfile } {
  const sealedWith = profileOf(view.profile);
  const profile = tighterProfile(sealedWith, run.profile);
  if (profile.name === sealedWith.name) return { view, profile };
  return { view: tightened(view, profile, run.vault.gazetteer), profile };
}

function labelData(
  printing: OpenedView,
  printed: PrintedView,
  print: { readonly number: number; readonly at: string; readonly tenant: TenantRow },
): LabelData {
  const { shell, view, token } = printing;
  const { tenant } = print;
  return {
    carrier: isSandbox(tenant) ? `${SANDBOX_MARK} ${shell.carrier}` : shell.carrier,
    waybillNumber: shell.waybillNumber,
    sortCode: view.sortCode,
    destination: view.destination,
    recipient: printed.recipient,
    sender: printed.sender ?? NOBODY,
    goods: printed.goods,
    orderNumber: view.orderNumber,
    printedAt: print.at,
    printNumber: print.number,
    token,
    remark: printed.remark,
  };
}

interface Run {
  readonly vault: Vault;
  readonly request: PrintRequest;
  readonly actor: Actor;
  readonly at: Date;
  /** What rules over the outlet that prints, at this moment. */
  readonly profile: MaskProfile;
  /** Tokens whose refusal was told. */
  readonly refused: Set<string>;
}

function labelOf(run: Run, printing: OpenedView, number: number): PrintableLabel {
  const { vault, request } = run;
  const { view, profile } = printedView(run, printing);
  const at = minuteOf(run.at, vault.timeZone);
  const data: LabelData = {
    ...labelData(printing, view, { number, at, tenant: vault.tenant }),
    size: request.size ?? USUAL_SIZE,
    merchant: request.merchantText ?? "",
    ticket: request.ticket === true ? ticketOf(vault, printing, { number, profile }) : "",
  };
  return gate(data, profile, vault.gazetteer);
}

/** Why the label is printed again; a print after the first needs a reason. */
function reasonFor(run: Run, printNumber: number): ReprintReason | null {
  if (printNumber === 1) return null;
  const { reprintReason = null } = run.request;
  if (reprintReason === null) throw new Failure("REPRINT_REASON_MISSING");
  return reprintReason;
}

function statementOf(
  run: Run,
  printing: OpenedView,
  made: { label: PrintableLabel; printNumber: number; reason: ReprintReason | null },
): Uint8Array {
  const { vault, request, actor, at } = run;
  const { ticket } = made.label.data;
  return statementBytes(vault.tenant.id, printing.key, {
    ...made,
    token: printing.token,
    layout: layoutName(request.size ?? USUAL_SIZE),
    printed: printedStrings(printedList(made.label, request.fonts)),
    ticket: ticket === undefined || ticket === "" ? null : ticket,
    printer: request.printer?.slice(0, PRINTER_CHARACTERS_MAX) ?? null,
    actor: actor.pseudonym,
    at,
  });
}

function prepare(run: Run, printing: OpenedView, printNumber: number): Ready | null {
  try {
    requireUnended(printing.shell.parcelState);
    const reason = reasonFor(run, printNumber);
    const label = labelOf(run, printing, printNumber);
    const statement = statementOf(run, printing, { label, printNumber, reason });
    return { printing, label, printNumber, statement };
  } catch (error) {
    if (run.request.onRefused === undefined || !isFailure(error)) throw error;
    refuse(run, { token: printing.token, code: error.code });
    return null;
  }
}

async function printNumbersOf(
  vault: Vault,
  printings: readonly OpenedView[],
): Promise<Map<OpenedView, number>> {
  const numbers = new Map<OpenedView, number>();
  for (const [serial, group] of Map.groupBy(printings, ({ shell }) => shell.compartment)) {
    const shellWeek = group[0]?.shell.shellWeek;
    if (shellWeek === undefined) continue;
    const slots = group.map(({ shell }) => shell.slot);
    const last = await connected(vault.database, async (connection) =>
      lastPrintNumbers(connection, { shellWeek, compartment: serial }, slots),
    );
    for (const printing of group) numbers.set(printing, (last.get(printing.shell.slot) ?? 0) + 1);
  }
  return numbers;
}

/** Tells of a label that cannot be printed, or throws it where nobody wants to be told. */
function refuse(run: Run, refused: UnprintedLabel): void {
  if (run.request.onRefused === undefined) throw new Failure(refused.code);
  // A batch that is numbered again must not tell twice.
  if (run.refused.has(refused.token)) return;
  run.refused.add(refused.token);
  run.request.onRefused(refused);
}

async function printableOf(run: Run, tokens: readonly string[]): Promise<Printable> {
  const { vault, request } = run;
  const opened = openedOf(run, await openViews(vault, tokens));
  return printableBy(vault, request, { opened, refuse: (refused) => refuse(run, refused) });
}

function openedOf(run: Run, results: readonly ViewResult[]): OpenedView[] {
  const opened: OpenedView[] = [];
  for (const result of results) {
    if ("opened" in result) opened.push(result.opened);
    else refuse(run, result);
  }
  return opened;
}

async function printOnce(run: Run, { printings, supplied }: Printable): Promise<PrintedLabel[]> {
  const numbers = await printNumbersOf(run.vault, printings);
  const ready = printings
    .map((printing) => prepare(run, printing, numbers.get(printing) ?? 1))
    .filter((label) => label !== null);
  if (ready.length === 0) return [];
  const { vault, request, actor, at } = run;
  const entry = await recordBatch(vault, { ready, supplied, printer: request, actor, at });
  return ready.map(({ label, printing: { token }, printNumber }) => ({
    label,
    token,
    printNumber,
    entry,
  }));
}

/** One of the batch was printed or changed while it was drawn. */
function isOutdated(error: unknown): boolean {
  return isFailure(error, "WAYBILL_MOVING") || sqlStateOf(error) === SQLSTATE.uniqueViolation;
}

/**
 * What rules over the outlet that prints. Throws ACCESS_DENIED, and LABEL_SIZE_NOT_ALLOWED where
 * its settings leave the paper out.
 */
async function requirePrinting(
  vault: Vault,
  { actor, size = USUAL_SIZE, organisation }: Omit<PrintRequest, "tokens">,
): Promise<MaskProfile> {
  const outlet = await authoriseFor(vault, { actor, verb: "print" }, organisation ?? null);
  const policy = await policyAt(vault, outlet);
  if (!allowedBy(policy, "label-sizes").includes(size)) throw new Failure("LABEL_SIZE_NOT_ALLOWED");
  return effectiveProfile(vault, outlet);
}

/**
 * Makes the labels of up to a few thousand waybills printable, in the order asked for. Their
 * statements are durable when this resolves. What keeps one label from being printed
 * (TOKEN_UNKNOWN, DATA_DEAD, ENVELOPE_BROKEN, LABEL_LINT_FAILED, LABEL_OVERFLOW,
 * LABEL_GLYPH_MISSING, REPRINT_REASON_MISSING, WAYBILL_VOID, PARCEL_ENDED, and to a merchant
 * ACCESS_DENIED, DROP_SHIP_LATE or DROP_SHIP_SPENT) is told to `onRefused`, and thrown where that
 * is not given. What ends or is sent elsewhere while its label is drawn is drawn anew;
 * WAYBILL_MOVING where that does not end. Throws ORGANISATION_UNKNOWN for an outlet that is none of
 * the tenant's, ACCESS_DENIED for one that is another's, and LABEL_SIZE_NOT_ALLOWED.
 */
export async function printLabels(vault: Vault, request: PrintRequest): Promise<PrintedLabel[]> {
  const { actor } = request;
  const profile = await requirePrinting(vault, request);
  const run: Run = { vault, request, actor, at: vault.now(), profile, refused: new Set() };
  return anewWhile(isOutdated, async () => printOnce(run, await printableOf(run, request.tokens)));
}

/**
 * A picture of the label as it would print now: stamped, without working codes, and no print: it
 * counts nothing and states nothing. For whoever may print. Fails as `printLabels` does.
 */
export async function previewLabel(
  vault: Vault,
  request: Omit<PrintRequest, "tokens" | "onRefused">,
  shown: { readonly token: string; readonly dpi: Dpi },
): Promise<Uint8Array> {
  const profile = await requirePrinting(vault, request);
  // Nothing is printed, so it needs no reason, whatever number the print would have.
  const one = { ...request, tokens: [shown.token], reprintReason: "resumed" as const };
  const { actor } = request;
  const run: Run = { vault, request: one, actor, at: vault.now(), profile, refused: new Set() };
  const [printing] = (await printableOf(run, one.tokens)).printings;
  if (printing === undefined) throw new Failure("TOKEN_UNKNOWN");
  const numbers = await printNumbersOf(vault, [printing]);
  const ready = prepare(run, printing, numbers.get(printing) ?? 1);
  if (ready === null) throw new Failure("TOKEN_UNKNOWN");
  return toPreviewPng(ready.label, shown.dpi, request.fonts);
}

const BATCH_LABELS = 1000;

/** As `printLabels`, for any number of tokens, a thousand at a time. */
export async function* printBatches(
  vault: Vault,
  request: PrintRequest,
): AsyncGenerator<PrintedLabel[]> {
  for (let at = 0; at < request.tokens.length; at += BATCH_LABELS) {
    const tokens = request.tokens.slice(at, at + BATCH_LABELS);
    yield await printLabels(vault, { ...request, tokens });
  }
}
