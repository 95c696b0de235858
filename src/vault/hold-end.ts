/** The end of a hold (解除冻结): what lived by it alone dies, and the log tells of both. */
import type { Actor } from "../access/actor.ts";
import { writeEntry } from "../access/entry.ts";
import { tellWebhooks } from "../access/webhook.ts";
import type { LeafTombstone } from "../keystore/tombstone.ts";
import type { Within } from "../store/exclusive.ts";
import { dropHeldParty, setHoldState, standingHolds } from "../store/hold.ts";
import type { HoldRow } from "../store/hold.ts";
import { settleErased } from "./erased.ts";
import { causeOf } from "./erasure-cause.ts";
import { holdDraft, subjectIfAlive } from "./hold-entry.ts";
import { PASS } from "./step.ts";
import type { Reached } from "./step.ts";
import type { Vault } from "./vault.ts";
import { tokenAt } from "./waybill-place.ts";

export interface HoldEnded {
  readonly hold: HoldRow;
  /** Id of the entry that tells of the end, hex. */
  readonly entry: string;
  /** Id of the entry that tells of the waybill's death, when the hold was all that it lived by. */
  readonly erased: string | null;
}

type Ending = "released" | "expired";

/** The leaf dies when no other hold stands and its compartment is dead; told by its tombstone. */
async function letGo(vault: Vault, within: Within, hold: HoldRow): Promise<LeafTombstone | null> {
  const standing = await within(async (connection) => standingHolds(connection, hold));
  if (standing.some(({ id }) => id !== hold.id)) return null;
  const [tombstone] = await vault.keys.letGo(hold.compartment, [hold.slot], vault.now());
  return tombstone ?? null;
}

async function tellEnd(
  vault: Vault,
  within: Within,
  ended: {
    readonly hold: HoldRow;
    readonly ending: Ending;
    readonly actor: Actor | string;
    readonly tombstone: LeafTombstone | null;
  },
): Promise<HoldEnded> {
  const { hold, ending, actor, tombstone } = ended;
  const cause = tombstone === null ? null : await causeOf(vault, tombstone);
  const endedAt = vault.now();
  return within(async (connection) => {
    await setHoldState(connection, hold.id, { state: ending, endedAt });
    if ((await standingHolds(connection, hold)).length === 0) {
      await dropHeldParty(connection, hold);
    }
    const about = await subjectIfAlive(vault, connection, hold);
    const draft = {
      ...holdDraft(hold),
      ...about,
      type: "hold-ended",
      actor,
      mode: ending,
    } as const;
    const entry = await writeEntry(vault, connection, draft);
    const token = await tokenAt(vault, connection, hold);
    const data = { hold: hold.id, token, reason: hold.reason, state: ending, entry };
    await tellWebhooks(vault, connection, { event: "hold.ended", data });
    const erased =
      tombstone === null || cause === null
        ? null
        : await settleErased(vault, connection, { tombstone, cause });
    return { hold: { ...hold, state: ending, endedAt }, entry, erased };
  });
}

/** Ends a hold that stands; also again after a crash. The caller holds the waybill. */
export async function endHold(
  vault: Vault,
  ending: {
    readonly within: Within;
    readonly hold: HoldRow;
    readonly ending: Ending;
    readonly actor: Actor | string;
  },
  reached: Reached = PASS,
): Promise<HoldEnded> {
  const { within, hold } = ending;
  await within(async (connection) =>
    setHoldState(connection, hold.id, { state: "ending", endedAt: null }),
  );
  await reached("release-ending");
  const tombstone = await letGo(vault, within, hold);
  await reached("release-let-go");
  const told = await tellEnd(vault, within, { ...ending, tombstone });
  await reached("release-told");
  return told;
}
