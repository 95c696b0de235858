/**
 * What follows the death of one waybill's key: its rows go, its shell says so, and the log tells of
 * it. The entry's id comes from the tombstone, so telling it again changes nothing (LEAF-5).
 */
import { tellWebhooks } from "../access/webhook.ts";
import { SYSTEM_ACTOR } from "../access/entry.ts";
import { serialText } from "../keystore/compartment-record.ts";
import { destroyedLeafId } from "../keystore/tombstone.ts";
import type { LeafTombstone } from "../keystore/tombstone.ts";
import { findCompartment } from "../store/compartment.ts";
import { dropHeldParty } from "../store/hold.ts";
import { deleteParty } from "../store/party.ts";
import type { Connection } from "../store/query.ts";
import { setShellState } from "../store/shell.ts";
import { issueCertificate } from "./erasure-certificate.ts";
import type { ErasureCause } from "./erasure-cause.ts";
import { tellOnce } from "./told-once.ts";
import type { Vault } from "./vault.ts";
import { tokenAt } from "./waybill-place.ts";

/**
 * Removes the rows of the place, writes the entry and issues the certificate, in the caller's
 * transaction.
 */
export async function settleErased(
  vault: Vault,
  connection: Connection,
  told: { readonly tombstone: LeafTombstone; readonly cause: ErasureCause },
): Promise<string> {
  const { serial, slot } = told.tombstone;
  const place = { compartment: serial, slot };
  const compartment = await findCompartment(connection, serial);
  if (compartment !== null) {
    const { deathWeek, shellWeek } = compartment;
    await deleteParty(connection, { ...place, deathWeek });
    await setShellState(connection, { shellWeek, compartment: serial, slots: [slot] }, "erased");
  }
  await dropHeldParty(connection, place);
  const { entry, isNew } = await tellOnce(vault, connection, {
    type: "waybill-erased",
    actor: SYSTEM_ACTOR,
    id: destroyedLeafId(told.tombstone),
    compartment: serialText(serial),
    count: 1,
    mode: told.cause,
  });
  if (!isNew) return entry;
  const token =
    compartment === null
      ? null
      : await tokenAt(vault, connection, { ...place, shellWeek: compartment.shellWeek });
  const data = { token, compartment: serialText(serial), cause: told.cause, entry };
  await tellWebhooks(vault, connection, { event: "waybill.erased", data });
  await issueCertificate(vault, connection, { kind: "waybill", tombstone: told.tombstone });
  return entry;
}
