/** Starts and ends guests (guest.ts) and collects what they report. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { GuestReport, TimedReport } from "./guest.ts";

const PROGRAM = fileURLToPath(new URL("guest.ts", import.meta.url));

export class Guest {
  readonly reports: TimedReport[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  /** The guest does not outlive the test of `context`, however that ends. */
  constructor(context: TestContext, base: string, mode: "open" | "hold" | "churn") {
    this.#child = fork(PROGRAM, [base, mode], { execArgv: [] });
    this.#ended = once(this.#child, "close");
    context.after(async () => this.kill());
    // Only guest.ts sends on this channel.
    this.#child.on("message", (message) => this.reports.push(message as TimedReport));
  }

  /** Waits until the guest reported `what`, and gives the first such report. */
  async said<What extends GuestReport["what"]>(
    what: What,
  ): Promise<Extract<GuestReport, { what: What }>> {
    for (;;) {
      const found = this.reports.find(({ report }) => report.what === what)?.report;
      // `find` has compared the very member that tells the reports apart.
      if (found !== undefined) return found as Extract<GuestReport, { what: What }>;
      const ended = this.#ended.then(() => "ended");
      const next = once(this.#child, "message").then(() => "message");
      if ((await Promise.race([ended, next])) === "ended") throw new Error("the guest ended");
    }
  }

  /** Tells a holding guest to release. */
  tell(): void {
    this.#child.send("release");
  }

  /** Kills the guest so that nothing of its program runs any more. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Waits until the guest has ended by itself; gives its exit code. */
  async end(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }
}
