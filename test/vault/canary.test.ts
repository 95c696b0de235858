/**
 * P9: no plaintext of a party outside memory. Values that cannot occur by chance are sealed, every
 * command is run, failures are provoked, and then no file holds any of them.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { openEmbedded } from "../../src/store/embedded.ts";
import { connected, openDatabase } from "../../src/store/pool.ts";
import { execute } from "../../src/store/query.ts";
import { needlesOf, searchBytes, searchFolders } from "../support/canary.ts";
import type { Needle } from "../support/canary.ts";
import { withDirectory } from "../support/home.ts";
import { csvOf } from "../support/orders.ts";
import type { InventedOrder } from "../support/orders.ts";
import { documents, midan } from "../support/process.ts";
import type { Ended, RunOptions } from "../support/process.ts";
import { loginBy } from "../support/login.ts";

const ORDERS = 200;
const RARE = [..."燚犇骉羴猋鱻蠡鬻夔彧翀翯昶晟昊璟琰瑄瑀珩瓛谌邕郯鄢酆阚麴黻鼐龑"];
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";

interface Canary extends InventedOrder {
  readonly givenName: string;
  readonly room: string;
}

function rare(index: number, step: number): string {
  return RARE[(index * step + Math.floor(index / RARE.length)) % RARE.length] ?? "燚";
}

function canaryOf(index: number): Canary {
  const givenName = [7, 11, 13, 17].map((step) => rare(index, step)).join("");
  const letter = LETTERS[index % LETTERS.length] ?? "A";
  const room = `${letter}${String(index * 48_271 + 90_000_000_000).slice(-11)}`;
  const phone = `139${String((index * 7919 + 27_182_818) % 100_000_000).padStart(8, "0")}`;
  return {
    number: `CN${String(index).padStart(6, "0")}`,
    name: `林${givenName}`,
    givenName,
    phone,
    address: `江苏省南京市玄武区栖霞支路8号3幢${room}室`,
    room,
    remark: index % 3 === 0 ? `打电话${phone}给${givenName}` : "",
  };
}

const CANARIES = Array.from({ length: ORDERS }, (_, index) => canaryOf(index));

function valuesOf({ givenName, room, phone }: Canary): string[] {
  return [givenName, room, phone];
}

/** Refused rows carry canaries too: their values must not come back in a reason. */
const BAD_ROWS = [
  { ...canaryOf(900), phone: `${canaryOf(900).phone}77` },
  { ...canaryOf(901), name: "" },
  { ...canaryOf(902), address: "" },
];

const NEEDLES = needlesOf(
  [...CANARIES, canaryOf(900), canaryOf(901), canaryOf(902)].flatMap(valuesOf),
);

class Session {
  readonly options: RunOptions;
  readonly heard: Buffer[] = [];

  constructor(directory: string) {
    this.options = { directory, environment: { MIDAN_HOME: directory, MIDAN_LANG: "en" } };
  }

  async run(words: readonly string[], input?: string): Promise<Ended> {
    const ended = await midan(words, {
      ...this.options,
      ...(input === undefined ? {} : { input }),
    });
    this.heard.push(Buffer.from(`${ended.stdout}${ended.stderr}`, "utf8"));
    return ended;
  }

  async expect(code: number, words: readonly string[], input?: string): Promise<Ended> {
    const ended = await this.run(words, input);
    assert.equal(ended.code, code, `midan ${words[0]}: ${ended.stderr.slice(0, 300)}`);
    return ended;
  }
}

