/** What the carriers of the story show to the authorities, granted openly. */
import { playedActor } from "../access/actor.ts";
import { grantScope } from "../access/authority-scope.ts";
import { AUTHORITY_SCOPE_DAYS_MAX } from "../rules/authority-scope.ts";
import { addDays } from "../rules/calendar.ts";
import { ACCOUNTS, POSTAL, PROCURATORATE } from "./cast.ts";
import type { Stage } from "./stage.ts";

const GRANTS = [
  { authority: POSTAL.name, scope: "requests" },
  { authority: POSTAL.name, scope: "scores" },
  { authority: PROCURATORATE.name, scope: "requests" },
] as const;

/** Each carrier grants each scope; the entries are records of the story. */
export async function grantScopes({ carriers, clock, records }: Stage): Promise<void> {
  const until = addDays(clock.today, AUTHORITY_SCOPE_DAYS_MAX - 1);
  for (const { vault } of carriers) {
    for (const grant of GRANTS) {
      const { entry } = await grantScope(vault, {
        ...grant,
        from: null,
        until,
        basis: "快递市场管理办法(监督检查,本故事虚构)",
        document: "虚构〔2026〕1号",
        actor: await playedActor(vault, ACCOUNTS.registrar),
      });
      await records.leaf(entry);
    }
  }
}
