/** The sign-in routes over a vault, on a port of their own. */
import { knowCallers } from "../../src/http/caller.ts";
import { deviceRoutes } from "../../src/http/device.ts";
import { invitationRoutes } from "../../src/http/invitation.ts";
import { openidRoutes } from "../../src/http/openid.ts";
import { pageRoutes } from "../../src/http/page.ts";
import { listen } from "../../src/http/server.ts";
import type { Listening } from "../../src/http/server.ts";
import type { Serving } from "../../src/http/serving.ts";
import { sessionRoutes } from "../../src/http/session.ts";
import type { Vault } from "../../src/vault/vault.ts";

/** `origin` is what browsers are said to reach; the server's own address when left out. */
export async function serveSignIn(
  vault: Vault,
  origin?: string,
): Promise<Listening & AsyncDisposable> {
  const requestsPerMinute = 60_000;
  const given = { desk: vault, secure: false, requestsPerMinute, openid: null };
  const serving = { ...given, origin: origin ?? "" };
  const resources = [
    knowCallers,
    sessionRoutes,
    invitationRoutes,
    deviceRoutes,
    openidRoutes,
    pageRoutes,
  ];
  const server = await listen(
    { host: "127.0.0.1", port: 0 },
    resources.map((add) => (app) => add(app, serving satisfies Serving)),
  );
  // The port is known only now, and each request reads the origin anew.
  serving.origin = origin ?? server.address;
  return { ...server, [Symbol.asyncDispose]: async () => server.close() };
}
