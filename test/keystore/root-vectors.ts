/** The published bytes of docs/formats/root-key.md. */
import { readFileSync } from "node:fs";

interface RootVectors {
  readonly version: 1;
  readonly rootKey: string;
  readonly secret: string;
  readonly associated: string;
  readonly file: Readonly<Record<"text" | "nonce" | "wrapped", string>>;
  readonly passphrase: Readonly<
    Record<"passphrase" | "salt" | "nonce" | "text" | "wrapped", string>
  >;
  readonly remote: readonly (Readonly<
    Record<"key" | "nonce" | "wrappedKey" | "wrapped", string>
  > & { readonly kind: "pkcs11" | "transit" })[];
}

// The file is part of this repository and has this shape.
export const ROOT_VECTORS = JSON.parse(
  readFileSync(new URL("../vectors/root-key.json", import.meta.url), "utf8"),
) as RootVectors;
