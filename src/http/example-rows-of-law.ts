/** Examples of what is asked in exceptional cases: emergencies, warrants, scopes of authorities. */
import type { ExampleRow } from "./example.ts";

/** The beginning of a photo (JPEG), as far as it has to be one. */
const PHOTO = "/9j/4A==";

export const EMERGENCY: readonly ExampleRow[] = [
  {
    route: "POST /v1/break-glass",
    as: "OFFICER",
    body: { token: "$TOKEN", reason: "收件人求助", evidence: PHOTO, minutes: 5 },
    gives: { GLASS: "id" },
  },
  { route: "GET /v1/break-glass", as: "SESSION" },
  { route: "POST /v1/break-glass/{id}/evidence", as: "SESSION", params: { id: "$GLASS" } },
  {
    route: "POST /v1/break-glass/{id}/acknowledge",
    as: "SESSION",
    params: { id: "$GLASS" },
    body: { finding: "justified" },
  },
];

export const LAW: readonly ExampleRow[] = [
  {
    route: "POST /v1/real-name-records",
    as: "COUNTER",
    body: { kind: "passport", number: "E00000001" },
    gives: { RECORD: "id" },
  },
  { route: "POST /v1/real-name-records/status", as: "SESSION", body: {} },
  {
    route: "POST /v1/warrants",
    as: "SESSION",
    body: { about: ["$TOKEN", "$RECORD"], authority: "某市公安局", document: "调证字1号", days: 7 },
    gives: { WARRANT: "id" },
  },
  { route: "GET /v1/warrants", as: "OFFICER" },
  { route: "GET /v1/warrants/{id}/list", as: "OFFICER", params: { id: "$WARRANT" } },
  { route: "POST /v1/warrants/{id}/confirm", as: "OFFICER", params: { id: "$WARRANT" } },
  {
    route: "POST /v1/real-name-records/{id}/open",
    as: "OFFICER",
    params: { id: "$RECORD" },
    body: { reason: "依函调取" },
  },
];

export const AUTHORITIES: readonly ExampleRow[] = [
  {
    route: "PUT /v1/organisations/{id}/settings/{name}",
    as: "OWNER",
    params: { id: "$HEADQUARTERS", name: "authority-grant" },
    body: { value: "two", reason: "两人决定" },
  },
  {
    route: "POST /v1/authority-scopes",
    as: "OWNER",
    body: {
      authority: "$AUTHORITY",
      scope: "requests",
      until: "$UNTIL",
      basis: "监督检查",
      document: "邮管函1号",
    },
    gives: { SCOPE: "id" },
  },
  { route: "POST /v1/authority-scopes/{id}/approve", as: "SESSION", params: { id: "$SCOPE" } },
  { route: "GET /v1/authority-scopes", as: "OWNER" },
  { route: "POST /v1/authority-scopes/{id}/revoke", as: "OWNER", params: { id: "$SCOPE" } },
];

export const SIMULATIONS: readonly ExampleRow[] = [
  {
    route: "POST /v1/simulations/seen",
    as: "SESSION",
    body: { role: "courier", on: "$TODAY" },
  },
  {
    route: "POST /v1/simulations/denied",
    as: "SESSION",
    body: {
      setting: "quota-person-day",
      value: "1",
      organisation: "$HEADQUARTERS",
      on: "$TODAY",
    },
  },
];
