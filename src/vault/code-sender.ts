/**
 * How a one-time code reaches the sealed phone of a waybill. The default writes it to a file from
 * which somebody calls the person, and never the phone itself; a program of the operator's own
 * sends real messages.
 */
import { spawn } from "node:child_process";
import { appendFile, chmod, mkdir } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../rules/failure.ts";

export interface CodeMessage {
  /** Id of the request. */
  readonly request: string;
  /** The phone in the clear: it must not be written down anywhere. */
  readonly phone: string;
  readonly maskedPhone: string;
  /** Six digits. */
  readonly code: string;
  readonly minutes: number;
}

export interface CodeSender {
  /** Throws CODE_UNSENT when the message could not be handed over; nothing is kept then. */
  readonly send: (message: CodeMessage) => Promise<void>;
  /**
   * Does `work` when the answer does not wait for it, as a server must where the time would tell
   * (src/vault/code-desk.ts). Without it the caller waits, and is told what failed: whoever runs
   * commands on the installation's own machine sees more than that.
   */
  readonly aside?: (work: () => Promise<void>) => void;
}

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Appends a line of JSON with the masked phone to `file`, made with mode 0600. */
export function fileCodeSender(file: string): CodeSender {
  return {
    send: async ({ request, maskedPhone, code, minutes }) => {
      try {
        await mkdir(path.dirname(file), { recursive: true, mode: FOLDER_MODE });
        const line = JSON.stringify({ request, phone: maskedPhone, code, minutes });
        await appendFile(file, `${line}\n`, { mode: FILE_MODE });
        await chmod(file, FILE_MODE);
      } catch {
        throw new Failure("CODE_UNSENT");
      }
    },
  };
}

const COMMAND_TIMEOUT_MS = 30_000;

/**
 * Runs `program` without arguments for each message and gives it one line of JSON on its standard
 * input: request, phone, code, minutes. Exit code 0 means that it was handed over. What it prints
 * is not kept.
 */
export function commandCodeSender(program: string): CodeSender {
  return {
    send: async ({ request, phone, code, minutes }) => {
      const child = spawn(program, [], {
        stdio: ["pipe", "ignore", "ignore"],
        timeout: COMMAND_TIMEOUT_MS,
        env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
      });
      child.stdin.on("error", () => undefined);
      child.stdin.end(`${JSON.stringify({ request, phone, code, minutes })}\n`);
      const status = await new Promise<number | null>((resolve) => {
        child.once("error", () => resolve(null));
        child.once("close", resolve);
      });
      if (status !== 0) throw new Failure("CODE_UNSENT");
    },
  };
}
