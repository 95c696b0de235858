/** What an agent keeps through kill -9, and what its folder gives away. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { AgentRun } from "../../src/terminal/agent-run.ts";
import type { Draw } from "../../src/terminal/print-worker.ts";
import { needlesOf, searchFolders } from "../support/canary.ts";
import { withDirectory } from "../support/home.ts";
import {
  folderPrinter,
  jobsIn,
  ORIGIN,
  payload,
  random,
  started,
  stopped,
} from "./agent-fixture.ts";
import { ErpPage, sealedDocument, tokenDocument } from "./erp-page.ts";
import type { Json } from "./erp-page.ts";
import { rawServer } from "./printer-servers.ts";

const PER_ROUND = 12;
const GUEST = fileURLToPath(new URL("agent-guest.ts", import.meta.url));

async function guest(folder: string): Promise<{ port: number; kill: () => Promise<void> }> {
  const child = spawn(process.execPath, [GUEST, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { port: Number(line), kill };
}

test("P16: killed at any moment, an agent loses no label and prints none twice", async (t) => {
  await withDirectory(async (folder) => {
    const printers = [folderPrinter(folder)];
    const setting = { port: 0, origins: [ORIGIN], printers };
    await writeFile(join(folder, "agent.json"), JSON.stringify(setting));
    const key = await AgentRun.keyText(folder, "intl", random);
    const taken = new Set<string>();
    for (let round = 0; round < 8; round += 1) {
      const { port, kill } = await guest(folder);
      const page = await ErpPage.open(port);
      let answered = 0;
      const sending = Array.from({ length: PER_ROUND }, async (_, at) => {
        const name = `r${round}-${at}`;
        const document = sealedDocument("d", payload(key, `^XA${name}^XZ`));
        const { status } = await page.print(name, [document]);
        answered += 1;
        if (status === "success") taken.add(name);
      });
      const settled = Promise.allSettled(sending);
      // The more rounds, the later: from before the first answer to after the last.
      while (answered < Math.min(PER_ROUND, round * 2))
        await new Promise((resolve) => setTimeout(resolve, 1));
      await kill();
      page.close();
      // Whatever was answered before the kill counts as acknowledged.
      await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
    const agent = await started(folder);
    for (const name of taken) {
      const asked = await agent.page.ask("getTaskStatus", { taskID: name });
      assert.equal((asked["printStatus"] as Json[]).length, 1, `${name} was acknowledged`);
    }
    for (const name of taken) {
      const end = Date.now() + 60_000;
      while (!(await jobsIn(agent.out)).includes(`^XA${name}^XZ`)) {
        assert.ok(Date.now() < end, `${name} never came out`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    const jobs = await jobsIn(agent.out);
    assert.equal(new Set(jobs).size, jobs.length, "no label twice");
    t.diagnostic(`${taken.size} acknowledged, ${jobs.length} printed, 8 kills`);
    assert.ok(taken.size >= 8);
    await stopped(agent);
  });
});

test("P9: nothing of a label, a token or a task lies readable in the agent's folder", async () => {
  await withDirectory(async (folder) => {
    const printer = await rawServer();
    printer.state.paperOut = true;
    const raw = { name: "r", kind: "raw", language: "zpl", host: "127.0.0.1", port: printer.port };
    const secrets = ["林桐禾的快递", "15431415926", "md1canarytokencanarytoken", "任务王小样一号"];
    const draw: Draw = async () => Promise.resolve({ bytes: Buffer.from(secrets.join("|")) });
    const agent = await started(folder, { printers: [raw], draw });
    const { page, run } = agent;
    const [, , token = "", task = ""] = secrets;
    await page.print(task, [tokenDocument(secrets[0] ?? "", token)]);
    await page.print("s", [sealedDocument(secrets[1] ?? "", payload(run.key, secrets.join("|")))]);
    await page.notified(task, { msg: "media-empty" });
    const searched = await searchFolders([folder], needlesOf(secrets));
    assert.ok(searched.files >= 4, `${searched.files} files`);
    assert.deepEqual(searched.found, []);
    printer.state.paperOut = false;
    await page.notified("s", { taskStatus: "printed" });
    assert.equal(printer.jobs.length, 2);
    assert.deepEqual((await searchFolders([folder], needlesOf(secrets))).found, []);
    await stopped(agent);
    await printer.close();
  });
});
