/**
 * P6: killed with SIGKILL at the steps of `midan restore`, and at the steps of the opening that
 * replays what an older database does not know, a restoration is not begun or is completed by doing
 * it again. The judge is twofold: the verbs, and somebody with all bytes and all keys.
 */
import assert from "node:assert/strict";
import { cp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseConfig } from "../../src/config.ts";
import type { Config } from "../../src/config.ts";
import { suiteOf } from "../../src/crypto/suites.ts";
import { locateToken, parseToken } from "../../src/crypto/token.ts";
import { openVault } from "../../src/main.ts";
import { addDays } from "../../src/rules/calendar.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { exists } from "../../src/store/base-backup.ts";
import { backup } from "../../src/vault/backup.ts";
import { erase } from "../../src/vault/erase.ts";
import { placeHold, releaseHold } from "../../src/vault/hold.ts";
import { reveal } from "../../src/vault/reveal.ts";
import { shred } from "../../src/vault/shred.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withDatabaseCopy } from "../support/database.ts";
import { runToStep } from "../support/failpoint-run.ts";
import { withDirectory, withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { filesUnder, openEverything, plunder } from "./forensic.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/midan.js", import.meta.url));
const REPLAY_GUEST = fileURLToPath(new URL("replay-guest.ts", import.meta.url));
const TERM_DAYS = 120;
const OFFICER = signedIn("officer");

interface Place {
  readonly token: string;
  /** `serial/slot`, as whoever searches bytes names it. */
  readonly where: string;
}

interface Cast {
  readonly dead: readonly Place[];
  readonly living: readonly Place[];
  /** Sealed after the backup: the older database does not know them. */
  readonly lost: readonly Place[];
}

async function sealed(vault: Vault, count: number, first: number): Promise<Place[]> {
  const { rows } = await sealOrders(vault, inventOrders(count, first));
  assert.equal(rows.length, count);
  const [{ key }] = (await vault.keys.tenantKeys(vault.tenant.id)).token;
  const suite = suiteOf(vault.tenant.suite);
  return rows.map(({ token }) => {
    const { serial, slot } = locateToken(parseToken(token), { suite, key });
    return { token, where: `${serial}/${slot}` };
  });
}

async function hold(vault: Vault, clock: Clock, { token = "" }: Partial<Place> = {}) {
  const asked = { reason: "claim", authority: "理赔组", document: null, actor: OFFICER };
  const until = addDays(clock.today, TERM_DAYS + 30);
  return (await placeHold(vault, { ...asked, token, until })).hold.id;
}

/** Life around `copied`: what is sealed before it, and what is sealed and dies after it. */
async function live(
  open: () => Promise<Vault>,
  clock: Clock,
  copied: (vault: Vault) => Promise<unknown>,
): Promise<Cast> {
  await using vault = await open();
  const early = await sealed(vault, 4, 0);
  clock.set(addDays(clock.today, 30));
  const later = await sealed(vault, 5, 100);
  await copied(vault);
  const lost = await sealed(vault, 2, 200);
  for (const { token } of later.slice(0, 2))
    await erase(vault, { token, reason: "本人请求", actor: OFFICER });
  await hold(vault, clock, early[0]);
  const released = await hold(vault, clock, early[1]);
  await hold(vault, clock, lost[0]);
  clock.set(addDays(clock.today, TERM_DAYS - 30));
  await shred(vault, { on: clock.today, dryRun: false, sharePercentMax: 100 });
  await releaseHold(vault, { id: released, actor: OFFICER });
  const dead = [...early.slice(1), ...later.slice(0, 2)];
  return { dead, living: [...early.slice(0, 1), ...later.slice(2)], lost };
}

async function answerOf(vault: Vault, { token }: Place): Promise<string> {
  const asked = { fields: "phone", purpose: "subject-request", reason: "恢复核对" } as const;
  try {
    const actor = signedIn(`a-${token}`);
    const { values } = await reveal(vault, { ...asked, token, actor });
    return values.length === 1 ? "opens" : "empty";
  } catch (error) {
    return isFailure(error) ? error.code : "other";
  }
}

/** The judge by the verbs: nothing dead opens, all that lives does. */
async function judgeByVerbs(vault: Vault, { dead, living, lost }: Cast): Promise<void> {
  for (const place of dead) assert.equal(await answerOf(vault, place), "DATA_DEAD");
  for (const place of living) assert.equal(await answerOf(vault, place), "opens");
  for (const place of lost) assert.equal(await answerOf(vault, place), "TOKEN_UNKNOWN");
}

