/** Everything that is served of an installation but its log, in one place. */
import { knowCallers } from "./caller.ts";
import { deviceRoutes } from "./device.ts";
import { apiRoutes } from "./document.ts";
import type { ApiServing } from "./api.ts";
import { answerOnce } from "./idempotency.ts";
import { invitationRoutes } from "./invitation.ts";
import { openidRoutes } from "./openid.ts";
import { pageRoutes } from "./page.ts";
import type { Resource } from "./server.ts";
import { sessionRoutes } from "./session.ts";

const ROUTES = [
  knowCallers,
  answerOnce,
  sessionRoutes,
  invitationRoutes,
  deviceRoutes,
  openidRoutes,
  pageRoutes,
  apiRoutes,
] as const;

/** Sign-in, its page and the API, each route with whom it answers. */
export function resourcesOf(serving: ApiServing): readonly Resource[] {
  return ROUTES.map((add) => (app) => add(app, serving));
}
