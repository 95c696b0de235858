/** Runs a program that dies at a step (failpoint.ts). */
import { spawn } from "node:child_process";
import { once } from "node:events";

const FAILPOINT = new URL("failpoint.ts", import.meta.url).href;

export interface RanToStep {
  readonly killed: boolean;
  /** All steps that there were, when it was not killed. */
  readonly steps: number;
  /** What it wrote. */
  readonly told: string;
}

export interface StepToRunTo {
  readonly environment: Readonly<Record<string, string>>;
  /** `KIND NUMBER`, or null to run to the end. */
  readonly at: string | null;
  /** Whether the program says itself from where on steps count. */
  readonly isArmedLater?: boolean;
}

/** Runs a program of Node that dies at a step, or to its end when that is null. */
export async function runToStep(
  words: readonly string[],
  { environment, at, isArmedLater = false }: StepToRunTo,
): Promise<RanToStep> {
  const child = spawn(process.execPath, ["--import", FAILPOINT, ...words], {
    env: {
      PATH: process.env["PATH"] ?? "",
      ...environment,
      ...(at === null ? {} : { FAILPOINT_AT: at }),
      ...(isArmedLater ? { FAILPOINT_LATER: "1" } : {}),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let told = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => (told += piece.toString("utf8")));
  await once(child, "close");
  const killed = child.signalCode === "SIGKILL";
  return { killed, steps: Number(/steps (\d+)/u.exec(told)?.[1] ?? 0), told };
}
