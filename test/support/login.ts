/** Signing in at the command line as people do: the owner's link, an account, its link. */
import assert from "node:assert/strict";
import type { Role } from "../../src/rules/role.ts";
import { documents } from "./process.ts";
import type { Ended } from "./process.ts";

export const PASSWORD = "seven blue tractors sing";

type Run = (words: readonly string[], input: string) => Promise<Ended>;

async function inviteOf(run: Run, words: readonly string[]): Promise<string> {
  const ended = await run([...words, "--json"], "");
  assert.equal(ended.code, 0, ended.stderr);
  return String(documents(ended.stdout)[0]?.["invite"]);
}

/** Founds the owner, makes an account of that role, and leaves it signed in. */
export async function loginBy(run: Run, role: Role = "privacy-officer"): Promise<void> {
  const enter = async (invite: string): Promise<void> => {
    const words = ["login", "--invite", invite, "--no-authenticator"];
    const ended = await run(words, `${PASSWORD}\n`);
    assert.equal(ended.code, 0, ended.stderr);
  };
  await enter(await inviteOf(run, ["login"]));
  await enter(await inviteOf(run, ["account", "create", "someone", "--role", role]));
}
