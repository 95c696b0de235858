/**
 * Packs `midan/client` for programs that do not live in this repository: Node runs TypeScript in a
 * project, but not below its node_modules. JavaScript and declarations, and no dependency.
 *
 *   npm run pack-client [FOLDER]    writes FOLDER/midan-VERSION.tgz, ./ without it
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const ENTRY = "src/public/client.ts";

interface Package {
  readonly version: string;
  readonly license: string;
}

function run(command: string, args: readonly string[], folder: string): string {
  const done = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** The compiler's settings for what leaves the repository: the same ones, but that it writes. */
function compilerSettings(out: string): string {
  const options = {
    noEmit: false,
    noEmitOnError: true,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    allowImportingTsExtensions: false,
    rootDir: join(ROOT, "src"),
    outDir: out,
    typeRoots: [join(ROOT, "node_modules/@types")],
  };
  const files = [join(ROOT, ENTRY)];
  const extended = join(ROOT, "tsconfig.json");
  return JSON.stringify({ extends: extended, compilerOptions: options, files, include: [] });
}

function manifestOf({ version, license }: Package): string {
  const types = "./public/client.d.ts";
  return JSON.stringify({
    name: "midan",
    version,
    license,
    description: "Client of Midan's HTTP API",
    type: "module",
    engines: { node: ">=20.3" },
    exports: { "./client": { types, default: "./public/client.js" } },
  });
}

/** Writes the package into `folder` and returns its path. Throws when the compiler or npm does. */
function packClient(folder: string): string {
  const work = mkdtempSync(join(tmpdir(), "midan-client-"));
  try {
    const draft = join(work, "package");
    mkdirSync(draft);
    writeFileSync(join(work, "tsconfig.json"), compilerSettings(draft));
    run(join(ROOT, "node_modules/.bin/tsc"), ["-p", join(work, "tsconfig.json")], work);
    const given = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Package;
    writeFileSync(join(draft, "package.json"), manifestOf(given));
    mkdirSync(folder, { recursive: true });
    const name = run("npm", ["pack", "--silent", "--pack-destination", folder], draft).trim();
    return join(folder, name);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

console.log(packClient(resolve(process.argv[2] ?? ".")));
