/**
 * A root key in the Transit engine of HashiCorp Vault or OpenBao, or of anything that speaks the
 * same HTTP: `GET|POST /v1/MOUNT/keys/NAME`, `POST /v1/MOUNT/encrypt/NAME` and `.../decrypt/NAME`.
 * The key never leaves the service; the token in the file needs those four paths and no others. To
 * change the key it also needs `POST .../keys/NAME/rotate` and `POST .../keys/NAME/config`.
 */
import { Failure } from "../rules/failure.ts";
import type { KeyWrapper, KeyWrapperChange } from "./remote-root-key.ts";
import { readSecret } from "./secret-file.ts";

export interface TransitRoot {
  /** Where the service answers, without path; https, or http to this machine itself. */
  readonly url: string;
  readonly mount: string;
  readonly key: string;
  readonly tokenFile: string;
  /** Namespace of the service, or null for none. */
  readonly namespace: string | null;
  readonly timeoutMs: number;
}

const ANSWER_BYTES_MAX = 65_536;
const CIPHERTEXT = /^vault:v(\d{1,9}):/;
const KEY_TYPE = "aes256-gcm96";
const HTTP = { ok: 200, noContent: 204, badRequest: 400, notFound: 404 } as const;

interface Answer {
  readonly status: number;
  /** The member `data`, empty when there is none. */
  readonly data: Readonly<Record<string, unknown>>;
}

function unavailable(reason: string, cause?: unknown): Failure {
  return new Failure("KEYSTORE_ROOT_UNAVAILABLE", { reason }, { cause });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body, whose length the service says or we count; never read without end. */
async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    // Node gives the body of a response in bytes.
    const bytes = part as Uint8Array;
    length += bytes.length;
    if (length > ANSWER_BYTES_MAX) throw unavailable("answer-too-long");
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString("utf8");
}

function dataOf(text: string): Answer["data"] {
  if (text === "") return {};
  const document: unknown = JSON.parse(text);
  return isObject(document) && isObject(document["data"]) ? document["data"] : {};
}

function textIn(answer: Answer, name: string): string {
  const value = answer.data[name];
  if (answer.status !== HTTP.ok || typeof value !== "string") throw unavailable("answer");
  return value;
}

type Path = "keys" | "encrypt" | "decrypt";
/** What is done to a key itself. */
type Act = "rotate" | "config";

async function headersOf(root: TransitRoot): Promise<Record<string, string>> {
  return {
    "x-vault-token": await readSecret(root.tokenFile),
    "x-vault-request": "true",
    "content-type": "application/json",
    ...(root.namespace === null ? {} : { "x-vault-namespace": root.namespace }),
  };
}

interface Question {
  readonly path: Path;
  readonly act?: Act;
  readonly body?: object;
}

async function ask(root: TransitRoot, { path, act, body }: Question): Promise<Answer> {
  const tail = act === undefined ? "" : `/${act}`;
  const place = `/v1/${root.mount}/${path}/${encodeURIComponent(root.key)}${tail}`;
  const url = new URL(place, root.url);
  const headers = await headersOf(root);
  try {
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers,
      // A redirect would carry the token to wherever it points.
      redirect: "error",
      signal: AbortSignal.timeout(root.timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, data: dataOf(await boundedText(response)) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unavailable("no-answer", error);
  }
}

/** 400 and 404 are answers of their own; whatever else is not success may pass. */
function requireDone(answer: Answer): Answer {
  const { status } = answer;
  if (status === HTTP.ok || status === HTTP.noContent) return answer;
  if (status === HTTP.notFound) throw new Failure("KEYSTORE_ROOT_MISSING");
  if (status === HTTP.badRequest) throw new Failure("KEYSTORE_ROOT_WRONG");
  throw unavailable(`http-${status}`);
}

/** A key that can be exported, or of another kind, is not what was promised. */
function requireStrict({ data }: Answer): void {
  const isStrict = data["type"] === KEY_TYPE && data["exportable"] === false;
  if (!isStrict) throw new Failure("KEYSTORE_ROOT_WRONG", { reason: "key-attributes" });
}

/** The version in `vault:v7:…`. Throws KEYSTORE_ROOT_WRONG for bytes of another form. */
function versionOf(wrapped: Uint8Array): number {
  const version = CIPHERTEXT.exec(Buffer.from(wrapped).toString("latin1"))?.[1];
  if (version === undefined) throw new Failure("KEYSTORE_ROOT_WRONG");
  return Number(version);
}

async function latestVersion(root: TransitRoot): Promise<number> {
  const latest = requireDone(await ask(root, { path: "keys" })).data["latest_version"];
  if (typeof latest === "number" && Number.isSafeInteger(latest)) return latest;
  throw unavailable("answer");
}

function changeOf(root: TransitRoot): KeyWrapperChange {
  /** The version that `begin` found to be the newest; until then nothing counts as old. */
  let newest = 0;
  return {
    begin: async () => {
      requireDone(await ask(root, { path: "keys", act: "rotate", body: {} }));
      newest = await latestVersion(root);
    },
    isOld: (wrappedKey) => versionOf(wrappedKey) < newest,
    finish: async () => {
      const body = { min_decryption_version: newest };
      requireDone(await ask(root, { path: "keys", act: "config", body }));
    },
  };
}

/** The key of `root` in its service. */
export function transitKeyWrapper(root: TransitRoot): KeyWrapper {
  return {
    kind: "transit",
    exists: async () => {
      const answer = await ask(root, { path: "keys" });
      if (answer.status === HTTP.notFound) return false;
      requireStrict(requireDone(answer));
      return true;
    },
    make: async () => {
      const body = { type: KEY_TYPE, exportable: false };
      requireDone(await ask(root, { path: "keys", body }));
    },
    wrapKey: async (key) => {
      const plaintext = Buffer.from(key).toString("base64");
      const answer = requireDone(await ask(root, { path: "encrypt", body: { plaintext } }));
      return Buffer.from(textIn(answer, "ciphertext"), "utf8");
    },
    unwrapKey: async (wrapped) => {
      versionOf(wrapped);
      const ciphertext = Buffer.from(wrapped).toString("utf8");
      const answer = requireDone(await ask(root, { path: "decrypt", body: { ciphertext } }));
      return Buffer.from(textIn(answer, "plaintext"), "base64");
    },
    change: changeOf(root),
  };
}
