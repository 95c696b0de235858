#!/usr/bin/env node
/*
 * Starts the command line under a Node that can run it. The sources are TypeScript with the types
 * stripped at load, which the project's own Node (26, a locked dependency) does; whatever Node the
 * machine has may be older. This file is plain JavaScript so that Node 18 and later can read it.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MAJOR_MIN = 26;
/** Rows of a batch die together: room for them spares the collector from moving them about. */
const YOUNG_GENERATION = "--max-semi-space-size=64";
/** Exit code of a run that could not be done, as everywhere in this command line. */
const EXIT_FAILED = 3;
/** What the loader and shells answer when a program or one of its libraries is missing. */
const EXIT_NOT_LOADABLE = 127;
/** Set for the child, so that it knows its parent's end of the channel is a launcher. */
const LAUNCHED = "MIDAN_LAUNCHED";

/** Signals a person or a supervisor sends; the child decides what they mean. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];
/** A terminal already sends these to the whole foreground group; twice would read as "at once". */
const SENT_BY_TERMINAL = new Set(["SIGINT", "SIGQUIT"]);

// A reader that goes away, or a full disk behind an output, must not end a run halfway through.
for (const stream of [process.stdout, process.stderr]) stream.on("error", outputLost);

if (majorOf(process.versions.node) >= MAJOR_MIN) {
  followLauncher();
  process.on("uncaughtException", failUnforeseen);
  const { main } = await import("../src/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = findNode();
  if (node === null) {
    fail(
      `需要 Node ${MAJOR_MIN} 或更新版本(当前 ${process.versions.node})。` +
        "Linux x64 请先运行 npm ci(自带 Node);其他系统请自行安装。",
      `Node ${MAJOR_MIN} or later is needed (this is ${process.versions.node}). ` +
        "On Linux x64 run npm ci first, it brings one; elsewhere install it yourself.",
    );
  } else {
    launch(node);
  }
}

function majorOf(version) {
  return Number.parseInt(version, 10);
}

/** The Node binary among our dependencies that fits this machine, or null. */
function findNode() {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve(`node-${process.platform}-${process.arch}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, "utf8"));
    return majorOf(version) >= MAJOR_MIN ? join(dirname(manifest), "bin", "node") : null;
  } catch {
    // Not installed, or no such platform: the caller says what to do.
    return null;
  }
}

/** Runs this same file under `node`; exits as the child exits. */
function launch(node) {
  const script = fileURLToPath(import.meta.url);
  const child = spawn(node, [YOUNG_GENERATION, script, ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [LAUNCHED]: "1" },
  });
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      if (!(onTerminal && SENT_BY_TERMINAL.has(signal))) child.kill(signal);
    });
  }
  child.on("error", () => cannotRun(node));
  child.on("exit", (code, signal) => {
    if (code === EXIT_NOT_LOADABLE) cannotRun(node);
    else if (signal === null) process.exitCode = code ?? EXIT_FAILED;
    else dieOf(signal);
  });
}

/** A parent must be able to see which signal ended the run, so it has to end this process too. */
function dieOf(signal) {
  process.removeAllListeners(signal);
  process.exitCode = 128 + (constants.signals[signal] ?? 0);
  process.kill(process.pid, signal);
}

/**
 * In the child: a launcher killed with SIGKILL can forward nothing, and a run that goes on alone
 * after its visible process is gone would hold the database. So it ends the same way.
 */
function followLauncher() {
  if (process.env[LAUNCHED] === undefined || process.channel === undefined) return;
  delete process.env[LAUNCHED];
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.channel?.unref();
}

/** The command itself gives the exit code; this one holds where there is no command yet. */
function outputLost() {
  process.exitCode ??= EXIT_FAILED;
}

/** A fault of the program: its class and system code only, since a message may quote input. */
function failUnforeseen(error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const kind = /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : "Error";
  fail(`程序内部错误(${kind})`, `Internal error (${kind})`);
  process.exit(EXIT_FAILED);
}

function cannotRun(node) {
  fail(
    `无法启动 ${node}。Debian/Ubuntu 请安装 libatomic1,或重新运行 npm ci。`,
    `${node} does not start. On Debian or Ubuntu install libatomic1, or run npm ci again.`,
  );
}

function fail(zh, en) {
  process.stderr.write(`midan: ${zh}\nmidan: ${en}\n`);
  process.exitCode = EXIT_FAILED;
}
