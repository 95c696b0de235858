/**
 * A second process on the same key store. `node guest.ts BASE MODE`: `open` only opens, `hold`
 * leases one compartment and waits to be told, `churn` works without end until it is killed, and
 * says through the channel what has been acknowledged to it.
 */
import { hash, randomInt } from "node:crypto";
import { KeyStore } from "../../src/keystore/key-store.ts";
import type { Lease } from "../../src/keystore/key-store.ts";
import { NOW, optionsIn, REQUEST } from "./fresh-store.ts";

export type GuestReport =
  | { readonly what: "opened"; readonly madeAt: number }
  | {
      readonly what: "leased";
      readonly serial: number;
      readonly first: number;
      readonly seed: string;
    }
  | { readonly what: "used"; readonly serial: number; readonly next: number }
  | { readonly what: "released"; readonly serial: number }
  | { readonly what: "destroyed"; readonly serial: number; readonly id: string };

export interface TimedReport {
  /** Nanoseconds on the one clock that all processes of a machine share. */
  readonly at: number;
  readonly report: GuestReport;
}

function report(what: GuestReport): void {
  const timed: TimedReport = { at: Number(process.hrtime.bigint()), report: what };
  process.send?.(timed);
}

async function lease(store: KeyStore): Promise<Lease> {
  const leased = await store.lease(REQUEST);
  const [node] = leased.cover;
  const seed = node === undefined ? "" : hash("sha256", node.seed);
  report({ what: "leased", serial: leased.record.serial, first: leased.firstPosition, seed });
  return leased;
}

/** Uses a compartment as sealing does: positions are promised before they are used. */
async function use(store: KeyStore, leased: Lease): Promise<number> {
  const { serial } = leased.record;
  let next = leased.firstPosition;
  let { ceiling } = leased.record;
  for (let round = 0; round < 2; round += 1) {
    next += randomInt(1, 80);
    if (next > ceiling) ceiling = await store.reserve(serial, next);
    next = Math.min(next, ceiling);
    report({ what: "used", serial, next });
  }
  return next;
}

async function destroy(store: KeyStore, serial: number): Promise<void> {
  const { id } = await store.destroy(serial, NOW);
  report({ what: "destroyed", serial, id });
}

async function churn(store: KeyStore): Promise<never> {
  for (let round = 0; ; round += 1) {
    const leased = await lease(store);
    const { serial } = leased.record;
    const next = await use(store, leased);
    if (round % 3 === 0) {
      await destroy(store, serial);
      continue;
    }
    await store.release(serial, next);
    report({ what: "released", serial });
    if (round % 3 === 1) await store.setState(serial, "closing");
  }
}

/** Ends the channel, and with it the process. */
function leave(): void {
  process.disconnect?.();
}

async function hold(store: KeyStore): Promise<void> {
  const leased = await lease(store);
  const { serial } = leased.record;
  const next = await use(store, leased);
  process.once("message", () => {
    void store.release(serial, next).then(leave);
  });
}

const [, , base = "", mode = ""] = process.argv;
const store = await KeyStore.open(optionsIn(base));
report({ what: "opened", madeAt: store.generationMadeAt.getTime() });
if (mode === "churn") await churn(store);
else if (mode === "hold") await hold(store);
else leave();
