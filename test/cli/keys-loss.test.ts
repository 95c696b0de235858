/** What an older key store costs is told, by compartment and by waybill (P6). */
import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTerm } from "../../src/access/retention.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { erase } from "../../src/vault/erase.ts";
import { certifyErasure } from "../../src/vault/erasure-certificate.ts";
import { provision } from "../../src/vault/provision.ts";
import { renewTenantKeys } from "../../src/vault/tenant-key-rotation.ts";
import { signedIn } from "../support/actor.ts";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";

const actor = signedIn("officer");
const EARLY = 2;
const LATE = 3;

async function words(home: Home, ...asked: readonly string[]): Promise<string> {
  const { directory, environment } = home;
  const ended = await midan(["keys", ...asked], { directory, environment });
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  return ended.stdout;
}

/** Seals under the first tenant keys, copies the key store, and seals under the second ones. */
async function sealedTwice(home: Home, copy: string): Promise<{ late: readonly string[] }> {
  await using vault = await home.open();
  await sealOrders(vault, inventOrders(EARLY));
  cpSync(home.config().keysDir, copy, { recursive: true });
  await renewTenantKeys(vault, { actor });
  const term = { organisation: null, class: "persons", days: 90, reason: "合规审计意见" };
  await setTerm(vault, { ...term, actor });
  const { rows } = await sealOrders(vault, inventOrders(LATE, 100));
  const late = rows.map(({ token }) => token);
  await erase(vault, { token: late[0] ?? "", reason: "误采集", actor });
  await provision(vault);
  return { late };
}

test("P6: a restoration counts what each compartment lost and lists what to print", async () => {
  await withHome(async (home) => {
    const { keysDir } = home.config();
    const copy = join(home.directory, "copy");
    const { late } = await sealedTwice(home, copy);
    rmSync(keysDir, { recursive: true });
    cpSync(copy, keysDir, { recursive: true });
    await assert.rejects(home.open(), (error) => {
      assert.ok(isFailure(error, "KEYSTORE_DIFFERS"));
      // One compartment with two waybills that live; the others were made ahead.
      assert.equal(error.details["waybills"], LATE - 1);
      return Number(error.details["missing"]) > 1;
    });
    const said = await words(home, "restore", "--accept-older", "--lang", "en");
    const lost = said.match(/lost compartment [0-9a-f]{10}.*never open/gu) ?? [];
    assert.equal(lost.length, 1, said);
    assert.match(said, /1 compartments lost/u);
    assert.match(said, /: 2 waybills never open/u);
    assert.match(said, /\d+ more compartments were made ahead and hold no living waybill/u);
    assert.match(said, /tenant default: .* 3 waybills got new tokens/u);
    const command = /midan keys (reissued --from \S+ --to [^\s)]+)/u.exec(said)?.[1] ?? "";
    const [listed] = documents(await words(home, ...command.split(" "), "--json"));
    // The document of the list has this shape.
    const waybills = (listed?.["waybills"] ?? []) as readonly { token: string }[];
    assert.equal(waybills.length, LATE);
    assert.ok(waybills.every(({ token }) => !late.includes(token)));
    await using vault = await home.open();
    const causes = new Map<number, Set<string>>();
    for (const { serial } of await vault.keys.tombstones()) {
      const id = serial.toString(16).padStart(10, "0");
      const { certificate } = await certifyErasure(vault, { id, actor });
      const known = causes.get(certificate.waybills) ?? new Set();
      causes.set(certificate.waybills, known.add(certificate.cause));
    }
    const givenUp = new Set(["given-up"]);
    assert.deepEqual([causes.get(LATE - 1), causes.get(0)], [givenUp, givenUp]);
  });
});
