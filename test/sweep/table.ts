/** Old order tables with invented people, and a reference that masks them row by row. */
import { readFileSync } from "node:fs";

import { maskAddress } from "../../src/privacy/address.ts";
import { buildGazetteer } from "../../src/privacy/gazetteer.ts";
import { PROFILES } from "../../src/privacy/mask-profile.ts";
import { maskName } from "../../src/privacy/name.ts";
import { maskPhone } from "../../src/privacy/phone.ts";
import type { Database, DatabaseAddress } from "../../src/store/pool.ts";
import { connected } from "../../src/store/pool.ts";
import { execute, query } from "../../src/store/query.ts";
import type { Row } from "../../src/store/row.ts";
import type { SweepTarget } from "../../src/sweep/target.ts";
import { parseTarget } from "../../src/sweep/target.ts";
import type { Veil } from "../../src/sweep/veil.ts";

const DIVISIONS = new URL("../../assets/divisions/divisions.tsv", import.meta.url);
const gazetteer = buildGazetteer(readFileSync(DIVISIONS, "utf8"));
const profile = PROFILES.gb41833;

export const VEIL: Veil = { profile, gazetteer };

export const COLUMNS = "name=recipient_name,phone=recipient_phone,address=recipient_address";

export function target(table: string, columns: string = COLUMNS): SweepTarget {
  return parseTarget({ table, columns }, null);
}

/** The address as a URL, which is all that a process of its own can be given. */
export function urlOf(address: DatabaseAddress): string {
  if ("url" in address) return address.url;
  const { host, port, user, name } = address;
  return `postgres://${user}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
}

export async function sql(
  database: Database,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  return connected(database, async (connection) => query(connection, { text, values }));
}

const NAMES = [
  "诸葛楠云",
  "阎沐",
  "Nora Ashgrove",
  "古丽孜·吐尔逊别克",
  "蔡若笙女士",
  "王𠮷𠮷",
  null,
  "",
];
const PLACES = [
  "河北省保定市易县碧庭东路62号澜岭里15号楼2单元2106室",
  "碧庭东路62号临街门面",
  "芳湖小区28-4-2505",
  "西果园镇梧渡西街153号丰巢柜(6号柜)",
  null,
];

function phoneOf(at: number): string | null {
  const mobile = `1390000${String(at % 10_000).padStart(4, "0")}`;
  return [mobile, `${mobile}转0407`, "0931-16452832", `+86 ${mobile}`, null][at % 5] ?? null;
}

/** Makes `table` with rows 1 to `count`; one in three is not old enough for a cut at 2026-01-01. */
export async function makeOrders(database: Database, table: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => at + 1);
  await sql(
    database,
    `create table ${table} (id bigint primary key, recipient_name varchar(20),
      recipient_phone text, recipient_address varchar(60), note text, created_at timestamptz)`,
  );
  await connected(database, async (connection) =>
    execute(connection, {
      text:
        `insert into ${table} select i, n, p, a, 'goods ' || i, ` +
        `case i % 3 when 0 then '2026-02-01'::timestamptz else '2025-02-01' end ` +
        `from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) as v(i, n, p, a)`,
      values: [
        rows,
        rows.map((at) => NAMES[at % NAMES.length]),
        rows.map(phoneOf),
        rows.map((at) => PLACES[at % PLACES.length]),
      ],
    }),
  );
}

/** One mask for each character; the maskers write one for each UTF-16 unit. */
function perCharacter(plain: string, hidden: string): string {
  let at = 0;
  return Array.from(plain, (character) => {
    const piece = hidden.slice(at, (at += character.length));
    return piece === character ? character : "*";
  }).join("");
}

export function masked(row: Row): Row {
  const name = row["recipient_name"];
  const phone = row["recipient_phone"];
  const address = row["recipient_address"];
  return {
    ...row,
    recipient_name:
      typeof name === "string" ? perCharacter(name, maskName(name, profile).masked) : name,
    recipient_phone: typeof phone === "string" ? maskPhone(phone, profile) : phone,
    recipient_address:
      typeof address === "string" ? maskAddress(address, profile, gazetteer).masked : address,
  };
}

export async function allRows(database: Database, table: string): Promise<readonly Row[]> {
  return sql(database, `select t.*, t.id::text as id from ${table} as t order by t.id`);
}
