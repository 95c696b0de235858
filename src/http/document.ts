/** The description of the API (OpenAPI 3.1), made from the schemas that hold for requests. */
import swagger from "@fastify/swagger";
import { Type } from "typebox";
import { revealRoutes } from "./reveal.ts";
import type { ApiServing } from "./api.ts";
import { dropShipRoutes } from "./drop-ship.ts";
import { flowRoutes } from "./flow.ts";
import { isSandbox } from "../rules/sandbox.ts";
import { docsRoutes } from "./docs.ts";
import { healthRoutes } from "./health.ts";
import { sealRoutes } from "./seal.ts";
import { accountRoutes } from "./account.ts";
import { apiKeyRoutes } from "./api-key.ts";
import { auditRoutes } from "./audit.ts";
import { erasureRoutes } from "./erasure.ts";
import { exportRoutes } from "./export.ts";
import { holdRoutes } from "./hold.ts";
import { mergeRoutes } from "./merge.ts";
import { organisationRoutes } from "./organisation.ts";
import { authorityRoutes } from "./authority.ts";
import { breakGlassRoutes } from "./break-glass.ts";
import { realNameRoutes } from "./real-name.ts";
import { warrantRoutes } from "./warrant.ts";
import { quotaRoutes } from "./quota.ts";
import { retentionRoutes } from "./retention.ts";
import { settingRoutes } from "./setting.ts";
import { simulationRoutes } from "./simulation.ts";
import { subjectRequestRoutes } from "./subject-request.ts";
import { newApp } from "./server.ts";
import type { App } from "./serving.ts";
import { webhookRoutes } from "./webhook.ts";
import { waybillRoutes } from "./waybill.ts";

const ABOUT = {
  title: "Midan 密单",
  version: "1",
  description:
    "Seals the persons of waybills, shows them masked, reveals them for a purpose. Sign in at " +
    "/v1/session or send a machine's key; both are bearer tokens. Failures are problem details " +
    "(RFC 9457).",
};

const TAGS = [
  { name: "waybills", description: "密封与脱敏 · Sealing, masked views, states, labels" },
  { name: "reveal", description: "查看明文 · Reveal and search, for people who signed in" },
  { name: "law", description: "依法调取与实名 · Warrants, and records of senders' documents" },
  { name: "holds", description: "留存冻结 · Reasons not to let a waybill's persons die yet" },
  { name: "requests", description: "个人请求 · What the persons concerned ask for" },
  { name: "erasure", description: "删除与证明 · Early death, and certificates" },
  { name: "retention", description: "保存期限 · Terms, and what dies when" },
  { name: "organisations", description: "机构 · Headquarters, branches, outlets" },
  { name: "settings", description: "设置与授权 · What headquarters can lock, and requests" },
  { name: "authorities", description: "机关可查范围 · What an authority may be shown" },
  { name: "accounts", description: "账号与密钥 · People, machines, keys" },
  { name: "quotas", description: "查看限额 · Quotas of looking, and raises" },
  { name: "audit", description: "审计 · Questions to the log" },
  {
    name: "exports",
    description: "导出 · Masked waybills, the log, statements, bundles: as a job and a download",
  },
  { name: "webhooks", description: "事件通知 · What is told to other systems" },
  { name: "operation", description: "运行 · Health and figures" },
];

const ONCE_HEADERS = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: "A key of the caller's own: the same request again is done once in a day.",
    }),
  ),
});

const ROUTES = [
  sealRoutes,
  waybillRoutes,
  flowRoutes,
  dropShipRoutes,
  mergeRoutes,
  revealRoutes,
  holdRoutes,
  subjectRequestRoutes,
  erasureRoutes,
  retentionRoutes,
  organisationRoutes,
  warrantRoutes,
  breakGlassRoutes,
  realNameRoutes,
  settingRoutes,
  simulationRoutes,
  authorityRoutes,
  accountRoutes,
  apiKeyRoutes,
  quotaRoutes,
  auditRoutes,
  exportRoutes,
  webhookRoutes,
  healthRoutes,
] as const;

/**
 * Everything that is served of waybills, with its description at `/v1/openapi.json`. Routes without
 * a tag (sign-in, the log, pages) are not described.
 */
export async function apiRoutes(app: App, serving: ApiServing): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: ABOUT,
      tags: TAGS,
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
      security: [{ bearer: [] }],
    },
    hideUntagged: true,
    transform: ({ schema, url, route }) => {
      const { once } = route.config ?? {};
      return { url, schema: once === undefined ? schema : { ...schema, headers: ONCE_HEADERS } };
    },
  });
  docsRoutes(app, () => isSandbox(serving.vault.tenant));
  for (const add of ROUTES) add(app, serving);
  const config = { caller: "anybody" } as const;
  app.get("/v1/openapi.json", { config }, async () => Promise.resolve(app.swagger()));
}

/** The text of docs/openapi.json. */
export async function apiDocument(): Promise<string> {
  const app = newApp();
  // Routes look at what they serve with when they are asked, and nobody asks here.
  await apiRoutes(app, {} as ApiServing);
  await app.ready();
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  return text;
}
