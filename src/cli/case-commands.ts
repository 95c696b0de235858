/** The commands under `midan case`, with their options. */
import {
  runCaseAnswer,
  runCaseLink,
  runCaseList,
  runCaseMet,
  runCaseMove,
  runCaseOpen,
  runCaseOrder,
  runCaseProve,
  runCaseShow,
} from "./case.ts";
import type {
  CaseLinkOptions,
  CaseMetOptions,
  CaseMoveOptions,
  CaseOpenOptions,
  CaseOptions,
  CaseOrderOptions,
  CaseProveOptions,
} from "./case.ts";
import { runCaseLetter } from "./case-letter.ts";
import type { CaseLetterOptions } from "./case-letter.ts";
import { typed } from "./command.ts";
import type { CommandGroup } from "./command.ts";

const ON = { flags: "--on <day>", text: "cli.case.on" } as const;
const NOTE = { flags: "--note <text>", text: "cli.case.note" } as const;
const URGENT = { flags: "--urgent", text: "cli.case.urgent" } as const;
const TITLE = { flags: "--title <title>", text: "cli.case.title", required: true } as const;
const ADDRESSEE = {
  flags: "--addressee <name>",
  text: "cli.case.addressee",
  required: true,
} as const;

export const CASE: CommandGroup = {
  name: "case",
  text: "cli.case",
  commands: [
    typed<CaseOpenOptions>({
      usage: "open <number>",
      text: "cli.case.open",
      options: [
        TITLE,
        { flags: "--procuratorate <name>", text: "cli.case.procuratorate", required: true },
        { flags: "--agency <name>", text: "cli.case.agency", required: true },
        { flags: "--campaign <id>", text: "cli.case.campaign" },
        NOTE,
        ON,
      ],
      run: async (context, [number = ""], options) => runCaseOpen(context, number, options),
    }),
    typed<CaseMoveOptions>({
      usage: "move <number>",
      text: "cli.case.move",
      options: [{ flags: "--to <state>", text: "cli.case.to", required: true }, URGENT, NOTE, ON],
      run: async (context, [number = ""], options) => runCaseMove(context, number, options),
    }),
    typed<CaseMetOptions>({
      usage: "met <number>",
      text: "cli.case.met",
      options: [{ flags: "--deadline <name>", text: "cli.case.deadline", required: true }, ON],
      run: async (context, [number = ""], options) => runCaseMet(context, number, options),
    }),
    typed<CaseOptions>({
      usage: "list",
      text: "cli.case.list",
      options: [],
      run: async (context, _words, options) => runCaseList(context, options),
    }),
    typed<CaseOptions>({
      usage: "show <number>",
      text: "cli.case.show",
      options: [ON],
      run: async (context, [number = ""], options) => runCaseShow(context, number, options),
    }),
    typed<CaseLetterOptions>({
      usage: "letter <number>",
      text: "cli.case.letter",
      options: [
        { flags: "--letter-number <number>", text: "cli.case.letterNumber", required: true },
        { flags: "--out <file>", text: "cli.case.out", required: true },
        { flags: "--source <source>", text: "cli.case.source", unset: "spot-check" },
        { flags: "--switch <holder>", text: "cli.case.switch", unset: "headquarters" },
        { flags: "--old-rows <count>", text: "cli.case.oldRows" },
        { flags: "--english", text: "cli.case.english" },
        URGENT,
        ON,
      ],
      run: async (context, [number = ""], options) => runCaseLetter(context, number, options),
    }),
    typed<CaseOrderOptions>({
      usage: "order <number>",
      text: "cli.case.order",
      options: [
        ADDRESSEE,
        { flags: "--kind <kind>", text: "cli.case.kind", unset: "carrier" },
        { flags: "--due <day>", text: "cli.case.due", required: true },
        ON,
      ],
      run: async (context, [number = ""], options) => runCaseOrder(context, number, options),
    }),
    typed<CaseProveOptions>({
      usage: "prove <number>",
      text: "cli.case.prove",
      options: [
        ADDRESSEE,
        { flags: "--proof <reference>", text: "cli.case.proof", required: true },
        ON,
      ],
      run: async (context, [number = ""], options) => runCaseProve(context, number, options),
    }),
    typed<CaseLinkOptions>({
      usage: "link <number>",
      text: "cli.case.link",
      options: [
        TITLE,
        { flags: "--deputy <office>", text: "cli.case.deputy", required: true },
        { flags: "--direction <way>", text: "cli.case.direction", unset: "to-case" },
        { flags: "--difficult", text: "cli.case.difficult" },
        ON,
      ],
      run: async (context, [number = ""], options) => runCaseLink(context, number, options),
    }),
    typed<CaseOptions>({
      usage: "answer <suggestion>",
      text: "cli.case.answer",
      options: [ON],
      run: async (context, [id = ""], options) => runCaseAnswer(context, id, options),
    }),
  ],
};
