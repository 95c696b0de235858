/** TLS by files, with certificates that openssl made. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmod, copyFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { listen } from "../../src/http/server.ts";
import type { Resource } from "../../src/http/server.ts";
import type { TlsFiles } from "../../src/http/tls-files.ts";
import { readTls, TlsKeeper } from "../../src/http/tls-files.ts";
import { isFailure } from "../../src/rules/failure.ts";
import { withDirectory, withHome } from "../support/home.ts";
import { withServe } from "./serve-process.ts";

const config = { caller: "anybody" } as const;

async function certificate(folder: string, name: string): Promise<TlsFiles> {
  const [certFile, keyFile] = [path.join(folder, `${name}.pem`), path.join(folder, `${name}.key`)];
  const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  words.push(
    "-nodes",
    "-days",
    "2",
    "-subj",
    `/CN=${name}`,
    "-addext",
    "subjectAltName=IP:127.0.0.1",
  );
  await promisify(execFile)("openssl", [...words, "-keyout", keyFile, "-out", certFile]);
  await chmod(keyFile, 0o600);
  return { certFile, keyFile };
}

async function nameAt(address: string, options: object = {}): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect({
    host: hostname,
    port: Number(port),
    rejectUnauthorized: false,
    ...options,
  });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return new X509Certificate(raw).subject;
}

test("TLS is spoken from 1.2 on with the files' certificate, and HSTS is told", async () => {
  await withDirectory(async (folder) => {
    const tls = await certificate(folder, "one");
    const answer: Resource = (app) => {
      app.get("/", { config }, async () => Promise.resolve({ ok: true }));
    };
    const server = await listen({ host: "127.0.0.1", port: 0, tls }, [answer]);
    assert.match(server.address, /^https:/);
    assert.equal(await nameAt(server.address), "CN=one");
    await assert.rejects(nameAt(server.address, { maxVersion: "TLSv1.1", minVersion: "TLSv1" }));
    const asked = get(server.address, { rejectUnauthorized: false, agent: false });
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    response.resume();
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers["strict-transport-security"], "max-age=31536000");
    await assert.rejects(fetch(server.address.replace("https:", "http:")));
    await server.close();
  });
});

test("a certificate without its key, or a key for all to read, is refused by name", async () => {
  await withDirectory(async (folder) => {
    const [one, two] = [await certificate(folder, "one"), await certificate(folder, "two")];
    const refusedFor = async (files: TlsFiles, setting: string): Promise<void> =>
      assert.rejects(
        readTls(files),
        (error) => isFailure(error, "SETTING_INVALID") && error.details["setting"] === setting,
      );
    await refusedFor({ ...one, keyFile: two.keyFile }, "MIDAN_TLS_CERT_FILE");
    await refusedFor({ ...one, keyFile: path.join(folder, "none") }, "MIDAN_TLS_KEY_FILE");
    await refusedFor({ ...one, certFile: folder }, "MIDAN_TLS_CERT_FILE");
    await chmod(one.keyFile, 0o644);
    await refusedFor(one, "MIDAN_TLS_KEY_FILE");
  });
});

test("SIGHUP takes a new certificate; a broken one leaves the old one in use", async () => {
  await withHome(async (home) => {
    const [one, two] = [
      await certificate(home.directory, "one"),
      await certificate(home.directory, "two"),
    ];
    const settings = { MIDAN_TLS_CERT_FILE: one.certFile, MIDAN_TLS_KEY_FILE: one.keyFile };
    await withServe(home, settings, async ({ child, address, lines }) => {
      const said = async (event: string): Promise<void> => {
        while (!lines.some((line) => line.includes(`"event":"${event}"`))) await wait(20);
      };
      assert.equal(await nameAt(address), "CN=one");
      await writeFile(one.certFile, "no certificate");
      child.kill("SIGHUP");
      await said("tls-failed");
      assert.equal(await nameAt(address), "CN=one");
      await copyFile(two.certFile, one.certFile);
      await copyFile(two.keyFile, one.keyFile);
      child.kill("SIGHUP");
      await said("tls-read");
      assert.equal(await nameAt(address), "CN=two");
    });
  });
});

test("what failed to be read is tried again although the files stay as they are", async () => {
  await withDirectory(async (folder) => {
    const files = await certificate(folder, "one");
    const told: boolean[] = [];
    let taken = 0;
    const server = {
      setSecureContext: () => {
        taken += 1;
        // As where the process has no more handles for a while.
        if (taken < 3) throw new Error("EMFILE");
      },
    };
    using keeper = new TlsKeeper(files, server, {
      tell: (isRead) => told.push(isRead),
      lookAgainMs: 20,
    });
    await keeper.reload();
    assert.deepEqual(told, [false]);
    const end = performance.now() + 10_000;
    while (told.length < 2 && performance.now() < end) await wait(20);
    assert.deepEqual(told, [false, true], "the failure is told once, and that it is over");
    await wait(100);
    assert.equal(taken, 3);
  });
});
