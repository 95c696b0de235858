/** `midan story`: the Hegang story on invented data, for real, in a folder of its own. */
import path from "node:path";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { runStory } from "../story/story.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";

export interface StoryOptions extends SharedOptions {
  readonly seed: string;
  readonly out: string;
  readonly waybills: string;
}

const WHOLE_NUMBER = /^\d{1,6}$/;

export async function runStoryCommand(
  context: CliContext,
  options: StoryOptions,
): Promise<ExitCode> {
  if (!WHOLE_NUMBER.test(options.waybills)) throw new Failure("USAGE", { option: "--waybills" });
  const language = languageOf(context, options);
  const { dir, facts } = await runStory({
    out: options.out,
    seed: options.seed,
    waybills: Number(options.waybills),
    end: new Date(),
    fonts: context.fonts(),
    openWorld: context.openWorld,
    tell: (zh, en) => {
      if (options.json !== true) print(context, language === "zh" ? zh : en);
    },
  });
  if (options.json === true) {
    printJson(context, facts);
    return 0;
  }
  const page = path.join(dir, "story.html");
  print(context, say(language, "story.done", { seconds: facts.seconds.value, page, home: dir }));
  return 0;
}
