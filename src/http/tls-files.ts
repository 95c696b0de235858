/** TLS by files: a certificate and its key, read again when they change. */
import { readFile, stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { SecureContextOptions } from "node:tls";
import { Failure } from "../rules/failure.ts";

export interface TlsFiles {
  /** The certificate and those that signed it, PEM. */
  readonly certFile: string;
  /** Its private key, PEM, for its owner alone. */
  readonly keyFile: string;
}

/** What a server of TLS takes anew while it runs. */
export interface SecureServer {
  setSecureContext: (options: SecureContextOptions) => void;
}

const FILE_BYTES_MAX = 1024 * 1024;
const OTHERS = 0o077;
const LOOK_AGAIN_MS = 10_000;

async function fileOf(file: string, setting: string, isSecret: boolean): Promise<Buffer> {
  const found = await stat(file).catch(() => null);
  const isFit = found?.isFile() === true && found.size <= FILE_BYTES_MAX;
  if (!isFit || (isSecret && (found.mode & OTHERS) !== 0))
    throw new Failure("SETTING_INVALID", { setting });
  return readFile(file);
}

/**
 * Certificate and key. Throws SETTING_INVALID naming the setting whose file is not there, can be
 * read by others, or is not what it should be; and the certificate's where the two do not fit.
 */
export async function readTls({ certFile, keyFile }: TlsFiles): Promise<SecureContextOptions> {
  const cert = await fileOf(certFile, "MIDAN_TLS_CERT_FILE", false);
  const key = await fileOf(keyFile, "MIDAN_TLS_KEY_FILE", true);
  const options = { cert, key, minVersion: "TLSv1.2" } as const;
  try {
    createSecureContext(options);
  } catch {
    throw new Failure("SETTING_INVALID", { setting: "MIDAN_TLS_CERT_FILE" });
  }
  return options;
}

async function stateOf({ certFile, keyFile }: TlsFiles): Promise<string> {
  const states = [certFile, keyFile].map(async (file) => {
    const { ino, mtimeMs, ctimeMs, size } = await stat(file);
    // A changed mode is a change too: what could not be read before may be readable now.
    return `${ino} ${mtimeMs} ${ctimeMs} ${size}`;
  });
  return Promise.all(states).then(
    (lines) => lines.join("\n"),
    () => "",
  );
}

export interface TlsTelling {
  readonly tell: (isRead: boolean) => void;
  /** Ten seconds without it. */
  readonly lookAgainMs?: number;
}

/** Keeps a running server at what its files hold. */
export class TlsKeeper implements Disposable {
  readonly #files: TlsFiles;
  readonly #server: SecureServer;
  readonly #tell: (isRead: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #state: Promise<string>;
  #isRead = true;

  /** `tell` hears of each reading; where it failed the server goes on with what it had. */
  constructor(
    files: TlsFiles,
    server: SecureServer,
    { tell, lookAgainMs = LOOK_AGAIN_MS }: TlsTelling,
  ) {
    this.#files = files;
    this.#server = server;
    this.#tell = tell;
    this.#state = stateOf(files);
    this.#timer = setInterval(() => void this.#look(), lookAgainMs).unref();
  }

  async #look(): Promise<void> {
    const before = await this.#state;
    if ((await stateOf(this.#files)) !== before) await this.reload();
    // What failed may have had nothing to do with the files: a full table of handles, a disk.
    else if (!this.#isRead) await this.#read(false);
  }

  /** Reads the files now; new connections get what they hold. */
  async reload(): Promise<void> {
    this.#state = stateOf(this.#files);
    await this.#state;
    await this.#read(true);
  }

  /** A failure is told once, not at each look. */
  async #read(tellsFailure: boolean): Promise<void> {
    try {
      this.#server.setSecureContext(await readTls(this.#files));
      this.#isRead = true;
      this.#tell(true);
    } catch {
      this.#isRead = false;
      if (tellsFailure) this.#tell(false);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
