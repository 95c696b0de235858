/**
 * A printer that takes its language on a TCP port, mostly 9100. It says nothing of a job; of itself
 * it says what its language has a question for: ~HS in ZPL II, ESC !? in TSPL.
 */
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Printer, PrinterKindLanguage, PrinterStatus, Sent } from "./printer.ts";

const CONNECT_TIMEOUT_MS = 3000;
const SEND_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 2000;
const ANSWER_BYTES_MAX = 1024;
const STX = "\u0002";
const ETX = "\u0003";
const READY: PrinterStatus = { isReady: true, detail: "" };

interface Address {
  readonly host: string;
  readonly port: number;
}

async function opened({ host, port }: Address): Promise<Socket | null> {
  const socket = connect({ host, port });
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error("timeout")));
  try {
    await once(socket, "connect");
    return socket;
  } catch {
    socket.destroy();
    return null;
  }
}

async function answerTo(
  socket: Socket,
  question: string,
  isWhole: (answer: Buffer) => boolean,
): Promise<Buffer> {
  let answer = Buffer.alloc(0);
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy());
  socket.write(question, "latin1");
  try {
    for await (const chunk of socket) {
      // Without an encoding a socket gives buffers.
      answer = Buffer.concat([answer, chunk as Buffer]);
      if (isWhole(answer) || answer.length > ANSWER_BYTES_MAX) break;
    }
  } catch {
    // It fell silent; what it said until then is judged.
  }
  socket.destroy();
  return answer;
}

/** Host status return of the ZPL II Programming Guide: three strings between STX and ETX. */
function zplStatus(answer: Buffer): PrinterStatus {
  const [first = "", second = ""] = answer
    .toString("latin1")
    .split(STX)
    .slice(1)
    .map((text) => text.split(ETX)[0] ?? "");
  const [one, two] = [first.split(","), second.split(",")];
  if (one.length < 3) return { isReady: false, detail: "no-answer" };
  const flags: readonly (readonly [string | undefined, string])[] = [
    [one[1], "media-empty"],
    [two[2], "cover-open"],
    [two[3], "marker-supply-empty"],
    [one[2], "paused"],
  ];
  const wrong = flags.find(([flag]) => flag === "1");
  return wrong === undefined ? READY : { isReady: false, detail: wrong[1] };
}

/** One byte of flags, TSPL/TSPL2 Programming Language, <ESC>!?. */
function tsplStatus(answer: Buffer): PrinterStatus {
  const flags = answer[0];
  if (flags === undefined) return { isReady: false, detail: "no-answer" };
  const wrong = (
    [
      [4, "media-empty"],
      [1, "cover-open"],
      [2, "media-jam"],
      [8, "marker-supply-empty"],
      [16, "paused"],
      [128, "other"],
    ] as const
  ).find(([bit]) => (flags & bit) !== 0);
  return wrong === undefined ? READY : { isReady: false, detail: wrong[1] };
}

const QUESTIONS: Partial<
  Record<
    PrinterKindLanguage,
    {
      readonly text: string;
      readonly isWhole: (answer: Buffer) => boolean;
      readonly read: (answer: Buffer) => PrinterStatus;
    }
  >
> = {
  zpl: {
    text: "~HS\r\n",
    isWhole: (answer) => answer.toString("latin1").split(ETX).length > 3,
    read: zplStatus,
  },
  tspl: { text: "\u001b!?", isWhole: (answer) => answer.length > 0, read: tsplStatus },
};

async function statusOf(address: Address, language: PrinterKindLanguage): Promise<PrinterStatus> {
  const socket = await opened(address);
  if (socket === null) return { isReady: false, detail: "connecting-to-device" };
  const question = QUESTIONS[language];
  if (question === undefined) {
    socket.destroy();
    return READY;
  }
  return question.read(await answerTo(socket, question.text, question.isWhole));
}

async function sendTo(address: Address, bytes: Uint8Array): Promise<Sent> {
  const socket = await opened(address);
  if (socket === null) return { outcome: "refused", detail: "connecting-to-device" };
  socket.setTimeout(SEND_TIMEOUT_MS, () => socket.destroy(new Error("timeout")));
  socket.resume();
  try {
    socket.end(bytes);
    await once(socket, "close");
    // Closed after an orderly end on our side: all that was written was taken.
    return socket.writableFinished
      ? { outcome: "printed" }
      : { outcome: "unsure", detail: "closed" };
  } catch {
    return { outcome: "unsure", detail: "broken-off" };
  }
}

export function rawPrinter(
  printer: Address & { readonly name: string; readonly language: PrinterKindLanguage },
): Printer {
  const { name, language } = printer;
  return {
    name,
    language,
    status: async () => statusOf(printer, language),
    send: async ({ bytes }) => sendTo(printer, bytes),
    outcomeOf: async () => Promise.resolve(null),
    // It cannot be asked: a label may be there or not, and two of them must never be.
    recover: async () => Promise.resolve({ outcome: "unsure", detail: "stopped-while-sending" }),
  };
}
