/**
 * A root key in a PKCS#11 token (a hardware security module, a smart card): an AES key that cannot
 * leave it and can wrap and unwrap keys, nothing else. Every use opens a session of its own and
 * ends it, from the main thread only: a few times a week that costs nothing, a token that was away
 * is found again without anybody's doing, and no login stays open between uses.
 */
import { isMainThread } from "node:worker_threads";
import type { Handle, Mechanism, PKCS11, Template } from "pkcs11js";
import { Failure } from "../rules/failure.ts";
import type { KeyWrapper } from "./remote-root-key.ts";
import { ROOT_KEY_BYTES } from "./root-key.ts";
import { readSecret } from "./secret-file.ts";

export interface Pkcs11Root {
  /** The library that the maker of the token ships, a path. */
  readonly module: string;
  /** Label of the token. */
  readonly token: string;
  /** Label of the key. */
  readonly key: string;
  readonly pinFile: string;
}

/** Numbers of PKCS #11 v2.40 (OASIS), those that are used here. */
const CKA = {
  class: 0x0000,
  token: 0x0001,
  private: 0x0002,
  label: 0x0003,
  value: 0x0011,
  keyType: 0x0100,
  sensitive: 0x0103,
  encrypt: 0x0104,
  decrypt: 0x0105,
  wrap: 0x0106,
  unwrap: 0x0107,
  sign: 0x0108,
  verify: 0x010a,
  derive: 0x010c,
  valueLength: 0x0161,
  extractable: 0x0162,
  modifiable: 0x0170,
} as const;
const CKO_SECRET_KEY = 4;
const CKK_AES = 0x1f;
const CKM_AES_KEY_GEN = 0x1080;
/** RFC 3394, for keys whose length is a multiple of 8 bytes. */
const CKM_AES_KEY_WRAP = 0x2109;
const CKF_RW_SESSION = 2;
const CKF_SERIAL_SESSION = 4;
const CKF_OS_LOCKING_OK = 2;
const CKU_USER = 1;
const KEY_WRAP: Mechanism = { mechanism: CKM_AES_KEY_WRAP };
const KEY_WRAP_EXTRA_BYTES = 8;
const WRAPPED_BYTES = ROOT_KEY_BYTES + KEY_WRAP_EXTRA_BYTES;
const FOUND_MAX = 2;
/** Answers that mean the PIN, which must not be tried again: tokens lock after a few attempts. */
const PIN_ANSWERS: readonly number[] = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4];
/** Whatever its maker answers to bytes that it did not wrap; SoftHSM says CKR_GENERAL_ERROR. */
const NOT_WRAPPED_ANSWERS: readonly number[] = [0x05, 0x06, 0x40, 0x41, 0x110, 0x112];

interface Session {
  readonly module: PKCS11;
  readonly handle: Handle;
  /** Label of the root key. */
  readonly label: string;
}

function answerOf(error: unknown): number | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "number" ? code : null;
}

/** A token's error as a failure; its text may hold labels and stays behind. */
function failureOf(error: unknown): unknown {
  const answer = answerOf(error);
  if (error instanceof Failure || answer === null) return error;
  const reason = `CKR_0x${answer.toString(16)}`;
  return new Failure("KEYSTORE_ROOT_UNAVAILABLE", { reason }, { cause: error });
}

function unavailable(reason: string): Failure {
  return new Failure("KEYSTORE_ROOT_UNAVAILABLE", { reason });
}

/** `asked` says whether the token was troubled with it. */
function pinRefused(asked: boolean): Failure {
  return new Failure("KEYSTORE_ROOT_UNAVAILABLE", { reason: "pin", asked });
}

function slotOf(module: PKCS11, label: string): Handle {
  const slots = module.C_GetSlotList(true);
  const [slot, second] = slots.filter((one) => module.C_GetTokenInfo(one).label.trim() === label);
  if (slot === undefined) throw unavailable("token-absent");
  if (second !== undefined) throw unavailable("token-ambiguous");
  return slot;
}

async function loadModule(path: string): Promise<PKCS11> {
  try {
    const { PKCS11: Module } = await import("pkcs11js");
    const module = new Module();
    module.load(path);
    return module;
  } catch (error) {
    throw new Failure("KEYSTORE_ROOT_UNAVAILABLE", { reason: "module" }, { cause: error });
  }
}

/** An AES key as strong as promised: it cannot leave the token and does nothing but wrap keys. */
function requireStrict({ module, handle }: Session, key: Handle): void {
  const must = [
    [CKA.sensitive, true],
    [CKA.extractable, false],
    [CKA.encrypt, false],
    [CKA.decrypt, false],
    [CKA.sign, false],
    [CKA.derive, false],
  ] as const;
  const template: Template = must.map(([type]) => ({ type }));
  const found = module.C_GetAttributeValue(handle, key, template);
  const isStrict = must.every(([type, value]) => {
    const attribute = found.find((one) => one.type === type);
    return attribute !== undefined && (attribute.value[0] === 1) === value;
  });
  if (!isStrict) throw new Failure("KEYSTORE_ROOT_WRONG", { reason: "key-attributes" });
}

