import assert from "node:assert/strict";
import { rotateGeneration } from "../../src/keystore/rotation.ts";
import { failure } from "./fresh-store.ts";
import { both } from "./media.ts";

const NAME = "log-ed25519";
const secretOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

both.test("KS-18: a signing key is made once, whoever asks", async (t) => {
  const [first, second] = [await t.open(), await t.open()];
  const made = await Promise.all(
    [1, 2, 3, 4].map(async (byte) =>
      (byte % 2 === 0 ? first : second).signing.current(NAME, () => secretOf(byte)),
    ),
  );
  assert.equal(new Set(made.map((key) => Buffer.from(key.secret).toString("hex"))).size, 1);
  assert.deepEqual(
    made.map((key) => key.number),
    [1, 1, 1, 1],
  );
  await rotateGeneration(t.another());
  const again = await (await t.open()).signing.current(NAME, () => secretOf(9));
  assert.deepEqual(Buffer.from(again.secret), Buffer.from(made[0]?.secret ?? []));
});

both.test("KS-18: announced, in use beside the one before, alone: one write each", async (t) => {
  const store = await t.open();
  const at = async (number: number): Promise<Buffer | null> =>
    t.medium.read("signing", `${NAME}.${number}`);
  const never = (): Uint8Array => assert.fail("it was made already");
  const numbers = async (): Promise<number[]> =>
    (await store.signing.inUse(NAME)).map(({ number }) => number);
  await store.signing.current(NAME, () => secretOf(1));
  await assert.rejects(store.signing.use(NAME), failure("KEY_UNKNOWN"));
  const next = await store.signing.announced(NAME, () => secretOf(2));
  assert.deepEqual(await store.signing.announced(NAME, never), {
    number: 2,
    secret: Buffer.from(next.secret),
  });
  assert.deepEqual(await store.signing.state(NAME), { number: 1, announced: 2, old: 0 });
  await store.signing.retire(NAME);
  assert.deepEqual(await numbers(), [1], "an announced key is not what ends the one in use");
  assert.equal((await store.signing.use(NAME)).number, 2);
  assert.deepEqual(await numbers(), [2, 1]);
  assert.deepEqual(await store.signing.state(NAME), { number: 2, announced: null, old: 1 });
  await t.open();
  assert.deepEqual(await numbers(), [2, 1], "opening ends no phase before its time");
  const copy = await at(1);
  await store.signing.retire(NAME);
  assert.deepEqual(await numbers(), [2]);
  assert.ok((await at(1)) === null && (await at(2)) !== null);
  // As if an older copy came back, or the last step had been interrupted.
  await t.medium.write("signing", `${NAME}.1`, copy ?? assert.fail());
  assert.deepEqual(await numbers(), [2], "what comes back signs nothing");
  await t.open();
  assert.equal(await at(1), null);
  assert.equal((await store.signing.announced(NAME, () => secretOf(3))).number, 3);
});

both.test("KS-18: names are names, and secrets have bounds", async (t) => {
  const { signing } = await t.open();
  for (const name of ["", "a.b", "../x", "a/b"]) {
    await assert.rejects(
      signing.current(name, () => secretOf(1)),
      RangeError,
    );
  }
  for (const count of [0, 513]) {
    await assert.rejects(
      signing.current(NAME, () => new Uint8Array(count)),
      RangeError,
    );
  }
});

both.test("KS-19: a checkpoint is saved only over the one that the caller has seen", async (t) => {
  const { checkpoints } = await t.open();
  const other = (await t.open()).checkpoints;
  const [one, two] = [Buffer.from("size 1"), Buffer.from("size 2")];
  assert.equal(await checkpoints.last("origin"), null);
  assert.equal(await checkpoints.save("origin", one, two), false);
  assert.equal(await checkpoints.save("origin", one, null), true);
  assert.equal(await other.save("origin", two, null), false);
  assert.equal(await other.save("origin", two, one), true);
  assert.equal(await checkpoints.save("origin", one, one), false);
  assert.deepEqual(await checkpoints.last("origin"), two);
  await assert.rejects(checkpoints.save("origin", new Uint8Array(4097), two), RangeError);
  assert.equal(await checkpoints.save("origin", new Uint8Array(4096), two), true);
});
