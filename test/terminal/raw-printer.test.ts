/** Label printers on a TCP port, as their languages tell of paper, cover and ribbon. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rawPrinter } from "../../src/terminal/raw-printer.ts";
import { tsplServer } from "./printer-servers.ts";

/** Bits of the answer to <ESC>!? (TSPL/TSPL2 Programming Language), and IPP's words for them. */
const TSPL_FLAGS: readonly (readonly [flags: number, detail: string])[] = [
  [0, ""],
  [0x01, "cover-open"],
  [0x02, "media-jam"],
  [0x04, "media-empty"],
  [0x05, "media-empty"],
  [0x08, "marker-supply-empty"],
  [0x10, "paused"],
  [0x20, ""],
  [0x80, "other"],
];

test("P16: a TSPL printer's paper, cover and ribbon are told, and its silence too", async () => {
  const server = await tsplServer();
  const address = { host: "127.0.0.1", port: server.port };
  const printer = rawPrinter({ name: "t", language: "tspl", ...address });
  for (const [flags, detail] of TSPL_FLAGS) {
    server.state.flags = flags;
    assert.deepEqual(await printer.status(), { isReady: detail === "", detail }, String(flags));
  }
  server.state.flags = null;
  assert.deepEqual(await printer.status(), { isReady: false, detail: "no-answer" });
  await server.close();
  assert.deepEqual(await printer.status(), { isReady: false, detail: "connecting-to-device" });
});
