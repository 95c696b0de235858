/** A SoftHSM token in a folder of its own, removed with the test. One for each process. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import type { Pkcs11Root } from "../../src/keystore/pkcs11-root-key.ts";

/** Where Debian and others put the library. */
const MODULES = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
  "/usr/local/lib/softhsm/libsofthsm2.so",
];
export const PIN = "271828";
const SO_PIN = "31415926";

export interface SoftToken extends Pkcs11Root {
  /** Takes the token away, and puts it back. */
  readonly remove: () => void;
  readonly putBack: () => void;
  readonly setPin: (pin: string) => void;
}

export function softToken(context: TestContext): SoftToken {
  const module = MODULES.find((file) => existsSync(file));
  if (module === undefined) throw new Error("SoftHSM is not installed: apt-get install softhsm2");
  const base = mkdtempSync(path.join(tmpdir(), "midan-token-"));
  context.after(() => rmSync(base, { recursive: true, force: true }));
  const tokens = path.join(base, "tokens");
  mkdirSync(tokens);
  const settings = path.join(base, "softhsm2.conf");
  writeFileSync(settings, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  // The library reads it from the process that it is loaded into.
  process.env["SOFTHSM2_CONF"] = settings;
  const words = ["--init-token", "--free", "--label", "midan", "--so-pin", SO_PIN, "--pin", PIN];
  execFileSync("softhsm2-util", words, { stdio: "pipe" });
  const pinFile = path.join(base, "pin");
  const setPin = (pin: string): void => writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
  setPin(PIN);
  return {
    module,
    token: "midan",
    key: "midan-root",
    pinFile,
    remove: () => renameSync(tokens, `${tokens}-away`),
    putBack: () => renameSync(`${tokens}-away`, tokens),
    setPin,
  };
}
