/**
 * The client of the Go checksum database reads our tiles and checkpoints. Optional: it runs where a
 * Go toolchain is and can have its module, and says so when it does not.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkpointText } from "../../src/audit/checkpoint.ts";
import { ed25519Signer, signedNote, verifierKeyText } from "../../src/audit/note.ts";
import { LogFolder } from "../../src/log/log-folder.ts";
import { TileWriter } from "../../src/log/tile-writer.ts";
import { madeLeaves } from "../verifier/made-log.ts";

const PROGRAM = fileURLToPath(new URL("go/", import.meta.url));
const BUILD_TIMEOUT_MS = 200_000;
const SIZES = [700, 1300] as const;
const run = promisify(execFile);

/** Builds the reader; why it cannot be had, or null. */
async function built(binary: string): Promise<string | null> {
  const environment = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly" };
  const options = { cwd: PROGRAM, env: environment, timeout: BUILD_TIMEOUT_MS };
  try {
    await run("go", ["build", "-o", binary, "."], options);
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT"
      ? "no Go on this machine"
      : "Go could not build the reader (an older Go, or no module proxy)";
  }
}

test("P13: Go's own tlog client reads our tiles, checkpoints and growth", async (t) => {
  const base = await mkdtemp(join(tmpdir(), "midan-go-"));
  try {
    const binary = join(base, "readlog");
    const missing = await built(binary);
    if (missing !== null) return t.skip(missing);
    const signer = ed25519Signer("midan.example/go", randomBytes(32));
    const folder = join(base, "log");
    const files = new LogFolder(folder);
    const writer = await TileWriter.open(files, 0);
    const leaves = madeLeaves(SIZES[1]);
    for (const size of SIZES) {
      for (const leaf of leaves.slice(writer.size, size)) writer.add(leaf);
      await files.write(writer.take().files);
      const text = checkpointText({ origin: signer.name, size, root: writer.root() });
      const note = Buffer.from(signedNote(text, [signer]));
      await files.write([{ path: size === SIZES[0] ? "older" : "checkpoint", bytes: note }]);
    }
    const words = [folder, verifierKeyText(signer), join(folder, "older")];
    const { stdout } = await run(binary, words);
    assert.equal(stdout, `${SIZES[1]} entries, grown from ${SIZES[0]}\n`);
    t.diagnostic(`ran with ${(await run("go", ["version"])).stdout.trim()}`);
    const bundle = join(folder, "tile/entries/001");
    const bytes = await readFile(bundle);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(bundle, bytes);
    await assert.rejects(run(binary, words), /entry 256 does not fit its hash/);
  } finally {
    await rm(base, { recursive: true, force: true });
  }
  return undefined;
});
