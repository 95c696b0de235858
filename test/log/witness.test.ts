/** Witnesses over HTTP, as their specification says, and a log that asks them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { checkpointText } from "../../src/audit/checkpoint.ts";
import { signedNote } from "../../src/audit/note.ts";
import { consistencyProof } from "../../src/audit/proof.ts";
import { listen } from "../../src/http/server.ts";
import { logRoutes } from "../../src/http/static-log.ts";
import { witnessRoutes } from "../../src/http/witness.ts";
import { LogFolder } from "../../src/log/log-folder.ts";
import { checkpointRecord } from "../../src/log/log-keys.ts";
import { Sequencer } from "../../src/log/sequencer.ts";
import { Witnesses, witnessAddresses } from "../../src/log/witnesses.ts";
import { logSource } from "../../src/outside/log-source.ts";
import { nodePlatform } from "../../src/outside/node-platform.ts";
import { Witness } from "../../src/outside/witness.ts";
import { parseKey } from "../../src/verifier/note.ts";
import { verify } from "../../src/verifier/verify.ts";
import { madeCheckpoint, madeLeaves, madeLog } from "../verifier/made-log.ts";
import { freshBase } from "../keystore/fresh-store.ts";
import { leafHash, merkleRootOfHashes } from "../../src/audit/merkle.ts";
import { withLog, writeLeaves } from "./fresh-log.ts";
import type { OpenLog } from "./fresh-log.ts";

const PLATFORM = nodePlatform(() => new Date());
const LEAVES = madeLeaves(40);
const LOG = madeLog(LEAVES);

async function witnessIn(folder: string, key = LOG.key, name = "w.example/1"): Promise<Witness> {
  return Witness.open(folder, name, { platform: PLATFORM, logs: [parseKey(PLATFORM, key)] });
}

async function request(oldSize: number, size: number, leaves = LEAVES): Promise<Buffer> {
  const hashes = leaves.map((leaf) => leafHash(leaf));
  const read = async ({ height, index }: { height: number; index: number }) =>
    Promise.resolve(
      merkleRootOfHashes(hashes.slice(index * 2 ** height, (index + 1) * 2 ** height)),
    );
  const path = oldSize <= size ? await consistencyProof(read, oldSize, size) : [];
  const lines = path.map((hash) => `${Buffer.from(hash).toString("base64")}\n`).join("");
  return Buffer.from(`old ${oldSize}\n${lines}\n${String(madeCheckpoint(leaves.slice(0, size)))}`);
}

test("P13: a witness cosigns growth, says its size, and refuses all else", async (context) => {
  const folder = freshBase(context);
  const witness = await witnessIn(folder);
  const asked = async (body: Uint8Array) => (await witness.addCheckpoint(body)).status;
  assert.equal(await asked(await request(0, 10)), 200);
  const stale = await witness.addCheckpoint(await request(0, 20));
  assert.deepEqual([stale.status, stale.type, stale.body], [409, "text/x.tlog.size", "10\n"]);
  assert.equal(await asked(await request(10, 20)), 200);
  assert.equal(await asked(await request(20, 20)), 200, "the same again is cosigned again");
  assert.equal(await asked(await request(21, 20)), 400);
  assert.equal(await asked(Buffer.from("old 20\n\nno note")), 400);
  const forked = LEAVES.with(3, madeLeaves(60).at(-1) ?? Buffer.of());
  assert.equal(await asked(await request(20, 20, forked)), 409, "another root of the same size");
  assert.equal(await asked(await request(20, 30, forked)), 422, "growth from another past");
  const other = (await request(20, 30)).toString("utf8").replaceAll("midan.example", "x.example");
  assert.equal(await asked(Buffer.from(other)), 404);
  const unsigned = (await request(20, 30)).toString("utf8").replace("\n30\n", "\n31\n");
  assert.equal(await asked(Buffer.from(unsigned)), 403);
  const again = await witnessIn(folder);
  assert.equal(again.key, witness.key, "the key survives");
  const body = (await again.addCheckpoint(await request(0, 40))).body;
  assert.equal(body, "20\n", "what it saw survives");
});

test("P13: of requests at once from one size, a witness cosigns one history", async (context) => {
  const witness = await witnessIn(freshBase(context));
  assert.equal((await witness.addCheckpoint(await request(0, 10))).status, 200);
  const forked = LEAVES.with(35, madeLeaves(60).at(-1) ?? Buffer.of());
  const bodies = [await request(10, 40), await request(10, 40, forked)];
  const answers = await Promise.all(
    [...bodies, ...bodies].map(async (body) => witness.addCheckpoint(body)),
  );
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  assert.deepEqual(statuses, [200, 409, 409, 409]);
});

interface Served {
  readonly witness: Witness;
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function served(folder: string, log: OpenLog, name: string): Promise<Served> {
  const witness = await witnessIn(folder, log.verifierKey, name);
  const server = await listen({ host: "127.0.0.1", port: 0 }, [
    (app) => witnessRoutes(app, witness),
  ]);
  return { witness, url: server.address, close: server.close };
}

function witnessed(log: OpenLog, policy: string): Sequencer {
  const folder = new LogFolder(log.folder);
  return new Sequencer({
    log: log.log,
    database: log.database,
    folder,
    record: checkpointRecord(log.keys, log.log),
    signers: async () => Promise.resolve([log.signer]),
    newOrigin: () => log.signer.name,
    witnesses: new Witnesses(folder, witnessAddresses(policy)),
  });
}

async function question(log: OpenLog, place: string, policy: string) {
  const source = logSource(place);
  const bytes = Buffer.from(policy);
  const rest = { since: [], range: null, areLeaves: true };
  return verify(PLATFORM, { source, key: log.verifierKey, policy: bytes, ...rest });
}

async function started(context: TestContext, log: OpenLog): Promise<readonly [Served, Served]> {
  const base = freshBase(context);
  return [
    await served(join(base, "one"), log, "one.example/w"),
    await served(join(base, "two"), log, "two.example/w"),
  ];
}

test("P13: the log asks its witnesses, and shows who is missing", async (context) => {
  await withLog(context, async (log) => {
    const [one, two] = await started(context, log);
    const lines = [one, two].map(({ witness, url }, at) => `witness w${at} ${witness.key} ${url}`);
    const policy = `${lines.join("\n")}\ngroup g 1 w0 w1\nquorum g\n`;
    await writeLeaves(log.database, 300);
    await witnessed(log, policy).integrate();
    const server = await listen({ host: "127.0.0.1", port: 0 }, [
      (app) => logRoutes(app, new LogFolder(log.folder)),
    ]);
    const both = await question(log, server.address, policy);
    assert.deepEqual(
      both.witnesses.map(({ said }) => said.state),
      ["held", "held"],
    );
    assert.equal(both.entries, 300);
    await two.close();
    await writeLeaves(log.database, 5);
    await witnessed(log, policy).integrate();
    const half = await question(log, server.address, policy);
    assert.deepEqual(
      half.witnesses.map(({ said }) => said.state),
      ["held", "missing"],
    );
    const strict = await question(log, server.address, policy.replace("g 1", "g 2"));
    assert.equal(strict.refused?.reason, "WITNESSES_TOO_FEW");
    for (const name of [
      "/../midan-root/root.key",
      "/tile/0/..%2f000",
      "/checkpoint.new",
      "/tile/0/1",
    ])
      assert.equal((await fetch(`${server.address}${name}`)).status, 404, name);
    await server.close();
    await one.close();
  });
});

test("P13: nothing is signed once a witness remembers a larger log", async (context) => {
  await withLog(context, async (log) => {
    const [one, two] = await started(context, log);
    await two.close();
    await writeLeaves(log.database, 3);
    await witnessed(log, "").integrate();
    const root = new Uint8Array(32).fill(7);
    const text = checkpointText({ origin: log.signer.name, size: 999, root });
    const body = Buffer.from(`old 0\n\n${signedNote(text, [log.signer])}`);
    assert.equal((await one.witness.addCheckpoint(body)).status, 200);
    const before = await new LogFolder(log.folder).read("checkpoint");
    await writeLeaves(log.database, 3);
    const policy = `witness w ${one.witness.key} ${one.url}\n`;
    await assert.rejects(witnessed(log, policy).integrate(), { code: "LOG_BEHIND" });
    assert.deepEqual(await new LogFolder(log.folder).read("checkpoint"), before);
    await one.close();
  });
});
