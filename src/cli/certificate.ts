/** `midan certificate`: what died with a compartment, as a page to sign. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { certificatePdf } from "../oversight/certificate-pdf.ts";
import { issueCertificate } from "../oversight/certificate.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";

export interface CertificateOptions extends SharedOptions {
  readonly out: string;
  readonly as: string;
}

export async function runCertificate(
  context: CliContext,
  compartment: string,
  options: CertificateOptions,
): Promise<ExitCode> {
  const { out } = options;
  if (path.extname(out).toLowerCase() !== ".pdf") throw new Failure("USAGE", { option: "--out" });
  await using vault = await context.openVault();
  const certificate = await issueCertificate(vault, compartment, options.as);
  const drawn = { fonts: context.fonts(), createdAt: vault.now() };
  await writeFile(out, await certificatePdf(certificate, drawn));
  if (options.json === true) {
    printJson(context, { ...certificate, file: out });
    return 0;
  }
  const { entry } = certificate;
  print(context, say(languageOf(context, options), "document.written", { path: out, entry }));
  return 0;
}
