/** Changes of settings that take two people, made by two. */
import { approveSetting } from "../../src/access/setting-approval.ts";
import { decideSetting } from "../../src/access/setting-change.ts";
import type { SettingRequest } from "../../src/access/setting-change.ts";
import type { SettingChange } from "../../src/access/setting-decision.ts";
import type { Desk } from "../../src/access/desk.ts";
import { signedIn } from "./actor.ts";

/** Changes it at once, or proposes it and has a second person approve it. */
export async function changeByTwo(desk: Desk, request: SettingRequest): Promise<SettingChange> {
  const outcome = await decideSetting(desk, request);
  if ("change" in outcome) return outcome.change;
  const { id } = outcome.proposed.proposal;
  return approveSetting(desk, { id, actor: signedIn("总部复核人") });
}
