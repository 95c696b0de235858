/**
 * Sign-in at an OpenID Connect provider: code flow with PKCE (RFC 7636), state and nonce (OpenID
 * Connect Core 1.0 section 3.1, RFC 9700). Each flow belongs to the browser that began it and comes
 * back once; the token's issuer, audience, signature, age and nonce are checked by the library.
 */
import { hash, timingSafeEqual } from "node:crypto";
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { Configuration } from "openid-client";
import type { Desk } from "../access/desk.ts";
import { Failure } from "../rules/failure.ts";
import { insertOpenidFlow, takeOpenidFlow } from "../store/openid-flow.ts";
import type { OpenidFlow } from "../store/openid-flow.ts";
import { connected, transaction } from "../store/pool.ts";
import { findAccountOfSubject } from "../store/staff-account.ts";
import { newKnown } from "./brake.ts";
import { beginSession } from "./session.ts";
import { endPrevious, recordFailure } from "./sign-in.ts";
import type { SignedIn } from "./sign-in.ts";

const FLOW_MINUTES = 10;
const MINUTE_MS = 60_000;
const BROWSER_BYTES = 32;
const TIMEOUT_SECONDS = 10;
const CALLBACK = "/v1/openid/callback";
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

export interface OpenidSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Our own origin, where the provider sends browsers back to. */
  readonly origin: string;
}

export interface OpenidClient {
  readonly redirectUri: string;
  /** Asks the provider for its settings once; OPENID_UNAVAILABLE when it does not answer. */
  readonly configuration: () => Promise<Configuration>;
}

/** What speaks to the provider. Plain HTTP is spoken with this machine only. */
export function openidClient(settings: OpenidSettings): OpenidClient {
  const issuer = new URL(settings.issuer);
  const isLocal = LOOPBACK.has(issuer.hostname);
  let found: Promise<Configuration> | null = null;
  const ask = async (): Promise<Configuration> => {
    try {
      // The token's signature is checked even though it comes straight from the provider.
      const execute = [enableNonRepudiationChecks, ...(isLocal ? [allowInsecureRequests] : [])];
      const { clientId, clientSecret } = settings;
      const options = { execute, timeout: TIMEOUT_SECONDS };
      return await discovery(issuer, clientId, clientSecret, undefined, options);
    } catch {
      found = null;
      throw new Failure("OPENID_UNAVAILABLE");
    }
  };
  return {
    redirectUri: `${settings.origin}${CALLBACK}`,
    configuration: async () => (found ??= ask()),
  };
}

function digestOf(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

export interface BegunOpenid {
  /** Where the browser goes. */
  readonly url: string;
  /** What the browser keeps until it comes back. */
  readonly browser: string;
}

/** Begins a sign-in at the provider. Throws OPENID_UNAVAILABLE. */
export async function beginOpenid(desk: Desk, client: OpenidClient): Promise<BegunOpenid> {
  const configuration = await client.configuration();
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  const browser = Buffer.from(desk.randomBytes(BROWSER_BYTES)).toString("base64url");
  const expiresAt = new Date(desk.now().getTime() + FLOW_MINUTES * MINUTE_MS);
  const flow = { browser: digestOf(browser), nonce, verifier };
  await connected(desk.database, async (connection) =>
    insertOpenidFlow(connection, {
      ...flow,
      tenantId: desk.tenant.id,
      digest: digestOf(state),
      expiresAt,
    }),
  );
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: client.redirectUri,
    scope: "openid",
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  return { url: url.href, browser };
}

interface Returned {
  /** The query of the callback, as it came. */
  readonly query: string;
  /** What the browser kept, or null. */
  readonly browser: string | null;
  readonly previous: string | null;
}

async function takeFlow(desk: Desk, returned: Returned): Promise<OpenidFlow & { state: string }> {
  const state = new URLSearchParams(returned.query).get("state") ?? "";
  const asked = { tenantId: desk.tenant.id, digest: digestOf(state) };
  const flow = await connected(desk.database, async (connection) =>
    takeOpenidFlow(connection, asked, desk.now()),
  );
  const isSameBrowser =
    flow !== null && timingSafeEqual(flow.browser, digestOf(returned.browser ?? ""));
  if (!isSameBrowser) throw new Failure("OPENID_REFUSED", { step: "state" });
  return { ...flow, state };
}

/** The provider's subject, once everything about its answer fits. */
async function subjectOf(
  client: OpenidClient,
  flow: OpenidFlow & { readonly state: string },
  query: string,
): Promise<{ readonly issuer: string; readonly subject: string }> {
  const configuration = await client.configuration();
  try {
    const tokens = await authorizationCodeGrant(
      configuration,
      new URL(`${client.redirectUri}?${query}`),
      {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      },
    );
    const claims = tokens.claims();
    if (claims !== undefined) return { issuer: claims.iss, subject: claims.sub };
  } catch {
    // What the provider or the library says may quote what came in.
  }
  throw new Failure("OPENID_REFUSED", { step: "token" });
}

/**
 * Finishes a sign-in at the provider. Throws OPENID_REFUSED, whose `step` says where, whatever does
 * not fit: a state that is unknown, used or another browser's, a token that is, or a subject that
 * stands for no account.
 */
export async function finishOpenid(
  desk: Desk,
  client: OpenidClient,
  returned: Returned,
): Promise<SignedIn> {
  try {
    const flow = await takeFlow(desk, returned);
    const identity = await subjectOf(client, flow, returned.query);
    return await transaction(desk.database, async (connection) => {
      const account = await findAccountOfSubject(connection, desk.tenant.id, identity);
      if (account === null || account.disabledAt !== null)
        throw new Failure("OPENID_REFUSED", { step: "account" });
      await endPrevious(desk, connection, returned.previous);
      const begun = await beginSession(desk, connection, {
        account,
        mode: "openid",
        deviceId: null,
      });
      const known = await newKnown(desk, account.id);
      return { ...begun, name: account.name, accountId: account.id, known };
    });
  } catch (error) {
    if (error instanceof Failure && error.code === "OPENID_REFUSED")
      await recordFailure(desk, null, "OPENID_REFUSED");
    throw error;
  }
}
