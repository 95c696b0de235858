/** `npm run bench NAME -- …`: one file of this folder for each thing that is measured. */
import process from "node:process";
import { benchAccess } from "./access.ts";
import { benchApi } from "./api.ts";
import { benchAudit } from "./audit.ts";
import { benchKeyRead } from "./key-read.ts";
import { benchKeys } from "./keys.ts";
import { benchLabels } from "./label.ts";
import { benchLabelRead } from "./label-read.ts";
import { benchMasks } from "./mask.ts";
import { benchTree } from "./key-tree.ts";
import { benchLog } from "./log.ts";
import { benchSeal } from "./seal.ts";
import { benchSuites } from "./suites.ts";
import { benchTiming } from "./timing.ts";

type Bench = (words: readonly string[], stop: AbortSignal) => Promise<void>;

const BENCHES: Readonly<Record<string, Bench>> = {
  seal: benchSeal,
  mask: benchMasks,
  label: benchLabels,
  "label-read": benchLabelRead,
  suites: benchSuites,
  tree: benchTree,
  log: benchLog,
  keys: benchKeys,
  "key-read": benchKeyRead,
  audit: benchAudit,
  access: benchAccess,
  api: benchApi,
  timing: benchTiming,
};

const [name = "", ...words] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`npm run bench -- ${Object.keys(BENCHES).join("|")} [--rows N] …`);
  process.exitCode = 2;
} else {
  // An interrupted run takes its server down and its folder away like one that came to its end.
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  }
  await bench(words, stop.signal);
}
