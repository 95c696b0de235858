/** `midan certificate`: what died, signed; or as a page to sign by hand for a compartment. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { erasureCertificatePdf } from "../oversight/erasure-certificate-pdf.ts";
import { certificatePdf } from "../oversight/certificate-pdf.ts";
import { issueCertificate } from "../oversight/certificate.ts";
import { checkCertificate } from "../outside/certificate-check.ts";
import { minuteOf } from "../rules/calendar.ts";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { certificateLimits, certificateLines } from "../rules/erasure-certificate-line.ts";
import { Failure } from "../rules/failure.ts";
import { certificateKey } from "../vault/certificate-key.ts";
import { certifyErasure, keptCertificate } from "../vault/erasure-certificate.ts";
import type { SignedCertificate } from "../vault/erasure-certificate.ts";
import type { Vault } from "../vault/vault.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson } from "./context.ts";

export interface CertificateOptions extends SharedOptions {
  readonly out?: string;
  readonly verify?: string;
  readonly key?: string;
  /** With what is known now, instead of the one that was issued with the death. */
  readonly anew?: boolean;
  /** A page for two witnesses to sign by hand; compartments only. */
  readonly page?: boolean;
}

const NOTE_BYTES_MAX = 1_000_000;

async function runPage(
  context: CliContext,
  compartment: string,
  options: CertificateOptions & { readonly out: string },
): Promise<ExitCode> {
  const { out } = options;
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
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
  const certificate = await checkCertificate(note, options.key ?? (await ownKey()));
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

interface Shown extends SignedCertificate {
  /** Whether it was issued before, and may not say what is known now. */
  readonly isKept: boolean;
}

/** The one that was issued last; with `--anew`, or where there is none, one of now. */
async function signedOf(
  context: CliContext,
  vault: Vault,
  { id, options }: { readonly id: string; readonly options: CertificateOptions },
): Promise<Shown> {
  const asked = { id, actor: await acting(context, vault) };
  const kept = options.anew === true ? null : await keptCertificate(vault, asked);
  return kept === null
    ? { ...(await certifyErasure(vault, asked)), isKept: false }
    : { ...kept, isKept: true };
}

function printSigned(context: CliContext, language: Language, signed: SignedCertificate): void {
  for (const line of certificateLines(signed.certificate)) {
    print(context, `${line[language]}  ${line.value[language]}`);
  }
  for (const limit of certificateLimits(signed.certificate)) print(context, limit[language]);
  print(context, "");
  print(context, signed.note.trimEnd());
}

async function writeSigned(
  context: CliContext,
  signed: SignedCertificate,
  out: string,
): Promise<void> {
  const isPdf = path.extname(out).toLowerCase() === ".pdf";
  const createdAt = new Date(signed.certificate.issuedAt);
  const drawn = { fonts: context.fonts(), createdAt };
  await writeFile(out, isPdf ? await erasureCertificatePdf(signed, drawn) : signed.note);
}

async function runSigned(
  context: CliContext,
  id: string,
  options: CertificateOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const signed = await signedOf(context, vault, { id, options });
  if (options.out !== undefined) await writeSigned(context, signed, options.out);
  if (options.json === true) {
    const { isKept: kept, ...rest } = signed;
    printJson(context, { ...rest, kept, file: options.out ?? null });
    return 0;
  }
  const language = languageOf(context, options);
  if (options.out === undefined) printSigned(context, language, signed);
  else print(context, say(language, "certificate.written", { path: options.out }));
  print(context, say(language, "certificate.key", { key: signed.key }));
  if (!signed.isKept) return 0;
  const at = minuteOf(new Date(signed.certificate.issuedAt), vault.timeZone);
  print(context, say(language, "certificate.kept", { at }));
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
  if (options.page !== true) return runSigned(context, id, options);
  if (out === undefined) throw new Failure("USAGE", { option: "--out" });
  return runPage(context, id, { ...options, out });
}
