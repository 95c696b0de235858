/** `midan keys status`: what the key store holds, and how far each change of a key is. */
import { dayOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { Language, TextKey } from "../rules/catalogue.ts";
import { keysStatus } from "../vault/keys.ts";
import type { KeysStatus } from "../vault/keys.ts";
import type { SigningKeyStatus } from "../vault/signing-key-rotation.ts";
import type { KeysOfUse } from "../vault/tenant-key-rotation.ts";
import type { Vault } from "../vault/vault.ts";
import { languageOf, print, printJson, printPair } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

/** What is in use for tokens and order hashes, and when the earlier ones will all be gone. */
export function tenantPairs(
  vault: Vault,
  language: Language,
  keys: readonly KeysOfUse[],
): [TextKey, string][] {
  return keys.map((one) => {
    const until = one.old
      .map(({ neededUntil }) => neededUntil)
      .toSorted()
      .at(-1);
    const said = {
      number: one.number,
      day: dayOf(one.madeAt, vault.timeZone),
      old: one.old.length,
    };
    const text =
      until === undefined
        ? say(language, "keys.tenant", said)
        : say(language, "keys.tenantUntil", { ...said, until });
    return [`keys.use.${one.use}`, text];
  });
}

/** What signs, how far its change is, and how many earlier private keys there still are. */
export function signingPairs(
  language: Language,
  keys: readonly SigningKeyStatus[],
): [TextKey, string][] {
  return keys.map(({ use, name, number, phase, old }) => {
    // A log of its own for each tenant has a name that says more than the label beside it.
    const own = name === use ? "" : `${name} `;
    const state = number === 0 ? "none" : (phase ?? "steady");
    const text = say(language, `keys.signing.${state}`, { own, number, old });
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
  return found.copies.map(({ id, madeAt, ageDays: age, compartments, recipient, where }) => {
    const said = { id, day: dayOf(madeAt, vault.timeZone), age };
    if (recipient !== null)
      return say(language, "keys.copy", { ...said, compartments: compartments ?? "—", recipient });
    return say(language, "keys.copyByHand", { ...said, where: where ?? "—" });
  });
}

/** Each of the things that the bound rests on, then the bound: what is not said is not known. */
function boundLines(language: Language, vault: Vault, found: KeysStatus): string[] {
  const { since: day, days, rotationDueOn: due, rotationEveryDays: every } = found.bound;
  const made = dayOf(found.generationMadeAt, vault.timeZone);
  const { rootChangedOn } = found.bound;
  const [oldest] = found.copies;
  return [
    say(language, "keys.bound.files", { day: made, due, every }),
    oldest === undefined
      ? say(language, "keys.bound.noCopy")
      : say(language, "keys.bound.copies", {
          id: oldest.id,
          day: dayOf(oldest.madeAt, vault.timeZone),
        }),
    rootChangedOn === null
      ? say(language, "keys.bound.rootKept")
      : say(language, "keys.bound.rootChanged", { day: rootChangedOn }),
    say(language, "keys.bound", { day, days }),
  ];
}

/** Tells it to whoever may run commands on this machine. */
export async function runKeysStatus(
  context: CliContext,
  options: SharedOptions,
): Promise<ExitCode> {
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
  for (const line of boundLines(language, vault, found)) print(context, line);
  return 0;
}
