/** The page that verifies a log offline, in a real browser. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL, fileURLToPath } from "node:url";
import { parseNote, signedNote } from "../../src/audit/note.ts";
import { logKeys } from "../../src/log/upkeep.ts";
import { rotateSigningKeys } from "../../src/vault/signing-key-rotation.ts";
import { signedIn } from "../support/actor.ts";
import { Clock } from "../support/clock.ts";
import { withHome } from "../support/home.ts";
import { inventOrders, sealOrders } from "../support/orders.ts";
import { takeIn } from "../support/take-in.ts";
import { chromiumPath, openBrowser } from "./browser.ts";
import type { Browser } from "./browser.ts";
import { madeLeaves, madeLog } from "./made-log.ts";

const PAGE = fileURLToPath(new URL("../../assets/verifier/verify-log.html", import.meta.url));
const SIZE = 300;

async function verdictOf(browser: Browser, folder: string, key: string): Promise<string> {
  await browser.open(pathToFileURL(PAGE).href);
  await browser.chooseFiles("#folder", [folder]);
  // A folder is read file by file before the page has it.
  while (Number(await browser.evaluate(`byId("folder").files.length`)) === 0);
  await browser.evaluate(`byId("key").value = ${JSON.stringify(key)}; byId("run").click()`);
  for (;;) {
    const isDone = (await browser.evaluate(`byId("verdict").className`)) !== "";
    const text = String(await browser.evaluate(`byId("verdict").textContent`));
    if (isDone) return `${text}\n${String(await browser.evaluate(`byId("facts").innerText`))}`;
  }
}

test("P13: a page verifies a log offline in a browser, and finds a changed byte", async (t) => {
  const program = chromiumPath();
  if (program === null) return t.skip("no Chromium on this machine");
  const folder = await mkdtemp(join(tmpdir(), "midan-page-"));
  const browser = await openBrowser(program);
  try {
    const log = madeLog(madeLeaves(SIZE));
    for (const [name, bytes] of log.files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    const good = await verdictOf(browser, folder, log.key);
    assert.match(good, /^验证通过 · Verified/u);
    assert.match(good, /Entries checked\s+300/u);
    const name = "tile/entries/000";
    const bytes = Buffer.from(log.files.get(name) ?? []);
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    await writeFile(join(folder, name), bytes);
    const bad = await verdictOf(browser, folder, log.key);
    assert.match(bad, /Refused: ENTRY_DIFFERS/u);
    assert.match(bad, /Index\s+0/u);
    const stranger = await verdictOf(browser, folder, log.key.replace("example", "sample"));
    assert.match(stranger, /Refused: KEY_MALFORMED/u);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
  return undefined;
});

test("CHG-1: the page verifies a published log over a change of its key", async (t) => {
  const program = chromiumPath();
  if (program === null) return t.skip("no Chromium on this machine");
  await withHome(async (home) => {
    const clock = new Clock(new Date().toISOString());
    const folder = home.config().logDir;
    const checkpoint = join(folder, "checkpoint");
    const browser = await openBrowser(program);
    const actor = signedIn("officer");
    try {
      await using vault = await home.open({ now: clock.now });
      const phase = async (): Promise<string> =>
        (await rotateSigningKeys(vault, { use: "log", actor })).phase;
      await sealOrders(vault, inventOrders(2));
      await takeIn(vault);
      const stolen = await vault.log.signers();
      const [before = ""] = await logKeys(vault);
      assert.match(await verdictOf(browser, folder, before), /Verified/u);
      for (const wanted of ["announced", "used"]) {
        assert.equal(await phase(), wanted);
        await takeIn(vault);
        assert.match(await verdictOf(browser, folder, before), /Verified/u, wanted);
      }
      clock.wait(61);
      assert.equal(await phase(), "retired");
      await takeIn(vault);
      const [after = ""] = await logKeys(vault);
      assert.notEqual(after, before);
      for (const key of [before, after])
        assert.match(await verdictOf(browser, folder, key), /Verified/u);
      const { text = "" } = parseNote(await readFile(checkpoint, "utf8")) ?? {};
      await writeFile(checkpoint, signedNote(text, stolen));
      for (const key of [before, after])
        assert.match(await verdictOf(browser, folder, key), /Refused: KEY_RETIRED/u);
    } finally {
      await browser.close();
    }
  });
  return undefined;
});
