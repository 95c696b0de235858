/**
 * Tells of settings that changed since the log last told of them. Values never appear: each counts
 * as a keyed digest, so that nobody who has the log can try out what a path or an address was.
 */
import { hash } from "node:crypto";
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { canonicalJson } from "../audit/canonical-json.ts";
import { prfMessage } from "../crypto/prf.ts";
import { suiteOf } from "../crypto/suites.ts";
import { hasEntries } from "../store/log.ts";
import { transaction } from "../store/pool.ts";
import { lockToldState, setToldState } from "../store/told-state.ts";
import { tellPolicySet } from "./policy-history.ts";
import { toldOrLater } from "./told-later.ts";
import type { Vault } from "./vault.ts";

/** Names of settings and what each is, as text. */
export type Configuration = Readonly<Record<string, string>>;

const LABEL = "midan.config";

async function digestsOf(vault: Vault, configuration: Configuration): Promise<Configuration> {
  const { pseudonym: key } = await vault.keys.tenantKeys(vault.tenant.id);
  const suite = suiteOf(vault.tenant.suite);
  const pairs = Object.entries(configuration).map(([name, value]) => {
    const message = `${name}=${value}`;
    return [name, prfMessage(suite, key, { label: LABEL, message }).slice(0, 16).toHex()] as const;
  });
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function changedNames(before: Configuration, now: Configuration): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).toSorted();
}

/**
 * Tells of policies that changed, and writes an entry when a setting is not as it was told last,
 * with the names of those that changed. What a new tenant begins with is remembered without one;
 * where entries stand already and nothing is remembered, all count as changed.
 */
export async function tellConfiguration(vault: Vault, configuration: Configuration): Promise<void> {
  await tellPolicySet(vault);
  const now = await digestsOf(vault, configuration);
  const value = Buffer.from(canonicalJson(now)).toString("utf8");
  const what = { tenantId: vault.tenant.id, name: "configuration" } as const;
  await toldOrLater(async () =>
    transaction(vault.database, async (connection) => {
      const told = await lockToldState(connection, what);
      if (told === value) return;
      await setToldState(connection, what, value);
      if (told === null && !(await hasEntries(connection, what.tenantId))) return;
      // The row was written here, from such an object.
      const before = JSON.parse(told ?? "{}") as Configuration;
      const fields = changedNames(before, now);
      const digest = hash("sha256", value, "hex");
      const type = "configuration-changed" as const;
      await writeEntry(vault, connection, { type, actor: SYSTEM_ACTOR, fields, digest });
    }),
  );
}
