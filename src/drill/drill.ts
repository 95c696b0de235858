/**
 * The restore drill (恢复演练): in an installation of its own it seals, backs up, erases, holds,
 * corrects and shreds, puts the older database back, and then asks every waybill whether what is
 * dead stays closed and what lives opens (P6). It judges by the verbs that everybody uses.
 */
import { playedActor } from "../access/actor.ts";
import type { Actor } from "../access/actor.ts";
import { rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { readOrders } from "../orders/read.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { isFailure } from "../rules/failure.ts";
import type { FailureCode } from "../rules/failure.ts";
import { backup, restore } from "../vault/backup.ts";
import { erase } from "../vault/erase.ts";
import { placeHold, releaseHold } from "../vault/hold.ts";
import { reveal } from "../vault/reveal.ts";
import { search } from "../vault/search.ts";
import { seal } from "../vault/seal.ts";
import { shred } from "../vault/shred.ts";
import { shownWaybill } from "../vault/show.ts";
import type { Vault } from "../vault/vault.ts";

export interface DrillHome {
  readonly vaults: readonly Vault[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface DrillOptions {
  /** An empty folder; everything of the drill lies in it. */
  readonly home: string;
  /** Opens the installation in `home` with that clock. */
  readonly open: (request: {
    readonly home: string;
    readonly tenants: readonly string[];
    readonly now: () => Date;
  }) => Promise<DrillHome>;
  /** Orders for each of the three days, 5 to 1000. */
  readonly orders: number;
  readonly startsAt: Date;
}

export interface DrillCheck {
  readonly what: "dead-closed" | "live-opens" | "held-opens" | "lost-unknown" | "resealed";
  readonly expected: number;
  readonly found: number;
}

export interface DrillReport {
  readonly passed: boolean;
  readonly checks: readonly DrillCheck[];
}

const PLAYED = { name: "drill", role: "privacy-officer" } as const;
const TENANT = "演练";
/** Far below what one person, and one tenant, may look at within a minute (rules/quota.ts). */
const ASKED_BY_ONE = 10;
const ASKED_A_MINUTE = 500;
const TERM_DAYS = 120;
const LIVE_OFFSET_DAYS = 30;
const HEADINGS = "店铺,订单号,收件人,手机,地址";

function phoneOf(index: number): string {
  return `154${String((index * 7919 + 10_000_019) % 100_000_000).padStart(8, "0")}`;
}

function csvOf(from: number, count: number): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const index = from + at;
    const address = `江苏省南京市玄武区演练支路${index + 1}号2幢${100 + index}室`;
    return `演练店,DR${String(index).padStart(6, "0")},林演练,${phoneOf(index)},${address}`;
  });
  return `${[HEADINGS, ...lines].join("\n")}\n`;
}

interface Sealed {
  readonly tokens: readonly string[];
  readonly refused: readonly FailureCode[];
}

async function sealFrom(vault: Vault, from: number, count: number): Promise<Sealed> {
  const tokens: string[] = [];
  const refused: FailureCode[] = [];
  const stream = Readable.from([Buffer.from(csvOf(from, count), "utf8")]);
  await seal(vault, readOrders({ kind: "stdin", stream }), {
    actor: await playedActor(vault, PLAYED),
    sink: {
      committed: async (rows, rejected) => {
        tokens.push(...rows.map(({ token }) => token));
        refused.push(...rejected.map(({ code }) => code));
        return Promise.resolve();
      },
    },
  });
  return { tokens, refused };
}

type Answer = "open" | "dead" | "unknown";

/** Who asks next. */
type Turn = (vault: Vault) => Promise<Actor>;

async function answerOf(vault: Vault, token: string, turn: Turn): Promise<Answer> {
  const request = { token, fields: "phone", purpose: "subject-request", reason: "恢复演练" };
  try {
    await reveal(vault, { ...request, actor: await turn(vault) });
    return "open";
  } catch (error) {
    if (isFailure(error, "DATA_DEAD")) return "dead";
    if (isFailure(error, "TOKEN_UNKNOWN")) return "unknown";
    throw error;
  }
}

/** How many of `tokens` are closed on every way that leads to them. */
async function closedCount(
  vault: Vault,
  tokens: readonly string[],
  how: { readonly from: number; readonly turn: Turn },
): Promise<number> {
  const { from, turn } = how;
  let closed = 0;
  for (const [at, token] of tokens.entries()) {
    const isClosed = (await answerOf(vault, token, turn)) === "dead";
    const isUnseen = (await shownWaybill(vault, token)).view === null;
    const { hits } = await search(vault, {
      phone: phoneOf(from + at),
      actor: await turn(vault),
    });
    if (isClosed && isUnseen && !hits.some((hit) => hit.token === token)) closed += 1;
  }
  return closed;
}

async function countOf(
  vault: Vault,
  tokens: readonly string[],
  how: { readonly answer: Answer; readonly turn: Turn },
): Promise<number> {
  let count = 0;
  for (const token of tokens) {
    if ((await answerOf(vault, token, how.turn)) === how.answer) count += 1;
  }
  return count;
}

/** What became of the orders: by when they were sealed, and what was done with them. */
interface Cast {
  /** Due and shredded, without those that are held. */
  readonly shredded: readonly string[];
  readonly held: string;
  /** Held when its day came, and released after it. */
  readonly released: string;
  readonly living: readonly string[];
  readonly erased: readonly string[];
  /** Sealed after the backup. */
  readonly lost: readonly string[];
}