function findKey(session: Session): Handle | null {
  const { module, handle, label } = session;
  module.C_FindObjectsInit(handle, [
    { type: CKA.class, value: CKO_SECRET_KEY },
    { type: CKA.keyType, value: CKK_AES },
    { type: CKA.label, value: label },
  ]);
  const found = module.C_FindObjects(handle, FOUND_MAX);
  module.C_FindObjectsFinal(handle);
  const [key] = found;
  if (found.length > 1) throw new Failure("KEYSTORE_ROOT_WRONG", { reason: "key-ambiguous" });
  if (key !== undefined) requireStrict(session, key);
  return key ?? null;
}

function requireKey(session: Session): Handle {
  const key = findKey(session);
  if (key === null) throw new Failure("KEYSTORE_ROOT_MISSING");
  return key;
}

/** What a key of one use is, inside the token for as long as the session. */
const PASSING: Template = [
  { type: CKA.class, value: CKO_SECRET_KEY },
  { type: CKA.keyType, value: CKK_AES },
  { type: CKA.token, value: false },
  { type: CKA.sensitive, value: false },
  { type: CKA.extractable, value: true },
];

function makeKey({ module, handle, label }: Session): void {
  module.C_GenerateKey(handle, { mechanism: CKM_AES_KEY_GEN }, [
    { type: CKA.class, value: CKO_SECRET_KEY },
    { type: CKA.keyType, value: CKK_AES },
    { type: CKA.label, value: label },
    { type: CKA.valueLength, value: ROOT_KEY_BYTES },
    { type: CKA.token, value: true },
    { type: CKA.private, value: true },
    { type: CKA.sensitive, value: true },
    { type: CKA.extractable, value: false },
    { type: CKA.modifiable, value: false },
    { type: CKA.wrap, value: true },
    { type: CKA.unwrap, value: true },
    ...[CKA.encrypt, CKA.decrypt, CKA.sign, CKA.verify, CKA.derive].map((type) => ({
      type,
      value: false,
    })),
  ]);
}

function wrapIn(session: Session, key: Uint8Array): Buffer {
  const { module, handle } = session;
  const root = requireKey(session);
  const value = { type: CKA.value, value: Buffer.from(key) };
  const passing = module.C_CreateObject(handle, [...PASSING, value]);
  const target = Buffer.alloc(key.length + KEY_WRAP_EXTRA_BYTES);
  const wrapped = Buffer.from(module.C_WrapKey(handle, KEY_WRAP, root, passing, target));
  module.C_DestroyObject(handle, passing);
  value.value.fill(0);
  return wrapped;
}

function destroyIn(session: Session): void {
  const key = findKey(session);
  if (key !== null) session.module.C_DestroyObject(session.handle, key);
}

function unwrapIn(session: Session, wrapped: Uint8Array): Buffer {
  // What another kind of root key wrapped is not for the token: it would answer at random.
  if (wrapped.length !== WRAPPED_BYTES) throw new Failure("KEYSTORE_ROOT_WRONG");
  const { module, handle } = session;
  const root = requireKey(session);
  try {
    const passing = module.C_UnwrapKey(handle, KEY_WRAP, root, Buffer.from(wrapped), PASSING);
    const [attribute] = module.C_GetAttributeValue(handle, passing, [{ type: CKA.value }]);
    module.C_DestroyObject(handle, passing);
    return attribute?.value ?? Buffer.alloc(0);
  } catch (error) {
    const isRefused = NOT_WRAPPED_ANSWERS.includes(answerOf(error) ?? 0);
    // The same answers are given when the token is lost; then the key is not found either.
    if (isRefused && findKey(session) !== null) throw new Failure("KEYSTORE_ROOT_WRONG");
    throw error;
  }
}

/** The key of `root` in its token. A PIN that was refused is not tried again until it changes. */
export function pkcs11KeyWrapper(root: Pkcs11Root): KeyWrapper {
  let refusedPin: string | null = null;

  function logIn({ module, handle }: Session, pin: string): void {
    if (pin === refusedPin) throw pinRefused(false);
    try {
      module.C_Login(handle, CKU_USER, pin);
    } catch (error) {
      if (!PIN_ANSWERS.includes(answerOf(error) ?? 0)) throw error;
      refusedPin = pin;
      throw pinRefused(true);
    }
  }

  /** Everything between the first and the last call happens in one go, so no two ever overlap. */
  async function withSession<T>(work: (session: Session) => T): Promise<T> {
    if (!isMainThread) throw new RangeError("tokens are used from the main thread only");
    const pin = await readSecret(root.pinFile);
    const module = await loadModule(root.module);
    try {
      module.C_Initialize({ flags: CKF_OS_LOCKING_OK });
      try {
        const slot = slotOf(module, root.token);
        const handle = module.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION);
        const session = { module, handle, label: root.key };
        logIn(session, pin);
        return work(session);
      } finally {
        // Ends the login and every session with it.
        module.C_Finalize();
      }
    } catch (error) {
      throw failureOf(error);
    } finally {
      module.close();
    }
  }

  return {
    kind: "pkcs11",
    exists: async () => withSession((session) => findKey(session) !== null),
    make: async () => withSession(makeKey),
    destroy: async () => withSession(destroyIn),
    wrapKey: async (key) => withSession((session) => wrapIn(session, key)),
    unwrapKey: async (wrapped) => withSession((session) => unwrapIn(session, wrapped)),
  };
}
