/** Who attacks a lock and with what: the parts that every such test has. */
import { approveSetting } from "../../src/access/setting-approval.ts";
import { decideSetting } from "../../src/access/setting-change.ts";
import type { SettingRequest } from "../../src/access/setting-change.ts";
import type { Actor } from "../../src/access/actor.ts";
import type { Desk } from "../../src/access/desk.ts";
import { SETTINGS } from "../../src/rules/setting.ts";
import type { SettingName } from "../../src/rules/setting.ts";
import { placedAt, signedIn } from "../support/actor.ts";
import { outcome } from "../support/outcome.ts";

export const HQ = signedIn("总部管理员", "headquarters-operator");
export const reason = "试探";
export const ALL: Pick<SettingRequest, "by" | "mode" | "reason"> = {
  by: null,
  mode: "set",
  reason,
};

/** The loosest and the strictest value of a setting. */
export function ends(name: SettingName): readonly [loosest: string, strictest: string] {
  const { values } = SETTINGS[name];
  switch (values.kind) {
    case "choice":
      return [values.values[0] ?? "", values.values.at(-1) ?? ""];
    case "most":
      return [String(values.max), String(values.min)];
    case "allowed":
      return [values.words.join(","), values.words[0] ?? ""];
  }
}

export async function managerOf(desk: Desk, outlet: string): Promise<Actor> {
  return placedAt(desk, signedIn(`${outlet}负责人`, "branch-manager"), outlet);
}

/** A privacy officer who stands in the branch, and whose word is no more than the branch's. */
export async function officerAt(desk: Desk, outlet: string): Promise<Actor> {
  return placedAt(desk, signedIn("网点个人信息保护负责人"), outlet);
}

/** What becomes of it when one person asks and the other approves: a code, or `done`. */
export async function codeOfTwo(
  desk: Desk,
  request: SettingRequest,
  approver: Actor,
): Promise<string> {
  return outcome(
    (async () => {
      const decided = await decideSetting(desk, request);
      if ("change" in decided) return;
      await approveSetting(desk, { id: decided.proposed.proposal.id, actor: approver });
    })(),
  );
}
