/** An example for each route, by the group that the route belongs to, in an order that works. */
import type { ExampleRow } from "./example.ts";
import { EXPORTS } from "./example-export.ts";
import { WEBHOOKS } from "./example-webhook.ts";
import { AUTHORITIES, EMERGENCY, LAW, SIMULATIONS } from "./example-rows-of-law.ts";
import { ORDER, RECIPIENT, REVEAL, SENDER, WAYBILLS } from "./example-rows-of-waybills.ts";

const HOLDS: readonly ExampleRow[] = [
  {
    route: "POST /v1/holds",
    as: "SESSION",
    body: { token: "$TOKEN", reason: "claim", authority: "客服部", until: "$UNTIL" },
    gives: { HOLD: "id" },
  },
  { route: "GET /v1/holds", as: "SESSION", query: { limit: "10" } },
  { route: "POST /v1/holds/{id}/release", as: "SESSION", params: { id: "$HOLD" } },
];

const REQUESTS: readonly ExampleRow[] = [
  {
    route: "POST /v1/requests",
    as: "SESSION",
    body: { kind: "access", party: "recipient", token: "$TOKEN" },
    gives: { REQUEST: "id" },
  },
  { route: "POST /v1/requests/{id}/code", as: "SESSION", params: { id: "$REQUEST" } },
  {
    route: "POST /v1/requests/{id}/verify",
    as: "SESSION",
    params: { id: "$REQUEST" },
    body: { code: "$CODE" },
  },
  {
    route: "POST /v1/requests/{id}/answer",
    as: "SESSION",
    params: { id: "$REQUEST" },
    body: {},
  },
  {
    route: "POST /v1/requests",
    as: "SESSION",
    body: { kind: "explanation", party: "recipient", token: "$TOKEN" },
    gives: { WITHDRAWN: "id" },
  },
  {
    route: "POST /v1/requests/{id}/refuse",
    as: "SESSION",
    params: { id: "$WITHDRAWN" },
    body: { reason: "withdrawn" },
  },
  { route: "GET /v1/requests", as: "SESSION", query: { closed: "true" } },
];

const ERASURE: readonly ExampleRow[] = [
  {
    route: "POST /v1/waybills/{token}/erase",
    as: "SESSION",
    params: { token: "$GONE" },
    body: { reason: "客户要求删除" },
  },
  { route: "POST /v1/certificates", as: "SESSION", body: { id: "$GONE" } },
  { route: "GET /v1/certificates/{id}", as: "SESSION", params: { id: "$GONE" } },
];

const RETENTION: readonly ExampleRow[] = [
  { route: "GET /v1/retention", as: "SESSION" },
  {
    route: "PUT /v1/retention/{class}",
    as: "SESSION",
    params: { class: "access-delivered" },
    body: { days: 20, reason: "缩短查看期" },
  },
  { route: "GET /v1/retention/plan", as: "SESSION", query: { days: "400" } },
];

const ORGANISATIONS: readonly ExampleRow[] = [
  {
    route: "POST /v1/organisations",
    as: "OWNER",
    body: { kind: "headquarters", names: ["北辰总部$RUN", "栖霞网点$RUN"] },
    gives: { HEADQUARTERS: "organisations.0.id", OUTLET: "organisations.1.id" },
  },
  {
    route: "POST /v1/organisations",
    as: "OWNER",
    body: { kind: "branch", under: "$HEADQUARTERS", names: ["南京分公司$RUN"] },
    gives: { BRANCH: "organisations.0.id" },
  },
  {
    route: "POST /v1/organisations",
    as: "OWNER",
    body: { kind: "outlet", form: "franchise", names: ["江宁网点$RUN"] },
    gives: { OTHER: "organisations.0.id" },
  },
  { route: "GET /v1/organisations", as: "OWNER" },
  {
    route: "POST /v1/organisations/{id}/move",
    as: "OWNER",
    params: { id: "$OTHER" },
    body: { under: "$BRANCH", reason: "划归分公司" },
  },
  {
    route: "POST /v1/organisations/{id}/close",
    as: "OWNER",
    params: { id: "$OTHER" },
    body: { reason: "停业" },
  },
  {
    route: "POST /v1/waybills/{token}/hand-over",
    as: "SESSION",
    params: { token: "$TOKEN" },
    body: { to: "$OUTLET" },
  },
  {
    route: "POST /v1/organisations",
    as: "OWNER",
    body: { kind: "merchant", under: "$BRANCH", names: ["代工厂$RUN"] },
    gives: { SUPPLIER: "organisations.0.id" },
  },
  {
    route: "POST /v1/waybills",
    as: "KEY",
    body: { ...ORDER, orderNumber: "E-$RUN", recipient: RECIPIENT, sender: SENDER },
    gives: { SUPPLIED: "token" },
  },
  {
    route: "POST /v1/drop-ships",
    as: "OWNER",
    body: { tokens: ["$SUPPLIED"], supplier: "$SUPPLIER", prints: 2, until: "$UNTIL" },
  },
  {
    route: "DELETE /v1/waybills/{token}/drop-ship",
    as: "OWNER",
    params: { token: "$SUPPLIED" },
  },
];

