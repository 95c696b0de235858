/**
 * Lists of masked waybills (脱敏运单清单), to be taken away. Masks die with their waybill and lie
 * nowhere but in its sealed view, so what is made of a list is its places alone; the masks are read
 * when it is downloaded, each as whoever downloads it would be shown it at that moment.
 */
import { hash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { findOwn } from "../access/organisation.ts";
import { requireQuota } from "../access/quota.ts";
import { merchantKeyOf } from "../crypto/blind-index.ts";
import { suiteOf } from "../crypto/suites.ts";
import { startOfDay } from "../rules/calendar.ts";
import { EXPORT_ROWS_MAX, exportLooks } from "../rules/export.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { OrderState } from "../rules/question.ts";
import type { ExportRow } from "../store/export.ts";
import type { WaybillPlace } from "../store/hold.ts";
import { connected, transaction } from "../store/pool.ts";
import { decodePlaces, encodePlaces, PLACE_BYTES, sealBatchesIn } from "../store/seal-batch.ts";
import type { SealBatchRow } from "../store/seal-batch.ts";
import type { FoundShell } from "../store/shell.ts";
import type { ExportOrder } from "./export-asked.ts";
import { readParts } from "./export-parts.ts";
import type { ExportParts } from "./export-parts.ts";
import { MASKED_FORMS, toldWaybill } from "./masked-row.ts";
import { ownOf, standingWith } from "./own-record.ts";
import { ownershipFor } from "./ownership.ts";
import { showMasked } from "./show.ts";
import { tokenKeysOf, tokenOfShell } from "./token-key.ts";
import type { Vault } from "./vault.ts";
import { placeKey, shellsAt } from "./waybill-place.ts";

/** Waybills of the days that are looked at to find those that fit; a bound on work, not on rows. */
const LOOKED_AT_MAX = 2_000_000;
const PAGE_BATCHES = 5;
const PAGE_PLACES = 1_000;
/** Views that are opened at once: few of the connections that everybody shares. */
const OPENED_AT_ONCE = 2;
/** How long one download may take; whoever lost his rights meanwhile gets no more after that. */
const DRAWN_WITHIN_MS = 10 * 60_000;

/** What of a list can be asked of a shell alone. */
type Fits = (shell: FoundShell) => boolean;

function stateOf({ parcelState, state }: FoundShell): OrderState | null {
  return parcelState ?? (state === "erased" ? null : state);
}

async function fitsOf(vault: Vault, { state, merchant }: ExportOrder): Promise<Fits> {
  if (merchant === null) return (shell) => state === null || stateOf(shell) === state;
  const suite = suiteOf(vault.tenant.suite);
  const { intake } = await vault.keys.tenantKeys(vault.tenant.id);
  const keys = new Set(
    intake.map(({ key }) => Buffer.from(merchantKeyOf({ suite, key }, merchant)).toString("hex")),
  );
  return (shell) =>
    (state === null || stateOf(shell) === state) &&
    keys.has(Buffer.from(shell.merchantKey ?? []).toString("hex"));
}

interface Reach {
  readonly actor: Actor;
  /** Id of the organisation that was named; null where none was. */
  readonly organisation: string | null;
}

/** Those of `shells` that are the actor's: a merchant's own, else what stands with the branch. */
async function reached(
  vault: Vault,
  { actor, organisation }: Reach,
  shells: readonly FoundShell[],
): Promise<FoundShell[]> {
  const held = await ownershipFor(vault, actor, shells);
  const [first] = shells;
  if (first !== undefined && held(first).isMerchant)
    return shells.filter((shell) => held(shell).place === "own");
  const own = await ownOf(vault, actor, shells);
  return organisation === null ? own : standingWith(vault, organisation, own);
}

async function* batchesOf(vault: Vault, { from, to }: Pick<ExportOrder, "from" | "to">) {
  const { timeZone, tenant } = vault;
  const period = { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) };
  for (let after: SealBatchRow | null = null; ;) {
    const page = { after, limit: PAGE_BATCHES };
    const batches: SealBatchRow[] = await connected(vault.database, async (connection) =>
      sealBatchesIn(connection, { tenantId: tenant.id, ...period }, page),
    );
    yield batches.flatMap(({ places }) => places);
    after = batches.at(-1) ?? null;
    if (after === null) return;
  }
}

/** The shells at `places`, in their order; what is gone is left out. */
async function shellsOf(vault: Vault, places: readonly WaybillPlace[]): Promise<FoundShell[]> {
  const found = await shellsAt(vault, places);
  return places.flatMap(({ compartment, slot }) => {
    const shell = found.get(placeKey(compartment, slot));
    return shell === undefined ? [] : [shell];
  });
}

async function placesFor(vault: Vault, order: ExportOrder, reach: Reach): Promise<WaybillPlace[]> {
  const fits = await fitsOf(vault, order);
  const found: WaybillPlace[] = [];
  let lookedAt = 0;
  for await (const places of batchesOf(vault, order)) {
    lookedAt += places.length;
    if (lookedAt > LOOKED_AT_MAX)
      throw new Failure("EXPORT_TOO_LARGE", { lookedAtMax: LOOKED_AT_MAX });
    const shells = (await shellsOf(vault, places)).filter(fits);
    found.push(...(await reached(vault, reach, shells)));
    if (found.length > EXPORT_ROWS_MAX)
      throw new Failure("EXPORT_TOO_LARGE", { rowsMax: EXPORT_ROWS_MAX });
  }
  return found;
}

