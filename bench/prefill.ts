/**
 * Fills both sides with the same number of rows before anything is timed: copies of rows that came
 * in the ordinary way, so that widths are real, with keys and index values of their own.
 */
import { tagBitsFor } from "../src/crypto/blind-index.ts";
import { connected } from "../src/store/pool.ts";
import type { Database } from "../src/store/pool.ts";
import { execute } from "../src/store/query.ts";
import { WORDS } from "./order-file.ts";
import { PLAIN_COLUMNS } from "./plain.ts";

export interface Prefill {
  /** Rows on each side. */
  readonly rows: number;
  readonly stop: AbortSignal;
  /** Told how many rows of which side are there. */
  readonly onRows: (side: string, rows: number) => void;
}

const { PREFIXES, SURNAMES, GIVEN, ROAD_FIRST, ROAD_LAST, ROAD_KINDS } = WORDS;

/** Small enough to stay below the statement timeout on a slow disk. */
const CHUNK_ROWS = 250_000;
const SAMPLE_ROWS = 1000;
/** What src/vault/placement.ts expects of a week. */
const TAG_SPAN = 2 ** tagBitsFor(4_000_000);

const SAMPLES = [
  `create table bench.sealed_sample as
     select row_number() over () - 1 as n, p.parties, p.view, p.death_week, s.shell_week,
            s.day_of_death, s.sealed_at, s.division_code, s.tenant_id, s.merchant_key, s.carrier
     from party p join shell s using (compartment, slot) limit ${SAMPLE_ROWS}`,
  `create table bench.plain_sample as
     select row_number() over () - 1 as n, w.* from bench.waybill w limit ${SAMPLE_ROWS}`,
];

const POSITIVE = "9223372036854775807";
const hashed = (seed: number): string => `(hashint8extended(i, ${seed}) & ${POSITIVE})`;
const PLACE = "274877906944 + i / 131072";
const SLOT = "(i % 131072)::integer";
const BUCKET = "((i % 131072) / 512)::smallint";

/** Serials and order keys that no real compartment or order meets. `$1` to `$2` are row numbers. */
const SEALED = [
  `insert into intake (compartment, slot, day_of_death, expires_on, bucket, order_key, body_key)
   select ${PLACE}, ${SLOT}, s.day_of_death, s.day_of_death + 245, get_byte(key, 0)::smallint,
          key, uuid_send(md5('b' || i)::uuid)
   from generate_series($1::bigint, $2::bigint) as i
   cross join lateral (select uuid_send(md5(i::text)::uuid) as key) as made
   join bench.sealed_sample s on s.n = i % ${SAMPLE_ROWS}`,
  `insert into shell (compartment, sealed_at, shell_week, day_of_death, slot, division_code,
          bucket, tenant_id, token_random, merchant_key, carrier, waybill_number)
   select ${PLACE}, s.sealed_at, s.shell_week, s.day_of_death, ${SLOT}, s.division_code,
          ${BUCKET}, s.tenant_id, substring(int8send(${hashed(1)}) from 2), s.merchant_key,
          s.carrier, 'BNF' || lpad(i::text, 13, '0')
   from generate_series($1::bigint, $2::bigint) as i
   join bench.sealed_sample s on s.n = i % ${SAMPLE_ROWS}`,
  `insert into party (compartment, death_week, slot, phone_tag, fingerprint_tag, bucket, parties,
          view)
   select ${PLACE}, s.death_week, ${SLOT}, (${hashed(2)} % ${TAG_SPAN})::integer,
          (${hashed(3)} % ${TAG_SPAN})::integer, ${BUCKET}, s.parties, s.view
   from generate_series($1::bigint, $2::bigint) as i
   join bench.sealed_sample s on s.n = i % ${SAMPLE_ROWS}`,
];

const picked = (seed: number, words: readonly string[]): string =>
  `(array[${words.map((word) => `'${word}'`).join(", ")}])[1 + ${hashed(seed)} % ${words.length}]`;

/*
 * Phones, names and addresses of the order file's kind. They come from its words, so that new rows
 * fall between them everywhere, as they would in a table that such files had filled. Phones are
 * spread by an extension over as many values as there are tags.
 */
const PHONE = `${picked(2, PREFIXES)} || '0000' ||
  lpad((${hashed(3)} % 100000000)::text, 8, '0')`;
const NAME = [picked(4, SURNAMES), picked(5, GIVEN), picked(6, GIVEN)].join(" || ");
const ADDRESS = [
  picked(7, ROAD_FIRST),
  picked(8, ROAD_LAST),
  picked(9, ROAD_KINDS),
  `1 + ${hashed(10)} % 899 || '号'`,
  `1 + ${hashed(11)} % 30 || '栋'`,
  `1 + ${hashed(12)} % 28 || '02室'`,
].join(" || ");
const PLAIN_VALUES = PLAIN_COLUMNS.replace("order_number", "'MF' || lpad(i::text, 13, '0')")
  .replace("waybill_number", "'BNF' || lpad(i::text, 13, '0')")
  .replace("recipient_phone", PHONE)
  .replace("recipient_name", NAME)
  .replace("recipient_address", ADDRESS);

const PLAIN = [
  `insert into bench.waybill (${PLAIN_COLUMNS})
   select ${PLAIN_VALUES}
   from generate_series($1::bigint, $2::bigint) as i
   join bench.plain_sample s on s.n = i % ${SAMPLE_ROWS}`,
];

/** Statements that each side's rows need, in the order in which a batch writes them. */
const SIDES: Readonly<Record<string, readonly string[]>> = { sealed: SEALED, plain: PLAIN };

async function fillSide(database: Database, side: string, prefill: Prefill): Promise<void> {
  const { rows, stop, onRows } = prefill;
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const to = Math.min(from + CHUNK_ROWS, rows) - 1;
    for (const text of SIDES[side] ?? []) {
      stop.throwIfAborted();
      await connected(database, async (connection) =>
        execute(connection, { text, values: [from, to] }),
      );
    }
    onRows(side, to + 1);
  }
}

/**
 * Fills both sides at the same time, a connection each. Some rows of an order file must have come
 * in on both sides before: they are what is copied.
 */
export async function prefillBoth(database: Database, prefill: Prefill): Promise<void> {
  await connected(database, async (connection) => {
    for (const text of SAMPLES) await execute(connection, { text });
    await execute(connection, { text: "analyze bench.sealed_sample, bench.plain_sample" });
  });
  const sides = Object.keys(SIDES).map(async (side) => fillSide(database, side, prefill));
  // Both have ended before anything is thrown, so that nobody uses a pool that was closed.
  for (const side of await Promise.allSettled(sides)) {
    if (side.status === "rejected") throw side.reason;
  }
  await connected(database, async (connection) => {
    await execute(connection, {
      text: "vacuum (analyze, freeze) intake, shell, party, bench.waybill",
    });
  });
}