const MASK = "mask-profile";

const SETTINGS: readonly ExampleRow[] = [
  {
    route: "GET /v1/organisations/{id}/settings",
    as: "OWNER",
    params: { id: "$HEADQUARTERS" },
  },
  {
    route: "GET /v1/organisations/{id}/settings/{name}",
    as: "OWNER",
    params: { id: "$HEADQUARTERS", name: MASK },
  },
  {
    route: "PUT /v1/organisations/{id}/settings/{name}",
    as: "OWNER",
    params: { id: "$HEADQUARTERS", name: MASK },
    body: { value: "gb41833", mode: "delegated", reason: "放权" },
    gives: { PROPOSAL: "proposal" },
  },
  { route: "GET /v1/setting-proposals", as: "SECOND" },
  {
    route: "POST /v1/setting-proposals/{id}/approve",
    as: "SECOND",
    params: { id: "$PROPOSAL" },
  },
  {
    route: "PUT /v1/organisations/{id}/settings/{name}",
    as: "OWNER",
    params: { id: "$OUTLET", name: MASK },
    body: { value: "strict", reason: "收紧" },
  },
  {
    route: "GET /v1/organisations/{id}/settings/{name}/history",
    as: "OWNER",
    params: { id: "$OUTLET", name: MASK },
  },
  {
    route: "POST /v1/authorisations",
    as: "OWNER",
    body: { from: "$OUTLET", setting: MASK, wanted: "full", reason: "旧系统" },
    gives: { AUTHORISATION: "id" },
  },
  {
    route: "POST /v1/authorisations/{id}/answer",
    as: "OWNER",
    params: { id: "$AUTHORISATION" },
    body: { answer: "granted", by: "$HEADQUARTERS", reason: "同意" },
  },
  { route: "GET /v1/authorisations", as: "OWNER" },
  ...SIMULATIONS,
];

const ACCOUNTS: readonly ExampleRow[] = [
  {
    route: "POST /v1/accounts",
    as: "OWNER",
    body: { name: "desk-$RUN", kind: "person", role: "support" },
    gives: { ACCOUNT: "id" },
  },
  { route: "POST /v1/accounts/{id}/invitation", as: "OWNER", params: { id: "$ACCOUNT" } },
  {
    route: "PUT /v1/accounts/{id}/role",
    as: "OWNER",
    params: { id: "$ACCOUNT" },
    body: { role: "auditor" },
  },
  { route: "GET /v1/accounts", as: "OWNER", query: { limit: "50" } },
  { route: "DELETE /v1/accounts/{id}", as: "OWNER", params: { id: "$ACCOUNT" } },
  {
    route: "POST /v1/accounts",
    as: "OWNER",
    body: { name: "erp-$RUN", kind: "machine", role: "erp-machine" },
  },
  {
    route: "POST /v1/api-keys",
    as: "OWNER",
    body: { account: "erp-$RUN", scopes: ["seal", "print"], days: 90 },
    gives: { API_KEY: "id" },
  },
  { route: "GET /v1/api-keys", as: "OWNER" },
  {
    route: "POST /v1/api-keys/{id}/rotate",
    as: "OWNER",
    params: { id: "$API_KEY" },
    body: { overlapHours: 24, days: 90 },
    gives: { NEXT_KEY: "id" },
  },
  { route: "DELETE /v1/api-keys/{id}", as: "OWNER", params: { id: "$NEXT_KEY" } },
];

const QUOTAS: readonly ExampleRow[] = [
  {
    route: "POST /v1/quotas/raises",
    as: "OWNER",
    body: { scope: "tenant", span: "day", extra: 100, hours: 8, reason: "大促" },
    gives: { RAISE: "id" },
  },
  { route: "POST /v1/quotas/raises/{id}/approve", as: "SECOND", params: { id: "$RAISE" } },
  { route: "GET /v1/quotas", as: "OWNER" },
];

const AUDIT: readonly ExampleRow[] = [
  {
    route: "POST /v1/audit/queries",
    as: "SESSION",
    body: { question: "reveals", purpose: "contact", limit: 20 },
  },
  { route: "POST /v1/audit/waybill", as: "SESSION", body: { token: "$TOKEN" } },
];

const OPERATION: readonly ExampleRow[] = [
  { route: "GET /health/live", as: null },
  { route: "GET /health/ready", as: null },
  { route: "GET /metrics", as: "KEY" },
];

/** By the names of the groups in the description. A row uses what rows before it gave. */
export const EXAMPLES: Readonly<Record<string, readonly ExampleRow[]>> = {
  waybills: WAYBILLS,
  reveal: [...REVEAL, ...EMERGENCY],
  law: LAW,
  organisations: ORGANISATIONS,
  settings: SETTINGS,
  authorities: AUTHORITIES,
  holds: HOLDS,
  requests: REQUESTS,
  erasure: ERASURE,
  retention: RETENTION,
  accounts: ACCOUNTS,
  quotas: QUOTAS,
  audit: AUDIT,
  exports: EXPORTS,
  webhooks: WEBHOOKS,
  operation: OPERATION,
};
