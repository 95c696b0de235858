import assert from "node:assert/strict";
import { test } from "node:test";
import { isFailure } from "./rules/failure.ts";
import { parseServe } from "./serve-setting.ts";
import type { ServeChoice } from "./serve-setting.ts";

function parse(values: Readonly<Record<string, string>>): ServeChoice {
  return parseServe({ text: (name) => values[name], workingDir: "/srv" });
}

test("without settings the server speaks plain HTTP, trusts no proxy and tells everything", () => {
  assert.deepEqual(parse({}), {
    tls: null,
    trustedProxies: null,
    requestsMax: 256,
    requestsPerMinute: 60_000,
    webhookNetworks: [],
    stopping: { delayMs: 0, timeoutMs: 30_000 },
    logLevel: "info",
    logAddresses: false,
  });
});

test("proxies are addresses, networks and the names of networks", () => {
  const of = (text: string): string | null => parse({ MIDAN_TRUSTED_PROXIES: text }).trustedProxies;
  assert.equal(
    of("10.0.0.1, 10.1.0.0/16,::1,fd00::/8,loopback"),
    "10.0.0.1,10.1.0.0/16,::1,fd00::/8,loopback",
  );
});

const WRONG = [
  ["MIDAN_TRUSTED_PROXIES", "10.0.0.0/33"],
  ["MIDAN_TRUSTED_PROXIES", "proxy.example"],
  ["MIDAN_TRUSTED_PROXIES", "10.0.0.1,"],
  ["MIDAN_TRUSTED_PROXIES", "true"],
  ["MIDAN_REQUESTS_MAX", "0"],
  ["MIDAN_REQUESTS_MAX", "1e3"],
  ["MIDAN_WEBHOOK_NETWORKS", "10.1.0.0"],
  ["MIDAN_WEBHOOK_NETWORKS", "10.1.0.0/33"],
  ["MIDAN_WEBHOOK_NETWORKS", "loopback"],
  ["MIDAN_STOP_DELAY_SECONDS", "301"],
  ["MIDAN_STOP_TIMEOUT_SECONDS", "0"],
  ["MIDAN_SERVER_LOG", "debug"],
  ["MIDAN_SERVER_LOG_ADDRESSES", "true"],
] as const;

for (const [name, value] of WRONG) {
  test(`P9: ${name}=${value} is refused by name`, () => {
    assert.throws(
      () => parse({ [name]: value }),
      (error) => isFailure(error, "SETTING_INVALID") && error.details["setting"] === name,
    );
  });
}

test("a certificate without its key, or a key without its certificate, is refused", () => {
  for (const [given, missing] of [
    ["MIDAN_TLS_CERT_FILE", "MIDAN_TLS_KEY_FILE"],
    ["MIDAN_TLS_KEY_FILE", "MIDAN_TLS_CERT_FILE"],
  ] as const)
    assert.throws(
      () => parse({ [given]: "a.pem" }),
      (error) => isFailure(error, "SETTING_INVALID") && error.details["setting"] === missing,
    );
});
