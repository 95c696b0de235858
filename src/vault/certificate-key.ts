/** The key that signs certificates, and those before it, as people pass them on. */
import { ed25519Signer, verifierKeyText } from "../audit/note.ts";
import type { NoteSigner } from "../audit/note.ts";
import { changeWords, changesOf } from "../log/key-changes.ts";
import type { SigningLine } from "../log/key-changes.ts";
import type { Vault } from "./vault.ts";

const SEED_BYTES = 32;

/** The keys for certificates: the Nth is `midan-certificate-N`. */
export function certificateLine(vault: Vault): SigningLine {
  return {
    name: "certificate",
    make: () => vault.randomBytes(SEED_BYTES),
    signerOf: ({ number, secret }) => ed25519Signer(`midan-certificate-${number}`, secret),
  };
}

/** Who signs certificates now. */
export async function certificateSigner(vault: Vault): Promise<NoteSigner> {
  const line = certificateLine(vault);
  return line.signerOf(await vault.keys.signing.current(line.name, line.make));
}

/**
 * The installation's own key for certificates, as people pass it on, and how earlier keys led to
 * it: one word, or several with blanks between.
 */
export async function certificateKey(vault: Vault): Promise<string> {
  const changes = await changesOf(vault.keys, certificateLine(vault));
  return [verifierKeyText(await certificateSigner(vault)), ...changeWords(changes)].join(" ");
}