/** Every command, in every form that could write something down. Gives one sealed token. */
async function runCommands(session: Session, csv: string): Promise<string> {
  const asSeen = ["seal", "-", "--out", "out", "--labels", "pdf"];
  await session.expect(1, asSeen, csv);
  const again = await session.expect(1, ["seal", "-", "--out", "again", "--json"], csv);
  assert.equal(documents(again.stdout).at(-1)?.["repeated"], ORDERS);
  await loginBy(async (words, input) => midan(words, { ...session.options, input }));
  const phone = canaryOf(1).phone;
  const found = await session.expect(0, ["search", "--phone", phone, "--json"]);
  // The stable form of `search --json` is an object with a list of hits.
  const { hits } = documents(found.stdout)[0] as { hits: { token: string }[] };
  const token = hits[0]?.token ?? "";
  assert.notEqual(token, "");
  await session.expect(0, ["search", "--phone", phone]);
  const asked = ["reveal", token, "--fields", "name,phone,address", "--purpose", "deliver"];
  // The one run whose output is meant to hold plaintext is not kept among what was heard.
  const revealed = await midan([...asked, "--reason", `找${phone}`], session.options);
  assert.equal(revealed.code, 0);
  assert.ok(revealed.stdout.includes(phone));
  await session.expect(0, ["label", token, "--out", "one.png", "--ticket", "--reason", "resumed"]);
  await session.expect(0, ["label", token, "--out", "one.pdf", "--ticket", "--reason", "misprint"]);
  await session.expect(0, ["shred", "--due", "--on", "2099-01-01", "--dry-run"]);
  await session.expect(0, ["shred", "--due", "--json"]);
  await session.expect(0, ["status", "--json"]);
  await session.expect(0, ["mask", "--kind", "text"], JSON.stringify({ id: 1, text: phone }));
  await runLifecycle(session);
  return token;
}

async function tokenOf(session: Session, index: number): Promise<string> {
  const phone = canaryOf(index).phone;
  const found = await session.expect(0, ["search", "--phone", phone, "--json"]);
  const { hits } = documents(found.stdout)[0] as { hits: { token: string }[] };
  return hits[0]?.token ?? "";
}

/** Terms, states, holds, erasure, certificates, requests, jobs and a backup. */
async function runLifecycle(session: Session): Promise<void> {
  const [held, erased] = [await tokenOf(session, 3), await tokenOf(session, 4)];
  await session.expect(0, ["retention", "show"]);
  await session.expect(0, ["retention", "plan", "--days", "400"]);
  await session.expect(0, ["state", "delivered", held, erased, "--json"]);
  const hold = ["hold", "add", held, "--reason", "claim", "--authority", "理赔组"];
  const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await session.expect(0, [...hold, "--until", until]);
  await session.expect(0, ["hold", "list"]);
  const reason = `本人${canaryOf(4).phone}来电`;
  await session.expect(0, ["erase", erased, "--reason", "-"], `${reason}\n`);
  await session.expect(0, ["certificate", erased]);
  const asked = ["request", "open", "--kind", "access", "--phone", "-", "--json"];
  await session.expect(0, asked, `${canaryOf(5).phone}\n`);
  await session.expect(0, ["request", "open", "--kind", "erasure", "--token", held]);
  await session.expect(0, ["request", "list", "--all"]);
  await session.expect(0, ["jobs", "run", "--once"]);
  await session.expect(0, ["backup", "--out", "backup"]);
}

async function provokeFailures(session: Session, token: string): Promise<void> {
  const { phone, givenName, room } = canaryOf(2);
  const changed = csvOf([{ ...canaryOf(2), remark: `${givenName}${room}` }]);
  await session.expect(1, ["seal", "-", "--out", "changed", "--json"], changed);
  const as = ["--fields", "phone", "--purpose", "contact"];
  assert.notEqual((await session.run(["reveal", `${token.slice(0, -1)}!`, ...as])).code, 0);
  assert.notEqual((await session.run(["reveal", phone, ...as])).code, 0);
  await session.expect(2, ["search", "--phone", `${phone}99`]);
  await session.expect(1, ["mask", "--kind", "name"], `{"id":1,"text":"${givenName}\n`);
  await session.expect(2, ["seal", "-", "--out", "x"], `${givenName},${phone}\n${room},${phone}\n`);
  const closed = { MIDAN_DATABASE_URL: `postgres://u:${phone}@127.0.0.1:9/${phone}` };
  const environment = { ...session.options.environment, ...closed };
  const ended = await midan(["status"], { ...session.options, environment });
  assert.equal(ended.code, 3);
  session.heard.push(Buffer.from(`${ended.stdout}${ended.stderr}`, "utf8"));
  const invalid = { ...session.options.environment, MIDAN_SUITE: givenName };
  const refused = await midan(["status"], { ...session.options, environment: invalid });
  assert.equal(refused.code, 2);
  session.heard.push(Buffer.from(`${refused.stdout}${refused.stderr}`, "utf8"));
  await provokeDatabase(session);
}

