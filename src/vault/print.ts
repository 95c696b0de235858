/**
 * Print (打印): opens masked views, never parties (P12), passes the lint gate (P1), and leaves a
 * statement for each label (P14). The statements of a batch are the leaves of a Merkle tree whose
 * root is one entry; statements and entry commit before a label leaves.
 */
import { canonicalJson } from "../audit/canonical-json.ts";
import { LEAF_ID_BYTES } from "../audit/leaf.ts";
import { merkleRoot } from "../audit/merkle.ts";
import { suiteOf } from "../crypto/suites.ts";
import { locateToken, parseToken } from "../crypto/token.ts";
import type { TokenParts } from "../crypto/token.ts";
import { commitment } from "../crypto/waybill-key.ts";
import { printedText } from "../label/display-list.ts";
import type { Fonts } from "../label/font.ts";
import { gate, printableData } from "../label/gate.ts";
import type { PrintableLabel } from "../label/gate.ts";
import type { LabelData, LabelParty } from "../label/label.ts";
import { layout } from "../label/layout.ts";
import { ONE_PLY_76_130 } from "../label/size.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import { minuteOf } from "../rules/calendar.ts";
import { Failure, isFailure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { insertLeaves } from "../store/audit-leaf.ts";
import { findCompartment } from "../store/compartment.ts";
import type { CompartmentRow } from "../store/compartment.ts";
import { findParties } from "../store/party.ts";
import { connected, transaction } from "../store/pool.ts";
import { findShells, setShellState } from "../store/shell.ts";
import type { ShellRow } from "../store/shell.ts";
import { copyStatements, lastPrintNumbers } from "../store/statement.ts";
import type { StatementRow } from "../store/statement.ts";
import { actorOf, newEntry } from "../access/entry.ts";
import { openEnvelope, waybillKey } from "./record.ts";
import type { WaybillKey } from "./record.ts";
import type { Vault } from "./vault.ts";
import { decodeView } from "./view.ts";
import type { View } from "./view.ts";

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
  readonly account: string;
  readonly fonts: Fonts;
  /** Told of each label that cannot be printed; without it the first one is thrown. */
  readonly onRefused?: (refused: UnprintedLabel) => void;
}

const LAYOUT_NAME = "76x130/1";
const NOBODY: LabelParty = { name: "", phone: "", address: "" };

/** A waybill that is ready to be printed, but for its number and its statement. */
interface Printing {
  readonly token: string;
  readonly shell: ShellRow;
  readonly compartment: CompartmentRow;
  readonly key: WaybillKey;
  readonly view: View;
}

interface Located {
  readonly token: string;
  readonly parts: TokenParts;
}

async function locateAll(vault: Vault, tokens: readonly string[]): Promise<Located[]> {
  const { token: key } = await vault.keys.tenantKeys(vault.tenant.id);
  const suite = suiteOf(vault.tenant.suite);
  return tokens.map((text) => {
    const token = parseToken(text);
    return { token, parts: locateToken(token, { suite, key }) };
  });
}

async function compartmentOf(vault: Vault, serial: number): Promise<CompartmentRow> {
  const found = await connected(vault.database, async (connection) =>
    findCompartment(connection, serial),
  );
  if (found === null || found.tenantId !== vault.tenant.id) throw new Failure("TOKEN_UNKNOWN");
  return found;
}

async function coverOf(vault: Vault, serial: number) {
  try {
    return await vault.keys.openCompartment(serial);
  } catch (error) {
    if (isFailure(error, "KEY_DESTROYED")) throw new Failure("DATA_DEAD");
    throw error;
  }
}

/** Reads and opens the views of all tokens that lie in one compartment. */
async function openGroup(
  vault: Vault,
  serial: number,
  group: readonly Located[],
): Promise<Map<string, Printing>> {
  const compartment = await compartmentOf(vault, serial);
  const { record, cover } = await coverOf(vault, serial);
  const slots = group.map(({ parts }) => parts.slot);
  const { shellWeek, deathWeek } = compartment;
  const [shells, parties] = await connected(vault.database, async (connection) => [
    await findShells(connection, { shellWeek, compartment: serial }, slots),
    await findParties(connection, { deathWeek, compartment: serial }, slots),
  ]);
  const shellAt = new Map(shells.map((shell) => [shell.slot, shell]));
  const partyAt = new Map(parties.map((party) => [party.slot, party]));
  const opened = new Map<string, Printing>();
  for (const { token, parts } of group) {
    const shell = shellAt.get(parts.slot);
    const party = partyAt.get(parts.slot);
    if (shell === undefined || !Buffer.from(shell.tokenRandom).equals(parts.random))
      throw new Failure("TOKEN_UNKNOWN");
    if (party === undefined) throw new Failure("DATA_DEAD");
    const key = waybillKey(shell, { suite: record.suite, cover });
    opened.set(token, {
      token,
      shell,
      compartment,
      key,
      view: decodeView(openEnvelope(key, "view", party.view)),
    });
  }
  return opened;
}

async function openAll(vault: Vault, tokens: readonly string[]): Promise<Printing[]> {
  const located = await locateAll(vault, tokens);
  const opened = new Map<string, Printing>();
  for (const [serial, group] of Map.groupBy(located, ({ parts }) => parts.serial)) {
    for (const [token, printing] of await openGroup(vault, serial, group))
      opened.set(token, printing);
  }
  // In the order in which they were asked for; a token that came twice is printed once.
  return [...new Set(located.map(({ token }) => token))].map((token) => {
    const printing = opened.get(token);
    if (printing === undefined) throw new Failure("TOKEN_UNKNOWN");
    return printing;
  });
}

