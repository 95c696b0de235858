/** How verbs write to the audit log: one draft, its own id, in the verb's own transaction (P11). */
import { encodeLeaf, LEAF_ID_BYTES } from "../audit/leaf.ts";
import type { LeafDraft } from "../audit/leaf.ts";
import { insertLeaves } from "../store/audit-leaf.ts";
import type { NewLeaf } from "../store/audit-leaf.ts";
import type { Connection } from "../store/query.ts";
import type { Actor } from "./actor.ts";
import type { Desk } from "./desk.ts";

export type EntryDraft = Omit<LeafDraft, "tenant" | "id" | "at" | "subject" | "actor"> & {
  /** Who acted, with organisation and device; or a pseudonym alone, where that is all there is. */
  readonly actor: Actor | string;
  /** 16 bytes when the event has an id of its own; random otherwise. */
  readonly id?: Uint8Array;
  readonly about?: Uint8Array;
  /** Sealed words beside the leaf, such as the written reason. */
  readonly note?: Uint8Array;
};

/** What stands for the program itself where no person acted. */
export const SYSTEM_ACTOR = "system";

type ActorMembers = Pick<LeafDraft, "actor" | "organisationPath" | "device">;

function membersOf(actor: Actor | string): ActorMembers {
  if (typeof actor === "string") return { actor };
  const { pseudonym, organisationPath, device } = actor;
  return {
    actor: pseudonym,
    ...(organisationPath.length === 0 ? {} : { organisationPath }),
    ...(device === null ? {} : { device }),
  };
}

/** Encodes an entry of this tenant at this moment. */
export function newEntry(desk: Desk, draft: EntryDraft): NewLeaf {
  const { about, id, note, actor, ...body } = draft;
  const leaf = encodeLeaf({
    ...body,
    ...membersOf(actor),
    ...(about === undefined ? {} : { subject: Buffer.from(about).toString("hex") }),
    tenant: desk.tenant.id,
    id: id ?? desk.randomBytes(LEAF_ID_BYTES),
    at: desk.now(),
  });
  return {
    id: leaf.id,
    type: leaf.type,
    subject: about ?? null,
    body: leaf.bytes,
    note: note ?? null,
  };
}

/** Writes one entry in the caller's transaction and returns its id as hex. */
export async function writeEntry(
  desk: Desk,
  connection: Connection,
  draft: EntryDraft,
): Promise<string> {
  const leaf = newEntry(desk, draft);
  await insertLeaves(connection, [leaf], desk.isOpening);
  return Buffer.from(leaf.id).toString("hex");
}
