/**
 * A root key on its way from one place to another, of the same kind or of another one. Until the
 * last step both are known and both unwrap. What was begun shows in what is wrapped, not in a mark
 * of its own: as soon as anything is seen that only the new key opens, the new key wraps.
 */
import { Failure, isFailure } from "../rules/failure.ts";
import type { RootKey } from "./root-key.ts";

/** Answers that mean only that this is not the key, and another may be. */
function isOther(error: unknown): boolean {
  return isFailure(error, "KEYSTORE_ROOT_WRONG") || isFailure(error, "KEYSTORE_ROOT_MISSING");
}

/** The secret, or the failure of a key that does not open it. */
async function tried(
  key: RootKey,
  wrapped: Uint8Array,
  associated: Uint8Array,
): Promise<Buffer | Failure> {
  try {
    return await key.unwrap(wrapped, associated);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Whether a key is there; one that cannot be reached right now counts as there. */
async function mayExist(key: RootKey): Promise<boolean> {
  try {
    return await key.exists();
  } catch (error) {
    if (isFailure(error, "KEYSTORE_ROOT_UNAVAILABLE")) return true;
    throw error;
  }
}

/**
 * The root key `from` while it may be changed to `to`. Without a change it works as `from` does;
 * after the last step `to` alone opens. Both must be reachable while the change goes on.
 */
export function movingRootKey(from: RootKey, to: RootKey): RootKey {
  let begun = false;

  async function unwrap(wrapped: Uint8Array, associated: Uint8Array): Promise<Buffer> {
    const old = await tried(from, wrapped, associated);
    if (!(old instanceof Failure)) return old;
    const secret = await tried(to, wrapped, associated);
    // Of two refusals the one counts that says to try again.
    if (secret instanceof Failure) throw isOther(old) ? secret : old;
    begun = true;
    return secret;
  }

  async function isUnderOld(wrapped: Uint8Array, associated: Uint8Array): Promise<boolean> {
    const secret = await tried(from, wrapped, associated);
    if (secret instanceof Failure && !isOther(secret)) throw secret;
    if (!(secret instanceof Failure)) secret.fill(0);
    return !(secret instanceof Failure);
  }

  return {
    get kind() {
      return begun ? to.kind : from.kind;
    },
    exists: async () => (await mayExist(from)) || (await to.exists()),
    make: async () => from.make(),
    wrap: async (secret, associated) => (begun ? to : from).wrap(secret, associated),
    unwrap,
    change: {
      isPending: async () => Promise.resolve(begun),
      begin: async () => {
        if (!(await to.exists())) await to.make();
        begun = true;
      },
      isUnderOld,
      finish: async () => from.destroy?.(),
    },
  };
}
