/** The key that signs certificates, and those before it, as people pass them on. */
import { ed25519Signer, parseNote, verifierKeyText } from "../audit/note.ts";
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
 * The installation's own key for certificates, as people pass it on, and how its keys followed one
 * another: one word, or several with blanks between. With `note` the key that signed it is the
 * first word, else the one that signs now.
 */
export async function certificateKey(vault: Vault, note: string | null = null): Promise<string> {
  const changes = await changesOf(vault.keys, certificateLine(vault));
  const current = await certificateSigner(vault);
  const signatures = note === null ? [] : (parseNote(note)?.signatures ?? []);
  const signedBy = changes.find(({ from }) => signatures.some(({ name }) => name === from.name));
  return [verifierKeyText(signedBy?.from ?? current), ...changeWords(changes)].join(" ");
}
