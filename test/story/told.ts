/** Two small stories, one beside the other, and plain questions to the databases they left. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { Client } from "pg";
import { openFonts, openWorld } from "../../src/main.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import type { Paper } from "../../src/story/paper.ts";
import { readPaper } from "../../src/story/paper.ts";
import { runStory } from "../../src/story/story.ts";
import type { ToldStory } from "../../src/story/story.ts";

export const WAYBILLS = 720;

export interface Asked {
  readonly [column: string]: unknown;
}

export interface Opened {
  readonly first: ToldStory;
  readonly second: ToldStory;
  /** facts.json of the first story, as it was before the second began. */
  readonly factsBefore: string;
  /** Asks the database of the first story, or the old system beside it. */
  readonly ask: (text: string, values?: readonly unknown[]) => Promise<Asked[]>;
  readonly askOld: (text: string) => Promise<Asked[]>;
  readonly papers: { readonly before: readonly Paper[]; readonly after: readonly Paper[] };
}

async function tellTwice(out: string): Promise<Pick<Opened, "first" | "second" | "factsBefore">> {
  const request = {
    out,
    seed: "公开种子 甲",
    waybills: WAYBILLS,
    end: new Date(),
    fonts: openFonts(),
    openWorld,
    tell: () => undefined,
  };
  const first = await runStory(request);
  const factsBefore = readFileSync(path.join(first.dir, "facts.json"), "utf8");
  const second = await runStory(request);
  return { first, second, factsBefore };
}

let stop: () => Promise<void> = async () => Promise.resolve();
// Registered here, because inside a test it would run at the end of that test.
after(async () => stop());

async function open(): Promise<Opened> {
  const out = await mkdtemp(path.join(tmpdir(), "midan-story-"));
  const told = await tellTwice(out);
  const { dir } = told.first;
  const server = await openEmbedded({ dataDir: path.join(dir, "midan-data") });
  if (!("host" in server.address)) throw new Error("the embedded server has a socket");
  const { host, port, user, name } = server.address;
  const own = new Client({ host, port, user, database: name });
  const old = new Client({ host, port, user, database: "old_system" });
  await own.connect();
  await old.connect();
  stop = async () => {
    await own.end();
    await old.end();
    await server.close();
    await rm(out, { recursive: true, force: true });
  };
  const ask =
    (client: Client): Opened["ask"] =>
    async (text, values = []) =>
      (await client.query<Asked>(text, [...values])).rows;
  return {
    ...told,
    ask: ask(own),
    askOld: ask(old),
    papers: {
      before: await readPaper(path.join(dir, "paper-before.ndjson")),
      after: await readPaper(path.join(dir, "paper-after.ndjson")),
    },
  };
}

let opened: Promise<Opened> | null = null;

/** The two stories, told when they are first asked for. */
export async function stories(): Promise<Opened> {
  return (opened ??= open());
}

/** A count of the database. */
export function count(rows: readonly Asked[], column = "count"): number {
  return Number(rows[0]?.[column]);
}

/** The body of an audit leaf by id, from the table itself. */
export async function leafOf(id: string): Promise<Asked> {
  const { ask } = await stories();
  const [row] = await ask(
    "select convert_from(body, 'UTF8') as body from audit_leaf where id = decode($1, 'hex')",
    [id],
  );
  if (row === undefined) throw new Error("no such entry in the log");
  // A leaf is a JSON object: docs/formats/audit-leaf.md.
  return JSON.parse(String(row["body"])) as Asked;
}
