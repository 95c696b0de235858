/** Seals the sandbox's invented orders and takes them to where each state has some. */
import type { Actor } from "../access/actor.ts";
import type { Fonts } from "../label/font.ts";
import type { RowResult } from "../orders/order.ts";
import { addDays, dayOf } from "../rules/calendar.ts";
import type { Day } from "../rules/calendar.ts";
import { assign } from "../vault/assign.ts";
import { dropShip } from "../vault/drop-ship.ts";
import { erase } from "../vault/erase.ts";
import { placeHold } from "../vault/hold.ts";
import { recordState } from "../vault/parcel-state.ts";
import { printLabels } from "../vault/print.ts";
import { seal } from "../vault/seal.ts";
import { sendBack } from "../vault/send-back.ts";
import type { Vault } from "../vault/vault.ts";
import { OrderMaker } from "./invent.ts";
import { SANDBOX_CARRIER, SANDBOX_EACH, SANDBOX_PLACES, SANDBOX_STATES } from "./sandbox-cast.ts";
import type { SandboxState } from "./sandbox-cast.ts";

export interface SandboxWaybill {
  readonly state: SandboxState;
  readonly token: string;
}

interface Scene {
  readonly vault: Vault;
  readonly fonts: Fonts;
  /** Who is signed in under that name. */
  readonly as: (name: string) => Actor;
  readonly today: Day;
}

const ROUTE_DAYS = 7;
const SUPPLY_DAYS = 14;
const SUPPLY_PRINTS = 2;
const HOLD_DAYS = 30;

async function* invented(maker: OrderMaker, count: number): AsyncGenerator<readonly RowResult[]> {
  const rows = Array.from({ length: count }, (_, at): RowResult => {
    const { order } = maker.next(`SBX${String(at + 1).padStart(9, "0")}`, SANDBOX_CARRIER);
    return { ok: true, order: { ...order, merchant: SANDBOX_PLACES.merchant, line: at + 1 } };
  });
  yield await Promise.resolve(rows);
}

async function sealAll({ vault, as }: Scene, count: number): Promise<readonly string[]> {
  const tokens: string[] = [];
  const maker = new OrderMaker("sandbox", vault.gazetteer);
  await seal(vault, invented(maker, count), {
    actor: as("merchant"),
    organisation: SANDBOX_PLACES.merchant,
    sink: {
      committed: async (rows) => {
        tokens.push(...rows.map(({ token }) => token));
        return Promise.resolve();
      },
    },
  });
  if (tokens.length !== count) throw new RangeError("an invented order was not sealed");
  return tokens;
}

async function print({ vault, fonts, as }: Scene, token: string): Promise<void> {
  await printLabels(vault, { tokens: [token], actor: as("headquarters"), fonts });
}

async function record(scene: Scene, token: string, state: string): Promise<void> {
  const { vault, as, today: on } = scene;
  const { outlet: organisation } = SANDBOX_PLACES;
  await print(scene, token);
  await recordState(vault, { token, state, on, organisation, actor: as("headquarters") });
}

/** On the route of today and of the week after it, so that it can be tried for some days. */
async function route(
  scene: Scene,
  token: string,
  to: { readonly branch: string; readonly account: string },
): Promise<void> {
  const { vault, as, today } = scene;
  const { branch, account } = to;
  await record(scene, token, "arrived");
  for (let ahead = 0; ahead <= ROUTE_DAYS; ahead += 1) {
    const on = addDays(today, ahead);
    await assign(vault, { token, branch, to: account, on, actor: as("headquarters") });
  }
}

async function supply({ vault, as, today }: Scene, token: string): Promise<void> {
  const { supplier } = SANDBOX_PLACES;
  const terms = {
    size: "76x130",
    prints: SUPPLY_PRINTS,
    until: addDays(today, SUPPLY_DAYS),
  } as const;
  const [handed] = await dropShip(vault, {
    tokens: [token],
    supplier,
    ...terms,
    actor: as("headquarters"),
  });
  if (handed === undefined || "code" in handed) throw new RangeError("an invented order was kept");
}

async function hold({ vault, as, today }: Scene, token: string): Promise<void> {
  const until = addDays(today, HOLD_DAYS);
  const asked = { token, reason: "claim", authority: "客服部", document: null, until };
  await placeHold(vault, { ...asked, actor: as("privacy") });
}

/** What takes a sealed waybill to each of the states. */
const STEPS: Readonly<Record<SandboxState, (scene: Scene, token: string) => Promise<unknown>>> = {
  sealed: async () => Promise.resolve(),
  printed: print,
  supplied: supply,
  arrived: async (scene, token) => record(scene, token, "arrived"),
  "assigned-courier": async (scene, token) =>
    route(scene, token, { branch: SANDBOX_PLACES.outlet, account: "courier" }),
  "assigned-station": async (scene, token) =>
    route(scene, token, { branch: SANDBOX_PLACES.station, account: "station" }),
  undelivered: async (scene, token) => record(scene, token, "undelivered"),
  delivered: async (scene, token) => record(scene, token, "delivered"),
  returned: async (scene, token) => {
    await record(scene, token, "undelivered");
    await sendBack(scene.vault, { token, actor: scene.as("headquarters") });
  },
  closed: async (scene, token) => record(scene, token, "closed"),
  void: async ({ vault, as, today: on }, token) =>
    recordState(vault, { token, state: "void", on, organisation: null, actor: as("headquarters") }),
  held: hold,
  erased: async ({ vault, as }, token) =>
    erase(vault, { token, reason: "演练:客户要求删除", actor: as("privacy") }),
};

/**
 * Seals the orders and takes them to their states; `actors` are those of `addSandboxPeople`. Fails
 * as the verbs do.
 */
export async function addSandboxWaybills(
  vault: Vault,
  given: { readonly actors: ReadonlyMap<string, Actor>; readonly fonts: Fonts },
): Promise<readonly SandboxWaybill[]> {
  const as = (name: string): Actor => {
    const actor = given.actors.get(name);
    if (actor === undefined) throw new RangeError("nobody of that name is in a sandbox");
    return actor;
  };
  const scene = { vault, fonts: given.fonts, as, today: dayOf(vault.now(), vault.timeZone) };
  const tokens = await sealAll(scene, SANDBOX_STATES.length * SANDBOX_EACH);
  const waybills: SandboxWaybill[] = [];
  for (const [at, token] of tokens.entries()) {
    const state = SANDBOX_STATES[at % SANDBOX_STATES.length];
    if (state === undefined) continue;
    await STEPS[state](scene, token);
    waybills.push({ state, token });
  }
  return waybills;
}
