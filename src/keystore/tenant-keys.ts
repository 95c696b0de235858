/** The lasting keys of tenants: they live as long as the tenant does. */
import type { SealedShelf } from "./sealed-shelf.ts";

const KEY_BYTES = 32;

/** A tenant's lasting keys: `token` for its tokens, `intake` for order hashes and pseudonyms. */
export interface TenantKeys {
  readonly token: Uint8Array;
  readonly intake: Uint8Array;
}

interface TenantKeysOptions {
  readonly secrets: SealedShelf;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Runs as the only process on the store. */
  readonly locked: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The keys of `tenant` (its UUID), made when they are first asked for. */
export async function tenantKeysOf(
  { secrets, randomBytes, locked }: TenantKeysOptions,
  tenant: string,
): Promise<TenantKeys> {
  const found = await secrets.read(tenant);
  const secret = found ?? (await locked(async () => make()));
  return { token: secret.subarray(0, KEY_BYTES), intake: secret.subarray(KEY_BYTES) };

  async function make(): Promise<Buffer> {
    // Another process may have made it while this one waited.
    const again = await secrets.read(tenant);
    if (again !== null) return again;
    const fresh = Buffer.from(randomBytes(2 * KEY_BYTES));
    await secrets.write(tenant, fresh);
    return fresh;
  }
}