function labelData(printing: Printing, printNumber: number, printedAt: string): LabelData {
  const { shell, view, token } = printing;
  return {
    carrier: shell.carrier,
    waybillNumber: shell.waybillNumber,
    sortCode: view.sortCode,
    destination: view.destination,
    recipient: view.recipient,
    sender: view.sender ?? NOBODY,
    goods: view.goods,
    orderNumber: view.orderNumber,
    printedAt,
    printNumber,
    token,
    remark: view.remark,
  };
}

/** A label that passed gate and layout, and the bytes of its statement. */
interface Ready {
  readonly printing: Printing;
  readonly label: PrintableLabel;
  readonly printNumber: number;
  readonly statement: Uint8Array;
}

interface Run {
  readonly vault: Vault;
  readonly request: PrintRequest;
  readonly actor: string;
  readonly at: Date;
}

function statementOf(
  run: Run,
  printing: Printing,
  made: { label: PrintableLabel; printNumber: number; text: string },
): Uint8Array {
  const { suite, leaf } = printing.key;
  const printed = commitment(suite, leaf, { kind: "printed", value: made.text });
  return canonicalJson({
    v: 1,
    tenant: run.vault.tenant.id,
    profile: made.label.profile,
    rule: made.label.ruleVersion,
    layout: LAYOUT_NAME,
    lint: "passed",
    printed: Buffer.from(printed).toString("hex"),
    printNumber: made.printNumber,
    actor: run.actor,
    at: run.at.toISOString(),
  });
}

function prepare(run: Run, printing: Printing, printNumber: number): Ready | null {
  const { vault, request } = run;
  const printedAt = minuteOf(run.at, vault.timeZone);
  try {
    const data = labelData(printing, printNumber, printedAt);
    const label = gate(data, profileOf(printing.view.profile), vault.gazetteer);
    const text = printedText(layout(printableData(label), ONE_PLY_76_130, request.fonts)).join(
      "\n",
    );
    return {
      printing,
      label,
      printNumber,
      statement: statementOf(run, printing, { label, printNumber, text }),
    };
  } catch (error) {
    if (request.onRefused === undefined || !isFailure(error)) throw error;
    request.onRefused({ token: printing.token, code: error.code });
    return null;
  }
}

async function printNumbersOf(
  vault: Vault,
  printings: readonly Printing[],
): Promise<Map<Printing, number>> {
  const numbers = new Map<Printing, number>();
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

function statementRows(run: Run, ready: readonly Ready[], batchLeaf: Uint8Array): StatementRow[] {
  return ready.map(({ printing, printNumber, statement }, batchIndex) => ({
    shellWeek: printing.shell.shellWeek,
    compartment: printing.shell.compartment,
    slot: printing.shell.slot,
    bucket: printing.shell.bucket,
    printNo: printNumber,
    batchLeaf,
    batchIndex,
    body: statement,
    printedAt: run.at,
  }));
}

async function recordBatch(run: Run, ready: readonly Ready[]): Promise<string> {
  const { vault } = run;
  const id = vault.randomBytes(LEAF_ID_BYTES);
  const first = ready[0]?.label;
  const leaf = newEntry(vault, {
    type: "print-batch",
    actor: run.actor,
    id,
    count: ready.length,
    root: Buffer.from(merkleRoot(ready.map(({ statement }) => statement))).toString("hex"),
    ...(first === undefined ? {} : { profile: first.profile, rule: first.ruleVersion }),
  });
  await transaction(vault.database, async (connection) => {
    await insertLeaves(connection, [leaf]);
    await copyStatements(connection, statementRows(run, ready, id));
    for (const [compartment, group] of Map.groupBy(
      ready,
      ({ printing }) => printing.shell.compartment,
    )) {
      const slots = group.map(({ printing }) => printing.shell.slot);
      const shellWeek = group[0]?.printing.shell.shellWeek;
      if (shellWeek !== undefined)
        await setShellState(connection, { shellWeek, compartment, slots }, "printed");
    }
  });
  return Buffer.from(id).toString("hex");
}

/**
 * Makes the labels of up to a few thousand waybills printable, in the order asked for. Their
 * statements are durable when this resolves. Throws TOKEN_UNKNOWN, DATA_DEAD, or, where `onRefused`
 * is not given, what kept a label from being printed: LABEL_LINT_FAILED, LABEL_OVERFLOW,
 * LABEL_GLYPH_MISSING.
 */
export async function printLabels(vault: Vault, request: PrintRequest): Promise<PrintedLabel[]> {
  const run: Run = {
    vault,
    request,
    actor: await actorOf(vault, request.account),
    at: vault.now(),
  };
  const printings = await openAll(vault, request.tokens);
  const numbers = await printNumbersOf(vault, printings);
  const ready = printings
    .map((printing) => prepare(run, printing, numbers.get(printing) ?? 1))
    .filter((label) => label !== null);
  if (ready.length === 0) return [];
  const entry = await recordBatch(run, ready);
  return ready.map(({ label, printing, printNumber }) => ({
    label,
    token: printing.token,
    printNumber,
    entry,
  }));
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
