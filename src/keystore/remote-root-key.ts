/**
 * A root key that never comes into this process: a device or a service wraps a key of one use for
 * us, and the secret is sealed here under that key. So every such place needs to know two things
 * only, what is authenticated does not depend on what it supports, and it never sees the secret.
 */
import { Failure } from "../rules/failure.ts";
import { ROOT_KEY_BYTES, unwrapUnder, WRAP_NONCE_BYTES, wrapUnder } from "./root-key.ts";
import type { RootKey, RootKeyChange } from "./root-key.ts";

/** What wraps keys of 32 bytes; fails as the methods of `RootKey`. */
export interface KeyWrapper {
  readonly kind: "pkcs11" | "transit";
  exists(): Promise<boolean>;
  make(): Promise<void>;
  wrapKey(key: Uint8Array): Promise<Uint8Array>;
  /** Throws KEYSTORE_ROOT_WRONG when these bytes were not made by `wrapKey`. */
  unwrapKey(wrapped: Uint8Array): Promise<Buffer>;
  /** As in `RootKey`. */
  readonly destroy?: () => Promise<void>;
  readonly change?: KeyWrapperChange;
}

/** How a new version of the key takes over inside the service, which keeps the earlier ones. */
export interface KeyWrapperChange {
  begin(): Promise<void>;
  /** Whether a key was wrapped by a version before the one that `begin` made. */
  isOld(wrappedKey: Uint8Array): boolean;
  /** From now on earlier versions unwrap nothing. */
  finish(): Promise<void>;
}

const LENGTH_BYTES = 2;

interface Parts {
  readonly wrappedKey: Buffer;
  readonly sealed: Buffer;
}

function partsOf(bytes: Uint8Array): Parts {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (whole.length < LENGTH_BYTES) throw new Failure("KEYSTORE_ROOT_WRONG");
  const end = LENGTH_BYTES + whole.readUInt16BE(0);
  if (whole.length <= end) throw new Failure("KEYSTORE_ROOT_WRONG");
  return { wrappedKey: whole.subarray(LENGTH_BYTES, end), sealed: whole.subarray(end) };
}

async function unwrapSecret(
  wrapper: KeyWrapper,
  wrapped: Uint8Array,
  associated: Uint8Array,
): Promise<Buffer> {
  const { wrappedKey, sealed } = partsOf(wrapped);
  const key = await wrapper.unwrapKey(wrappedKey);
  const isKey = key.length === ROOT_KEY_BYTES;
  const secret = isKey ? unwrapUnder(key, sealed, associated) : null;
  key.fill(0);
  if (secret === null) throw new Failure("KEYSTORE_ROOT_WRONG");
  return secret;
}

/**
 * The service says what stands under which version, and nothing is kept here: a change that was
 * interrupted is not pending but is asked for again, and makes one version more.
 */
function changeOf({ change }: KeyWrapper): { readonly change?: RootKeyChange } {
  if (change === undefined) return {};
  return {
    change: {
      isPending: async () => Promise.resolve(false),
      begin: async () => change.begin(),
      isUnderOld: async (wrapped) => Promise.resolve(change.isOld(partsOf(wrapped).wrappedKey)),
      finish: async () => change.finish(),
    },
  };
}

/** The root key that `wrapper` holds; the bytes are those of docs/formats/root-key.md. */
export function remoteRootKey(
  wrapper: KeyWrapper,
  randomBytes: (count: number) => Uint8Array,
): RootKey {
  return {
    kind: wrapper.kind,
    exists: async () => wrapper.exists(),
    make: async () => wrapper.make(),
    ...(wrapper.destroy === undefined ? {} : { destroy: wrapper.destroy }),
    ...changeOf(wrapper),
    wrap: async (secret, associated) => {
      const key = randomBytes(ROOT_KEY_BYTES);
      const wrappedKey = await wrapper.wrapKey(key);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt16BE(wrappedKey.length);
      const sealed = wrapUnder({ key, nonce: randomBytes(WRAP_NONCE_BYTES) }, secret, associated);
      key.fill(0);
      return Buffer.concat([length, wrappedKey, sealed]);
    },
    unwrap: async (wrapped, associated) => unwrapSecret(wrapper, wrapped, associated),
  };
}
