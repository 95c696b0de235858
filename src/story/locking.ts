/** The lock (总部锁定): headquarters sets the profile for all branches, and no branch can loosen it. */
import { playedActor } from "../access/actor.ts";
import { effectiveSetting } from "../access/setting.ts";
import { changeSetting } from "../access/setting-change.ts";
import { connected } from "../store/pool.ts";
import { refusedChange } from "./asking.ts";
import { ACCOUNTS } from "./cast.ts";
import type { LockFact, RefusalFact } from "./facts.ts";
import type { CarrierStage, Stage } from "./stage.ts";

const PROFILE = "gb41833";

interface UnderLock {
  readonly outlet: string;
  readonly name: string;
  readonly value: string;
  readonly mode: string;
}

/** What counts for each outlet at this moment, each asked for itself. */
async function outletsUnder(stage: Stage, carrier: CarrierStage): Promise<UnderLock[]> {
  const which = { name: "mask-profile", at: stage.clock.now() } as const;
  return connected(carrier.vault.database, async (connection) => {
    const under: UnderLock[] = [];
    for (const { id, name } of carrier.outlets) {
      const { value, mode } = await effectiveSetting(connection, id, which);
      under.push({ outlet: id, name, value, mode });
    }
    return under;
  });
}

export type Locked = Omit<LockFact, "loosening">;

/** Locks the profile of one carrier, for all its outlets at once. */
export async function lockCarrier(stage: Stage, carrier: CarrierStage): Promise<Locked> {
  const { entry, setting } = await changeSetting(carrier.vault, {
    organisation: carrier.headquarters.id,
    by: null,
    name: "mask-profile",
    value: PROFILE,
    mode: "locked",
    reason: "落实检察建议与责令改正:全网统一脱敏并锁定",
    actor: await playedActor(carrier.vault, ACCOUNTS.headquarters),
  });
  await stage.records.leaf(entry);
  const outlets = await outletsUnder(stage, carrier);
  const isReached = ({ value, mode }: UnderLock): boolean => mode === "locked" && value === PROFILE;
  const told = {
    carrier: carrier.cast.name,
    profile: PROFILE,
    lockedOn: stage.clock.today,
    outletsReached: outlets.filter(isReached).length,
    entry,
    version: setting.version,
  };
  const title = {
    zh: `锁定后各网点的有效设置:${told.carrier}`,
    en: `What counts at each outlet after the lock: ${told.carrier}`,
  };
  const ref = stage.records.row(`lock-${carrier.vault.tenant.id}`, title, { ...told, outlets });
  return { ...told, ref };
}

/** One outlet of the carrier tries to print in the clear again. */
export async function tryToLoosen(stage: Stage, carrier: CarrierStage): Promise<RefusalFact> {
  return refusedChange(stage, carrier, {
    organisation: carrier.outlets[1]?.id ?? "",
    value: "legacy-clear",
    reason: "分拣员反映脱敏面单辨认慢",
  });
}

/** From now on nobody reveals without valid training. */
export async function requireTrainingOf(stage: Stage, carrier: CarrierStage): Promise<void> {
  const { entry } = await changeSetting(carrier.vault, {
    organisation: carrier.headquarters.id,
    by: null,
    name: "training-required",
    value: "yes",
    mode: "locked",
    reason: "未经培训不得查看明文",
    actor: await playedActor(carrier.vault, ACCOUNTS.headquarters),
  });
  await stage.records.leaf(entry);
}
