/** The commands about parcels on their way: who has them, and where they stand. */
import { runAssign } from "./assign.ts";
import type { AssignOptions } from "./assign.ts";
import { runChangeAddress } from "./change-address.ts";
import type { AddressOptions } from "./change-address.ts";
import { typed } from "./command.ts";
import type { CommandRow } from "./command.ts";
import { runDropShip, runWithdraw } from "./drop-ship.ts";
import type { DropShipOptions } from "./drop-ship.ts";
import { runHandOver } from "./hand-over.ts";
import type { HandOverOptions } from "./hand-over.ts";
import { runReturn, runSplit } from "./reseal.ts";
import type { SplitOptions } from "./reseal.ts";
import { runState } from "./state.ts";
import type { StateOptions } from "./state.ts";

export const PARCEL_COMMANDS: readonly CommandRow[] = [
  typed<AssignOptions>({
    usage: "assign <tokens...>",
    text: "cli.assign",
    options: [
      { flags: "--branch <organisation>", text: "cli.assign.branch", required: true },
      { flags: "--to <account>", text: "cli.assign.to" },
      { flags: "--on <day>", text: "cli.assign.on" },
    ],
    run: async (context, words, options) => runAssign(context, words, options),
  }),
  typed<HandOverOptions>({
    usage: "hand-over <tokens...>",
    text: "cli.hand-over",
    options: [{ flags: "--to <organisation>", text: "cli.hand-over.to", required: true }],
    run: async (context, words, options) => runHandOver(context, words, options),
  }),
  typed<DropShipOptions>({
    usage: "drop-ship <tokens...>",
    text: "cli.drop-ship",
    options: [
      { flags: "--to <supplier>", text: "cli.drop-ship.to", required: true },
      { flags: "--until <day>", text: "cli.drop-ship.until", required: true },
      { flags: "--prints <count>", text: "cli.drop-ship.prints" },
      { flags: "--size <size>", text: "cli.drop-ship.size" },
    ],
    run: async (context, words, options) => runDropShip(context, words, options),
  }),
  {
    usage: "withdraw <tokens...>",
    text: "cli.withdraw",
    options: [],
    run: async (context, words, options) => runWithdraw(context, words, options),
  },
  typed<AddressOptions>({
    usage: "change-address <token>",
    text: "cli.change-address",
    options: [{ flags: "--address <text>", text: "cli.change-address.address", required: true }],
    run: async (context, [token = ""], options) => runChangeAddress(context, token, options),
  }),
  {
    usage: "return <tokens...>",
    text: "cli.return",
    options: [],
    run: async (context, words, options) => runReturn(context, words, options),
  },
  typed<SplitOptions>({
    usage: "split <token>",
    text: "cli.split",
    options: [{ flags: "--parcels <count>", text: "cli.split.parcels", required: true }],
    run: async (context, [token = ""], options) => runSplit(context, token, options),
  }),
  typed<StateOptions>({
    usage: "state <state> <tokens...>",
    text: "cli.state",
    options: [
      { flags: "--on <day>", text: "cli.state.on" },
      { flags: "--branch <organisation>", text: "cli.state.branch" },
    ],
    run: async (context, words, options) => runState(context, words, options),
  }),
];
