/** The agent as it is started on the command line: tokens through the verb, and TLS. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withHome } from "../support/home.ts";
import type { Home } from "../support/home.ts";
import { sealOne } from "../support/orders.ts";
import { documents, midan, start } from "../support/process.ts";
import { ErpPage, sealedDocument, tokenDocument } from "./erp-page.ts";
import type { Json } from "./erp-page.ts";

interface Agent {
  readonly ports: readonly number[];
  readonly key: string;
  readonly stop: () => Promise<number | null>;
}

async function running(home: Home): Promise<Agent> {
  const options = { environment: home.environment, directory: home.directory };
  const child = start(["print-agent", "run", "--dir", "agent", "--ticket", "--json"], options);
  child.stdin?.end();
  const [line] = (await once(child.stdout ?? assert.fail("no output"), "data")) as [Buffer];
  const [told] = documents(line.toString("utf8"));
  const stop = async (): Promise<number | null> => {
    child.kill("SIGTERM");
    await once(child, "exit");
    return child.exitCode;
  };
  // The stable form of `--json`.
  return { ...(told as unknown as Pick<Agent, "ports" | "key">), stop };
}

async function prepared(home: Home): Promise<void> {
  const folder = join(home.directory, "agent");
  await mkdir(folder);
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const files = ["-keyout", join(folder, "tls.key"), "-out", join(folder, "tls.pem")];
  const words = ["req", "-x509", "-days", "1", ...key, ...names, ...files];
  execFileSync("openssl", words, { stdio: "ignore" });
  const out = join(home.directory, "out");
  const setting = {
    port: 0,
    tls: { port: 0, certificate: "tls.pem", key: "tls.key" },
    origins: ["https://erp.example"],
    printers: [{ name: "一号机", kind: "folder", language: "zpl", folder: out }],
  };
  await writeFile(join(folder, "agent.json"), JSON.stringify(setting));
}

const statusOf = (message: Json): unknown => (message["printStatus"] as Json[])[0]?.["msg"];

test("P14: a token that a page prints is stated, and a second print needs a reason", async () => {
  await withHome(async (home) => {
    const vault = await home.open();
    const token = await sealOne(vault);
    await vault[Symbol.asyncDispose]();
    await prepared(home);
    const agent = await running(home);
    const [plain = 0, tls = 0] = agent.ports;
    const page = await ErpPage.open(plain);
    await page.print("t1", [tokenDocument("d", token)]);
    await page.notified("t1", { taskStatus: "printed" });
    await page.print("t2", [tokenDocument("d", token)]);
    assert.equal(
      statusOf(await page.notified("t2", { taskStatus: "failed" })),
      "REPRINT_REASON_MISSING",
    );
    const secure = await ErpPage.open(tls, "https://erp.example", { tls: true });
    await secure.print("t3", [tokenDocument("d", token, "damaged")]);
    await secure.notified("t3", { taskStatus: "printed" });
    await writeFile(join(home.directory, "agent.pub"), agent.key);
    const options = { environment: home.environment, directory: home.directory };
    const words = ["label", token, "--out", "task.txt", "--format", "zpl", "--reason", "lost"];
    const made = await midan(
      [...words, "--for-agent", "agent.pub", "--printer", "二号机"],
      options,
    );
    assert.equal(made.code, 0, made.stderr);
    const payload = await readFile(join(home.directory, "task.txt"), "utf8");
    await page.print("t4", [sealedDocument("d", payload)]);
    await page.notified("t4", { taskStatus: "printed" });
    secure.close();
    page.close();
    assert.equal(await agent.stop(), 0);
    const files = await readdir(join(home.directory, "out"));
    assert.equal(files.length, 3);
    for (const file of files)
      assert.match(await readFile(join(home.directory, "out", file), "latin1"), /^\^XA[^]*\^XZ/);
    const rows = await home.rows("select body from print_statement order by print_no");
    // The column is bytea and holds canonical JSON objects.
    const statements = rows.map((row) => JSON.parse(String(row["body"] as Buffer)) as Json);
    assert.deepEqual(
      statements.map(({ printer, reason, ticket }) => [printer, reason, typeof ticket]),
      [
        ["一号机", undefined, "string"],
        ["一号机", "damaged", "string"],
        ["二号机", "lost", "undefined"],
      ],
    );
  });
});
