import assert from "node:assert/strict";
import { test } from "node:test";
import { exportBody } from "./otlp.ts";

test("a span is what OTLP's JSON has: hex ids, 64 bits as text, an error by its number", () => {
  const body = exportBody({ "service.name": "midan" }, [
    {
      traceId: "5b8efff798038103d269b633813fc60c",
      spanId: "eee19b7ec3c1b174",
      parentSpanId: "eee19b7ec3c1b173",
      name: "GET /v1/waybills/:token",
      kind: "server",
      attributes: { "http.route": "/v1/waybills/:token", "http.response.status_code": 503 },
      beganAtMs: 1_544_712_660_000.25,
      endedAtMs: 1_544_712_661_000,
      isError: true,
    },
  ]);
  assert.deepEqual(JSON.parse(body), {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "midan" } }] },
        scopeSpans: [
          {
            scope: { name: "midan" },
            spans: [
              {
                traceId: "5b8efff798038103d269b633813fc60c",
                spanId: "eee19b7ec3c1b174",
                parentSpanId: "eee19b7ec3c1b173",
                name: "GET /v1/waybills/:token",
                kind: 2,
                startTimeUnixNano: "1544712660000250000",
                endTimeUnixNano: "1544712661000000000",
                attributes: [
                  { key: "http.route", value: { stringValue: "/v1/waybills/:token" } },
                  { key: "http.response.status_code", value: { intValue: "503" } },
                ],
                status: { code: 2 },
              },
            ],
          },
        ],
      },
    ],
  });
});
