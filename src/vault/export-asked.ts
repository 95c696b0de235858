/** What an export is asked for, held against its kind and against the policies (P10). */
import type { Actor } from "../access/actor.ts";
import { authorise, judge } from "../access/authorise.ts";
import { authoriseWithin } from "../access/authorise-within.ts";
import { ownBranch } from "../access/place.ts";
import { daysBetween } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { EXPORT_KIND_NAMES, EXPORT_KINDS } from "../rules/export.ts";
import type { ExportFilter, ExportFormat, ExportKind, ExportKindRow } from "../rules/export.ts";
import { Failure } from "../rules/failure.ts";
import type { Purpose } from "../rules/purposes.ts";
import type { OrderState } from "../rules/question.ts";
import type { Verb } from "../rules/verb.ts";
import type { LogQuestion } from "./log-query.ts";
import type { Vault } from "./vault.ts";

/** A filter that nobody set is null. */
interface Filters {
  /** Where the parcel stands. */
  readonly state: OrderState | null;
  /** The merchant's name, as its orders say it. */
  readonly merchant: string | null;
  readonly question: LogQuestion | null;
}

export interface ExportAsked extends Filters {
  readonly actor: Actor;
  readonly kind: ExportKind;
  /** Id or name; null for all that is the asker's. */
  readonly organisation: string | null;
  /** The period's first day, and the day after its last. */
  readonly from: Day;
  readonly to: Day;
  /** Null where the kind has one purpose alone. */
  readonly purpose: Purpose | null;
  /** Null for what the kind is written as where nobody says. */
  readonly format: ExportFormat | null;
}

/** What was asked for, with nothing left open. */
export interface ExportOrder extends ExportAsked {
  readonly purpose: Purpose;
  readonly format: ExportFormat;
}

interface AskedVerb {
  readonly actor: Actor;
  readonly verb: Verb;
}

function askedVerb(actor: Actor, kind: ExportKind): AskedVerb {
  switch (kind) {
    case "inspector-bundle":
      return { actor, verb: "make-bundle" };
    case "masked-waybills":
      return { actor, verb: "export-masked" };
    case "log-entries":
      return { actor, verb: "ask-log" };
    case "statements":
      return { actor, verb: "prove-statement" };
    default:
      return kind satisfies never;
  }
}

async function mayFor(vault: Vault, actor: Actor, kind: ExportKind): Promise<boolean> {
  const { purposes }: ExportKindRow = EXPORT_KINDS[kind];
  for (const purpose of purposes) {
    const asked = askedVerb(actor, kind);
    if ((await judge(vault, asked, { place: "own", purpose })).isAllowed) return true;
  }
  return false;
}

/** Throws ACCESS_DENIED for whoever may export nothing of what `kinds` says. */
export async function authoriseAny(
  vault: Vault,
  actor: Actor,
  kinds: readonly ExportKind[] = EXPORT_KIND_NAMES,
): Promise<void> {
  for (const kind of kinds) if (await mayFor(vault, actor, kind)) return;
  const [kind = "inspector-bundle"] = kinds;
  await authorise(vault, askedVerb(actor, kind), { place: "own" });
}

/** Whether the actor may have this kind for this purpose still. Throws ACCESS_DENIED. */
export async function authoriseKind(
  vault: Vault,
  actor: Actor,
  { kind, purpose }: { readonly kind: ExportKind; readonly purpose: Purpose | null },
): Promise<void> {
  await authorise(vault, askedVerb(actor, kind), { place: "own", purpose });
}

function purposeOf({ purpose }: ExportAsked, { purposes }: ExportKindRow): Purpose {
  const [only] = purposes;
  const found = purpose === null && purposes.length === 1 ? only : purpose;
  if (found === null || !purposes.includes(found))
    throw new Failure("REQUEST_INVALID", { field: "/purpose" });
  return found;
}

function formatOf({ format }: ExportAsked, { formats }: ExportKindRow): ExportFormat {
  const [usual] = formats;
  const found = format ?? usual;
  if (!formats.includes(found)) throw new Failure("REQUEST_INVALID", { field: "/format" });
  return found;
}

/** In the order in which a request is told of them. */
const FILTERS: readonly ExportFilter[] = ["state", "merchant", "question"];

function settled(asked: ExportAsked): ExportOrder {
  const row: ExportKindRow = EXPORT_KINDS[asked.kind];
  const { from, to } = asked;
  if (from >= to) throw new Failure("REQUEST_INVALID", { field: "/to" });
  const stray = FILTERS.find((name) => asked[name] !== null && !row.filters.includes(name));
  if (stray !== undefined) throw new Failure("REQUEST_INVALID", { field: `/${stray}` });
  const order = { ...asked, purpose: purposeOf(asked, row), format: formatOf(asked, row) };
  const { daysMax } = row;
  if (daysMax !== null && daysBetween(from, to) > daysMax)
    throw new Failure("EXPORT_DAYS", { daysMax });
  return order;
}

/**
 * Lets the actor ask for that, and says it in full: somebody of a branch who names none means the
 * own one, but for a bundle, which names whose it is. Throws ACCESS_DENIED before it tells anything
 * else, then REQUEST_INVALID with the field, EXPORT_DAYS or ORGANISATION_UNKNOWN.
 */
export async function ordered(vault: Vault, asked: ExportAsked): Promise<ExportOrder> {
  const { actor, kind } = asked;
  await authoriseAny(vault, actor, [kind]);
  const order = settled(asked);
  const own = kind === "inspector-bundle" ? null : ownBranch(actor);
  const organisation = asked.organisation ?? own;
  const { purpose } = order;
  await authoriseWithin(vault, { ...askedVerb(actor, kind), purpose }, [organisation]);
  return { ...order, organisation };
}
