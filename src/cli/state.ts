/** `midan state`: records where parcels stand, after which access to their persons closes. */
import { PARCEL_STATES } from "../rules/access-close.ts";
import { say } from "../rules/catalogue.ts";
import { recordState } from "../vault/parcel-state.ts";
import { acting } from "./acting.ts";
import { askedDay, languageOf, print, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";

export interface StateOptions extends SharedOptions {
  readonly on?: string;
  readonly branch?: string;
}

/** Records one state for each token in turn; the first that fails ends the run. */
export async function runState(
  context: CliContext,
  [state = "", ...tokens]: readonly string[],
  options: StateOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const on = askedDay(vault, options.on);
  const language = languageOf(context, options);
  const common = {
    state,
    on,
    organisation: options.branch ?? null,
    actor: await acting(context, vault, "state"),
  };
  for (const token of tokens) {
    const recorded = await recordState(vault, { ...common, token });
    if (options.json === true) {
      printJson(context, recorded);
      continue;
    }
    const { accessClosesOn: day } = recorded;
    const named = { token: recorded.token, state: PARCEL_STATES[recorded.state][language] };
    if (day === null) print(context, say(language, "state.recorded.open", named));
    else print(context, say(language, "state.recorded", { ...named, day }));
  }
  return 0;
}
