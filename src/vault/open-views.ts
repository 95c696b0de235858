/**
 * Opens masked views in bulk, compartment by compartment, for printing. Parties stay closed (P12).
 */
import type { Cover } from "../crypto/key-tree.ts";
import { locateToken, parseToken } from "../crypto/token.ts";
import type { TokenParts } from "../crypto/token.ts";
import { Failure, isFailure, isLasting } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { findCompartment } from "../store/compartment.ts";
import type { CompartmentRow } from "../store/compartment.ts";
import { findParties } from "../store/party.ts";
import type { PartyRow } from "../store/party.ts";
import { connected } from "../store/pool.ts";
import { headOf } from "../store/shell-lock.ts";
import { findShells } from "../store/shell.ts";
import type { FoundShell } from "../store/shell.ts";
import { findRecord, isPastDeath, openEnvelope, openParties, waybillKey } from "./record.ts";
import type { WaybillKey } from "./record.ts";
import { accessGate } from "./standing.ts";
import type { IsClosed } from "./standing.ts";
import { tokenKeysOf } from "./token-key.ts";
import type { Vault } from "./vault.ts";
import { decodeView } from "./view.ts";
import type { Parties, View } from "./view.ts";

/** A waybill whose view is open. */
export interface OpenedView {
  readonly token: string;
  readonly shell: FoundShell;
  readonly key: WaybillKey;
  readonly view: View;
  /** What tells this view from one that was sealed since (`headOf`). */
  readonly head: Uint8Array;
  /** Opens the parties, for whoever seals them again; printing without a ticket never does. */
  readonly parties: () => Parties;
}

/**
 * One token's outcome: its view, or why there is none. A damaged or dead one never stops the rest.
 */
export type ViewResult =
  | { readonly token: string; readonly opened: OpenedView }
  | { readonly token: string; readonly code: FailureCode };

interface Located {
  readonly token: string;
  readonly parts: TokenParts;
}

/** Where each of `tokens` would lie if it was made with the newest token key. */
async function locateAll(vault: Vault, tokens: readonly string[]): Promise<Located[]> {
  const { suite, keys } = await tokenKeysOf(vault);
  const [{ key }] = keys;
  // A token that came twice is printed once.
  const distinct = new Set(tokens.map(parseToken));
  return [...distinct].map((token) => ({ token, parts: locateToken(token, { suite, key }) }));
}

/** Those of `unknown` that an earlier token key knows. One look-up each: they are few. */
async function locateEarlier(
  vault: Vault,
  unknown: readonly { readonly token: string }[],
): Promise<Located[]> {
  if ((await tokenKeysOf(vault)).keys.length === 1) return [];
  const located: Located[] = [];
  for (const { token } of unknown) {
    try {
      const {
        compartment: serial,
        slot,
        tokenRandom: random,
      } = (await findRecord(vault, token)).shell;
      located.push({ token, parts: { serial, slot, random } });
    } catch (error) {
      if (!isFailure(error, "TOKEN_UNKNOWN")) throw error;
    }
  }
  return located;
}

interface Source {
  readonly suite: number;
  readonly cover: Cover;
  readonly compartment: CompartmentRow;
  readonly shells: ReadonlyMap<number, FoundShell>;
  readonly parties: ReadonlyMap<number, PartyRow>;
}

async function compartmentOf(vault: Vault, serial: number): Promise<CompartmentRow> {
  const found = await connected(vault.database, async (connection) =>
    findCompartment(connection, serial),
  );
  if (found === null || found.tenantId !== vault.tenant.id) throw new Failure("TOKEN_UNKNOWN");
  if (isPastDeath(vault, found.dayOfDeath)) throw new Failure("DATA_DEAD");
  return found;
}

async function readSource(vault: Vault, serial: number, slots: readonly number[]): Promise<Source> {
  const compartment = await compartmentOf(vault, serial);
  const { record, cover } = await vault.keys.openCompartment(serial);
  const { shellWeek, deathWeek } = compartment;
  const [shells, parties] = await connected(vault.database, async (connection) => [
    await findShells(connection, { shellWeek, compartment: serial }, slots),
    await findParties(connection, { deathWeek, compartment: serial }, slots),
  ]);
  return {
    suite: record.suite,
    cover,
    compartment,
    shells: new Map(shells.map((shell) => [shell.slot, shell])),
    parties: new Map(parties.map((party) => [party.slot, party])),
  };
}

function openOne(source: Source, { token, parts }: Located, isClosed: IsClosed): OpenedView {
  const shell = source.shells.get(parts.slot);
  const party = source.parties.get(parts.slot);
  if (shell === undefined || !Buffer.from(shell.tokenRandom).equals(parts.random)) {
    throw new Failure("TOKEN_UNKNOWN");
  }
  if (party === undefined) throw new Failure("DATA_DEAD");
  if (isClosed(shell)) throw new Failure("ACCESS_CLOSED");
  const key = waybillKey(shell, source);
  return {
    token,
    shell,
    key,
    view: decodeView(openEnvelope(key, "view", party.view)),
    head: headOf(party.view),
    parties: () => openParties(key, party.parties),
  };
}

function codeOf(error: unknown): FailureCode {
  // The failures of a database or key store that cannot be reached concern all, not this token.
  if (!isLasting(error)) throw error;
  return error.code === "KEY_DESTROYED" ? "DATA_DEAD" : error.code;
}

async function openGroup(
  vault: Vault,
  group: readonly [serial: number, located: readonly Located[]],
  isClosed: IsClosed,
): Promise<ViewResult[]> {
  const [serial, all] = group;
  try {
    const slots = all.map(({ parts }) => parts.slot);
    const source = await readSource(vault, serial, slots);
    return all.map((located) => resultOf(located.token, () => openOne(source, located, isClosed)));
  } catch (error) {
    const code = codeOf(error);
    return all.map(({ token }) => ({ token, code }));
  }
}

function resultOf(token: string, open: () => OpenedView): ViewResult {
  try {
    return { token, opened: open() };
  } catch (error) {
    return { token, code: codeOf(error) };
  }
}

/**
 * The views of `tokens`, in the order asked for. Throws for text that is no token at all, and when
 * database or key store cannot be reached; everything that concerns one waybill is its own result.
 */
export async function openViews(vault: Vault, tokens: readonly string[]): Promise<ViewResult[]> {
  const located = await locateAll(vault, tokens);
  const results = new Map<string, ViewResult>();
  const isClosed = await accessGate(vault);
  const openAll = async (some: readonly Located[]): Promise<void> => {
    for (const group of Map.groupBy(some, ({ parts }) => parts.serial)) {
      for (const result of await openGroup(vault, group, isClosed)) {
        results.set(result.token, result);
      }
    }
  };
  await openAll(located);
  const unknown = [...results.values()].filter(
    (result) => "code" in result && result.code === "TOKEN_UNKNOWN",
  );
  await openAll(await locateEarlier(vault, unknown));
  return located.map(
    ({ token }) => results.get(token) ?? { token, code: "TOKEN_UNKNOWN" satisfies FailureCode },
  );
}
