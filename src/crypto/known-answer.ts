/**
 * Known answers of every algorithm that is used, so that a program with a broken or exchanged
 * library seals nothing (FIPS 140-3 section 7.10.3 asks the same of modules). Inputs and answers
 * are those of the standards, or of vectors that others have published.
 */
import { argon2Sync, createPrivateKey, createPublicKey, hash, sign, verify } from "node:crypto";
import { Failure } from "../rules/failure.ts";
import { aeadOpen, aeadSeal } from "./aead.ts";
import { hkdfExpand, hkdfExtract, hmac } from "./hkdf.ts";
import { hpkeRecipient } from "./hpke.ts";
import { leafKey } from "./key-tree.ts";
import { sm2Decrypt, sm2KeyPairOf, sm2Sign, sm2Verify } from "./sm2.ts";
import { SUITES, TAG_BYTES } from "./suites.ts";
import { totpCode } from "./totp.ts";
import type { Suite } from "./suites.ts";

export interface KnownAnswer {
  readonly name: string;
  readonly suite: Suite["name"];
  /** Where input and answer come from. */
  readonly source: string;
  /** What comes out, in hex; may throw. */
  readonly compute: () => string;
  readonly expected: string;
}

const ABC = Buffer.from("abc", "latin1");
const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

type AeadCase = Readonly<Record<"key" | "nonce" | "associated" | "plaintext", string>>;

/** Seals, opens again, and makes sure that a changed tag does not open. */
function aeadAnswer(suite: Suite, one: AeadCase): string {
  const input = {
    key: bytesOf(one.key),
    nonce: bytesOf(one.nonce),
    associated: bytesOf(one.associated),
  };
  const plaintext = bytesOf(one.plaintext);
  const target = Buffer.alloc(plaintext.length + TAG_BYTES);
  aeadSeal(suite, input, { plaintext, target });
  const forged = Buffer.from(target);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  const isRight =
    aeadOpen(suite, input, target)?.equals(plaintext) === true &&
    aeadOpen(suite, input, forged) === null;
  return isRight ? hexOf(target) : "does not open as it should";
}

function leafAnswer(suite: Suite, root: string, at: { serial: number; slot: number }): string {
  const cover = [{ level: 0, index: 0, seed: bytesOf(root) }];
  return hexOf(leafKey({ suite, serial: at.serial }, cover, at.slot));
}

function hkdfAnswer(): string {
  const extracted = hkdfExtract(
    SUITES.intl,
    bytesOf("000102030405060708090a0b0c"),
    bytesOf("0b".repeat(22)),
  );
  const output = { info: bytesOf("f0f1f2f3f4f5f6f7f8f9"), length: 42 };
  return hexOf(hkdfExpand(SUITES.intl, extracted, output));
}

function hpkeAnswer(): string {
  const context = hpkeRecipient(
    bytesOf("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d"),
    bytesOf("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256"),
    Buffer.from("Ode on a Grecian Urn", "latin1"),
  );
  return context === null ? "no key" : hexOf(context.key) + hexOf(context.nonce);
}

function argon2Answer(): string {
  const key = argon2Sync("argon2id", {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
    memory: 32,
    passes: 3,
    parallelism: 4,
    tagLength: 32,
  });
  return hexOf(key);
}

/** The last SHA-1 row of the table, at 20000000000 seconds: the code of eight digits. */
function totpAnswer(): string {
  const secret = Buffer.from("12345678901234567890", "latin1");
  return totpCode(secret, Math.floor(20_000_000_000 / 30), 8);
}

