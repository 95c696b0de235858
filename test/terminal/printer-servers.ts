/** Small printers for tests, after their specifications: none of them is the real thing. */
import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";

export interface RawServer {
  readonly port: number;
  readonly jobs: readonly Buffer[];
  /** Flags as ~HS returns them: paper out, head open, paused. */
  readonly state: { paperOut: boolean; headOpen: boolean; paused: boolean; breaksOff: boolean };
  close(): Promise<void>;
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  // It listens on a port.
  return (server.address() as AddressInfo).port;
}

/** Three strings between STX and ETX (ZPL II Programming Guide, ~HS). */
function hostStatus(state: RawServer["state"]): string {
  const bit = (on: boolean): string => (on ? "1" : "0");
  const lines = [
    `030,${bit(state.paperOut)},${bit(state.paused)},1245,000,0,0,0,000,0,0,0`,
    `000,0,${bit(state.headOpen)},0,0,2,4,0,00000000,1,000`,
    "1234,0",
  ];
  return lines.map((line) => `\u0002${line}\u0003\r\n`).join("");
}

export async function rawServer(port = 0): Promise<RawServer> {
  const jobs: Buffer[] = [];
  const state = { paperOut: false, headOpen: false, paused: false, breaksOff: false };
  const server = createServer((socket) => {
    const chunks: Buffer[] = [];
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      const text = Buffer.concat(chunks).toString("latin1");
      if (text.startsWith("~HS")) {
        chunks.length = 0;
        socket.write(hostStatus(state), "latin1");
      } else if (state.breaksOff) socket.resetAndDestroy();
    });
    socket.on("end", () => {
      const bytes = Buffer.concat(chunks);
      if (bytes.length > 0) jobs.push(bytes);
      socket.end();
    });
  });
  const bound = await listening(server, port);
  const close = async (): Promise<void> => {
    await new Promise<void>((done) => {
      server.close(() => done());
    });
  };
  return { port: bound, jobs, state, close };
}

export interface TsplServer {
  readonly port: number;
  /** The byte that answers <ESC>!?, or null to say nothing (TSPL/TSPL2 Programming Language). */
  state: { flags: number | null };
  close(): Promise<void>;
}

/** A label printer of the TSPL family, of which only the question for its state is played. */
export async function tsplServer(): Promise<TsplServer> {
  const state: TsplServer["state"] = { flags: 0 };
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      if (chunk.includes("\u001b!?", 0, "latin1") && state.flags !== null)
        socket.write(Buffer.of(state.flags));
    });
  });
  const port = await listening(server, 0);
  const close = async (): Promise<void> => {
    await new Promise<void>((done) => {
      server.close(() => done());
    });
  };
  return { port, state, close };
}

interface IppJob {
  readonly id: number;
  readonly name: string;
  readonly format: string;
  readonly data: Buffer;
  state: number;
}

export interface IppServer {
  readonly uri: string;
  readonly jobs: readonly IppJob[];
  readonly state: { reasons: string[]; printerState: number; holds: boolean; answers: boolean };
  close(): Promise<void>;
}

const text = (tag: number, name: string, value: string): Buffer => {
  const [n, v] = [Buffer.from(name), Buffer.from(value)];
  return Buffer.concat([
    Buffer.of(tag, n.length >> 8, n.length & 255),
    n,
    Buffer.of(v.length >> 8, v.length & 255),
    v,
  ]);
};
const number = (tag: number, name: string, value: number): Buffer => {
  const n = Buffer.from(name);
  const v = Buffer.alloc(4);
  v.writeInt32BE(value);
  return Buffer.concat([Buffer.of(tag, n.length >> 8, n.length & 255), n, Buffer.of(0, 4), v]);
};

interface Asked {
  readonly operation: number;
  readonly values: ReadonlyMap<string, readonly Buffer[]>;
  readonly data: Buffer;
}

/** RFC 8010 section 3: version, operation, request id, groups of attributes, data. */
function readAsked(body: Buffer): Asked {
  const values = new Map<string, Buffer[]>();
  let at = 8;
  let name = "";
  for (;;) {
    const tag = body.readUInt8(at);
    at += 1;
    if (tag === 3) return { operation: body.readUInt16BE(2), values, data: body.subarray(at) };
    if (tag < 0x10) continue;
    const nameLength = body.readUInt16BE(at);
    if (nameLength > 0) name = body.toString("utf8", at + 2, at + 2 + nameLength);
    at += 2 + nameLength;
    const length = body.readUInt16BE(at);
    values.set(name, [...(values.get(name) ?? []), body.subarray(at + 2, at + 2 + length)]);
    at += 2 + length;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answered(asked: Asked, jobs: IppJob[], state: IppServer["state"]): Buffer {
  const value = (name: string): string => asked.values.get(name)?.[0]?.toString("utf8") ?? "";
  const parts: Buffer[] = [];
  switch (asked.operation) {
    case 0x000b:
      parts.push(Buffer.of(4), number(0x23, "printer-state", state.printerState));
      for (const [at, reason] of state.reasons.entries())
        parts.push(text(0x44, at === 0 ? "printer-state-reasons" : "", reason));
      break;
    case 0x0002: {
      const job = {
        id: jobs.length + 1,
        name: value("job-name"),
        format: value("document-format"),
        data: asked.data,
        state: state.holds ? 3 : 9,
      };
      jobs.push(job);
      parts.push(
        Buffer.of(2),
        number(0x21, "job-id", job.id),
        number(0x23, "job-state", job.state),
      );
      break;
    }
    case 0x0009: {
      const id = asked.values.get("job-id")?.[0]?.readInt32BE(0);
      const job = jobs.find((one) => one.id === id);
      if (job !== undefined) parts.push(Buffer.of(2), number(0x23, "job-state", job.state));
      break;
    }
    case 0x000a:
      for (const job of jobs)
        if ((value("which-jobs") === "completed") === job.state >= 7)
          parts.push(
            Buffer.of(2),
            number(0x21, "job-id", job.id),
            text(0x42, "job-name", job.name),
          );
      break;
    default:
      return Buffer.from("0101050100000001 03".replace(" ", ""), "hex");
  }
  const head = Buffer.concat([
    Buffer.from("010100000000000101", "hex"),
    text(0x47, "attributes-charset", "utf-8"),
    text(0x48, "attributes-natural-language", "en"),
  ]);
  return Buffer.concat([head, ...parts, Buffer.of(3)]);
}

export async function ippServer(): Promise<IppServer> {
  const jobs: IppJob[] = [];
  const state = { reasons: ["none"], printerState: 3, holds: false, answers: true };
  const server = createHttp((request, response) => {
    void bodyOf(request).then((body) => {
      const asked = readAsked(body);
      const bytes = answered(asked, jobs, state);
      // A printer that took the job and went off before it said so.
      if (!state.answers && asked.operation === 0x0002) request.socket.destroy();
      else response.writeHead(200, { "content-type": "application/ipp" }).end(bytes);
    });
  });
  const port = await listening(server, 0);
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((done) => {
      server.close(() => done());
    });
  };
  return { uri: `ipp://127.0.0.1:${port}/ipp/print`, jobs, state, close };
}
