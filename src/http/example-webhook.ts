/** Examples of the routes of webhooks, in an order that works. */
import type { ExampleRow } from "./example.ts";

export const WEBHOOKS: readonly ExampleRow[] = [
  {
    route: "POST /v1/webhooks",
    as: "OWNER",
    body: { url: "$RECEIVER", events: ["waybill.state"] },
    gives: { WEBHOOK: "id" },
  },
  { route: "GET /v1/webhooks", as: "OWNER" },
  { route: "POST /v1/webhooks/{id}/rotate", as: "OWNER", params: { id: "$WEBHOOK" } },
  {
    route: "PUT /v1/waybills/{token}/state",
    as: "KEY",
    params: { token: "$TOKEN" },
    body: { state: "arrived" },
  },
  {
    route: "GET /v1/webhooks/{id}/deliveries",
    as: "OWNER",
    params: { id: "$WEBHOOK" },
    gives: { DELIVERY: "items.0.id" },
  },
  {
    route: "POST /v1/webhooks/{id}/deliveries/{delivery}/replay",
    as: "OWNER",
    params: { id: "$WEBHOOK", delivery: "$DELIVERY" },
  },
  { route: "DELETE /v1/webhooks/{id}", as: "OWNER", params: { id: "$WEBHOOK" } },
];
