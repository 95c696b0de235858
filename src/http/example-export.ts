/** Examples of exports: a list of masked waybills, and an inspector's bundle. */
import type { ExampleRow } from "./example.ts";

const PERIOD = { from: "2026-11-01", to: "2026-12-01" };

/** Each is waited for before the next is begun: a server makes one at a time. */
export const EXPORTS: readonly ExampleRow[] = [
  {
    route: "POST /v1/exports",
    as: "SESSION",
    body: { kind: "masked-waybills", purpose: "deliver", format: "csv", ...PERIOD },
    gives: { LIST: "id" },
  },
  {
    route: "GET /v1/exports/{id}",
    as: "SESSION",
    params: { id: "$LIST" },
    query: { waitSeconds: "60" },
  },
  { route: "GET /v1/exports/{id}/file", as: "SESSION", params: { id: "$LIST" } },
  {
    route: "POST /v1/exports",
    as: "SESSION",
    body: { kind: "inspector-bundle", ...PERIOD },
    gives: { EXPORT: "id" },
  },
  {
    route: "GET /v1/exports/{id}",
    as: "SESSION",
    params: { id: "$EXPORT" },
    query: { waitSeconds: "60" },
  },
  { route: "GET /v1/exports", as: "SESSION" },
  { route: "GET /v1/exports/{id}/file", as: "SESSION", params: { id: "$EXPORT" } },
  { route: "DELETE /v1/exports/{id}", as: "SESSION", params: { id: "$EXPORT" } },
];