/** The judge with all bytes: what of `places` opens with every key that lies in the key store. */
async function judgeByBytes(
  config: Config,
  bytes: Iterable<Buffer>,
  { dead, living }: Cast,
): Promise<void> {
  const root = Buffer.from((await readFile(config.rootKeyFile, "latin1")).trim(), "hex");
  const loot = plunder(root, await filesUnder(config.keysDir));
  const found = new Set<string>();
  for (const some of bytes) openEverything({ loot, suite: "intl" }, some, found);
  const opened = new Set([...found].map((name) => name.slice(0, name.lastIndexOf("/"))));
  const among = (places: readonly Place[]): number =>
    places.filter(({ where }) => opened.has(where)).length;
  assert.deepEqual([among(dead), among(living)], [0, living.length]);
}

/** All envelopes of persons and views that a database holds. */
async function envelopesOf(home: Home): Promise<Buffer[]> {
  const rows = await home.rows(`
    select parties, view from party
    union all select parties, view from held_party`);
  assert.ok(rows.length > 0);
  // Both columns are bytes.
  return rows.flatMap((row) => [row["parties"] as Buffer, row["view"] as Buffer]);
}

/** The draft begun, half copied, copied, marked. */
const NOT_BEGUN = ["mkdir 1", "open 400", "writeFile 1", "rename 1"] as const;

test("P6: midan restore, killed at its steps, is not begun or done again", async (context) => {
  await withDirectory(async (directory) => {
    const environment = { MIDAN_HOME: directory, MIDAN_LANG: "en" };
    const config = parseConfig(environment, directory);
    const clock = new Clock();
    const folder = join(directory, "backup");
    const open = async (): Promise<Vault> => openVault(config, { now: clock.now });
    const cast = await live(open, clock, async (vault) =>
      backup(vault, { places: config, folder, actor: OFFICER }),
    );
    const cluster = join(config.dataDir, "pg");
    const words = [LAUNCHER, "restore", folder];
    await rename(cluster, join(directory, "aside"));
    for (const at of NOT_BEGUN) {
      const { killed, told } = await runToStep(words, { environment, at });
      assert.ok(killed, `${at}: ${told}`);
      assert.equal(await exists(cluster), false, `${at}: it is not begun`);
    }
    // In place, though nobody said so.
    assert.ok((await runToStep(words, { environment, at: "renamed 1" })).killed);
    const again = await runToStep(words, { environment, at: null });
    assert.match(again.told, /BACKUP_TARGET/u, "it lies there already");
    {
      await using vault = await open();
      await judgeByVerbs(vault, cast);
    }
    const files = [...(await filesUnder(config.dataDir)).values()];
    await judgeByBytes(config, files, cast);
    context.diagnostic(`${NOT_BEGUN.length + 1} killed`);
  });
});

/** Each so-manyth step dies; 1 for all of them, which takes minutes. */
const STRIDE = Number(process.env["MIDAN_TEST_KILL_STRIDE"] ?? 13);
/** What waits for the log since somebody died has waited long. */
const HOURS_AGO = "update log_queue set queued_at = queued_at - interval '2 hours'";

test("P6: killed while it replays into an older database, an opening is done again", async (t) => {
  await withHome(async (home) => {
    const clock = new Clock();
    const config = home.config();
    const open = async (): Promise<Vault> => home.open({ now: clock.now });
    await withDatabaseCopy(home.database, async (older) => {
      const cast = await live(open, clock, older.keep);
      const kept = join(home.directory, "kept");
      const places = [config.keysDir, config.logDir];
      for (const [at, place] of places.entries())
        await cp(place, `${kept}-${at}`, { recursive: true });
      const putBack = async (): Promise<void> => {
        await older.putBack();
        for (const [at, place] of places.entries()) {
          await rm(place, { recursive: true });
          await cp(`${kept}-${at}`, place, { recursive: true });
        }
      };
      const words = [REPLAY_GUEST, clock.now().toISOString()];
      const { environment } = home;
      await putBack();
      const { steps, told } = await runToStep(words, { environment, at: null });
      assert.ok(steps > 10, told);
      let killed = 0;
      let waited = 0;
      for (let at = 1; at <= steps; at += STRIDE) {
        await putBack();
        if (!(await runToStep(words, { environment, at: `any ${at}` })).killed) continue;
        killed += 1;
        waited += await home.change(HOURS_AGO);
        await judgeByBytes(config, await envelopesOf(home), cast);
        {
          await using vault = await open();
          await judgeByVerbs(vault, cast);
        }
        await judgeByBytes(config, await envelopesOf(home), cast);
      }
      assert.ok(killed > 5, `${killed} killed`);
      assert.ok(waited > 0, "no entry waited for the log when somebody died");
      t.diagnostic(`${killed} killed, ${steps} steps`);
    });
  });
});
