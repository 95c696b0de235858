/** The verifier on Node, for tests: Node's own hash and signatures, and a folder as the log. */
import { createPublicKey, hash, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Platform, Source } from "../../src/verifier/platform.ts";

const SPKI = Buffer.from("302a300506032b6570032100", "hex");

export const PLATFORM: Platform = {
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
  verifyEd25519: async (publicKey, message, signature) => {
    const key = Buffer.concat([SPKI, publicKey]);
    return verify(null, message, createPublicKey({ key, format: "der", type: "spki" }), signature);
  },
  now: () => new Date(),
};

/** The files below `folder`; a path in `changed` is read from there instead. */
export function folder(
  place: string,
  changed: Readonly<Record<string, Uint8Array | null>> = {},
): Source {
  return {
    read: async (path) => {
      const instead = changed[path];
      if (instead !== undefined) return instead;
      return readFile(join(place, path)).catch(() => null);
    },
  };
}
