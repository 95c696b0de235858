/** A process of its own that begins to tell what is due. Words: the folder of the installation. */
import { OwnNetworks } from "../../src/access/webhook-address.ts";
import { deliverDue } from "../../src/access/webhook-pool.ts";
import { parseConfig } from "../../src/config.ts";
import { openVault } from "../../src/main.ts";

await using vault = await openVault(parseConfig(process.env, process.argv[2] ?? ""));
await deliverDue(vault, new OwnNetworks(["127.0.0.0/8"]));
