/** What is asked whose answers are alike, so that only the time could tell what lay behind them. */
import { dayOf } from "../src/rules/calendar.ts";
import { admit } from "../src/identity/brake.ts";
import { connected } from "../src/store/pool.ts";
import { execute } from "../src/store/query.ts";
import { searchCustody } from "../src/vault/custody-search.ts";
import type { Answered, Asker, Asking } from "./http-load.ts";
import { LISTS, PASSWORD, phoneAt, WRONG_PASSWORD } from "./timing-scene.ts";
import type { TimingScene } from "./timing-scene.ts";

export interface Arm {
  readonly name: string;
  /** Asks for the n-th time; what is timed. */
  readonly ask: (n: number) => Promise<Answered>;
}

/** An arm against the first of its kind. `seen` where the answer tells the two apart anyway. */
export interface Pair {
  readonly of: string;
  readonly against: string;
  readonly kind: "secret" | "same" | "seen";
}

export interface Group {
  readonly name: string;
  /** What is done before each question, and not timed. */
  readonly before: () => Promise<void>;
  readonly arms: readonly Arm[];
  readonly pairs: readonly Pair[];
  /** How many of the rounds it takes part in: its questions take long. */
  readonly share?: number;
  /** Whether this process does what the server does for the others. */
  readonly isOwnProcess?: boolean;
}

let asked = 0;

/** Each request comes from elsewhere, so that no guess is slowed by the one before. */
function elsewhere(): Readonly<Record<string, string>> {
  asked += 1;
  return { "x-forwarded-for": `198.18.${(asked >> 8) & 255}.${asked & 255}` };
}

async function run({ vault }: TimingScene, text: string): Promise<void> {
  await connected(vault.database, async (connection) => execute(connection, { text }));
}

async function cleared(scene: TimingScene, tables: readonly string[]): Promise<void> {
  // Without parameters several statements go to the database at once.
  await run(scene, tables.map((table) => `delete from ${table}`).join("; "));
}

const secret = (of: string, against: string): Pair => ({ of, against, kind: "secret" });
const same = (of: string, against: string): Pair => ({ of, against, kind: "same" });
const seen = (of: string, against: string): Pair => ({ of, against, kind: "seen" });

function signInOf(body: object, headers = elsewhere()): Asking {
  const text = JSON.stringify({ as: "token", ...body });
  return { method: "POST", path: "/v1/session", body: text, headers };
}

function signInGroup(scene: TimingScene, asker: Asker): Group {
  const code = "000000";
  const rows: Readonly<Record<string, object>> = {
    "unknown name": { name: "nobody", password: WRONG_PASSWORD },
    "another unknown name": { name: "nobody2", password: WRONG_PASSWORD },
    "known, wrong password": { name: "bare", password: WRONG_PASSWORD },
    "ended account": { name: "left", password: PASSWORD },
    "machine's account": { name: "erp", password: WRONG_PASSWORD },
    "TOTP, right password, no code": { name: "guarded", password: PASSWORD },
    "unknown name, a code": { name: "nobody", password: WRONG_PASSWORD, code },
    "TOTP, wrong password and code": { name: "guarded", password: WRONG_PASSWORD, code },
    "TOTP, right password, wrong code": { name: "guarded", password: PASSWORD, code },
  };
  const [base = "", ...others] = Object.keys(rows);
  const [control = "", ...secrets] = others.filter((name) => !name.includes(" code"));
  return {
    name: "sign-in",
    share: 0.4,
    before: async () => cleared(scene, ["sign_in_brake"]),
    arms: Object.entries(rows).map(([name, body]) => ({
      name,
      ask: async () => asker.answer(signInOf(body)),
    })),
    pairs: [
      same(control, base),
      ...secrets.map((name) => secret(name, base)),
      secret("TOTP, right password, no code", base),
      secret("TOTP, wrong password and code", "unknown name, a code"),
      secret("TOTP, right password, wrong code", "unknown name, a code"),
    ],
  };
}

const FROM = "198.19.0.1";
/** So many failures that everybody has a minute to wait. */
const FAILURES = 20;

/** Lets each name fail once, so that it has its rows. */
async function failOnce({ vault }: TimingScene, names: readonly string[]): Promise<void> {
  for (const name of names)
    await admit(vault, { name, source: FROM, known: null }).catch(() => null);
}

function slowedGroup(scene: TimingScene, asker: Asker): Group {
  const names = { unknown: "nobody", "another unknown": "nobody2", known: "bare", TOTP: "guarded" };
  let isPrimed = false;
  return {
    name: "sign-in, slowed",
    before: async () => {
      if (!isPrimed) await failOnce(scene, Object.values(names));
      isPrimed = true;
      await run(scene, `update sign_in_brake set failures = ${FAILURES}, at = now()`);
    },
    arms: Object.entries(names).map(([arm, name]) => ({
      name: arm,
      ask: async () =>
        asker.answer(signInOf({ name, password: PASSWORD }, { "x-forwarded-for": FROM })),
    })),
    pairs: [
      same("another unknown", "unknown"),
      secret("known", "unknown"),
      secret("TOTP", "unknown"),
    ],
  };
}

const QUOTA = ["quota_count", "quota_seen", "quota_alarm"];

/** Asks the same for the n-th phone of each list. */
function phoneArms(
  lists: Readonly<Record<string, number>>,
  ask: (phone: string) => Promise<Answered>,
): Arm[] {
  return Object.entries(lists).map(([name, list]) => ({
    name,
    ask: async (n) => ask(phoneAt(list, n)),
  }));
}

const NOBODYS = { "nobody's phone": LISTS.nobody, "another nobody's": LISTS.nobodyElse };
const BASE = "nobody's phone";

