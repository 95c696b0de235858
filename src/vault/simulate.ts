/**
 * What a policy would do, or did (策略模拟): what a role at a branch could have seen on a day, and
 * which reveals of a day a change would have denied. Settings are taken as they stood at each
 * moment, from their versions, and so are policies, places of organisations and roles; entries and
 * counts leave, no values. Asking is an entry itself.
 */
import type { Actor } from "../access/actor.ts";
import { authoriseWithin } from "../access/authorise-within.ts";
import { writeEntry } from "../access/entry.ts";
import { findOwn, ownHeadquarters } from "../access/organisation.ts";
import { isTenantWide, ownBranch } from "../access/place.ts";
import { policyFrom } from "../access/policy.ts";
import type { Policy } from "../access/policy.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { Failure } from "../rules/failure.ts";
import { isTrainingValid } from "../rules/training.ts";
import type { TrainingRecord } from "../rules/training.ts";
import { parseRole } from "../rules/role.ts";
import type { Role } from "../rules/role.ts";
import type { SettingName } from "../rules/setting.ts";
import { SETTINGS } from "../rules/setting.ts";
import { findEntries } from "../store/log-query.ts";
import type { FoundEntry } from "../store/log-query.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected, transaction } from "../store/pool.ts";
import type { Database } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { SETTING_MODES } from "../store/setting.ts";
import type { SettingMode, SettingRow } from "../store/setting.ts";
import { listTraining } from "../store/training.ts";
import { parseSettingName, parseSettingValue } from "../access/setting.ts";
import { glimpseUnder } from "./glimpse.ts";
import type { Glimpse } from "./glimpse.ts";
import { pastOf, spanOf } from "./past-day.ts";
import type { Past, Span } from "./past-day.ts";
import { roleTimes } from "./past-tenant.ts";
import { policySetOfDigest } from "./policy-history.ts";
import { ReplayedDay } from "./replay.ts";
import type { LoggedLook, Replayed } from "./replay.ts";
import type { Vault } from "./vault.ts";

const TRAINING_MAX = 100_000;
/** Looks of one day that are replayed; beyond, the answer says that it is not whole. */
const LOOKS_MAX = 200_000;
const PAGE = 2000;
const RETRY_SECONDS = 10;

/** Where a simulation goes on: it is much work, and a server does one at a time. */
const simulating = new WeakSet<Database>();

async function alone<Answer>(vault: Vault, work: () => Promise<Answer>): Promise<Answer> {
  const { database } = vault;
  if (simulating.has(database)) {
    throw new Failure("SIMULATION_BUSY", { retryAfterSeconds: RETRY_SECONDS });
  }
  simulating.add(database);
  try {
    return await work();
  } finally {
    simulating.delete(database);
  }
}

async function tell(vault: Vault, actor: Actor, count: number): Promise<string> {
  const draft = { type: "log-queried", actor, fields: ["question.simulate"], count } as const;
  return transaction(vault.database, async (connection) => writeEntry(vault, connection, draft));
}

export interface SeenAsked {
  readonly role: string;
  /** Id or name; null for the asker's own branch, or headquarters. */
  readonly organisation: string | null;
  readonly on: Day;
  readonly actor: Actor;
}

export interface SeenAnswer {
  readonly organisation: string;
  readonly role: Role;
  readonly on: Day;
  /** In order of time: the first from the beginning of the day, one more after each change. */
  readonly glimpses: readonly Glimpse[];
  /** Id of the entry that tells of this question, hex. */
  readonly entry: string;
}

/**
 * What somebody of that role at that organisation could have seen on that day, at best: for each
 * purpose the fields, hours and states in which it is open, what else it takes, and the limits, by
 * the policies and the tree of each moment. Fails with USAGE for an unknown role or a day to come,
 * HISTORY_TOO_SHORT where what is kept does not reach back, ORGANISATION_UNKNOWN (also for one that
 * was not open that day) or ACCESS_DENIED.
 */
