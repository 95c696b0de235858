/** `midan keys`: what a security officer does with the key store. */
import { readFile } from "node:fs/promises";
import { dayOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { Language, TextKey } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { backupKeys, discardCopy, keysStatus, restoreKeys, rotateKeys } from "../vault/keys.ts";
import type { KeysStatus, RotationProgress } from "../vault/keys.ts";
import { SIGNING_USES, rotateSigningKeys } from "../vault/signing-key-rotation.ts";
import type { SigningKeyStatus, SigningUse } from "../vault/signing-key-rotation.ts";
import { renewTenantKeys } from "../vault/tenant-key-rotation.ts";
import type { KeysOfUse } from "../vault/tenant-key-rotation.ts";
import type { Reconciled } from "../vault/reconcile.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson, printPair } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { writeNew } from "./new-file.ts";
import { runReissued } from "./reissued.ts";
import type { ReissuedOptions } from "./reissued.ts";

interface BackupOptions extends SharedOptions {
  readonly to: string;
  readonly out: string;
}

interface RestoreOptions extends SharedOptions {
  readonly key?: string;
  readonly acceptOlder?: boolean;
}

interface RotateOptions extends SharedOptions {
  readonly root?: boolean;
  readonly to?: string;
  readonly tenant?: boolean;
  readonly signing?: string;
}

interface DiscardOptions extends SharedOptions {}

/** As large as a backup may be; PEM files are far smaller. */
const FILE_BYTES_MAX = 260 * 1024 * 1024;

async function readInput(option: string, file: string): Promise<Buffer> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= FILE_BYTES_MAX) return bytes;
  } catch {
    // Falls through: a file that cannot be read is as wrong as one that is too large.
  }
  throw new Failure("USAGE", { option });
}

function dayIn(vault: Vault, { madeAt }: KeysOfUse): string {
  return dayOf(madeAt, vault.timeZone);
}

/** What is in use for tokens and order hashes, and when the earlier ones will all be gone. */
function tenantPairs(
  vault: Vault,
  language: Language,
  keys: readonly KeysOfUse[],
): [TextKey, string][] {
  return keys.map((one) => {
    const until = one.old
      .map(({ neededUntil }) => neededUntil)
      .toSorted()
      .at(-1);
    const said = { number: one.number, day: dayIn(vault, one), old: one.old.length };
    const text =
      until === undefined
        ? say(language, "keys.tenant", said)
        : say(language, "keys.tenantUntil", { ...said, until });
    return [`keys.use.${one.use}`, text];
  });
}

/** What signs, how far its change is, and how many earlier private keys there still are. */
function signingPairs(language: Language, keys: readonly SigningKeyStatus[]): [TextKey, string][] {
  return keys.map(({ use, name, number, phase, old }) => {
    const text = say(language, `keys.signing.${phase ?? "steady"}`, { name, number, old });
    return [`keys.sign.${use}`, text];
  });
}

function pairsOf(vault: Vault, found: KeysStatus): [TextKey, string][] {
  return [
    ["keys.live", String(found.compartments.live)],
    ["keys.closing", String(found.compartments.closing)],
    ["keys.dead", String(found.compartments.dead)],
    ["keys.held", String(found.heldLeaves)],
    ["keys.punctured", String(found.puncturedLeaves)],
    ["keys.current", String(found.secrets.current)],
    ["keys.old", String(found.secrets.old)],
    ["keys.madeAt", dayOf(found.generationMadeAt, vault.timeZone)],
    ["keys.copies", String(found.copies.length)],
  ];
}

function rootPair(language: Language, { kind, change }: KeysStatus["root"]): [TextKey, string] {
  if (change === null) return ["keys.root", say(language, "keys.root.steady", { kind })];
  if (change.old === 0) return ["keys.root", say(language, "keys.root.changed", { kind })];
  return ["keys.root", say(language, "keys.root.changing", { kind, ...change })];
}

function copyLines(language: Language, vault: Vault, found: KeysStatus): string[] {
  return found.copies.map(({ id, madeAt, ageDays: age, compartments, recipient }) => {
    const day = dayOf(madeAt, vault.timeZone);
    return say(language, "keys.copy", { id, day, age, compartments, recipient });
  });
}