/** Failures inside the database: duplicate keys, values of a wrong type; all pages on disk. */
async function provokeDatabase(session: Session): Promise<void> {
  const dataDir = join(session.options.directory, "midan-data");
  const server = await openEmbedded({ dataDir });
  const database = openDatabase(server.address);
  const { phone, givenName } = canaryOf(3);
  try {
    await connected(database, async (connection) => {
      const insert = `insert into tenant (id, name, suite, profile)
        values (gen_random_uuid(), 'default', 1, 'gb41833')`;
      await assert.rejects(execute(connection, { text: insert }));
      for (const value of [phone, givenName]) {
        const values = [value];
        await assert.rejects(execute(connection, { text: "select $1::uuid", values }));
      }
      await execute(connection, { text: "checkpoint" });
    });
  } finally {
    await database.close();
    await server.close();
  }
}

async function textLayers(directory: string): Promise<Buffer[]> {
  const layers: Buffer[] = [];
  for (const file of ["out/labels.pdf", "one.pdf"]) {
    try {
      const { stdout } = await promisify(execFile)("pdftotext", [join(directory, file), "-"], {
        maxBuffer: 64 * 1024 * 1024,
      });
      layers.push(Buffer.from(stdout, "utf8"));
    } catch (error) {
      // Where the machine has no pdftotext, the decompressed streams are all that is searched.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  return layers;
}

/** A search that finds nothing proves something only when it finds what does lie there. */
async function provePlanted(needles: readonly Needle[]): Promise<void> {
  await withDirectory(async (directory) => {
    const [first] = CANARIES;
    assert.ok(first !== undefined);
    await mkdir(join(directory, "deep"));
    for (const [index, { bytes }] of needlesOf(valuesOf(first)).entries()) {
      const leak = Buffer.concat([Buffer.alloc(8191 + index, 0x41), bytes, Buffer.alloc(77)]);
      await writeFile(join(directory, "deep", `${index}`), leak);
    }
    const { found, files } = await searchFolders([directory], needles);
    assert.ok(files > 10);
    assert.equal(new Set(found.map((line) => line.split(":")[0])).size, files);
  });
}

test("P9: the search finds a planted leak in every encoding", async () => {
  await provePlanted(NEEDLES);
});

test("P9: after every command and many failures no file holds a canary", async (context) => {
  await withDirectory(async (directory) => {
    const session = new Session(directory);
    const token = await runCommands(session, csvOf([...CANARIES, ...BAD_ROWS]));
    await session.expect(0, ["show", token]);
    await session.expect(0, ["show", token, "--json"]);
    await provokeFailures(session, token);
    const { files, bytes, found } = await searchFolders([directory], NEEDLES);
    const heard = [...session.heard, ...(await textLayers(directory))];
    context.diagnostic(`searched ${files} files, ${bytes} bytes, ${NEEDLES.length} needles`);
    assert.ok(files > 100 && bytes > 1_000_000 && heard.length > 15);
    assert.deepEqual(found, []);
    assert.deepEqual(
      heard.flatMap((piece) => searchBytes(piece, NEEDLES)),
      [],
    );
  });
});
