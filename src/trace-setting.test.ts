import assert from "node:assert/strict";
import { test } from "node:test";
import { isFailure } from "./rules/failure.ts";
import { parseTrace } from "./trace-setting.ts";
import type { TraceChoice } from "./trace-setting.ts";

const HERE = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" };

function parse(values: Readonly<Record<string, string>>): TraceChoice | null {
  return parseTrace((name) => values[name]);
}

test("nothing is traced until a collector is named, and nothing when it is switched off", () => {
  assert.equal(parse({}), null);
  assert.equal(parse({ OTEL_SERVICE_NAME: "ours" }), null);
  assert.equal(parse({ ...HERE, OTEL_SDK_DISABLED: "true" }), null);
  assert.deepEqual(parse(HERE), {
    url: "http://127.0.0.1:4318/v1/traces",
    headers: {},
    timeoutMs: 10_000,
    sampler: { name: "parentbased_always_on", ratio: 1 },
    resource: { "service.name": "midan" },
  });
});

test("the standard variables mean what the specification says", () => {
  const whole = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://c.example/here" };
  const more = {
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20x, a=b",
    OTEL_TRACES_SAMPLER: "traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.25",
    OTEL_RESOURCE_ATTRIBUTES: "service.name=other,deployment.environment.name=test",
    OTEL_SERVICE_NAME: "ours",
  };
  assert.deepEqual(parse({ ...HERE, ...whole, ...more }), {
    url: "https://c.example/here",
    headers: { authorization: "Bearer x", a: "b" },
    timeoutMs: 10_000,
    sampler: { name: "traceidratio", ratio: 0.25 },
    resource: { "service.name": "ours", "deployment.environment.name": "test" },
  });
  const below = parse({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c.example/below/" });
  assert.equal(below?.url, "http://c.example/below/v1/traces");
});

const WRONG = [
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4318"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:word@c.example/"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "no value"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "a=%0d%0ab"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"],
  ["OTEL_EXPORTER_OTLP_TIMEOUT", "0"],
  ["OTEL_TRACES_SAMPLER", "jaeger_remote"],
  ["OTEL_TRACES_SAMPLER_ARG", "1.1"],
  ["OTEL_RESOURCE_ATTRIBUTES", "=x"],
] as const;

for (const [name, value] of WRONG) {
  test(`P9: ${name}=${value} is refused by name`, () => {
    assert.throws(
      () => parse({ ...HERE, [name]: value }),
      (error) => isFailure(error, "SETTING_INVALID") && error.details["setting"] === name,
    );
  });
}
