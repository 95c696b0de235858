/** A folder as a printer: each job is a file of its own. For trying things, and for tests. */
import path from "node:path";
import { keep, kept, makeFolder } from "./kept-file.ts";
import type { Printer, PrinterKindLanguage, Sent } from "./printer.ts";

export function folderPrinter(printer: {
  readonly name: string;
  readonly language: PrinterKindLanguage;
  readonly folder: string;
}): Printer {
  const { name, language, folder } = printer;
  const fileOf = (job: string): string => path.join(folder, `${job}.${language}`);
  return {
    name,
    language,
    status: async () => Promise.resolve({ isReady: true, detail: "" }),
    async send(job): Promise<Sent> {
      await makeFolder(folder);
      await keep(fileOf(job.name), job.bytes);
      return { outcome: "printed" };
    },
    outcomeOf: async () => Promise.resolve(null),
    recover: async (job) => ((await kept(fileOf(job))) === null ? null : { outcome: "printed" }),
  };
}