async function organisationOf(vault: Vault, reference: string | null): Promise<string | null> {
  if (reference === null) return null;
  return connected(vault.database, async (c) => (await findOwn(vault, c, reference)).id);
}

/**
 * Finds the waybills of a list, which were sealed in its days, and keeps where they lie. Throws
 * EXPORT_TOO_LARGE, also where more waybills would have to be looked at than one export does.
 */
export async function makeMaskedList(
  vault: Vault,
  order: ExportOrder,
  parts: ExportParts,
): Promise<{ readonly rows: number; readonly organisation: string | null }> {
  const organisation = await organisationOf(vault, order.organisation);
  const places = await placesFor(vault, order, { actor: order.actor, organisation });
  await parts.write(encodePlaces(places));
  await parts.end();
  return { rows: places.length, organisation };
}

/** A list as it is given to whoever downloads it. */
export interface DrawnList {
  readonly rows: number;
  /** Id of the entry that tells of it, hex. */
  readonly entry: string;
  /** The file, made while it is read. */
  readonly pieces: () => AsyncGenerator<Uint8Array>;
}

type Job = Pick<ExportRow, "id" | "kind" | "organisation" | "purpose" | "rows"> & {
  readonly format: keyof typeof MASKED_FORMS;
};

/** The tokens of those waybills of the list that are the actor's still. */
async function tokensOf(vault: Vault, job: Job, actor: Actor): Promise<string[]> {
  const to = (job.rows ?? 0) * PLACE_BYTES;
  const places = decodePlaces(await buffer(readParts(vault, job.id, { from: 0, to })));
  const organisation = await organisationOf(vault, job.organisation);
  const keys = await tokenKeysOf(vault);
  const tokens: string[] = [];
  for (let at = 0; at < places.length; at += PAGE_PLACES) {
    const shells = await shellsOf(vault, places.slice(at, at + PAGE_PLACES));
    const own = await reached(vault, { actor, organisation }, shells);
    tokens.push(...own.map((shell) => tokenOfShell(keys, shell)));
  }
  return tokens;
}

/** What the view of one waybill gives the actor, or "" where it became another's, or is gone. */
async function lineOf(
  vault: Vault,
  { format }: Job,
  asked: { readonly token: string; readonly actor: Actor },
): Promise<string> {
  try {
    return MASKED_FORMS[format].line(toldWaybill(await showMasked(vault, asked)));
  } catch (error) {
    if (isFailure(error, "TOKEN_UNKNOWN") || isFailure(error, "ACCESS_DENIED")) return "";
    throw error;
  }
}

async function* piecesOf(
  vault: Vault,
  job: Job,
  { actor, tokens }: { readonly actor: Actor; readonly tokens: readonly string[] },
): AsyncGenerator<Uint8Array> {
  const endsAt = vault.now().getTime() + DRAWN_WITHIN_MS;
  yield Buffer.from(MASKED_FORMS[job.format].head, "utf8");
  for (let at = 0; at < tokens.length; at += OPENED_AT_ONCE) {
    if (vault.now().getTime() > endsAt) throw new Failure("EXPORT_LOST");
    const some = tokens.slice(at, at + OPENED_AT_ONCE);
    const lines = await Promise.all(
      some.map(async (token) => lineOf(vault, job, { token, actor })),
    );
    yield Buffer.from(lines.join(""), "utf8");
  }
}

/**
 * The list for whoever downloads it, once its entry is durable (P11): how many waybills, and the
 * digest of their tokens, one a line. Throws QUOTA_SPENT, which is an entry too, and then opens
 * nothing; a thousand waybills weigh a look, the same list again within an hour none.
 */
export async function drawMaskedList(vault: Vault, job: Job, actor: Actor): Promise<DrawnList> {
  const tokens = await tokensOf(vault, job, actor);
  const { id: request, kind: mode, purpose } = job;
  const about = { request, mode, count: tokens.length, ...(purpose === null ? {} : { purpose }) };
  const draft = { type: "export", actor, ...about } as const;
  const digest = hash("sha256", tokens.map((token) => `${token}\n`).join(""));
  const told = async (outcome: { readonly digest: string } | { readonly failure: string }) =>
    transaction(vault.database, async (c) => writeEntry(vault, c, { ...draft, ...outcome }));
  try {
    const subject = { asked: `export ${request}` };
    await requireQuota(vault, { actor, use: "export", subject, looks: exportLooks(tokens.length) });
  } catch (error) {
    if (isFailure(error, "QUOTA_SPENT")) await told({ failure: error.code });
    throw error;
  }
  const entry = await told({ digest });
  return { rows: tokens.length, entry, pieces: () => piecesOf(vault, job, { actor, tokens }) };
}
