/** Devices: registered by their holder, approved and revoked by the branch. */
import { Type } from "typebox";
import { decideDevice, listDevices, registerDevice } from "../identity/device.ts";
import { actorOf } from "./caller.ts";
import type { App, Serving } from "./serving.ts";
import { closedObject, ID_PARAMS } from "./schema.ts";

const REGISTER = closedObject({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  /** SubjectPublicKeyInfo of a P-256 key, DER, base64. */
  publicKey: Type.String({ minLength: 1, maxLength: 300 }),
});

/** `/v1/devices`. */
export function deviceRoutes(app: App, serving: Serving): void {
  const { desk } = serving;
  const config = { caller: "any" } as const;
  app.get("/v1/devices", { config }, async (request) => {
    const actor = actorOf(request);
    const rows = await listDevices(desk, actor);
    const devices = rows.map((row) => ({
      id: row.id,
      name: row.name,
      own: row.accountId === actor.accountId,
      registeredAt: row.registeredAt.toISOString(),
      approvedAt: row.approvedAt?.toISOString() ?? null,
      revokedAt: row.revokedAt?.toISOString() ?? null,
    }));
    return { devices };
  });
  app.post("/v1/devices", { config, schema: { body: REGISTER } }, async (request, reply) => {
    const actor = actorOf(request);
    const { device, entry } = await registerDevice(desk, actor, request.body);
    return reply.code(201).send({ id: device.id, entry });
  });
  for (const [word, decision] of [
    ["approve", "approved"],
    ["revoke", "revoked"],
  ] as const) {
    const at = `/v1/devices/:id/${word}`;
    app.post(at, { config, schema: { params: ID_PARAMS } }, async (request) => {
      const actor = actorOf(request);
      return { entry: await decideDevice(desk, actor, { id: request.params.id, decision }) };
    });
  }
}
