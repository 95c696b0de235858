/** Collects the records behind the numbers: entries of the log, rows and files, each once. */
import { createHash } from "node:crypto";
import { LEAF_TYPES } from "../audit/leaf.ts";
import type { LeafType } from "../audit/leaf.ts";
import { findLeaf } from "../store/audit-leaf.ts";
import { connected } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import type { RecordFact } from "./facts.ts";

type Title = RecordFact["title"];

function isLeafType(word: string): word is LeafType {
  return Object.hasOwn(LEAF_TYPES, word);
}

export class RecordBook {
  readonly #database: Database;
  readonly #records = new Map<string, RecordFact>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order in which they were first referred to. */
  get all(): readonly RecordFact[] {
    return [...this.#records.values()];
  }

  /** Keeps the entry of that id (hex) as the log has it and returns the id. */
  async leaf(id: string): Promise<string> {
    if (this.#records.has(id)) return id;
    const row = await connected(this.#database, async (connection) =>
      findLeaf(connection, Buffer.from(id, "hex")),
    );
    if (row === null || !isLeafType(row.type)) throw new RangeError("an entry that is not there");
    const { zh, en } = LEAF_TYPES[row.type];
    const body = JSON.stringify(JSON.parse(Buffer.from(row.body).toString("utf8")), null, 2);
    const title = { zh: `日志条目:${zh}`, en: `Log entry: ${en}` };
    this.#records.set(id, { id, kind: "leaf", title, body });
    return id;
  }

  /** Keeps what was read from tables, under an id of ours, and returns it. */
  row(id: string, title: Title, body: unknown): string {
    this.#records.set(id, { id, kind: "row", title, body: JSON.stringify(body, null, 2) });
    return id;
  }

  /** Keeps name, size and digest of a file beside the page. */
  file(name: string, title: Title, content: Uint8Array): void {
    const digest = createHash("sha256").update(content).digest("hex");
    const body = `${name}\n${content.length} bytes\nSHA-256 ${digest}`;
    this.#records.set(name, { id: name, kind: "file", title, body });
  }
}
