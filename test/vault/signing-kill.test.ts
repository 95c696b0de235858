/**
 * CHG-5: a signing key is changed by a process that dies with SIGKILL at a step, for the key store
 * in a folder at each change of a file and each commit, for the one in PostgreSQL at each statement
 * that changes something. Whoever comes next goes on by the same command, and whatever was signed
 * before, meanwhile or after verifies with the key of before and with the key of after.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { logKeys } from "../../src/log/upkeep.ts";
import { checkCertificate } from "../../src/outside/certificate-check.ts";
import { logSource } from "../../src/outside/log-source.ts";
import { nodePlatform } from "../../src/outside/node-platform.ts";
import { certificateKey } from "../../src/vault/certificate-key.ts";
import { erase } from "../../src/vault/erase.ts";
import { keptCertificate } from "../../src/vault/erasure-certificate.ts";
import {
  rotateSigningKeys,
  settleSigningKeys,
  signingKeyStatus,
} from "../../src/vault/signing-key-rotation.ts";
import type { SigningKeyStatus, SigningUse } from "../../src/vault/signing-key-rotation.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { verify } from "../../src/verifier/verify.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { runToStep } from "../support/failpoint-run.ts";
import { withHome, withServers } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { leaves } from "../support/leaves.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { midan } from "../support/process.ts";
import { takeIn } from "../support/take-in.ts";

const GUEST = fileURLToPath(new URL("rotate-guest.ts", import.meta.url));
const PLATFORM = nodePlatform(() => new Date());
const OFFICER = signedIn("officer");
/** Every so-manyth step, if that is asked for; 1 for all of them, which takes minutes. */
const ASKED = process.env["MIDAN_TEST_KILL_STRIDE"];
const STEPS_MAX = 400;

async function stateOf(vault: Vault, use: SigningUse): Promise<SigningKeyStatus> {
  return (await signingKeyStatus(vault)).find((key) => key.use === use) ?? assert.fail();
}

/** What was signed: checkpoints, and notes about deaths. */
interface Signed {
  readonly checkpoints: Buffer[];
  readonly certificates: string[];
}

interface Signing {
  readonly home: Home;
  readonly vault: Vault;
  readonly signed: Signed;
}

/** Adds a note about the death of `token` and the checkpoint over it. */
async function sign({ home, vault, signed }: Signing, token: string): Promise<void> {
  await erase(vault, { token, reason: "本人请求", actor: OFFICER });
  signed.certificates.push(
    (await keptCertificate(vault, { id: token, actor: OFFICER }))?.note ?? assert.fail(),
  );
  await takeIn(vault);
  signed.checkpoints.push(await readFile(join(home.config().logDir, "checkpoint")));
}

/** Does it again until nothing is being changed; that took at most three times. */
async function finish(vault: Vault, clock: Clock, use: SigningUse): Promise<void> {
  for (let times = 0; (await stateOf(vault, use)).phase !== null; times += 1) {
    assert.ok(times < 3);
    clock.wait(61);
    await rotateSigningKeys(vault, { use, actor: OFFICER });
    await takeIn(vault);
  }
  assert.equal((await stateOf(vault, use)).old, 0);
}

/** All that was signed holds by the keys of the beginning and by those of now. */
async function judge(home: Home, vault: Vault, given: Given): Promise<void> {
  const { signed, logKey, certificate } = given;
  const since = signed.checkpoints.map((bytes, at) => ({ file: `kept-${at}`, bytes }));
  const rest = { policy: null, range: null, areLeaves: true };
  for (const key of [logKey, (await logKeys(vault)).join("\n")]) {
    const source = logSource(home.config().logDir);
    const { refused } = await verify(PLATFORM, { source, key, since, ...rest });
    assert.equal(refused, null);
  }
  const now = await certificateKey(vault);
  const [, ...changes] = now.split(" ");
  for (const note of signed.certificates)
    for (const key of [now, [certificate, ...changes].join(" ")])
      assert.equal((await checkCertificate(note, key))["kind"], "waybill");
}

interface Given {
  readonly signed: Signed;
  /** The keys as they were before any change. */
  readonly logKey: string;
  readonly certificate: string;
}

const PLACES = [
  { medium: "folder", within: withHome, kind: "any", usual: 61 },
  { medium: "postgres", within: withServers, kind: "statement", usual: 17 },
] as const;

for (const { medium, within, kind, usual } of PLACES) {
  const stride = Number(ASKED ?? usual);
  for (const use of ["log", "certificate"] as const) {
    test(`CHG-5: ${use} key (${medium}): killed at a step, a change is done again`, async (t) => {
      await within(async (home) => {
        const clock = new Clock(new Date(Date.now() - 86_400_000).toISOString());
        const open = async (): Promise<Vault> => home.open({ now: clock.now });
        const signed: Signed = { checkpoints: [], certificates: [] };
        const tokens: string[] = [];
        let given: Given = { signed, logKey: "", certificate: "" };
        {
          await using vault = await open();
          const { rows } = await sealOrders(vault, inventOrders(Math.ceil(STEPS_MAX / stride) + 2));
          tokens.push(...rows.map(({ token }) => token));
          await sign({ home, vault, signed }, tokens.pop() ?? "");
          const logKey = (await logKeys(vault)).join("\n");
          given = { signed, logKey, certificate: await certificateKey(vault) };
        }
        let killed = 0;
        let begun = 1;
        for (let at = stride; at < STEPS_MAX; at += stride) {
          const words = [GUEST, use, clock.now().toISOString()];
          const ran = await runToStep(words, {
            environment: home.environment,
            at: `${kind} ${at}`,
            isArmedLater: true,
          });
          if (!ran.killed) {
            assert.match(ran.told, /steps \d+/u, ran.told);
            t.diagnostic(ran.told.trim());
            break;
          }
          killed += 1;
          // Whoever died was at most three minutes further.
          clock.wait(5 * 60);
          await using vault = await open();
          await finish(vault, clock, use);
          // As the jobs do: what is over and was not told is told.
          await settleSigningKeys(vault);
          await sign({ home, vault, signed }, tokens.pop() ?? "");
          await judge(home, vault, given);
          // Each phase of each key that came into being has one entry.
          begun = (await stateOf(vault, use)).number;
          const told = await leaves(home, "signing-key-changed");
          assert.equal(told.length, 3 * (begun - 1), `step ${at}`);
        }
        assert.ok(killed >= 2 && begun > 1, `${killed} killed`);
        const { code, stdout } = await midan(
          ["verify-log", home.config().logDir, "--key", given.logKey],
          home,
        );
        assert.equal(code, 0, stdout);
        t.diagnostic(`${killed} killed, key number ${begun}`);
      });
    });
  }
}
