/** `midan certificate`: what died, signed; or as a page to sign by hand for a compartment. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { certificatePdf } from "../oversight/certificate-pdf.ts";
import { issueCertificate } from "../oversight/certificate.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { certificateKey, certifyErasure, checkCertificate } from "../vault/erasure-certificate.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";

export interface CertificateOptions extends SharedOptions {
  readonly out?: string;
  readonly verify?: string;
  readonly key?: string;
  readonly as?: string;
}

const NOTE_BYTES_MAX = 1_000_000;

async function runPage(
  context: CliContext,
  compartment: string,
  options: CertificateOptions & { readonly out: string },
): Promise<ExitCode> {
  const { out } = options;
  await using vault = await context.openVault();
  const actor = await acting(context, vault, options);
  const certificate = await issueCertificate(vault, compartment, actor);
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

async function readNote(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null || bytes.length > NOTE_BYTES_MAX) {
    throw new Failure("USAGE", { option: "--verify" });
  }
  return bytes.toString("utf8");
}

/** With `--key` nothing of ours is opened: anybody can check a certificate. */
async function runVerify(
  context: CliContext,
  file: string,
  options: CertificateOptions,
): Promise<ExitCode> {
  const note = await readNote(file);
  const ownKey = async (): Promise<string> => {
    await using vault = await context.openVault();
    return await certificateKey(vault);
  };
  const certificate = checkCertificate(note, options.key ?? (await ownKey()));
  if (options.json === true) {
    printJson(context, { valid: true, certificate });
    return 0;
  }
  print(context, say(languageOf(context, options), "certificate.valid"));
  for (const [name, value] of Object.entries(certificate)) {
    print(context, `  ${name}  ${typeof value === "string" ? value : JSON.stringify(value)}`);
  }
  return 0;
}

async function runSigned(
  context: CliContext,
  id: string,
  options: CertificateOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const signed = await certifyErasure(vault, { id, actor: await acting(context, vault, options) });
  if (options.out !== undefined) await writeFile(options.out, signed.note);
  if (options.json === true) {
    printJson(context, { ...signed, file: options.out ?? null });
    return 0;
  }
  const language = languageOf(context, options);
  if (options.out === undefined) print(context, signed.note.trimEnd());
  else print(context, say(language, "certificate.written", { path: options.out }));
  print(context, say(language, "certificate.key", { key: signed.key }));
  return 0;
}

export async function runCertificate(
  context: CliContext,
  id: string | undefined,
  options: CertificateOptions,
): Promise<ExitCode> {
  const { out, verify } = options;
  if (verify !== undefined) return runVerify(context, verify, options);
  if (id === undefined) throw new Failure("USAGE", { problem: "missing-word" });
  const isPage = out !== undefined && path.extname(out).toLowerCase() === ".pdf";
  return isPage ? runPage(context, id, { ...options, out }) : runSigned(context, id, options);
}