async function runKeysStatus(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const found = await keysStatus(vault);
  if (options.json === true) {
    printJson(context, found);
    return 0;
  }
  const language = languageOf(context, options);
  const pairs = [
    ...pairsOf(vault, found),
    rootPair(language, found.root),
    ...tenantPairs(vault, language, found.tenantKeys),
    ...signingPairs(language, found.signingKeys),
  ];
  for (const [key, value] of pairs) printPair(context, language, { key, value });
  for (const line of copyLines(language, vault, found)) print(context, line);
  const { since: day, days, by } = found.bound;
  print(context, say(language, `keys.bound.${by}`, { day, days }));
  return 0;
}

async function runBackup(context: CliContext, options: BackupOptions): Promise<ExitCode> {
  const recipientPem = (await readInput("--to", options.to)).toString("latin1");
  await using vault = await context.openVault();
  const request = { recipientPem, actor: await acting(context, vault) };
  const { copy, entry } = await writeNew(options.out, async () => backupKeys(vault, request));
  const { id, compartments } = copy;
  if (options.json === true) {
    printJson(context, { ...copy, file: options.out, entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "keys.backed", { compartments, path: options.out, id }));
  print(context, say(language, "keys.entry", { id: entry }));
  return 0;
}

function printRestored(context: CliContext, language: Language, found: Reconciled): void {
  const { destroyedAgain, erasedAgain: erased, lost, reissued, signing, entry } = found;
  const used = lost.filter(({ waybills }) => waybills > 0);
  const counts = { destroyed: destroyedAgain.length, erased, lost: used.length };
  print(context, say(language, "keys.restored", counts));
  for (const { compartment, dayOfDeath: day, waybills } of used) {
    print(context, say(language, "keys.lost", { compartment, day, waybills }));
  }
  const empty = lost.length - used.length;
  if (empty > 0) print(context, say(language, "keys.lostEmpty", { count: empty }));
  for (const { tenant, waybills, sealedFrom, sealedTo } of reissued) {
    const span = { from: sealedFrom.toISOString(), to: sealedTo.toISOString() };
    print(context, say(language, "keys.reissued", { tenant, waybills, ...span }));
  }
  for (const { name, isLost } of signing)
    print(context, say(language, isLost ? "keys.signingLost" : "keys.signingAgain", { name }));
  print(context, say(language, "keys.entry", { id: entry }));
}

async function runRestore(
  context: CliContext,
  file: string | undefined,
  options: RestoreOptions,
): Promise<ExitCode> {
  const { key, acceptOlder = false } = options;
  if ((file === undefined) !== (key === undefined)) throw new Failure("USAGE", { option: "--key" });
  const backup =
    file === undefined || key === undefined
      ? null
      : {
          file: await readInput("file", file),
          keyPem: (await readInput("--key", key)).toString("latin1"),
        };
  await using vault = await context.openVault({ restoresKeys: true });
  const found = await restoreKeys(vault, { backup, acceptOlder });
  if (options.json === true) printJson(context, found);
  else printRestored(context, languageOf(context, options), found);
  return 0;
}

async function runDiscard(
  context: CliContext,
  id: string,
  options: DiscardOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const { copy, entry } = await discardCopy(vault, {
    id,
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, { ...copy, entry });
    return 0;
  }
  const language = languageOf(context, options);
  print(context, say(language, "keys.discarded", { id: copy.id }));
  print(context, say(language, "keys.entry", { id: entry }));
  return 0;
}

async function runRenewTenant(context: CliContext, options: RotateOptions): Promise<ExitCode> {
  const language = languageOf(context, options);
  await using vault = await context.openVault();
  const { keys, entry } = await renewTenantKeys(vault, {
    actor: await acting(context, vault),
  });
  if (options.json === true) {
    printJson(context, { tenantKeys: keys, entry });
    return 0;
  }
  for (const [key, value] of tenantPairs(vault, language, keys)) {
    printPair(context, language, { key, value });
  }
  print(context, say(language, "keys.entry", { id: entry }));
  return 0;
}

/** What each phase of a rotation says while it goes on. */
const PHASES: Readonly<Record<RotationProgress["phase"], TextKey | null>> = {
  make: null,
  wrap: "keys.rotating",
  root: "keys.rooting",
  destroy: null,
};

/** `--to` and the settings of a new root key must agree: neither does anything by itself. */
function requireNamed({ config }: CliContext, { root, to }: RotateOptions): void {
  if (to !== undefined && root !== true) throw new Failure("USAGE", { option: "--to" });
  if (root !== true) return;
  const named = config.newRoot?.choice.kind;
  if (to === named) return;
  if (named === undefined) throw new Failure("SETTING_INVALID", { setting: "MIDAN_NEW_ROOT_KEY" });
  throw new Failure("USAGE", { option: "--to" });
}

/** The use that `--signing` names; other changes have other ends, and are asked for apart. */
function signingUseOf({ signing, root, tenant, to }: RotateOptions): SigningUse {
  const use = SIGNING_USES.find((one) => one === signing);
  if (use === undefined || root === true || tenant === true || to !== undefined)
    throw new Failure("USAGE", { option: "--signing" });
  return use;
}

async function runRotateSigning(context: CliContext, options: RotateOptions): Promise<ExitCode> {
  const use = signingUseOf(options);
  const language = languageOf(context, options);
  await using vault = await context.openVault();
  const rotated = await rotateSigningKeys(vault, { use, actor: await acting(context, vault) });
  if (options.json === true) {
    printJson(context, rotated);
    return 0;
  }
  print(context, say(language, `keys.phase.${rotated.phase}`));
  for (const [key, value] of signingPairs(language, rotated.keys)) {
    printPair(context, language, { key, value });
  }
  for (const word of rotated.changes) print(context, word);
  print(context, say(language, "keys.entry", { id: rotated.entry }));
  return 0;
}

async function runRotate(context: CliContext, options: RotateOptions): Promise<ExitCode> {
  if (options.signing !== undefined) return runRotateSigning(context, options);
  if (options.tenant === true) {
    // Two changes with two ends; who wants both asks twice.
    if (options.root === true) throw new Failure("USAGE", { option: "--root" });
    return runRenewTenant(context, options);
  }
  requireNamed(context, options);
  const language = languageOf(context, options);
  await using vault = await context.openVault();
  const { root = false } = options;
  const onProgress = ({ phase, old, total }: RotationProgress): void => {
    const key = PHASES[phase];
    if (key === null || options.json === true) return;
    context.stderr.write(`${say(language, key, { old, total })}\n`);
  };
  const { madeAt, secrets, underOldRoot, entry } = await rotateKeys(vault, {
    root,
    actor: await acting(context, vault),
    onProgress,
  });
  if (options.json === true) {
    printJson(context, { generationMadeAt: madeAt, secrets, underOldRoot, entry });
    return 0;
  }
  print(context, say(language, "keys.rotated", { old: secrets.old }));
  if (underOldRoot !== null) print(context, say(language, "keys.rooted", { old: underOldRoot }));
  print(context, say(language, "keys.entry", { id: entry }));
  return 0;
}

export const KEYS: CommandGroup = {
  name: "keys",
  text: "cli.keys",
  commands: [
    typed<SharedOptions>({
      usage: "status",
      text: "cli.keys.status",
      options: [],
      run: async (context, _words, options) => runKeysStatus(context, options),
    }),
    typed<BackupOptions>({
      usage: "backup",
      text: "cli.keys.backup",
      options: [
        { flags: "--to <pem>", text: "cli.keys.backup.to", required: true },
        { flags: "--out <file>", text: "cli.keys.backup.out", required: true },
      ],
      run: async (context, _words, options) => runBackup(context, options),
    }),
    typed<RestoreOptions>({
      usage: "restore [file]",
      text: "cli.keys.restore",
      options: [
        { flags: "--key <pem>", text: "cli.keys.restore.key" },
        { flags: "--accept-older", text: "cli.keys.restore.older" },
      ],
      run: async (context, [file], options) => runRestore(context, file, options),
    }),
    typed<ReissuedOptions>({
      usage: "reissued",
      text: "cli.keys.reissued",
      options: [
        { flags: "--from <instant>", text: "cli.keys.reissued.from", required: true },
        { flags: "--to <instant>", text: "cli.keys.reissued.to", required: true },
      ],
      run: async (context, _words, options) => runReissued(context, options),
    }),
    typed<DiscardOptions>({
      usage: "discard <copy>",
      text: "cli.keys.discard",
      options: [],
      run: async (context, [id = ""], options) => runDiscard(context, id, options),
    }),
    typed<RotateOptions>({
      usage: "rotate",
      text: "cli.keys.rotate",
      options: [
        { flags: "--root", text: "cli.keys.rotate.root" },
        { flags: "--to <kind>", text: "cli.keys.rotate.to" },
        { flags: "--tenant", text: "cli.keys.rotate.tenant" },
        { flags: "--signing <use>", text: "cli.keys.rotate.signing" },
      ],
      run: async (context, _words, options) => runRotate(context, options),
    }),
  ],
};