function searchGroup(scene: TimingScene, asker: Asker): Group {
  const lists = { ...NOBODYS, "another tenant's": LISTS.theirs, "own, found": LISTS.here };
  return {
    name: "search by phone, whole tenant",
    before: async () => cleared(scene, QUOTA),
    arms: phoneArms(lists, async (phone) => {
      const body = JSON.stringify({ phone });
      return asker.answer({ method: "POST", path: "/v1/search", token: scene.officer, body });
    }),
    pairs: [
      same("another nobody's", BASE),
      secret("another tenant's", BASE),
      seen("own, found", BASE),
    ],
  };
}

function branchSearchGroup(scene: TimingScene, asker: Asker): Group {
  const lists = {
    ...NOBODYS,
    "at another branch": LISTS.there,
    "at no branch yet": LISTS.nowhere,
    "own, found": LISTS.here,
  };
  return {
    name: "search by phone, of a branch",
    before: async () => cleared(scene, QUOTA),
    arms: phoneArms(lists, async (phone) => {
      const body = JSON.stringify({ phone });
      const token = scene.branchOfficer;
      return asker.answer({ method: "POST", path: "/v1/search", token, body });
    }),
    pairs: [
      same("another nobody's", BASE),
      secret("at another branch", BASE),
      secret("at no branch yet", BASE),
      seen("own, found", BASE),
    ],
  };
}

function requestGroup(scene: TimingScene, asker: Asker): Group {
  const lists = { ...NOBODYS, "on a waybill": LISTS.here };
  const asking = { kind: "access", party: "recipient" };
  return {
    name: "request of a person by phone",
    before: async () => Promise.resolve(),
    arms: phoneArms(lists, async (phone) => {
      const body = JSON.stringify({ ...asking, phone });
      return asker.answer({ method: "POST", path: "/v1/requests", token: scene.officer, body });
    }),
    pairs: [same("another nobody's", BASE), secret("on a waybill", BASE)],
  };
}

const TAIL = 4;

/** Not served over HTTP, so it is asked in this process. */
function custodyGroup(scene: TimingScene): Group {
  const { vault, branch, branchActor: actor } = scene;
  const day = dayOf(vault.now(), vault.timeZone);
  const lists = { ...NOBODYS, "at another branch": LISTS.there, "own, found": LISTS.here };
  return {
    name: "search by four digits in custody",
    share: 0.2,
    isOwnProcess: true,
    before: async () => cleared(scene, QUOTA),
    arms: phoneArms(lists, async (phone) => {
      const wanted = { phoneTail: phone.slice(-TAIL) };
      const { hits } = await searchCustody(vault, { branch, day, wanted, actor });
      return { status: 200, text: JSON.stringify({ hits }) };
    }),
    pairs: [
      same("another nobody's", BASE),
      secret("at another branch", BASE),
      seen("own, found", BASE),
    ],
  };
}

function tokenGroup(
  { tokens, machine }: TimingScene,
  asker: Asker,
  asking: { readonly name: string; readonly as: string; readonly of: (at: string) => Asking },
): Group {
  const rows = {
    "unknown token": tokens.unknown,
    "the same again": tokens.unknown,
    "another tenant's": tokens.theirs,
    "another tenant's, dead": tokens.theirsDead,
  };
  return {
    name: asking.name,
    before: async () => Promise.resolve(),
    arms: Object.entries(rows).map(([name, token]) => ({
      name,
      ask: async () => asker.answer({ token: machine, ...asking.of(token) }),
    })),
    pairs: [
      same("the same again", "unknown token"),
      secret("another tenant's", "unknown token"),
      secret("another tenant's, dead", "unknown token"),
    ],
  };
}

function tokenGroups(scene: TimingScene, asker: Asker): Group[] {
  const view = (at: string): Asking => ({ method: "GET", path: `/v1/waybills/${at}` });
  const body = JSON.stringify({ fields: ["recipient.phone"], purpose: "contact" });
  const reveal = (at: string): Asking => ({
    method: "POST",
    path: `/v1/waybills/${at}/reveal`,
    token: scene.officer,
    body,
  });
  const revealing = tokenGroup(scene, asker, { name: "reveal", as: scene.officer, of: reveal });
  return [
    tokenGroup(scene, asker, { name: "masked view", as: scene.machine, of: view }),
    { ...revealing, before: async () => cleared(scene, QUOTA) },
  ];
}

function bearerGroup(name: string, asker: Asker, rows: Readonly<Record<string, string>>): Group {
  const [base = "", ...others] = Object.keys(rows);
  const again = "the same again";
  return {
    name,
    before: async () => Promise.resolve(),
    arms: Object.entries({ ...rows, [again]: rows[base] ?? "" }).map(([arm, token]) => ({
      name: arm,
      ask: async () =>
        asker.answer({ method: "GET", path: "/v1/session", token, headers: elsewhere() }),
    })),
    pairs: [same(again, base), ...others.map((other) => secret(other, base))],
  };
}

/** Every group, in the order of the table. */
export function timingGroups(scene: TimingScene, asker: Asker): Group[] {
  const { keys, sessions } = scene;
  return [
    signInGroup(scene, asker),
    slowedGroup(scene, asker),
    searchGroup(scene, asker),
    branchSearchGroup(scene, asker),
    requestGroup(scene, asker),
    custodyGroup(scene),
    ...tokenGroups(scene, asker),
    bearerGroup("key of a machine", asker, {
      "unknown id": keys.unknown,
      "known id, wrong secret": keys.known,
      "ended key": keys.ended,
    }),
    bearerGroup("session", asker, {
      unknown: sessions.unknown,
      ended: sessions.ended,
      "another tenant's": sessions.theirs,
    }),
  ];
}
