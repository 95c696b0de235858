/** OpenID Connect providers: a real one, and one that answers whatever a test wants. */
import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export const CLIENT = { id: "midan", secret: "not-a-secret-of-anybody-but-this-test" } as const;

export interface Running {
  readonly issuer: string;
  [Symbol.asyncDispose](): Promise<void>;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((done) => {
    server.close(() => done());
  });
}

/** Signs in whoever comes as `subject`, and grants what is asked. */
async function interact(
  provider: Provider,
  subject: string,
  [request, response]: readonly [IncomingMessage, ServerResponse],
): Promise<void> {
  const { prompt, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    await provider.interactionFinished(request, response, { login: { accountId: subject } });
    return;
  }
  const grant = new provider.Grant({ accountId: session?.accountId ?? "", clientId: CLIENT.id });
  grant.addOIDCScope("openid");
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { consent });
}

/** A real provider that knows one client, which is sent back to `redirectUri`. */
export async function realProvider(subject: string, redirectUri: string): Promise<Running> {
  const server = createServer();
  const issuer = await listening(server);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
    cookies: { keys: ["of this test alone"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => Promise.resolve({ sub: id }),
    }),
  });
  const answer = provider.callback();
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const isInteraction = request.url?.startsWith("/interaction/") === true;
    const done = isInteraction
      ? interact(provider, subject, [request, response])
      : answer(request, response);
    void Promise.resolve(done).catch(() => response.destroy());
  });
  return { issuer, [Symbol.asyncDispose]: async () => closed(server) };
}

/** Follows a sign-in at the provider as a browser does; the query that comes back. */
export async function throughBrowser(start: string, redirectUri: string): Promise<string> {
  const cookies = new Map<string, string>();
  let at = start;
  for (let step = 0; step < 12; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(at, { redirect: "manual", headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const next = new URL(answer.headers.get("location") ?? "", at).href;
    if (next.startsWith(redirectUri)) return new URL(next).search.slice(1);
    at = next;
  }
  throw new Error("the provider does not come to an end");
}

type Claims = Readonly<Record<string, unknown>>;

/** A provider whose token says what `claims` makes of the honest one; null leaves a member out. */
export async function bentProvider(
  claims: (honest: Claims) => Claims,
  { forges = false }: { readonly forges?: boolean } = {},
): Promise<Running & { readonly expect: (nonce: string) => void }> {
  const server = createServer();
  const issuer = await listening(server);
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let nonce = "";
  const json = (response: ServerResponse, value: unknown): void => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(value));
  };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (): string => {
    const now = Math.floor(Date.now() / 1000);
    const honest = { iss: issuer, aud: CLIENT.id, sub: "s-7", iat: now, exp: now + 60, nonce };
    const body = `${part({ alg: "RS256", kid: "k" })}.${part(claims(honest))}`;
    const { privateKey } = forges ? stranger : own;
    const key = createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }));
    return `${body}.${sign("sha256", Buffer.from(body), key).toString("base64url")}`;
  };
  const answers: Readonly<Record<string, () => unknown>> = {
    "/.well-known/openid-configuration": () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    }),
    "/jwks": () => ({
      keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "k", use: "sig", alg: "RS256" }],
    }),
    "/token": () => ({ access_token: "a", token_type: "Bearer", id_token: token() }),
  };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    json(response, answers[request.url ?? ""]?.() ?? {});
  });
  const expect = (wanted: string): void => {
    nonce = wanted;
  };
  return { issuer, [Symbol.asyncDispose]: async () => closed(server), expect };
}
