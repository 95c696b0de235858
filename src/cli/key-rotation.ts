/** `midan keys rotate`: new keys in place of old ones, each kind with an end of its own. */
import { say } from "../rules/catalogue.ts";
import type { TextKey } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { rotateKeys } from "../vault/keys.ts";
import type { RotationProgress } from "../vault/keys.ts";
import { SIGNING_USES, rotateSigningKeys } from "../vault/signing-key-rotation.ts";
import type { SigningUse } from "../vault/signing-key-rotation.ts";
import { renewTenantKeys } from "../vault/tenant-key-rotation.ts";
import { acting } from "./acting.ts";
import { languageOf, print, printJson, printPair } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { signingPairs, tenantPairs } from "./key-status.ts";

export interface RotateOptions extends SharedOptions {
  readonly root?: boolean;
  readonly to?: string;
  readonly tenant?: boolean;
  readonly signing?: string;
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

/** Replaces the keys that the options name: of the store, its root, the tenant, or what signs. */
export async function runRotate(context: CliContext, options: RotateOptions): Promise<ExitCode> {
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
