/** Changes of settings that wait for another person (四眼原则). */
import { SETTING_NAMES } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import { execute, query } from "./query.ts";
import type { Connection } from "./query.ts";
import { instant, instantOrNull, text, textOrNull, wholeNumber, word } from "./row.ts";
import type { Row } from "./row.ts";
import { SETTING_MODES } from "./setting.ts";
import type { SettingMode } from "./setting.ts";

export interface SettingProposalRow {
  readonly id: string;
  readonly organisationId: string;
  /** Id of the organisation in whose name it was proposed. */
  readonly byId: string;
  readonly proposedAt: Date;
  /** From then on nobody can approve it. */
  readonly expiresAt: Date;
  /** When it was approved; null while it waits. */
  readonly settledAt: Date | null;
  /** The version that it changes; 0 for none. */
  readonly baseVersion: number;
  readonly name: SettingName;
  readonly value: string;
  readonly bound: string | null;
  readonly mode: SettingMode;
  /** 1..500 characters without personal data. */
  readonly reason: string;
  /** Pseudonym of who proposed it. */
  readonly proposedBy: string;
}

const COLUMNS =
  "setting_proposal.id, organisation_id, by_id, proposed_at, expires_at, settled_at, " +
  "base_version, setting_proposal.name, value, bound, mode, reason, proposed_by";

function proposalOf(row: Row): SettingProposalRow {
  return {
    id: text(row, "id"),
    organisationId: text(row, "organisation_id"),
    byId: text(row, "by_id"),
    proposedAt: instant(row, "proposed_at"),
    expiresAt: instant(row, "expires_at"),
    settledAt: instantOrNull(row, "settled_at"),
    baseVersion: wholeNumber(row, "base_version"),
    name: word(row, "name", SETTING_NAMES),
    value: text(row, "value"),
    bound: textOrNull(row, "bound"),
    mode: word(row, "mode", SETTING_MODES),
    reason: text(row, "reason"),
    proposedBy: text(row, "proposed_by"),
  };
}

export async function insertSettingProposal(
  connection: Connection,
  row: SettingProposalRow,
): Promise<void> {
  const { id, organisationId, byId, proposedAt, expiresAt, baseVersion } = row;
  const { name, value, bound, mode, reason, proposedBy } = row;
  await execute(connection, {
    text: `
      insert into setting_proposal
        (id, organisation_id, by_id, proposed_at, expires_at, base_version, name, value, bound,
         mode, reason, proposed_by)
      values ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      id,
      organisationId,
      byId,
      proposedAt,
      expiresAt,
      baseVersion,
      name,
      value,
      bound,
      mode,
      reason,
      proposedBy,
    ],
  });
}

/** The tenant's proposal of that id, held until the transaction ends; or null. */
export async function lockSettingProposal(
  connection: Connection,
  tenantId: string,
  id: string,
): Promise<SettingProposalRow | null> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS}
      from setting_proposal join organisation on organisation.id = organisation_id
      where organisation.tenant_id = $1::uuid and setting_proposal.id = $2::uuid
      for update of setting_proposal`,
    values: [tenantId, id],
  });
  return rows[0] === undefined ? null : proposalOf(rows[0]);
}

/** Marks a proposal as approved. The caller holds it and has seen that it waits. */
export async function settleSettingProposal(
  connection: Connection,
  id: string,
  approved: { readonly at: Date; readonly by: string },
): Promise<void> {
  await execute(connection, {
    text: `
      update setting_proposal set settled_at = $2, approved_by = $3
      where id = $1::uuid and settled_at is null`,
    values: [id, approved.at, approved.by],
  });
}

/** Proposals of a tenant that wait at `at`, oldest first, at most `limit`. */
export async function openSettingProposals(
  connection: Connection,
  within: { readonly tenantId: string; readonly at: Date },
  limit: number,
): Promise<SettingProposalRow[]> {
  const rows = await query(connection, {
    text: `
      select ${COLUMNS}
      from setting_proposal join organisation on organisation.id = organisation_id
      where organisation.tenant_id = $1::uuid and settled_at is null and expires_at > $2
      order by proposed_at, setting_proposal.id limit $3::integer`,
    values: [within.tenantId, within.at, limit],
  });
  return rows.map(proposalOf);
}
