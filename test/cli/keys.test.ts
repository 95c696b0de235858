/** `midan keys` as a security officer starts it: outputs, exit codes, both languages. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { csvOf, inventOrders } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import type { Ended } from "../support/process.ts";

const OFFLINE = generateKeyPairSync("x25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

async function run(
  home: Pick<Home, "directory" | "environment">,
  code: number,
  words: readonly string[],
): Promise<Ended> {
  const { directory, environment } = home;
  const ended = await midan(["keys", ...words], { directory, environment });
  assert.equal(ended.code, code, `${words.join(" ")}: ${ended.stdout}${ended.stderr}`);
  return ended;
}

function codeOf({ stderr }: Ended): unknown {
  // A failure is one JSON document with this shape.
  return (documents(stderr)[0]?.["error"] as { code?: unknown } | undefined)?.code;
}

async function prepared(home: Home): Promise<void> {
  const place = (name: string): string => join(home.directory, name);
  writeFileSync(place("public.pem"), OFFLINE.publicKey);
  writeFileSync(place("private.pem"), OFFLINE.privateKey);
  writeFileSync(place("orders.csv"), csvOf(inventOrders(3)));
  const { directory, environment } = home;
  const sealed = await midan(["seal", "orders.csv", "--out", "out"], { directory, environment });
  assert.equal(sealed.code, 0, sealed.stderr);
}

test("P6: keys are backed up, listed, restored into an empty store, and rotated", async () => {
  await withHome(async (home) => {
    await prepared(home);
    const words = ["backup", "--to", "public.pem", "--out", "keys.backup", "--json"];
    const [made] = documents((await run(home, 0, words)).stdout);
    assert.equal(statSync(join(home.directory, "keys.backup")).mode & 0o777, 0o600);
    // The file is there: nothing is copied, and no copy is listed that does not exist.
    assert.equal(codeOf(await run(home, 2, words)), "USAGE");
    const wrong = ["backup", "--to", "orders.csv", "--out", "other.backup", "--json"];
    assert.equal(codeOf(await run(home, 3, wrong)), "KEY_OFFLINE_WRONG");
    assert.ok(!existsSync(join(home.directory, "other.backup")));
    const [status] = documents((await run(home, 0, ["status", "--json"])).stdout);
    // The document of a status holds its copies under this name.
    const copies = (status ?? assert.fail())["copies"] as readonly { id: unknown }[];
    assert.deepEqual(
      copies.map(({ id }) => id),
      [made?.["id"]],
    );
    const english = (await run(home, 0, ["status", "--lang", "en"])).stdout;
    // Labels and values stand in two columns, and each part of the bound is said.
    const pairs = english.split("\n").filter((line) => /^ {2}[a-z]+[a-z ,]* {2}/u.test(line));
    assert.ok(pairs.length >= 14, english);
    assert.deepEqual(
      pairs.filter((line) => !/^ {2}[a-z ,]{21} \S/u.test(line)),
      [],
    );
    assert.match(english, /certificate key +none yet/u);
    assert.match(english, /next rotation, due on 20\d\d-\d\d-\d\d \(every 7 days\)/u);
    assert.match(english, new RegExp(`the oldest, ${String(made?.["id"])}, made on 20`, "u"));
    assert.match(english, /the root key was never changed/u);
    const rotated = await run(home, 0, ["rotate", "--root", "--lang", "en"]);
    assert.match(rotated.stdout, /keys under older ones: 0/u);
    renameSync(home.config().keysDir, join(home.directory, "broken"));
    const restore = ["restore", "keys.backup", "--key", "private.pem", "--json"];
    const [restored] = documents((await run(home, 0, restore)).stdout);
    assert.deepEqual([restored?.["lost"], restored?.["destroyedAgain"]], [[], []]);
    assert.equal(codeOf(await run(home, 3, restore)), "KEYSTORE_NOT_EMPTY");
    const noted = ["note-copy", "--made", "2026-01-02", "--where", "safe B", "--json"];
    const [byHand] = documents((await run(home, 0, noted)).stdout);
    assert.deepEqual([byHand?.["where"], byHand?.["recipient"]], ["safe B", null]);
    const listed = (await run(home, 0, ["status", "--lang", "en"])).stdout;
    assert.match(listed, /2026-01-02 {2}\d+ days {2}made by hand {2}safe B/u);
    const bad = ["note-copy", "--made", "2026-01-02", "--where", "x".repeat(201), "--json"];
    assert.equal(codeOf(await run(home, 2, bad)), "USAGE");
    const never = ["note-copy", "--made", "2999-01-02", "--where", "safe B", "--json"];
    assert.equal(codeOf(await run(home, 2, never)), "USAGE");
    const chinese = await run(home, 0, ["status", "--lang", "zh"]);
    assert.match(chinese.stdout, /删除的界限/u);
    await run(home, 0, ["discard", String(made?.["id"])]);
    assert.equal(codeOf(await run(home, 3, ["discard", "00", "--json"])), "KEY_COPY_UNKNOWN");
  });
});

test("KS-20: the root key is changed to another kind, and its settings take over", async () => {
  await withHome(async (home) => {
    await prepared(home);
    const secret = join(home.directory, "passphrase");
    writeFileSync(secret, "too short\n", { mode: 0o600 });
    const later = { MIDAN_ROOT_KEY: "passphrase", MIDAN_ROOT_PASSPHRASE_FILE: secret };
    const file = join(home.directory, "second", "root.key");
    const both = {
      MIDAN_NEW_ROOT_KEY: "passphrase",
      MIDAN_NEW_ROOT_PASSPHRASE_FILE: secret,
      MIDAN_NEW_ROOT_KEY_FILE: file,
    };
    const withSettings = (settings: Readonly<Record<string, string>>) => ({
      directory: home.directory,
      environment: { ...home.environment, ...settings },
    });
    const rotate = ["rotate", "--root", "--json"];
    // Settings and option have to agree; neither changes anything by itself.
    assert.equal(codeOf(await run(home, 2, [...rotate, "--to", "passphrase"])), "SETTING_INVALID");
    assert.equal(codeOf(await run(withSettings(both), 2, rotate)), "USAGE");
    const short = ["rotate", "--root", "--to", "passphrase"];
    const named = await run(withSettings(both), 2, short);
    assert.match(named.stderr, /MIDAN_NEW_ROOT_PASSPHRASE_FILE/u);
    writeFileSync(secret, "seven waybills, twelve keys\n", { mode: 0o600 });
    const said = await run(withSettings(both), 0, ["rotate", "--root", "--to", "passphrase"]);
    assert.match(said.stderr, /1 of 1[^]*0 of 1/u);
    assert.match(said.stdout, /the old one opens: 0/u);
    assert.equal(existsSync(home.config().rootKeyFile), false);
    const finished = (await run(withSettings(both), 0, ["status"])).stdout;
    assert.match(finished, /passphrase, the change is finished[^]*remove MIDAN_NEW_ROOT_KEY/u);
    assert.doesNotMatch(finished, /being changed/u);
    const over = withSettings({ ...later, MIDAN_ROOT_KEY_FILE: file });
    assert.match((await run(over, 0, ["status"])).stdout, /root key\s+passphrase\n/u);
    assert.equal(codeOf(await run(home, 3, ["status", "--json"])), "KEYSTORE_ROOT_MISSING");
  });
});
