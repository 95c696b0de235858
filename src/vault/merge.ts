/**
 * Merge groups (合单): which of some waybills go to the same recipient, so that one parcel may do.
 * Recipients are opened inside and compared; what leaves is a group for each token, under an id
 * that is random in every call. No oracle (P18): only waybills that the same actor sealed for the
 * same merchant are ever compared, so that nobody learns of a stranger's order by sealing a guess
 * beside it, and every call spends quota before anything is opened.
 */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/authorise.ts";
import { isTenantWide } from "../access/place.ts";
import { newEntry } from "../access/entry.ts";
import { requireQuota } from "../access/quota.ts";
import { merkleRoot } from "../audit/merkle.ts";
import { parseToken } from "../crypto/token.ts";
import { isExternal } from "../privacy/external.ts";
import type { Recipient } from "../privacy/external.ts";
import { normalisePhone } from "../privacy/phone.ts";
import type { Party } from "../privacy/plain.ts";
import { Failure, isFailure, isTellable } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { MERGE_TOKENS_MAX, mergeLooks } from "../rules/merge.ts";
import { openViews } from "./open-views.ts";
import type { OpenedView } from "./open-views.ts";
import { sealersOf } from "./sealer.ts";
import type { Sealer } from "./sealer.ts";
import type { Vault } from "./vault.ts";
import { placeKey } from "./waybill-place.ts";

export interface MergeRequest {
  /** 1 to 1,000; one that comes twice counts once. */
  readonly tokens: readonly string[];
  readonly actor: Actor;
}

/** Where one waybill belongs, or why it is not compared. */
export type Grouped =
  | { readonly token: string; readonly group: string }
  | { readonly token: string; readonly code: FailureCode };

export interface MergeGroups {
  /** In the order asked for. */
  readonly results: readonly Grouped[];
  /** How many waybills could be compared, and into how many groups they fell. */
  readonly compared: number;
  readonly groups: number;
  /** Id of the audit entry, hex, and the log's receipt for it. */
  readonly entry: string;
  readonly receipt: string;
}

const GROUP_BYTES = 8;
const SPACES = /[\s,，.。]+/gu;

/**
 * Equal for the same recipient as people write it, width, spaces and commas aside. Whom a platform
 * withholds only its own id tells; without one there is nothing to compare (PLATFORM_HOLDS).
 */
function recipientKey(recipient: Recipient): string {
  if (!isExternal(recipient)) return partyKey(recipient);
  if (recipient.token === null) throw new Failure("PLATFORM_HOLDS");
  return JSON.stringify([recipient.platform, recipient.token]);
}

function partyKey({ name, phone, address }: Party): string {
  const number = normalisePhone(phone);
  const plain = (text: string): string => text.normalize("NFKC").replaceAll(SPACES, "");
  const dialled = number === null ? plain(phone) : `${number.digits} ${number.extension}`;
  return JSON.stringify([plain(name), dialled, plain(address)]);
}

/** A machine and a merchant: what they sealed. A branch: what it and those below it sealed. */
function mayCompare(actor: Actor, sealer: Sealer): boolean {
  if (actor.pseudonym === sealer.pseudonym) return true;
  if (actor.kind !== "person" || actor.role === "merchant") return false;
  if (isTenantWide(actor)) return true;
  const { organisationId } = actor;
  return organisationId !== null && sealer.organisationPath.includes(organisationId);
}

function codeOf(error: unknown): FailureCode {
  if (isFailure(error) && error.row.status !== 503) return error.code;
  throw error;
}

interface Comparison {
  readonly actor: Actor;
  readonly sealers: ReadonlyMap<string, Sealer>;
  /** Ids that this call has given, by what is equal; nothing of it outlives the call. */
  readonly ids: Map<string, string>;
}

function groupOf(vault: Vault, comparison: Comparison, opened: OpenedView): string {
  const { actor, sealers, ids } = comparison;
  const { shell } = opened;
  const sealer = sealers.get(placeKey(shell.compartment, shell.slot));
  // What is not the asker's to compare is answered like what never existed.
  if (sealer === undefined || !mayCompare(actor, sealer)) throw new Failure("TOKEN_UNKNOWN");
  const merchant = Buffer.from(shell.merchantKey ?? []).toString("hex");
  const equal = `${sealer.pseudonym} ${merchant} ${recipientKey(opened.parties().recipient)}`;
  const id = ids.get(equal) ?? Buffer.from(vault.randomBytes(GROUP_BYTES)).toString("hex");
  ids.set(equal, id);
  return id;
}

async function compared(
  vault: Vault,
  actor: Actor,
  tokens: readonly string[],
): Promise<{ readonly results: Grouped[]; readonly groups: number }> {
  const views = await openViews(vault, tokens);
  const shells = views.flatMap((view) => ("opened" in view ? [view.opened.shell] : []));
  const comparison = { actor, sealers: await sealersOf(vault, shells), ids: new Map() };
  const results = views.map((view): Grouped => {
    if ("code" in view) return view;
    try {
      return { token: view.token, group: groupOf(vault, comparison, view.opened) };
    } catch (error) {
      return { token: view.token, code: codeOf(error) };
    }
  });
  return { results, groups: comparison.ids.size };
}

/** Readable tokens, each once. Throws as `parseToken`, and MERGE_COUNT. */
function distinctTokens(tokens: readonly string[]): string[] {
  const countMax = MERGE_TOKENS_MAX;
  if (tokens.length === 0 || tokens.length > countMax) {
    throw new Failure("MERGE_COUNT", { countMax });
  }
  return [...new Set(tokens.map((token) => parseToken(token.trim())))];
}

/**
 * Groups waybills by recipient. Throws MERGE_COUNT, ACCESS_DENIED, as `parseToken`, or QUOTA_SPENT
 * (a hundred waybills weigh a look; the same ones again within an hour nothing), and then compares
 * nothing. A waybill that is unknown, dead, closed or not the asker's to compare has a code of its
 * own. The entry (actor, how many were asked for, the Merkle root of their tokens) is durable
 * before this resolves. Two calls share no group id.
 */
export async function mergeGroups(vault: Vault, request: MergeRequest): Promise<MergeGroups> {
  const { actor } = request;
  const tokens = distinctTokens(request.tokens);
  await authorise(vault, { actor, verb: "merge" }, { place: "own" });
  const root = merkleRoot(tokens.map((token) => Buffer.from(token, "latin1")));
  const about = { count: tokens.length, root: Buffer.from(root).toString("hex") };
  const draft = { type: "merge", actor, ...about } as const;
  try {
    const subject = { asked: `merge ${tokens.toSorted().join(" ")}` };
    await requireQuota(vault, { actor, use: "merge", subject, looks: mergeLooks(tokens.length) });
    const { results, groups } = await compared(vault, actor, tokens);
    const leaf = newEntry(vault, draft);
    const receipt = await vault.log.groups.append(leaf);
    const entry = Buffer.from(leaf.id).toString("hex");
    const count = results.filter((result) => "group" in result).length;
    return { results, compared: count, groups, entry, receipt };
  } catch (error) {
    if (isTellable(error)) {
      await vault.log.groups.append(newEntry(vault, { ...draft, failure: error.code }));
    }
    throw error;
  }
}
