/**
 * Writes sql/schema.sql: what the migrations add up to, read from the catalogue of a fresh
 * database. With --check it writes nothing and fails when the file is out of date. The text is the
 * same on every PostgreSQL that we support, because it is built from the catalogue's own
 * definitions.
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { openEmbedded } from "../src/store/embedded.ts";
import { migrate } from "../src/store/migrate.ts";
import { connected, openDatabase } from "../src/store/pool.ts";
import { schemaText } from "../src/store/schema-text.ts";

const FILE = fileURLToPath(new URL("../sql/schema.sql", import.meta.url));

async function currentSchema(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "midan-schema-"));
  const server = await openEmbedded({ dataDir: directory });
  const database = openDatabase(server.address);
  try {
    await migrate(database);
    return await connected(database, schemaText);
  } finally {
    await database.close();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const schema = await currentSchema();
if (!process.argv.includes("--check")) {
  await writeFile(FILE, schema);
} else if ((await readFile(FILE, "utf8").catch(() => "")) !== schema) {
  console.error("sql/schema.sql 已过期:node scripts/schema-dump.ts");
  console.error("sql/schema.sql is out of date: node scripts/schema-dump.ts");
  process.exitCode = 1;
}