export async function couldHaveSeen(vault: Vault, asked: SeenAsked): Promise<SeenAnswer> {
  const { actor } = asked;
  const organisation = asked.organisation ?? ownBranch(actor);
  await authoriseWithin(vault, { actor, verb: "simulate" }, [organisation]);
  const role = parseRole(asked.role);
  if (role === null) throw new Failure("USAGE", { option: "--role" });
  const { on } = asked;
  const span = spanOf(vault, on);
  const { id, name, past } = await connected(vault.database, async (connection) => {
    const found =
      organisation === null
        ? await ownHeadquarters(vault, connection)
        : await findOwn(vault, connection, organisation);
    return { id: found.id, name: found.name, past: await pastOf(vault, connection, span) };
  });
  const glimpses: Glimpse[] = [];
  for (const at of past.moments) {
    const line = past.tree.lineAt(id, at);
    if (line.length === 0) continue;
    const digest = past.policies.digestAt(at);
    const set = await policySetOfDigest(vault, digest);
    const policy = policyFrom(line, past.settings.rowsAt(at));
    const hex = Buffer.from(digest).toString("hex");
    const place = { isTenantWide: line.length <= 1 };
    glimpses.push(glimpseUnder(policy, { role, at, set, digest: hex, ...place }));
  }
  if (glimpses.length === 0) throw new Failure("ORGANISATION_UNKNOWN");
  const changes = glimpses.filter((one, index) => !isSame(one, glimpses[index - 1]));
  const entry = await tell(vault, actor, changes.length);
  return { organisation: name, role, on, glimpses: changes, entry };
}

function isSame(one: Glimpse, before: Glimpse | undefined): boolean {
  const bare = (glimpse: Glimpse): string => JSON.stringify({ ...glimpse, from: null });
  return before !== undefined && bare(one) === bare(before);
}

export interface ReplayAsked {
  readonly name: string;
  readonly value: string;
  readonly mode: string;
  /** Id or name of the organisation that the change would be for. */
  readonly organisation: string;
  readonly on: Day;
  readonly actor: Actor;
}

export interface ReplayAnswer extends Replayed {
  readonly on: Day;
  /** Whether the setting acts on reveals at all. */
  readonly isAboutReveals: boolean;
  /** SHA-256 (hex) of the policy sets that were in force that day, in order of time. */
  readonly policySets: readonly string[];
  /** False where the day holds more looks than are replayed. */
  readonly isWhole: boolean;
  /** Id of the entry that tells of this question, hex. */
  readonly entry: string;
}

interface Change {
  readonly name: SettingName;
  readonly value: string;
  readonly mode: SettingMode;
  readonly organisation: OrganisationRow;
  /** Id of who would say it. */
  readonly by: string;
}

/** The rows as they would be had the change been made before. */
function changedRows(rows: readonly SettingRow[], change: Change): readonly SettingRow[] {
  const { name, value, mode, organisation, by } = change;
  const row: SettingRow = {
    organisationId: organisation.id,
    byId: by,
    name,
    version: 1,
    value,
    bound: null,
    mode,
    reason: "",
    actor: "",
    approvedBy: null,
    at: new Date(0),
  };
  const others = rows.filter((one) => one.organisationId !== organisation.id || one.name !== name);
  return [...others, row];
}

const LOOKS = ["reveal", "reveal-denied", "search"] as const;

function lookIn({ body }: FoundEntry): LoggedLook {
  // Leaves are canonical JSON objects (LEAF-1).
  return JSON.parse(Buffer.from(body).toString("utf8")) as LoggedLook;
}

