/** `midan reveal`: opens fields for a purpose and prints them with the audit entry's id. */
import { say } from "../rules/catalogue.ts";
import { reveal } from "../vault/reveal.ts";
import { acting } from "./acting.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import { valueOf } from "./input-line.ts";
import { writeReceipt } from "./receipt-file.ts";

export interface RevealOptions extends SharedOptions {
  readonly fields: string;
  readonly purpose: string;
  readonly reason?: string;
  readonly receipt?: string;
}

export async function runReveal(
  context: CliContext,
  token: string,
  options: RevealOptions,
): Promise<ExitCode> {
  const { reason: given = null } = options;
  const reason = given === null ? null : await valueOf(context.stdin, "--reason", given);
  await using vault = await context.openVault();
  const revealed = await reveal(vault, {
    token,
    fields: options.fields,
    purpose: options.purpose,
    actor: await acting(context, vault),
    reason,
  });
  if (options.receipt !== undefined) await writeReceipt(options.receipt, revealed.receipt);
  const language = languageOf(context, options);
  if (options.json === true) {
    printJson(context, {
      entry: revealed.entry,
      receipt: revealed.receipt,
      fields: Object.fromEntries(revealed.values),
    });
    return 0;
  }
  for (const [field, value] of revealed.values) {
    print(context, `${say(language, `field.${field}`)}: ${value}`);
  }
  printEntry(context, language, revealed.entry);
  return 0;
}
