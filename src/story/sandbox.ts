/** Fills a new sandbox (演练环境), and says in a file of its owner's who is who in it. */
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Fonts } from "../label/font.ts";
import { signOut } from "../identity/session.ts";
import { SANDBOX_TENANT } from "../rules/sandbox.ts";
import type { Vault } from "../vault/vault.ts";
import { ACCOUNTS_FILE } from "./sandbox-folder.ts";
import { addSandboxPeople } from "./sandbox-people.ts";
import type { SandboxMachine, SandboxPerson } from "./sandbox-people.ts";
import { addSandboxWaybills } from "./sandbox-waybills.ts";
import type { SandboxWaybill } from "./sandbox-waybills.ts";

const FILE_MODE = 0o600;

/** What the file holds: everything that is needed to ask the sandbox, and no person. */
export interface SandboxFacts {
  readonly tenant: string;
  readonly people: readonly SandboxPerson[];
  readonly machines: readonly SandboxMachine[];
  readonly waybills: readonly SandboxWaybill[];
}

/**
 * Makes organisations, accounts, keys and waybills in the empty installation of `vault`, and last
 * of all the file in `home`, by which a sandbox is known to be whole. Fails as the verbs do.
 */
export async function fillSandbox(
  vault: Vault,
  { home, fonts }: { readonly home: string; readonly fonts: Fonts },
): Promise<void> {
  const { people, machines, actors } = await addSandboxPeople(vault);
  const waybills = await addSandboxWaybills(vault, { actors, fonts });
  for (const actor of actors.values())
    if (actor.session !== null) await signOut(vault, actor, actor.session);
  const facts: SandboxFacts = { tenant: SANDBOX_TENANT, people, machines, waybills };
  const place = path.join(home, ACCOUNTS_FILE);
  const text = `${JSON.stringify(facts, null, 2)}\n`;
  await writeFile(`${place}.new`, text, { mode: FILE_MODE, flag: "wx" });
  await rename(`${place}.new`, place);
}

/** What `fillSandbox` wrote in `home`. */
export async function sandboxFacts(home: string): Promise<SandboxFacts> {
  // The file is ours, for its owner alone; who changes it is told by the requests that fail.
  return JSON.parse(await readFile(path.join(home, ACCOUNTS_FILE), "utf8")) as SandboxFacts;
}