async function looksOf(
  vault: Vault,
  connection: Connection,
  span: Span,
): Promise<{ readonly looks: readonly LoggedLook[]; readonly isWhole: boolean }> {
  const filter = {
    log: vault.log.id,
    tenant: vault.tenant.id,
    types: LOOKS,
    actor: null,
    purpose: null,
    organisations: null,
    ...span,
  };
  const found: LoggedLook[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (found.length < LOOKS_MAX) {
    const page = await findEntries(connection, filter, { before, limit: PAGE });
    found.push(...page.map(lookIn));
    before = page.at(-1)?.index ?? 0;
    if (page.length < PAGE) break;
  }
  return { looks: found.toReversed(), isWhole: found.length < LOOKS_MAX };
}

function trainedOn(records: readonly (TrainingRecord & { readonly actor: string })[]) {
  const byActor = Map.groupBy(records, ({ actor }) => actor);
  return (actor: string, on: Day): boolean =>
    (byActor.get(actor) ?? []).some((record) => isTrainingValid(record, on));
}

/** Policies of every place at every moment, each made once. */
function policiesOf(past: Past, change: Change | null): (place: string | null, at: Date) => Policy {
  const { moments, settings, tree } = past;
  const made = new Map<string, Policy>();
  return (place, at) => {
    const moment = moments.findLast((one) => one <= at) ?? at;
    const key = `${place ?? ""} ${moment.getTime()}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const rows = settings.rowsAt(moment);
    const own = tree.lineAt(place, moment);
    const line = own.length > 0 ? own : tree.lineAt(tree.top, moment);
    const policy = policyFrom(line, change === null ? rows : changedRows(rows, change));
    made.set(key, policy);
    return policy;
  };
}

function parseMode(mode: string): SettingMode {
  const found = SETTING_MODES.find((candidate) => candidate === mode);
  if (found === undefined) throw new Failure("USAGE", { option: "--mode" });
  return found;
}

/** What is read of a day before it is judged: the connection goes back meanwhile. */
async function knownOf(
  vault: Vault,
  connection: Connection,
  { span, organisation }: { readonly span: Span; readonly organisation: OrganisationRow },
) {
  const past = await pastOf(vault, connection, span);
  const taken = await looksOf(vault, connection, span);
  const roles = await roleTimes(vault, connection);
  const training = await listTraining(connection, vault.tenant.id, TRAINING_MAX);
  return { ...taken, organisation, past, roles, training };
}

async function replayOf(
  vault: Vault,
  { past, looks, isWhole, roles, training }: Awaited<ReturnType<typeof knownOf>>,
  { change, actor }: { readonly change: Change; readonly actor: Actor },
) {
  const branch = ownBranch(actor);
  const { tree } = past;
  const day = new ReplayedDay({
    timeZone: vault.timeZone,
    roleAt: (account, at) => roles.roleAt(account, at),
    isTrained: trainedOn(training),
    before: policiesOf(past, null),
    after: policiesOf(past, change),
    nameAt: (place, at) => tree.lineAt(place ?? tree.top, at).at(-1)?.name ?? null,
    isTold: ({ organisationPath = [] }) =>
      isTenantWide(actor) || (branch !== null && organisationPath.includes(branch)),
  });
  const sets = past.moments.map((at) => Buffer.from(past.policies.digestAt(at)).toString("hex"));
  return { replayed: await day.replay(looks), isWhole, policySets: [...new Set(sets)] };
}

/**
 * Which reveals of that day a change would have denied that were allowed: purposes, training and
 * quotas are judged again, look by look, by the roles and places of each moment; raises of a quota
 * are not counted. To somebody of a branch only looks by people of that branch and of those below
 * it are told. A server replays one day at a time; another fails with SIMULATION_BUSY. Fails
 * with SETTING_UNKNOWN, SETTING_VALUE_UNKNOWN, ORGANISATION_UNKNOWN, USAGE, HISTORY_TOO_SHORT or
 * ACCESS_DENIED.
 */
export async function wouldHaveDenied(vault: Vault, asked: ReplayAsked): Promise<ReplayAnswer> {
  const { actor } = asked;
  await authoriseWithin(vault, { actor, verb: "simulate" }, [asked.organisation]);
  const name = parseSettingName(asked.name);
  const value = parseSettingValue(name, asked.value);
  const mode = parseMode(asked.mode);
  const span = spanOf(vault, asked.on);
  const { organisation: reference } = asked;
  const { replayed, isWhole, policySets } = await alone(vault, async () => {
    const known = await connected(vault.database, async (connection) => {
      const organisation = await findOwn(vault, connection, reference);
      return knownOf(vault, connection, { span, organisation });
    });
    const { organisation, past } = known;
    const by = past.tree.top ?? organisation.id;
    return replayOf(vault, known, { change: { name, value, mode, organisation, by }, actor });
  });
  const entry = await tell(vault, actor, replayed.looked);
  const isAboutReveals = SETTINGS[name].actsOn.includes("reveal");
  return { ...replayed, on: asked.on, isAboutReveals, isWhole, policySets, entry };
}

/** The day before today. */
export function yesterday(vault: Pick<Vault, "now" | "timeZone">): Day {
  return addDays(dayOf(vault.now(), vault.timeZone), -1);
}
