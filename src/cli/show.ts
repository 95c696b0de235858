/** `midan show`: the masked view, where the waybill stands, and who looked. */
import { requirePerson } from "../access/person.ts";
import { say } from "../rules/catalogue.ts";
import type { Language, TextKey } from "../rules/catalogue.ts";
import { show } from "../vault/show.ts";
import type { SeenWaybill, ShownView } from "../vault/show.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printJson, printPair } from "./context.ts";

function shellPairs(shown: SeenWaybill, language: Language): [TextKey, string][] {
  return [
    ["show.token", shown.token],
    ["show.waybill", shown.waybillNumber],
    ["show.carrier", shown.carrier],
    ["show.state", `${say(language, `state.${shown.life}`)} · ${shown.state}`],
    ["show.sealedAt", shown.sealedAt],
    ["show.dayOfDeath", shown.dayOfDeath],
    ["show.compartment", shown.compartment],
    ["show.suite", shown.suite],
  ];
}

function viewPairs(view: ShownView): [TextKey, string][] {
  const pairs: [TextKey, string][] = [
    ["field.recipient.name", view.recipient.name],
    ["field.recipient.phone", view.recipient.phone],
    ["field.recipient.address", view.recipient.address],
  ];
  if (view.sender !== null) {
    pairs.push(
      ["field.sender.name", view.sender.name],
      ["field.sender.phone", view.sender.phone],
      ["field.sender.address", view.sender.address],
    );
  }
  if (view.platform !== null) pairs.push(["show.platform", view.platform]);
  pairs.push(["show.goods", view.goods]);
  if (view.remark !== "") pairs.push(["field.remark", view.remark]);
  return pairs;
}

function printLooks(context: CliContext, shown: SeenWaybill, language: Language): void {
  if (shown.view === null) {
    print(context, say(language, shown.accessClosed ? "show.closed" : "show.dead"));
    return;
  }
  if (shown.looks === null) return;
  print(context, `${say(language, "show.looks")}:`);
  if (shown.looks.length === 0) print(context, `  ${say(language, "show.noLooks")}`);
  for (const look of shown.looks) {
    const outcome = look.failure === null ? "" : ` ✗ ${look.failure}`;
    const what = `${look.type}  ${look.purpose}  ${look.fields.join(",")}${outcome}`;
    print(context, `  ${look.at}  ${look.actor}  ${what}  ${look.entry}`);
    if (look.reason !== "")
      print(context, `    ${say(language, "show.reason", { reason: look.reason })}`);
  }
}

export async function runShow(
  context: CliContext,
  token: string,
  options: SharedOptions,
): Promise<ExitCode> {
  await using vault = await context.openVault();
  const actor = await acting(context, vault);
  requirePerson(actor);
  const shown = await show(vault, { token, actor });
  if (options.json === true) {
    printJson(context, shown);
    return 0;
  }
  const language = languageOf(context, options);
  const pairs = [
    ...shellPairs(shown, language),
    ...(shown.view === null ? [] : viewPairs(shown.view)),
  ];
  for (const [key, value] of pairs) printPair(context, language, { key, value });
  printLooks(context, shown, language);
  return 0;
}
