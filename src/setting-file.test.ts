import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { isFailure } from "./rules/failure.ts";
import type { FailureCode, FailureDetails } from "./rules/failure.ts";
import { readSettingFile, settingsIn } from "./setting-file.ts";

const KNOWN: ReadonlySet<string> = new Set([
  "MIDAN_HOME",
  "MIDAN_DATABASE_URL",
  "MIDAN_REQUESTS_MAX",
  "MIDAN_SERVER_LOG_ADDRESSES",
  "MIDAN_CONFIG_FILE",
]);

function failsWith(work: () => unknown, code: FailureCode, details: FailureDetails): void {
  assert.throws(work, (error) => {
    assert.ok(isFailure(error, code), String(error));
    assert.deepEqual(error.details, details);
    return true;
  });
}

test("keys are names of variables, values are text, whole numbers, true and false", () => {
  const lines = [
    "# ours",
    `home = "/srv/midan"`,
    "requests_max = 64",
    "server_log_addresses = true",
  ];
  const text = lines.join("\n");
  assert.deepEqual(settingsIn(text, KNOWN), {
    MIDAN_HOME: "/srv/midan",
    MIDAN_REQUESTS_MAX: "64",
    MIDAN_SERVER_LOG_ADDRESSES: "yes",
  });
});

test("P9: every key that is unknown or holds no text is named at once, and no value is", () => {
  const wrong = [
    `database_ulr = "secret"`,
    "requests_max = [1]",
    `"张三" = 1`,
    `config_file = "x"`,
  ];
  const text = [`home = "/srv"`, ...wrong].join("\n");
  failsWith(() => settingsIn(text, KNOWN), "CONFIG_FILE_BROKEN", {
    keys: "database_ulr, requests_max, ?, config_file",
  });
});

test("P9: what is no TOML, or says a thing twice, is told by its place", () => {
  failsWith(() => settingsIn(`home = "a"\nhome = "secret"\n`, KNOWN), "CONFIG_FILE_BROKEN", {
    line: 2,
    column: 1,
  });
  failsWith(() => settingsIn(`home: /srv`, KNOWN), "CONFIG_FILE_BROKEN", { line: 1, column: 5 });
});

test("P6: a file that others may write, or whose secret others may read, is refused", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "midan-settings-"));
  try {
    const file = path.join(folder, "midan.toml");
    const read = (text: string, mode: number) => () => {
      writeFileSync(file, text);
      chmodSync(file, mode);
      return readSettingFile(file, KNOWN);
    };
    assert.deepEqual(read(`home = "/srv"`, 0o644)(), { MIDAN_HOME: "/srv" });
    assert.deepEqual(read(`database_url = "x"`, 0o600)(), { MIDAN_DATABASE_URL: "x" });
    failsWith(read(`home = "/srv"`, 0o666), "CONFIG_FILE_OPEN", {});
    failsWith(read(`database_url = "x"`, 0o640), "CONFIG_FILE_OPEN", {});
    const setting = "MIDAN_CONFIG_FILE";
    failsWith(() => readSettingFile(`${file}-none`, KNOWN), "SETTING_INVALID", { setting });
    failsWith(() => readSettingFile(folder, KNOWN), "SETTING_INVALID", { setting });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