interface BeforeBackup {
  readonly early: readonly string[];
  readonly living: readonly string[];
}

class Drill {
  readonly #options: DrillOptions;
  readonly #backup: string;
  #now: Date;
  #asked = 0;

  constructor(options: DrillOptions) {
    this.#options = options;
    this.#backup = path.join(options.home, "drill-backup");
    this.#now = options.startsAt;
  }

  get #places() {
    const { home } = this.#options;
    return {
      dataDir: path.join(home, "midan-data"),
      keysDir: path.join(home, "midan-keys"),
      databaseUrl: null,
    };
  }

  get #today(): Day {
    return dayOf(this.#now);
  }

  #pass(days: number): void {
    this.#now = new Date(this.#now.getTime() + days * 86_400_000);
  }

  /** Nobody may look at as much as a drill must: many people take turns, minute after minute. */
  readonly #turn: Turn = async (vault) => {
    this.#asked += 1;
    if (this.#asked % ASKED_A_MINUTE === 0) this.#now = new Date(this.#now.getTime() + 60_000);
    const name = `${PLAYED.name}-${Math.floor(this.#asked / ASKED_BY_ONE)}`;
    return playedActor(vault, { ...PLAYED, name });
  };

  async #with<T>(work: (vault: Vault) => Promise<T>): Promise<T> {
    const { home, open } = this.#options;
    await using world = await open({ home, tenants: [TENANT], now: () => this.#now });
    const [vault] = world.vaults;
    if (vault === undefined) throw new RangeError("a home has the tenant that was asked for");
    return await work(vault);
  }

  async #hold(vault: Vault, token: string): Promise<string> {
    const until = addDays(this.#today, TERM_DAYS);
    const asked = { token, reason: "investigation", authority: "演练", document: "演练 1", until };
    return (await placeHold(vault, { ...asked, actor: await playedActor(vault, PLAYED) })).hold.id;
  }

  /** Before the backup: what will die on its day, and what will live. */
  async #before(vault: Vault): Promise<BeforeBackup> {
    const { orders } = this.#options;
    const early = (await sealFrom(vault, 0, orders)).tokens;
    this.#pass(LIVE_OFFSET_DAYS);
    const living = (await sealFrom(vault, orders, orders)).tokens;
    const made = {
      places: this.#places,
      folder: this.#backup,
      actor: await playedActor(vault, PLAYED),
    };
    await backup(vault, made);
    return { early, living };
  }

  /** After the backup: everything of which the older database knows nothing. */
  async #after(vault: Vault, first: BeforeBackup): Promise<Cast> {
    const { orders } = this.#options;
    const lost = (await sealFrom(vault, 2 * orders, orders)).tokens;
    const [held = "", released = "", ...shredded] = first.early;
    const [one = "", two = "", ...living] = first.living;
    for (const token of [one, two]) {
      await erase(vault, { token, reason: "恢复演练", actor: await playedActor(vault, PLAYED) });
    }
    await this.#hold(vault, held);
    const hold = await this.#hold(vault, released);
    this.#pass(TERM_DAYS - LIVE_OFFSET_DAYS);
    await shred(vault, { on: this.#today, dryRun: false, sharePercentMax: 100 });
    await releaseHold(vault, { id: hold, actor: await playedActor(vault, PLAYED) });
    return { shredded, held, released, living, erased: [one, two], lost };
  }

  async #judge(vault: Vault, cast: Cast): Promise<DrillCheck[]> {
    const { orders } = this.#options;
    const { shredded, held, released, living, erased, lost } = cast;
    const turn = this.#turn;
    const dead =
      (await closedCount(vault, shredded, { from: 2, turn })) +
      (await closedCount(vault, [released], { from: 1, turn })) +
      (await closedCount(vault, erased, { from: orders, turn }));
    const again = await sealFrom(vault, 0, 3 * orders);
    const refused = again.refused.filter((code) => code === "ORDER_EXPIRED").length;
    return [
      { what: "dead-closed", expected: shredded.length + 1 + erased.length, found: dead },
      {
        what: "live-opens",
        expected: living.length,
        found: await countOf(vault, living, { answer: "open", turn }),
      },
      {
        what: "held-opens",
        expected: 1,
        found: await countOf(vault, [held], { answer: "open", turn }),
      },
      {
        what: "lost-unknown",
        expected: lost.length,
        found: await countOf(vault, lost, { answer: "unknown", turn }),
      },
      // The same files again: what died is refused, what was lost is sealed anew, the rest known.
      { what: "resealed", expected: orders + erased.length, found: refused },
    ];
  }

  async run(): Promise<DrillReport> {
    const cast = await this.#with(async (vault) => {
      const first = await this.#before(vault);
      return this.#after(vault, first);
    });
    await rm(path.join(this.#places.dataDir, "pg"), { recursive: true, force: true });
    await restore(this.#places, this.#backup);
    const checks = await this.#with(async (vault) => this.#judge(vault, cast));
    const passed = checks.every(({ expected, found }) => expected > 0 && expected === found);
    return { passed, checks };
  }
}

/** Runs the drill. Throws as the verbs do; a report that did not pass names what differs. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  return new Drill(options).run();
}