/** As `sm2Answer`, for what signs the log's checkpoints. */
function ed25519Answer(): string {
  const seed = bytesOf("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const head = bytesOf("302e020100300506032b657004220420");
  const der = { key: Buffer.concat([head, seed]), format: "der", type: "pkcs8" } as const;
  const privateKey = createPrivateKey(der);
  const publicKey = createPublicKey(privateKey);
  const signature = sign(null, Buffer.alloc(0), privateKey);
  const isRight =
    verify(null, Buffer.alloc(0), publicKey, signature) && !verify(null, ABC, publicKey, signature);
  return isRight ? hexOf(signature) : "does not verify as it should";
}

/** The key pair and number of GB/T 32918.5-2017 annexes A to C. */
const SM2_KEY = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const SM2_NUMBER = "59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21";
const SM2_MESSAGE = Buffer.from("message digest", "latin1");
const SM2_SIGNATURE =
  "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3" +
  "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
const SM2_CIPHERTEXT =
  "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73" +
  "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0" +
  "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766" +
  "21886ca989ca9c7d58087307ca93092d651efa";

/** Signs with the standard's number, and makes sure that a changed message does not verify. */
function sm2Answer(): string {
  const pair = sm2KeyPairOf(bytesOf(SM2_KEY));
  const signature = sm2Sign(pair, SM2_MESSAGE, () => bytesOf(SM2_NUMBER));
  const isRight =
    sm2Verify(pair.publicKey, SM2_MESSAGE, signature) && !sm2Verify(pair.publicKey, ABC, signature);
  return isRight ? hexOf(signature) : "does not verify as it should";
}

const INTL: readonly Omit<KnownAnswer, "suite">[] = [
  {
    name: "SHA-256",
    source: "FIPS 180-4",
    compute: () => hash(SUITES.intl.hash, ABC),
    expected: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  },
  {
    name: "AES-256-GCM",
    source: "Wycheproof aes_gcm 102",
    compute: () =>
      aeadAnswer(SUITES.intl, {
        key: "f32364b1d339d82e4f132d8f4a0ec1ff7e746517fa07ef1a7f422f4e25a48194",
        nonce: "5a86a50a0e8a179c734b996d",
        associated: "ab2ac7c44c60bdf8228c7884adb20184",
        plaintext: "43891bccb522b1e72a6b53cf31c074e9d6c2df8e",
      }),
    expected: "43dda832e942e286da314daa99bef5071d9d2c78c3922583476ced575404ddb85dd8cd44",
  },
  {
    name: "PRF, SHA-256",
    source: "docs/formats/key-tree.md",
    compute: () =>
      leafAnswer(SUITES.intl, "d87bf250f537accba1f071dcc0a70be6f1ab753b3f38a255ad9566b738a47f0a", {
        serial: 1,
        slot: 1,
      }),
    expected: "818cfb4ac2ab4d688f72f8121207cc54903f6edd0ae3b7069b58cd0870e0ea09",
  },
  {
    name: "HKDF-SHA-256",
    source: "RFC 5869 A.1",
    compute: hkdfAnswer,
    expected:
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  },
  {
    name: "HPKE X25519",
    source: "RFC 9180 test vectors",
    compute: hpkeAnswer,
    expected:
      "f50b0609186798729ed0564b36ef2ef8044f1f9d05636874d1f46c819c7a669f151d9929e2449747889bc923",
  },
  {
    name: "Ed25519",
    source: "RFC 8032 7.1",
    compute: ed25519Answer,
    expected:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac" +
      "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    name: "argon2id",
    source: "RFC 9106 5.3",
    compute: argon2Answer,
    expected: "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
  },
  {
    name: "TOTP, SHA-1",
    source: "RFC 6238 appendix B",
    compute: totpAnswer,
    expected: "65353130",
  },
];

const GM: readonly Omit<KnownAnswer, "suite">[] = [
  {
    name: "SM3",
    source: "GB/T 32905-2016 A.1",
    compute: () => hash(SUITES.gm.hash, ABC),
    expected: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
  },
  {
    name: "SM4-GCM",
    source: "RFC 8998 A.1",
    compute: () =>
      aeadAnswer(SUITES.gm, {
        key: "0123456789abcdeffedcba9876543210",
        nonce: "00001234567800000000abcd",
        associated: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        plaintext:
          "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd" +
          "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
      }),
    expected:
      "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735" +
      "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d" +
      "83de3541e4c2b58177e065a9bf7b62ec",
  },
  {
    name: "PRF, SM3",
    source: "docs/formats/key-tree.md",
    compute: () =>
      leafAnswer(SUITES.gm, "cd6f826e0a7377520d031fd69814f19e7fd33d40d583c059075ad6e79b0bfa40", {
        serial: 4_328_719_365,
        slot: 77_777,
      }),
    expected: "0fe550e230487a98325ee32e5af8cbe16dfa21a8db4118bd3f4b9369e908a357",
  },
  {
    name: "HMAC-SM3",
    source: "Wycheproof hmac_sm3 12",
    compute: () =>
      hexOf(
        hmac(
          SUITES.gm,
          bytesOf("835bc8241ed817735ec9d3d0e2df4c173ee4dded4a8ef0c04a96c48f11820463"),
          bytesOf("26f8083e944bacf04e9a4d"),
        ),
      ),
    expected: "a8eb43dc04970632ba50eb5114b5e495f3142a5735e717338b4822bf57b228ee",
  },
  {
    name: "SM2 signature",
    source: "GB/T 32918.5-2017 A.2",
    compute: sm2Answer,
    expected: SM2_SIGNATURE,
  },
  {
    name: "SM2 encryption",
    source: "GB/T 32918.5-2017",
    compute: () => hexOf(sm2Decrypt(bytesOf(SM2_KEY), bytesOf(SM2_CIPHERTEXT)) ?? ABC),
    expected: Buffer.from("encryption standard", "latin1").toString("hex"),
  },
];

export const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  ...INTL.map((row) => ({ ...row, suite: "intl" as const })),
  ...GM.map((row) => ({ ...row, suite: "gm" as const })),
];

/** Whether the row gives its answer; an algorithm that is not there at all does not. */
export function isAnswered(row: KnownAnswer): boolean {
  try {
    return row.compute() === row.expected;
  } catch {
    return false;
  }
}

/**
 * Throws SELFTEST_FAILED, naming the algorithms, when a row of `suite` does not give its answer, or
 * when there is none for it. Nothing may be sealed or opened then: this program or what it stands
 * on is broken.
 */
export function requireAnswers(table: readonly KnownAnswer[], suite: Suite["name"]): void {
  const rows = table.filter((row) => row.suite === suite);
  const failed = rows.filter((row) => !isAnswered(row)).map(({ name }) => name);
  if (rows.length > 0 && failed.length === 0) return;
  throw new Failure("SELFTEST_FAILED", { suite, algorithms: failed.join("; ") });
}
