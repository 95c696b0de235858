/** `midan session`: where one's own account is signed in. */
import { listSessions, signOut } from "../identity/session.ts";
import { say } from "../rules/catalogue.ts";
import { acting } from "./acting.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

async function runList(context: CliContext, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  const sessions = (await listSessions(vault, actor)).map((row) => ({
    id: row.id,
    begunAt: row.begunAt,
    usedAt: row.usedAt,
    expiresAt: row.expiresAt,
    mode: row.mode,
    device: row.deviceId,
    own: row.id === actor.session,
  }));
  if (options.json === true) {
    printJson(context, { sessions });
    return 0;
  }
  const language = languageOf(context, options);
  for (const { id, begunAt, usedAt, mode, own } of sessions) {
    const mark = own ? `  ${say(language, "session.own")}` : "";
    print(context, `${id}  ${begunAt.toISOString()}  ${usedAt.toISOString()}  ${mode}${mark}`);
  }
  return 0;
}

async function runEnd(context: CliContext, id: string, options: SharedOptions): Promise<ExitCode> {
  await using vault = await context.openVault();
  await signOut(vault, await acting(context, vault), id);
  if (options.json === true) printJson(context, { ended: id });
  else print(context, say(languageOf(context, options), "session.ended"));
  return 0;
}

export const SESSION: CommandGroup = {
  name: "session",
  text: "cli.session",
  commands: [
    {
      usage: "list",
      text: "cli.session.list",
      options: [],
      run: async (context, _words, options) => runList(context, options),
    },
    {
      usage: "end <id>",
      text: "cli.session.end",
      options: [],
      run: async (context, [id = ""], options) => runEnd(context, id, options),
    },
  ],
};
