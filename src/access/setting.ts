/** Settings that headquarters can lock (总部锁定): what counts now or counted then, and why. */
import { createHash } from "node:crypto";
import { Failure } from "../rules/failure.ts";
import { parseValue } from "../rules/setting-kind.ts";
import { SETTING_NAMES, SETTINGS } from "../rules/setting.ts";
import type { SettingName } from "../rules/setting.ts";
import { lineOf } from "../store/organisation.ts";
import type { OrganisationRow } from "../store/organisation.ts";
import { connected } from "../store/pool.ts";
import type { Connection } from "../store/query.ts";
import { settingHistory, settingsAt } from "../store/setting.ts";
import type { SettingRow } from "../store/setting.ts";
import type { Desk } from "./desk.ts";
import { findVisible } from "./organisation.ts";
import { policyOver } from "./policy.ts";
import { rulingOver } from "./ruling.ts";
import type { Ruling } from "./ruling.ts";
import { saidOn } from "./said.ts";
import type { Said } from "./said.ts";

const HISTORY_MAX = 1000;

/** The setting of that name. Fails with SETTING_UNKNOWN. */
export function parseSettingName(name: string): SettingName {
  const found = SETTING_NAMES.find((candidate) => candidate === name);
  if (found === undefined) throw new Failure("SETTING_UNKNOWN");
  return found;
}

/** A value that the setting has, as it is written. Fails with SETTING_VALUE_UNKNOWN. */
export function parseSettingValue(name: SettingName, value: string): string {
  const found = parseValue(SETTINGS[name].values, value.trim());
  if (found === null) throw new Failure("SETTING_VALUE_UNKNOWN", { setting: name });
  return found;
}

/** SHA-256 of a reason: binds the words in the table to the entry in the log. */
export function digestOf(reason: string): string {
  return createHash("sha256").update(reason, "utf8").digest("hex");
}

/** All that stands about one setting along the line. */
export async function saidAlong(
  connection: Connection,
  line: readonly OrganisationRow[],
  which: { readonly name: SettingName; readonly at: Date | null },
): Promise<Said[]> {
  const ids = line.map((organisation) => organisation.id);
  return saidOn(line, await settingsAt(connection, ids, which));
}

/** What counted for the organisation of that id at that instant; with null what counts now. */
export async function effectiveSetting(
  connection: Connection,
  organisationId: string,
  which: { readonly name: SettingName; readonly at: Date | null },
): Promise<Ruling> {
  const line = await lineOf(connection, organisationId);
  return rulingOver(which.name, await saidAlong(connection, line, which));
}

const TAG_CHARACTERS = 22;

/** Changes with whatever was said along the line of a ruling, so that two who decide can meet. */
export function rulingTag({ name, steps }: Ruling): string {
  const said = steps.map(({ organisation, setting }) => [organisation.id, setting?.version ?? 0]);
  const text = JSON.stringify([name, said]);
  return createHash("sha256").update(text).digest("base64url").slice(0, TAG_CHARACTERS);
}

/**
 * What counts for `organisation` (id or name) now, or at `at`, where it comes from and what else
 * was said on the way. Fails with ORGANISATION_UNKNOWN or SETTING_UNKNOWN.
 */
export async function explainSetting(
  desk: Desk,
  asked: { readonly organisation: string; readonly name: string; readonly at?: Date },
): Promise<Ruling> {
  const name = parseSettingName(asked.name);
  return connected(desk.database, async (connection) => {
    const { id } = await findVisible(desk, connection, asked.organisation);
    return effectiveSetting(connection, id, { name, at: asked.at ?? null });
  });
}

/** As `explainSetting` of now, for every setting in the order of the table. */
export async function explainSettings(desk: Desk, organisation: string): Promise<Ruling[]> {
  return connected(desk.database, async (connection) => {
    const { id } = await findVisible(desk, connection, organisation);
    const policy = await policyOver(desk, connection, { organisationId: id, at: null });
    return SETTING_NAMES.map((name) => policy.rulingOf(name));
  });
}

/** Every version that `organisation` itself gave a setting, oldest first. */
export async function historyOfSetting(
  desk: Desk,
  asked: { readonly organisation: string; readonly name: string },
): Promise<SettingRow[]> {
  const name = parseSettingName(asked.name);
  return connected(desk.database, async (connection) => {
    const { id } = await findVisible(desk, connection, asked.organisation);
    return settingHistory(connection, { organisationId: id, name }, HISTORY_MAX);
  });
}
