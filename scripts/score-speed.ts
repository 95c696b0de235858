/** How many texts of a kind one core masks in a second, by the library and by the command. */

import { spawnSync } from "node:child_process";
import { maskAddress } from "../src/privacy/address.ts";
import type { Gazetteer } from "../src/privacy/gazetteer.ts";
import { PROFILES } from "../src/privacy/mask-profile.ts";
import { maskName } from "../src/privacy/name.ts";
import { maskPhone } from "../src/privacy/phone.ts";

export interface Speed {
  readonly kind: "name" | "phone" | "address";
  readonly library: number;
  readonly command: number;
}

export interface SpeedTexts {
  readonly name: readonly string[];
  readonly phone: readonly string[];
  readonly address: readonly string[];
}

const ROUNDS = 5;
const LIBRARY_TEXTS = 200_000;
const COMMAND_TEXTS = { name: 400_000, phone: 400_000, address: 100_000 } as const;
const MICROS = 1_000_000;

/**
 * By time of the processor, so that other work on the machine counts little; the collector's own
 * threads do count, which makes the figures a little low.
 */
export function measureSpeeds(texts: SpeedTexts, gazetteer: Gazetteer): readonly Speed[] {
  const profile = PROFILES.gb41833;
  const works = {
    name: (text: string) => maskName(text, profile).masked.length,
    phone: (text: string) => maskPhone(text, profile).length,
    address: (text: string) => maskAddress(text, profile, gazetteer).masked.length,
  } as const;
  return (["name", "phone", "address"] as const).map((kind) => ({
    kind,
    library: libraryRate(texts[kind], works[kind]),
    command: commandRate(kind, texts[kind]),
  }));
}

/** The best of some rounds, since whatever else happens only makes a round slower. */
function libraryRate(texts: readonly string[], work: (text: string) => number): number {
  const sample = Array.from({ length: LIBRARY_TEXTS }, (_, at) => texts[at % texts.length] ?? "");
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = process.cpuUsage();
    let characters = 0;
    for (const text of sample) characters += work(text);
    const spent = process.cpuUsage(began);
    if (characters === 0) throw new RangeError("nothing was masked");
    best = Math.max(best, (sample.length * MICROS) / (spent.user + spent.system));
  }
  return best;
}

/** A whole run of `midan mask`, less one over a single line: the start is not the rate. */
function commandRate(kind: Speed["kind"], texts: readonly string[]): number {
  const count = COMMAND_TEXTS[kind];
  const lines = Array.from(
    { length: count },
    (_, at) => `${JSON.stringify({ id: at, text: texts[at % texts.length] ?? "" })}\n`,
  );
  const start = runSeconds(kind, lines[0] ?? "");
  return count / (runSeconds(kind, lines.join("")) - start);
}

/** The shell's `times` says in its second line what its children took: user, then system. */
const SCRIPT = '"$0" --max-semi-space-size=64 src/main.ts mask --kind "$1" >/dev/null && times';
const TIMES = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/;

function runSeconds(kind: Speed["kind"], input: string): number {
  const { status, stdout } = spawnSync("bash", ["-c", SCRIPT, process.execPath, kind], {
    input,
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const spent = TIMES.exec(stdout)?.slice(1).map(Number);
  if (status !== 0 || spent === undefined) throw new Error(`midan mask --kind ${kind} failed`);
  const [userMinutes = 0, user = 0, systemMinutes = 0, system = 0] = spent;
  return (userMinutes + systemMinutes) * 60 + user + system;
}
