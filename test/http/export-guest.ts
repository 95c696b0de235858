/**
 * A process that begins an export and never ends it: `node export-guest.ts DAY NEXT`, with the
 * environment of an installation. It prints the export's id and is killed then.
 */
import { openVault } from "../../src/main.ts";
import { parseConfig } from "../../src/config.ts";
import { parseDay } from "../../src/rules/calendar.ts";
import { ExportDesk } from "../../src/vault/export-job.ts";
import { accountActor } from "../support/actor.ts";

const [from, to] = process.argv.slice(2).map(parseDay);
if (!from || !to) throw new Error("two days are needed");
await using vault = await openVault(parseConfig(process.env, "."));
const never = async (): Promise<never> => new Promise(() => undefined);
const kit = { page: never, witnessPolicy: never, draw: never, pack: () => new Uint8Array(0) };
await using desk = new ExportDesk(vault, kit);
const actor = await accountActor(vault, "the-maker", "privacy-officer");
const filters = { state: null, merchant: null, question: null };
const what = { kind: "inspector-bundle", organisation: null, purpose: null, format: null } as const;
const { id } = await desk.begin({ ...what, ...filters, actor, from, to });
process.stdout.write(`${id}\n`);
// Kept alive until it is killed.
setInterval(() => undefined, 60_000);
await never();
