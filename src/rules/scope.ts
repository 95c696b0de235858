/**
 * What an API key of a machine may be made for (权限范围). None of them opens a person: a reveal
 * takes a person who signed in, never a key alone (P10).
 */

interface ScopeRow {
  readonly zh: string;
  readonly en: string;
}

export const SCOPES = {
  seal: { zh: "密封订单", en: "seal orders" },
  print: { zh: "打印面单", en: "print labels" },
  state: { zh: "登记运单状态", en: "record states of parcels" },
  flow: {
    zh: "改址、退回、拆单、一件代发",
    en: "change addresses, send back, split, hand to suppliers",
  },
} as const satisfies Record<string, ScopeRow>;

export type Scope = keyof typeof SCOPES;

// The keys of the table are the scopes.
export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

/** The scope of that name, or null when there is none. */
export function parseScope(name: string): Scope | null {
  // hasOwn shows that the name is a key of the table.
  return Object.hasOwn(SCOPES, name) ? (name as Scope) : null;
}
