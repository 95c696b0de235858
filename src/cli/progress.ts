/**
 * A progress bar on a terminal (P17), silence elsewhere: standard output stays clean for results.
 */
import { SingleBar } from "cli-progress";
import { say } from "../rules/catalogue.ts";
import type { Language, TextKey } from "../rules/catalogue.ts";
import { isTerminal } from "./context.ts";
import type { CliContext } from "./context.ts";

export interface Progress {
  /** `total` is null while nobody knows it; `rows` is what people count. */
  update(done: number, total: number | null, rows: number): void;
  /** Begins another stage of the same work. */
  stage(key: TextKey): void;
  end(): void;
}

const SILENT: Progress = { update: () => undefined, stage: () => undefined, end: () => undefined };

/** Opens a bar on standard error when that is a terminal and `wanted`. */
export function openProgress(context: CliContext, language: Language, wanted: boolean): Progress {
  if (!wanted || !isTerminal(context.stderr)) return SILENT;
  const bar = new SingleBar({
    format: "{stage} {bar} {percentage}% {rows}",
    stream: context.stderr as NodeJS.WritableStream,
    hideCursor: true,
    clearOnComplete: false,
  });
  let stage = say(language, "seal.progress");
  let running = false;
  const start = (): void => {
    bar.start(1, 0, { stage, rows: 0 });
    running = true;
  };
  const end = (): void => {
    if (running) bar.stop();
    running = false;
  };
  start();
  return {
    update: (done, total, rows) => {
      if (total !== null) bar.setTotal(Math.max(total, 1));
      bar.update(total === null ? 0 : done, { stage, rows });
    },
    stage: (key) => {
      end();
      stage = say(language, key);
      start();
    },
    end,
  };
}
