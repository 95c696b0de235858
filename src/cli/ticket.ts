/** `midan ticket open`: a reveal of what stands sealed in a label's 2-D code. */
import { readFile, stat } from "node:fs/promises";
import { PICTURE_BYTES_MAX, ticketsIn } from "../label/picture-code.ts";
import { say } from "../rules/catalogue.ts";
import { Failure } from "../rules/failure.ts";
import { openScannedTicket, TICKET_REVEAL_FIELDS } from "../vault/ticket.ts";
import type { OpenedTicket } from "../vault/ticket.ts";
import { acting } from "./acting.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";
import { languageOf, print, printEntry, printJson } from "./context.ts";
import type { CliContext, ExitCode, SharedOptions } from "./context.ts";
import { valueOf } from "./input-line.ts";
import { writeReceipt } from "./receipt-file.ts";

interface TicketOptions extends SharedOptions {
  readonly picture?: string;
  readonly token?: string;
  readonly fields?: string;
  readonly purpose: string;
  readonly reason?: string;
  readonly receipt?: string;
}

async function pictureBytes(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).size > PICTURE_BYTES_MAX) throw new Failure("PICTURE_UNREADABLE");
    return await readFile(file);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("FILE_UNREADABLE", { option: "--picture" });
  }
}

/** The one ticket of a picture. */
async function ticketOfPicture(file: string): Promise<string> {
  const found = new Set(await ticketsIn(await pictureBytes(file)));
  const [text] = found;
  if (text === undefined || found.size > 1)
    throw new Failure("PICTURE_WITHOUT_TICKET", { tickets: found.size });
  return text;
}

/** The text of the ticket: from a picture, from the words, or, for `-`, from standard input. */
async function ticketText(
  context: CliContext,
  code: string | undefined,
  { picture }: TicketOptions,
): Promise<string> {
  if ((code === undefined) === (picture === undefined))
    throw new Failure("USAGE", { option: "--picture" });
  if (picture !== undefined) return ticketOfPicture(picture);
  return valueOf(context.stdin, "code", code ?? "");
}

function tell(context: CliContext, options: TicketOptions, opened: OpenedTicket): void {
  if (options.json === true) {
    const { values, ...rest } = opened;
    printJson(context, { ...rest, fields: Object.fromEntries(values) });
    return;
  }
  const language = languageOf(context, options);
  const { token, printNumber, values, leftOut, entry } = opened;
  print(context, say(language, "ticket.of", { token, number: printNumber }));
  for (const [field, value] of values)
    print(context, `${say(language, `field.${field}`)}: ${value}`);
  for (const field of leftOut)
    print(context, say(language, "ticket.leftOut", { field: say(language, `ticket.${field}`) }));
  printEntry(context, language, entry);
}

async function runOpen(
  context: CliContext,
  code: string | undefined,
  options: TicketOptions,
): Promise<ExitCode> {
  const text = await ticketText(context, code, options);
  const { reason: given = null } = options;
  const reason = given === null ? null : await valueOf(context.stdin, "--reason", given);
  await using vault = await context.openVault();
  const opened = await openScannedTicket(vault, {
    text,
    expected: options.token ?? null,
    fields: options.fields ?? TICKET_REVEAL_FIELDS,
    purpose: options.purpose,
    actor: await acting(context, vault),
    reason,
  });
  if (options.receipt !== undefined) await writeReceipt(options.receipt, opened.receipt);
  tell(context, options, opened);
  return 0;
}

export const TICKET: CommandGroup = {
  name: "ticket",
  text: "cli.ticket",
  commands: [
    typed<TicketOptions>({
      usage: "open [code]",
      text: "cli.ticket.open",
      options: [
        { flags: "--picture <file>", text: "cli.ticket.picture" },
        { flags: "--token <token>", text: "cli.ticket.token" },
        { flags: "--fields <fields>", text: "cli.ticket.fields" },
        { flags: "--purpose <purpose>", text: "cli.reveal.purpose", required: true },
        { flags: "--reason <text>", text: "cli.reveal.reason" },
        { flags: "--receipt <file>", text: "cli.reveal.receipt" },
      ],
      run: async (context, [code], options) => runOpen(context, code, options),
    }),
  ],
};
