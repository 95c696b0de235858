/** One-time links: what one is for, and the password and authenticator that it sets. */
import { Type } from "typebox";
import { newKnown } from "../identity/brake.ts";
import { acceptInvitation, openInvitation } from "../identity/invitation.ts";
import { csrfOf, keepSession, requireOwnSite } from "./requester.ts";
import type { App, Serving } from "./serving.ts";
import { closedObject } from "./schema.ts";

const TOKEN = Type.String({ pattern: "^mdi1[A-Za-z0-9_-]{43}$" });
const OPEN = closedObject({ invite: TOKEN });
const ACCEPT = closedObject({
  invite: TOKEN,
  password: Type.String({ minLength: 1, maxLength: 512 }),
  /** Over HTTP nobody sets a password without an authenticator. */
  code: Type.String({ pattern: "^[0-9]{6}$" }),
});

/** `/v1/invitation`. The link's token is in a body and never in an address, which logs keep. */
export function invitationRoutes(app: App, serving: Serving): void {
  const { desk } = serving;
  const config = { caller: "anybody" } as const;
  app.post("/v1/invitation", { config, schema: { body: OPEN } }, async (request) => {
    requireOwnSite(serving, request);
    return openInvitation(desk, request.body.invite);
  });
  app.post(
    "/v1/invitation/accept",
    { config, schema: { body: ACCEPT } },
    async (request, reply) => {
      requireOwnSite(serving, request);
      const { invite: token, password, code } = request.body;
      const made = await acceptInvitation(desk, { token, password, code });
      keepSession(serving, reply, { ...made, known: await newKnown(desk, made.accountId) });
      const { name, recoveryCodes, expiresAt } = made;
      return { name, recoveryCodes, expiresAt: expiresAt.toISOString(), csrf: csrfOf(made.token) };
    },
  );
}
