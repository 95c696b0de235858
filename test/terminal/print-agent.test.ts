/** The print agent against a page and printers. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { AgentRun } from "../../src/terminal/agent-run.ts";
import { mayUse } from "../../src/terminal/agent-server.ts";
import { readAgentSetting } from "../../src/terminal/agent-setting.ts";
import { sealPayload } from "../../src/terminal/print-payload.ts";
import type { Draw } from "../../src/terminal/print-worker.ts";
import { Failure, isFailure } from "../../src/rules/failure.ts";
import { withDirectory } from "../support/home.ts";
import { jobsIn, ORIGIN, payload, random, started, stopped } from "./agent-fixture.ts";
import { ErpPage, sealedDocument, tokenDocument } from "./erp-page.ts";
import type { Json } from "./erp-page.ts";
import { ippServer, rawServer } from "./printer-servers.ts";

test("P14: a page asks, prints a label that was sealed to the agent, and is told", async () => {
  await withDirectory(async (folder) => {
    const agent = await started(folder);
    const { page, run, out } = agent;
    const printers = await page.ask("getPrinters");
    assert.deepEqual(printers["printers"], [{ name: "一号机", status: "enable", detail: "" }]);
    assert.equal(printers["defaultPrinter"], "一号机");
    const config = await page.ask("getPrinterConfig", { printer: "一号机" });
    assert.equal((config["printer"] as Json)["name"], "一号机");
    const set = await page.ask("setPrinterConfig", { printer: { name: "一号机" } });
    assert.equal(set["status"], "success");
    assert.equal((await page.ask("getAgentInfo"))["status"], "success");
    const taken = await page.print("t1", [sealedDocument("d1", payload(run.key, "^XA甲^XZ"))]);
    assert.deepEqual([taken["status"], taken["taskID"]], ["success", "t1"]);
    const told = await page.notified("t1", { taskStatus: "printed" });
    assert.deepEqual(told["printStatus"], [
      { documentID: "d1", status: "success", msg: "", detail: "", printer: "一号机" },
    ]);
    assert.deepEqual(await jobsIn(out), ["^XA甲^XZ"]);
    const asked = await page.ask("getTaskStatus", { taskID: ["t1", "none"] });
    const statuses = asked["printStatus"] as Json[];
    assert.equal(statuses.length, 1);
    const details = statuses[0]?.["detailStatus"] as Json[] | undefined;
    assert.equal(details?.[0]?.["status"], "success");
    await stopped(agent);
  });
});

test("P9: a payload of another agent, of another printer or broken prints nothing", async () => {
  await withDirectory(async (folder) => {
    const agent = await started(folder);
    const { page, run, out } = agent;
    const other = await AgentRun.keyText(join(folder, "other"), "gm", random);
    const good = payload(run.key, "^XA^XZ");
    const rows: readonly (readonly [string, string])[] = [
      [payload(other, "^XA^XZ"), "PAYLOAD_BROKEN"],
      [payload(run.key, "SIZE", "tspl"), "PRINTER_LANGUAGE"],
      [`${good.slice(0, 80)}AAAA${good.slice(84)}`, "PAYLOAD_BROKEN"],
      [good.slice(0, 40), "PAYLOAD_BROKEN"],
    ];
    for (const [at, [text, msg]] of rows.entries()) {
      await page.print(`bad-${at}`, [sealedDocument("d", text)]);
      const told = await page.notified(`bad-${at}`, { taskStatus: "failed" });
      assert.equal((told["printStatus"] as Json[])[0]?.["msg"], msg);
    }
    assert.deepEqual(await jobsIn(out), []);
    assert.equal(
      sealPayload(
        "midan-agent intl 00",
        { token: "", printNumber: 1, language: "zpl", bytes: Buffer.alloc(0) },
        random,
      ),
      null,
    );
    await stopped(agent);
  });
});

test("P16: the same task again prints once; another under its id is refused", async () => {
  await withDirectory(async (folder) => {
    const agent = await started(folder);
    const { page, run, out } = agent;
    const text = payload(run.key, "^XA一次^XZ");
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => page.print("t", [sealedDocument("d", text)])),
    );
    assert.equal(answers.filter(({ msg }) => msg === "").length, 1);
    assert.equal(answers.filter(({ msg }) => msg === "REPEATED").length, 5);
    await page.notified("t", { taskStatus: "printed" });
    const other = await page.print("t", [sealedDocument("d", payload(run.key, "^XA二^XZ"))]);
    assert.deepEqual([other["status"], other["msg"]], ["failed", "TASK_ID_USED"]);
    await stopped(agent);
    const again = await started(folder);
    const late = await again.page.print("t", [sealedDocument("d", text)]);
    assert.equal(late["msg"], "REPEATED");
    await again.page.notified("t", { taskStatus: "printed" });
    assert.deepEqual(await jobsIn(out), ["^XA一次^XZ"]);
    await stopped(again);
  });
});

test("P16: what is no message, too large or unknown is refused, and never repeated", async () => {
  await withDirectory(async (folder) => {
    const agent = await started(folder);
    const { page, run } = agent;
    const rows: readonly (readonly [string, Json, string])[] = [
      ["print", {}, "task"],
      ["print", { task: { taskID: "x", documents: [] } }, "documents"],
      ["print", { task: { taskID: "x".repeat(201), documents: [] } }, "taskID"],
      ["print", { task: { taskID: "x", preview: true, documents: [] } }, "preview"],
      [
        "print",
        { task: { taskID: "x", documents: [{ documentID: "d", contents: [{ data: {} }] }] } },
        "contents",
      ],
      [
        "print",
        {
          task: {
            taskID: "x",
            documents: Array.from({ length: 101 }, (_, at) => tokenDocument(`d${at}`, "md1")),
          },
        },
        "documents",
      ],
      [
        "print",
        { task: { taskID: "x", documents: [tokenDocument("d", "a"), tokenDocument("d", "b")] } },
        "documentID",
      ],
      ["getTaskStatus", { taskID: [] }, "taskID"],
      ["format-disk", { secret: "13800000000" }, "cmd"],
    ];
    for (const [cmd, members, msg] of rows) {
      const answer = await page.ask(cmd, members);
      assert.deepEqual([answer["status"], answer["msg"]], ["failed", msg], cmd);
      assert.ok(!JSON.stringify(answer).includes("13800000000"));
    }
    const unknown = await page.print("y", [tokenDocument("d", "md1")], "没有的打印机");
    assert.deepEqual([unknown["status"], unknown["msg"]], ["failed", "printer"]);
    page.send(`{"cmd":"print","requestID":"big","x":"${"x".repeat(17 * 1024 * 1024)}"}`);
    assert.equal(await page.closed(), 1009);
    const calm = await ErpPage.open(run.ports[0] ?? 0);
    assert.equal((await calm.ask("getAgentInfo"))["status"], "success");
    calm.close();
    await run.stop();
  });
});

test("P10: only pages of named origins on this machine's own names get in", async () => {
  await withDirectory(async (folder) => {
    const agent = await started(folder);
    const port = agent.run.ports[0] ?? 0;
    const rows: readonly (readonly [string, string | undefined])[] = [
      ["https://evil.example", undefined],
      ["", undefined],
      ["null", undefined],
      ["https://erp.example.evil.example", undefined],
      ["http://erp.example", undefined],
      // A name that was pointed at this machine: the page's origin is right, the host is not.
      [ORIGIN, `rebound.example:${port}`],
      [ORIGIN, "127.0.0.1.rebound.example"],
    ];
    for (const [origin, host] of rows)
      await assert.rejects(ErpPage.open(port, origin, host === undefined ? {} : { host }), /403/);
    for (const host of ["localhost:13528", "127.0.0.1:13528", "[::1]:13528"])
      assert.ok(mayUse({ host, origin: ORIGIN }, [ORIGIN]));
    assert.ok(!mayUse({ host: "localhost:13528" }, [ORIGIN]));
    await stopped(agent);
  });
});

test("P16: paper out on a raw printer is told, waits, and prints when paper is in", async () => {
  await withDirectory(async (folder) => {
    const printer = await rawServer();
    printer.state.paperOut = true;
    const raw = { name: "r", kind: "raw", language: "zpl", host: "127.0.0.1", port: printer.port };
    const agent = await started(folder, { printers: [raw] });
    const { page, run } = agent;
    await page.print("t", [sealedDocument("d", payload(run.key, "^XA纸^XZ"))]);
    await page.notified("t", { msg: "media-empty" });
    const [told] = (await page.ask("getPrinters"))["printers"] as Json[];
    assert.deepEqual([told?.["status"], told?.["detail"]], ["disable", "media-empty"]);
    assert.equal(printer.jobs.length, 0);
    Object.assign(printer.state, { paperOut: false, headOpen: true });
    await page.notified("t", { msg: "cover-open" });
    printer.state.headOpen = false;
    await page.notified("t", { taskStatus: "printed" });
    assert.deepEqual(printer.jobs.map(String), ["^XA纸^XZ"]);
    await stopped(agent);
    await printer.close();
  });
});

test("P16: without network the queue waits; what broke off is never sent twice", async () => {
  await withDirectory(async (folder) => {
    const first = await rawServer();
    const { port } = first;
    await first.close();
    const raw = { name: "r", kind: "raw", language: "zpl", host: "127.0.0.1", port };
    const agent = await started(folder, { printers: [raw] });
    const { page, run } = agent;
    await page.print("t1", [sealedDocument("d", payload(run.key, "^XA网^XZ"))]);
    await page.notified("t1", { msg: "connecting-to-device" });
    const back = await rawServer(port);
    await page.notified("t1", { taskStatus: "printed" });
    assert.equal(back.jobs.length, 1);
    back.state.breaksOff = true;
    await page.print("t2", [sealedDocument("d", payload(run.key, "^XA断^XZ"))]);
    const told = await page.notified("t2", { taskStatus: "failed" });
    assert.match(String((told["printStatus"] as Json[])[0]?.["msg"]), /^unsure:/);
    back.state.breaksOff = false;
    await page.print("t3", [sealedDocument("d", payload(run.key, "^XA好^XZ"))]);
    await page.notified("t3", { taskStatus: "printed" });
    assert.deepEqual(back.jobs.map(String), ["^XA网^XZ", "^XA好^XZ"]);
    await stopped(agent);
    await back.close();
  });
});

test("P16: an IPP printer says what it lacks, and what became of each job", async () => {
  await withDirectory(async (folder) => {
    const printer = await ippServer();
    const ipp = { name: "i", kind: "ipp", language: "pdf", uri: printer.uri };
    const agent = await started(folder, { printers: [ipp] });
    const { page, run } = agent;
    Object.assign(printer.state, {
      reasons: ["media-low-warning", "media-empty-error"],
      holds: true,
    });
    await page.print("t1", [sealedDocument("d", payload(run.key, "%PDF-1", "pdf"))]);
    await page.notified("t1", { msg: "media-empty-error" });
    assert.equal(printer.jobs.length, 0);
    printer.state.reasons = ["media-low-warning"];
    while (printer.jobs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    printer.state.reasons = ["cover-open"];
    await page.notified("t1", { msg: "cover-open" });
    printer.state.reasons = ["none"];
    const [job] = printer.jobs;
    assert.deepEqual([job?.format, String(job?.data)], ["application/pdf", "%PDF-1"]);
    if (job !== undefined) job.state = 9;
    await page.notified("t1", { taskStatus: "printed" });
    await page.print("t2", [sealedDocument("d", payload(run.key, "%PDF-2", "pdf"))]);
    while (printer.jobs.length === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = printer.jobs[1];
    if (second !== undefined) second.state = 8;
    await page.notified("t2", { msg: "job-aborted" });
    await stopped(agent);
    await printer.close();
  });
});

test("P16: tokens are drawn by whoever has the keys; a refusal is told, or waits", async () => {
  await withDirectory(async (folder) => {
    let isDown = true;
    const asked: string[] = [];
    const draw: Draw = async ({ token, reason, language, printer }) => {
      await Promise.resolve();
      asked.push([token, reason ?? "-", language, printer].join(" "));
      if (token === "dead") throw new Failure("DATA_DEAD");
      if (isDown) throw new Failure("DATABASE_UNAVAILABLE");
      return { bytes: Buffer.from(`^XA${token}^XZ`) };
    };
    const agent = await started(folder, { draw });
    const { page, out } = agent;
    await page.print("t", [tokenDocument("d1", "dead"), tokenDocument("d2", "md1x", "damaged")]);
    await page.notified("t", { msg: "DATA_DEAD" });
    await page.notified("t", { msg: "DATABASE_UNAVAILABLE" });
    isDown = false;
    await page.notified("t", { taskStatus: "failed" });
    assert.deepEqual(await jobsIn(out), ["^XAmd1x^XZ"]);
    assert.equal(asked[0], "dead - zpl 一号机");
    assert.equal(asked.at(-1), "md1x damaged zpl 一号机");
    await stopped(agent);
    const alone = await started(folder);
    await alone.page.print("a", [tokenDocument("d", "md1x")]);
    await alone.page.notified("a", { msg: "AGENT_STANDS_ALONE" });
    await stopped(alone);
  });
});

test("P16: a setting that is wrong names its field", () => {
  const good = {
    origins: [ORIGIN],
    printers: [{ name: "a", kind: "raw", language: "tspl", host: "10.0.0.1" }],
  };
  assert.deepEqual(
    [readAgentSetting(JSON.stringify(good)).port, readAgentSetting(JSON.stringify(good)).tls],
    [13_528, null],
  );
  const rows: readonly (readonly [unknown, string])[] = [
    ["x", "json"],
    [{ ...good, printers: [] }, "printers"],
    [{ ...good, printers: [...good.printers, ...good.printers] }, "printers"],
    [{ ...good, origins: ["*"] }, "origins"],
    [{ ...good, origins: ["https://erp.example/"] }, "origins"],
    [{ ...good, port: 70_000 }, "port"],
    [{ ...good, printers: [{ name: "a", kind: "usb", language: "zpl" }] }, "kind"],
    [{ ...good, printers: [{ name: "a", kind: "ipp", language: "zpl", uri: "file:///x" }] }, "uri"],
    [{ ...good, printers: [{ name: "a", kind: "raw", language: "epl", host: "x" }] }, "language"],
    [{ ...good, tls: { certificate: 1 } }, "tls.certificate"],
  ];
  for (const [value, field] of rows)
    assert.throws(
      () => readAgentSetting(typeof value === "string" ? value : JSON.stringify(value)),
      (error) => isFailure(error, "AGENT_SETTING") && error.details["field"] === field,
      field,
    );
});
