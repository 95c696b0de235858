/** The key store's place with a span for each time that it is read or written. */
import { traced } from "../trace/span.ts";
import type { SpanStart } from "../trace/span.ts";
import { SHELVES } from "./key-medium.ts";
import type { KeyMedium } from "./key-medium.ts";

/** What goes to a disk or another server. The rest answers from memory, or in no request. */
const TRACED: ReadonlySet<unknown> = new Set<keyof KeyMedium>([
  "locked",
  "names",
  "read",
  "glance",
  "readAll",
  "write",
  "replace",
  "destroy",
  "writeSerial",
  "ledgerBytes",
  "readLedger",
  "appendLedger",
]);

/** Shelves have names of ours; what lies on them has names that tell which key. */
function startOf(method: string, first: unknown): SpanStart {
  const shelf = SHELVES.find((known) => known === first);
  const attributes = shelf === undefined ? {} : { "midan.shelf": shelf };
  return { name: `keystore ${method}`, kind: "client", attributes };
}

/** The same place, still of its own class; outside of a trace it is as it was. */
export function tracedMedium<M extends KeyMedium>(medium: M): M {
  return new Proxy(medium, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      // Methods reach private fields, which a proxy does not have.
      const call = async (...given: unknown[]): Promise<unknown> =>
        Reflect.apply(member, target, given) as Promise<unknown>;
      if (!TRACED.has(name))
        return (...given: unknown[]): unknown => Reflect.apply(member, target, given);
      return async (...given: unknown[]) =>
        traced(
          () => startOf(String(name), given[0]),
          async () => call(...given),
        );
    },
  });
}
