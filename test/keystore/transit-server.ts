/**
 * A stand-in for the Transit engine of Vault and OpenBao, written after their API documentation
 * (Transit secrets engine: create key, read key, encrypt data, decrypt data). It refuses what the
 * real one refuses and checks every request; the real service was not at hand.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export const TOKEN = "hvs.test-token";
const PREFIX = "vault:v1:";

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

class Engine {
  key: Buffer | null = null;
  readonly asked: string[] = [];
  readonly faults: string[] = [];
  exportable = false;

  answer(request: IncomingMessage, text: string): Reply {
    const { method = "", url = "" } = request;
    this.asked.push(`${method} ${url}`);
    if (request.headers["x-vault-token"] !== TOKEN) return errors(403, "permission denied");
    if (request.headers["x-vault-request"] !== "true") this.faults.push("no X-Vault-Request");
    if (method === "GET" && url === "/v1/transit/keys/midan-root") return this.readKey();
    if (method !== "POST") return errors(405);
    if (request.headers["content-type"] !== "application/json") this.faults.push("content type");
    const body = JSON.parse(text) as Record<string, unknown>; // Ours, and checked just below.
    if (url === "/v1/transit/keys/midan-root") return this.makeKey(body);
    if (url === "/v1/transit/encrypt/midan-root") return this.encrypt(body);
    if (url === "/v1/transit/decrypt/midan-root") return this.decrypt(body);
    return errors(404, "no handler for route");
  }

  #onlyMembers(body: Record<string, unknown>, names: readonly string[]): void {
    if (Object.keys(body).join() !== names.join()) this.faults.push(`members of ${names.join()}`);
  }

  readKey(): Reply {
    if (this.key === null) return errors(404);
    const { exportable } = this;
    const type = "aes256-gcm96";
    return { status: 200, body: { data: { name: "midan-root", type, exportable } } };
  }

  makeKey(body: Record<string, unknown>): Reply {
    this.#onlyMembers(body, ["type", "exportable"]);
    if (body["type"] !== "aes256-gcm96" || body["exportable"] !== false) this.faults.push("key");
    // Making a key that is there already changes nothing.
    this.key ??= randomBytes(32);
    return { status: 204 };
  }

  encrypt(body: Record<string, unknown>): Reply {
    this.#onlyMembers(body, ["plaintext"]);
    if (this.key === null) return errors(400, "encryption key not found");
    if (!isBase64(body["plaintext"])) return errors(400, "failed to base64-decode plaintext");
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce);
    const sealed = Buffer.concat([nonce, cipher.update(body["plaintext"], "base64")]);
    cipher.final();
    const ciphertext = PREFIX + Buffer.concat([sealed, cipher.getAuthTag()]).toString("base64");
    return { status: 200, body: { data: { ciphertext, key_version: 1 } } };
  }

  decrypt(body: Record<string, unknown>): Reply {
    this.#onlyMembers(body, ["ciphertext"]);
    const text = body["ciphertext"];
    if (this.key === null) return errors(400, "encryption key not found");
    if (typeof text !== "string" || !text.startsWith(PREFIX))
      return errors(400, "invalid ciphertext: no prefix");
    const bytes = Buffer.from(text.slice(PREFIX.length), "base64");
    try {
      const cipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, 12));
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
