import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { remoteRootKey } from "../../src/keystore/remote-root-key.ts";
import { transitKeyWrapper } from "../../src/keystore/transit-root-key.ts";
import type { TransitRoot } from "../../src/keystore/transit-root-key.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { failure, freshBase } from "./fresh-store.ts";
import { TOKEN, transitServer } from "./transit-server.ts";
import type { TransitServer } from "./transit-server.ts";

const KEY = randomBytes(32);
const BIG = "A".repeat(70_000);

async function served(
  context: TestContext,
): Promise<{ server: TransitServer; root: TransitRoot; tokenFile: string }> {
  const server = await transitServer(context);
  const tokenFile = path.join(freshBase(context), "token");
  writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
  const place = { url: server.url, mount: "transit", key: "midan-root", tokenFile };
  return { server, tokenFile, root: { ...place, namespace: null, timeoutMs: 2000 } };
}

test("ROOT-10: requests are those that the Transit engine documents, and no others", async (t) => {
  const { server, root } = await served(t);
  const rootKey = remoteRootKey(transitKeyWrapper(root), (count) => randomBytes(count));
  assert.equal(await rootKey.exists(), false);
  await rootKey.make();
  assert.equal(await rootKey.exists(), true);
  const secret = randomBytes(40);
  const wrapped = await rootKey.wrap(secret, Buffer.from("place"));
  assert.deepEqual(await rootKey.unwrap(wrapped, Buffer.from("place")), secret);
  assert.deepEqual(server.asked, [
    "GET /v1/transit/keys/midan-root",
    "POST /v1/transit/keys/midan-root",
    "GET /v1/transit/keys/midan-root",
    "POST /v1/transit/encrypt/midan-root",
    "POST /v1/transit/decrypt/midan-root",
  ]);
  assert.deepEqual(server.faults, []);
});

test("ROOT-6: whatever the service says instead, it is used again once it answers", async (t) => {
  const { server, root, tokenFile } = await served(t);
  const wrapper = transitKeyWrapper(root);
  await wrapper.make();
  const wrapped = await wrapper.wrapKey(KEY);
  const outages: readonly NonNullable<TransitServer["outage"]>[] = [
    { status: 503, body: { errors: ["Vault is sealed"] } },
    { status: 429, body: { errors: ["rate limit quota exceeded"] } },
    { status: 500, body: { errors: ["internal error"] } },
    { status: 403, body: { errors: ["permission denied"] } },
    { status: 307, headers: { location: `${server.url}/v1/elsewhere` } },
    { status: 200, body: { data: { ciphertext: 7, plaintext: null } } },
    { status: 200, body: { data: null } },
    { status: 200, body: { data: { plaintext: BIG } } },
    { status: 200 },
    "silence",
  ];
  for (const outage of outages) {
    server.outage = outage;
    const before = server.asked.length;
    await assert.rejects(wrapper.unwrapKey(wrapped), (error) => {
      assert.ok(isFailure(error, "KEYSTORE_ROOT_UNAVAILABLE"), String(error));
      return !JSON.stringify([error.message, error.details]).includes(TOKEN);
    });
    assert.equal(server.asked.length, before);
    server.outage = null;
    assert.deepEqual(await wrapper.unwrapKey(wrapped), KEY);
  }
  await server.stop();
  await assert.rejects(wrapper.wrapKey(KEY), failure("KEYSTORE_ROOT_UNAVAILABLE"));
  await server.start();
  assert.deepEqual(await wrapper.unwrapKey(wrapped), KEY);
  writeFileSync(tokenFile, "hvs.expired");
  await assert.rejects(wrapper.unwrapKey(wrapped), failure("KEYSTORE_ROOT_UNAVAILABLE"));
  // A token that an agent has renewed is taken up without a restart.
  writeFileSync(tokenFile, TOKEN);
  assert.deepEqual(await wrapper.unwrapKey(wrapped), KEY);
});

test("ROOT-5: a key that the service would hand out is refused", async (t) => {
  const { server, root } = await served(t);
  const wrapper = transitKeyWrapper(root);
  await wrapper.make();
  server.exportable = true;
  await assert.rejects(wrapper.exists(), failure("KEYSTORE_ROOT_WRONG"));
  server.exportable = false;
  assert.equal(await wrapper.exists(), true);
});
