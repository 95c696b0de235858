/**
 * Which policies were in force (策略沿革): every server that opens a tenant keeps the set that it runs
 * with by its digest, with its text and from when on it ruled; a change is an entry of the log.
 */
import { SYSTEM_ACTOR, writeEntry } from "../access/entry.ts";
import { currentPolicyText, policySetOf } from "../access/policy-set.ts";
import type { PolicySet } from "../access/policy-set.ts";
import { Failure } from "../rules/failure.ts";
import { hasEntries } from "../store/log.ts";
import { addPolicyTerm, findPolicySet, keepPolicySet, policyTerms } from "../store/policy-set.ts";
import type { PolicyTerm } from "../store/policy-set.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { lockToldState, setToldState } from "../store/told-state.ts";
import { toldOrLater } from "./told-later.ts";
import type { Vault } from "./vault.ts";

/**
 * Writes down that this program's policies rule over the tenant from now on, when others did or
 * none were known. What a new tenant begins with is kept without an entry.
 */
export async function tellPolicySet(vault: Vault): Promise<void> {
  const { digest, body } = currentPolicyText();
  const value = Buffer.from(digest).toString("hex");
  const what = { tenantId: vault.tenant.id, name: "policy-set" } as const;
  await toldOrLater(async () =>
    transaction(vault.database, async (connection) => {
      const told = await lockToldState(connection, what);
      if (told === value) return;
      const from = vault.now();
      await keepPolicySet(connection, { from, digest, body });
      await addPolicyTerm(connection, what.tenantId, { from, digest });
      await setToldState(connection, what, value);
      if (told === null && !(await hasEntries(connection, what.tenantId))) return;
      const draft = { type: "policy-changed", actor: SYSTEM_ACTOR, digest: value } as const;
      await writeEntry(vault, connection, draft);
    }),
  );
}

/** The policy sets of a tenant by time. */
export class PolicyTimes {
  readonly #terms: readonly PolicyTerm[];

  constructor(terms: readonly PolicyTerm[]) {
    this.#terms = terms;
  }

  /** Since when it is known what ruled; null when it is not known at all. */
  get knownFrom(): Date | null {
    return this.#terms[0]?.from ?? null;
  }

  /** The moments after `from` and before `to` at which another set began to rule. */
  changesIn({ from, to }: { readonly from: Date; readonly to: Date }): readonly Date[] {
    return this.#terms.map((term) => term.from).filter((at) => at > from && at < to);
  }

  /** The digest that ruled at that moment. Throws HISTORY_TOO_SHORT before any is known. */
  digestAt(at: Date): Uint8Array {
    const found = this.#terms.findLast(({ from }) => from <= at);
    if (found === undefined) throw new Failure("HISTORY_TOO_SHORT", { of: "policies" });
    return found.digest;
  }
}

export async function policyTimes(connection: Connection, tenantId: string): Promise<PolicyTimes> {
  return new PolicyTimes(await policyTerms(connection, tenantId));
}

/** The set of that digest, made from its text as it was kept. */
export async function policySetOfDigest(
  vault: Pick<Vault, "database">,
  digest: Uint8Array,
): Promise<PolicySet> {
  const body = await connected(vault.database, async (connection) =>
    findPolicySet(connection, digest),
  );
  if (body === null) throw new Failure("HISTORY_TOO_SHORT", { of: "policies" });
  return policySetOf(body);
}
