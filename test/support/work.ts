/**
 * What a call costs, counted and not timed: the statements that it sends to the database and the
 * passwords that it hashes, in order. Counts are the same on a busy machine, where clocks are not.
 * Import it before what it counts.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import pg from "pg";

const counted = new AsyncLocalStorage<string[]>();

type Callable = (...given: readonly unknown[]) => unknown;

/** Lets `told` see each call of `holder[name]`; the call itself goes on as it was. */
function watch(holder: object, name: string, told: (given: readonly unknown[]) => string): void {
  // What is watched is a method of that name.
  const original = Reflect.get(holder, name) as Callable;
  const watching = function (this: unknown, ...given: readonly unknown[]): unknown {
    counted.getStore()?.push(told(given));
    return Reflect.apply(original, this, given);
  };
  Reflect.set(holder, name, watching);
}

interface Sent {
  readonly text: string;
}

function statementOf([statement]: readonly unknown[]): string {
  // Anything else that is sent is an object of pg with its text.
  const { text } = typeof statement === "string" ? { text: statement } : (statement as Sent);
  return text.replaceAll(/\s+/g, " ").trim();
}

function hashOf([algorithm, given]: readonly unknown[]): string {
  const { memory, passes, parallelism } = Object(given) as Record<string, unknown>;
  return `${String(algorithm)} m=${String(memory)} t=${String(passes)} p=${String(parallelism)}`;
}

watch(pg.Client.prototype, "query", statementOf);
watch(crypto, "argon2", hashOf);
syncBuiltinESMExports();

/** Counts also how often the tenant's keys are read, and compartments are opened. */
export function watchKeys(keys: object): void {
  watch(keys, "tenantKeys", () => "tenant keys");
  watch(keys, "openCompartment", () => "compartment opened");
}

/** What `work` does; what others do at the same time is not in it. Fails as `work` does. */
export async function workOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const done: string[] = [];
  await counted.run(done, work);
  return done;
}
