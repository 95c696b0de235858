/**
 * What sealing is measured against: the same file imported in plaintext, as fast as this program
 * can. Split by the same splitter (csv-parse is slower), nothing checked, nothing masked, binary
 * COPY, one commit for each batch, as many batches at once as it is told.
 */
import { createReadStream } from "node:fs";
import { CsvSplitting } from "../src/orders/csv.ts";
import { TextDecoding } from "../src/orders/encoding.ts";
import { copyRows, textBytesMax } from "../src/store/copy.ts";
import { connected, transaction } from "../src/store/pool.ts";
import type { Database } from "../src/store/pool.ts";
import { execute } from "../src/store/query.ts";
import type { OrderCells } from "./order-file.ts";

const PIECE_BYTES = 131_072;
/** The size of a sealed batch (src/vault/order-batch.ts). */
const BATCH_ROWS = 4000;

const COLUMNS = [
  "merchant",
  "order_number",
  "waybill_number",
  "carrier",
  "recipient_name",
  "recipient_phone",
  "province",
  "city",
  "district",
  "recipient_address",
  "sender_name",
  "sender_phone",
  "sender_address",
  "goods",
  "remark",
  "sort_code",
] as const;

/** The columns of the order file, in its order. */
export const PLAIN_COLUMNS: string = COLUMNS.join(", ");

/*
 * Five indexes, as many as intake, shell and party have together, and for the same questions: by
 * id, the same order again, by waybill number, by phone, the same recipient.
 */
const TABLE = [
  "create schema if not exists bench",
  `create table bench.waybill (
     id bigint generated always as identity primary key,
     created_at timestamp with time zone not null default now(),
     ${COLUMNS.map((column) => `${column} text not null`).join(", ")},
     constraint waybill_order unique (merchant, order_number))`,
  "create index waybill_number on bench.waybill (waybill_number)",
  "create index waybill_recipient_phone on bench.waybill (recipient_phone)",
  "create index waybill_recipient on bench.waybill (recipient_name, recipient_address)",
];

export async function createPlainTable(database: Database): Promise<void> {
  await connected(database, async (connection) => {
    for (const text of TABLE) await execute(connection, { text });
  });
}

async function* batchesOf(path: string): AsyncGenerator<OrderCells[]> {
  const decoding = new TextDecoding();
  const splitting = new CsvSplitting();
  let batch: OrderCells[] = [];
  let headings = 1;
  const take = (text: string): void => {
    for (const { cells } of splitting.push(text)) {
      if (headings > 0) headings--;
      else batch.push(cells);
    }
  };
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    // A file stream without an encoding yields buffers.
    take(decoding.push(piece as Buffer));
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  take(decoding.end());
  if (batch.length > 0) yield batch;
}

async function storeBatch(database: Database, batch: readonly OrderCells[]): Promise<number> {
  await transaction(database, async (connection) => {
    await copyRows(
      connection,
      {
        into: `bench.waybill (${PLAIN_COLUMNS})`,
        write(writer, cells) {
          let bytes = 0;
          for (const cell of cells) bytes += textBytesMax(cell);
          writer.startRow(COLUMNS.length, bytes);
          for (const cell of cells) writer.text(cell);
        },
      },
      batch,
    );
  });
  return batch.length;
}

export interface PlainImport {
  readonly path: string;
  /** How many batches are on their way at once, each on a connection of its own. */
  readonly connections: number;
  readonly stop: AbortSignal;
}

/** Imports the file; returns how many rows were committed. */
export async function importPlain(database: Database, plain: PlainImport): Promise<number> {
  const { path, connections, stop } = plain;
  const running: Promise<number>[] = [];
  let stored = 0;
  for await (const batch of batchesOf(path)) {
    stop.throwIfAborted();
    const started = storeBatch(database, batch);
    // It is awaited below; until then its failure must not count as unhandled.
    started.catch(() => undefined);
    running.push(started);
    if (running.length >= connections) stored += (await running.shift()) ?? 0;
  }
  for (const count of await Promise.all(running)) stored += count;
  return stored;
}
