/**
 * A stand-in for the Transit engine of Vault and OpenBao, written after their API documentation
 * (Transit secrets engine: create key, read key, rotate key, update key configuration, encrypt
 * data, decrypt data). It refuses what the real one refuses and checks every request; the real
 * service was not at hand.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export const TOKEN = "hvs.test-token";

interface Reply {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

export interface TransitServer {
  readonly url: string;
  /** What each request asked, method and path. */
  readonly asked: readonly string[];
  /** What was wrong with requests; empty when all were as documented. */
  readonly faults: readonly string[];
  /** When set, everything is answered with this. */
  outage: Reply | "silence" | null;
  /** What `exportable` of the key says. */
  exportable: boolean;
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

const errors = (status: number, ...messages: string[]): Reply => ({
  status,
  body: { errors: messages },
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer); // Node gives bytes.
  return Buffer.concat(parts).toString("utf8");
}

/** Standard base64 with its padding, as the documentation asks for plaintexts. */
const isBase64 = (text: unknown): text is string =>
  typeof text === "string" && Buffer.from(text, "base64").toString("base64") === text;

interface Key {
  /** The bytes of each version, from 1. */
  readonly versions: Buffer[];
  minDecryption: number;
}

type Body = Readonly<Record<string, unknown>>;
const ROUTE = /^\/v1\/transit\/(keys|encrypt|decrypt)\/([\w-]+)(?:\/(rotate|config))?$/u;
const CIPHERTEXT = /^vault:v(\d+):(.*)$/u;

class Engine {
  readonly keys = new Map<string, Key>();
  readonly asked: string[] = [];
  readonly faults: string[] = [];
  exportable = false;

  answer(request: IncomingMessage, text: string): Reply {
    const { method = "", url = "" } = request;
    this.asked.push(`${method} ${url}`);
    if (request.headers["x-vault-token"] !== TOKEN) return errors(403, "permission denied");
    if (request.headers["x-vault-request"] !== "true") this.faults.push("no X-Vault-Request");
    const [, path = "", name = "", act = ""] = ROUTE.exec(url) ?? [];
    if (method === "GET" && path === "keys" && act === "") return this.readKey(name);
    if (method !== "POST") return errors(405);
    if (request.headers["content-type"] !== "application/json") this.faults.push("content type");
    const body = JSON.parse(text) as Body; // Ours, and checked just below.
    return this.#routes[`${path} ${act}`]?.(name, body) ?? errors(404, "no handler for route");
  }

  readonly #routes: Readonly<Record<string, (name: string, body: Body) => Reply>> = {
    "keys ": (name, body) => this.makeKey(name, body),
    "keys rotate": (name, body) => this.rotate(name, body),
    "keys config": (name, body) => this.configure(name, body),
    "encrypt ": (name, body) => this.encrypt(name, body),
    "decrypt ": (name, body) => this.decrypt(name, body),
  };

  #onlyMembers(body: Body, names: readonly string[]): void {
    if (Object.keys(body).join() !== names.join()) this.faults.push(`members of ${names.join()}`);
  }

  readKey(name: string): Reply {
    const key = this.keys.get(name);
    if (key === undefined) return errors(404);
    const { exportable } = this;
    const versions = {
      latest_version: key.versions.length,
      min_decryption_version: key.minDecryption,
    };
    return { status: 200, body: { data: { name, type: "aes256-gcm96", exportable, ...versions } } };
  }

  makeKey(name: string, body: Body): Reply {
    this.#onlyMembers(body, ["type", "exportable"]);
    if (body["type"] !== "aes256-gcm96" || body["exportable"] !== false) this.faults.push("key");
    // Making a key that is there already changes nothing.
    if (!this.keys.has(name)) {
      this.keys.set(name, { versions: [randomBytes(32)], minDecryption: 1 });
    }
    return { status: 204 };
  }

  rotate(name: string, body: Body): Reply {
    this.#onlyMembers(body, []);
    const key = this.keys.get(name);
    if (key === undefined) return errors(400, "key not found");
    key.versions.push(randomBytes(32));
    return { status: 204 };
  }

  configure(name: string, body: Body): Reply {
    this.#onlyMembers(body, ["min_decryption_version"]);
    const key = this.keys.get(name);
    if (key === undefined) return errors(400, "no existing key named");
    const version = body["min_decryption_version"];
    const isFit = typeof version === "number" && version >= 1 && version <= key.versions.length;
    if (!isFit) return errors(400, "cannot set min decryption version");
    key.minDecryption = version;
    return { status: 204 };
  }

  encrypt(name: string, body: Body): Reply {
    this.#onlyMembers(body, ["plaintext"]);
    const key = this.keys.get(name);
    const bytes = key?.versions.at(-1);
    if (key === undefined || bytes === undefined) return errors(400, "encryption key not found");
    if (!isBase64(body["plaintext"])) return errors(400, "failed to base64-decode plaintext");
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", bytes, nonce);
    const sealed = Buffer.concat([nonce, cipher.update(body["plaintext"], "base64")]);
    cipher.final();
    const version = key.versions.length;
    const text = Buffer.concat([sealed, cipher.getAuthTag()]).toString("base64");
    const ciphertext = `vault:v${version}:${text}`;
    return { status: 200, body: { data: { ciphertext, key_version: version } } };
  }

  decrypt(name: string, body: Body): Reply {
    this.#onlyMembers(body, ["ciphertext"]);
    const key = this.keys.get(name);
    if (key === undefined) return errors(400, "encryption key not found");
    const [, number = "", text = ""] = CIPHERTEXT.exec(String(body["ciphertext"])) ?? [];
    if (number === "") return errors(400, "invalid ciphertext: no prefix");
    const keyBytes = key.versions[Number(number) - 1];
    if (keyBytes === undefined) return errors(400, "invalid ciphertext: version is too new");
    if (Number(number) < key.minDecryption)
      return errors(400, "ciphertext or signature version is disallowed by policy (too old)");
    const bytes = Buffer.from(text, "base64");
    try {
      const cipher = createDecipheriv("aes-256-gcm", keyBytes, bytes.subarray(0, 12));
      cipher.setAuthTag(bytes.subarray(-16));
      const plaintext = Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]);
      return { status: 200, body: { data: { plaintext: plaintext.toString("base64") } } };
    } catch {
      return errors(400, "cipher: message authentication failed");
    }
  }
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port; // It listens on TCP.
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export async function transitServer(context: TestContext): Promise<TransitServer> {
  const engine = new Engine();
  const make = (): Server =>
    createServer((request, response) => {
      void bodyOf(request).then((text) => {
        const reply = state.outage ?? engine.answer(request, text);
        if (reply !== "silence") send(response, reply);
      });
    });
  let server = make();
  const port = await listen(server, 0);
  const state: TransitServer = {
    url: `http://127.0.0.1:${port}`,
    asked: engine.asked,
    faults: engine.faults,
    outage: null,
    get exportable() {
      return engine.exportable;
    },
    set exportable(value) {
      engine.exportable = value;
    },
    stop: async () => close(server),
    start: async () => {
      server = make();
      await listen(server, port);
    },
  };
  context.after(async () => close(server));
  return state;
}
