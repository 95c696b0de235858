import assert from "node:assert/strict";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { linkOnDisk, parseConfig, SETTINGS } from "./config.ts";
import type { Config, LinkReader } from "./config.ts";
import { isFailure } from "./rules/failure.ts";

const HERE = "/srv/parcels";

test("P6: without settings the three places lie beside each other in the working directory", () => {
  const { dataDir, keysDir, rootKeyFile, databaseUrl } = parseConfig({}, HERE);
  assert.deepEqual(
    { dataDir, keysDir, rootKeyFile, databaseUrl },
    {
      dataDir: `${HERE}/midan-data`,
      keysDir: `${HERE}/midan-keys`,
      rootKeyFile: `${HERE}/midan-root/root.key`,
      databaseUrl: null,
    },
  );
});

test("P6: MIDAN_HOME moves all three places, a place of its own moves one", () => {
  const moved = parseConfig({ MIDAN_HOME: "a", MIDAN_KEYS_DIR: "/k" }, HERE);
  assert.deepEqual(
    [moved.dataDir, moved.keysDir, moved.rootKeyFile],
    [`${HERE}/a/midan-data`, "/k", `${HERE}/a/midan-root/root.key`],
  );
});

const OVERLAPS = [
  { MIDAN_DATA_DIR: "/x", MIDAN_KEYS_DIR: "/x" },
  { MIDAN_DATA_DIR: "/x", MIDAN_KEYS_DIR: "/x/keys" },
  { MIDAN_DATA_DIR: "/x/keys/data", MIDAN_KEYS_DIR: "/x/keys" },
  { MIDAN_DATA_DIR: "/x", MIDAN_ROOT_KEY_FILE: "/x/root.key" },
  { MIDAN_KEYS_DIR: "/x", MIDAN_ROOT_KEY_FILE: "/x/deep/root.key" },
  { MIDAN_DATA_DIR: "/x/../y", MIDAN_KEYS_DIR: "/y/./keys" },
  { MIDAN_DATA_DIR: "/x/", MIDAN_KEYS_DIR: "/x//keys" },
  { MIDAN_DATA_DIR: "/x", MIDAN_KEYS_DIR: "/x/..keys" },
  { MIDAN_DATA_DIR: "/x", MIDAN_ROOT_KEY_FILE: "/x/..root/root.key" },
  { MIDAN_DATA_DIR: "/", MIDAN_KEYS_DIR: "/keys" },
];

for (const environment of OVERLAPS) {
  const named = Object.values(environment).join(" and ");
  test(`P6: ${named} are not apart`, () => {
    assert.throws(
      () => parseConfig(environment, HERE),
      (error) => isFailure(error, "PLACES_OVERLAP"),
    );
  });
}

test("P6: keys and data are not in one database", () => {
  const url = "postgresql://midan@db.example/midan";
  assert.throws(
    () => parseConfig({ MIDAN_KEYS_URL: url, MIDAN_DATABASE_URL: url }, HERE),
    (error) => isFailure(error, "PLACES_OVERLAP"),
  );
  const apart = parseConfig({ MIDAN_KEYS_URL: `${url}-keys`, MIDAN_DATABASE_URL: url }, HERE);
  assert.deepEqual([apart.keysUrl, apart.databaseUrl], [`${url}-keys`, url]);
});

/** Links, whether or not anything is there that they point to. */
const LINKED = [
  { [`${HERE}/midan-keys`]: "midan-data/k" },
  { [`${HERE}/midan-keys`]: `${HERE}/midan-data` },
  { [`${HERE}/midan-data`]: "midan-keys/inner" },
  { [`${HERE}/midan-root`]: "./midan-data/../midan-data/..root" },
  { [`${HERE}/midan-root/root.key`]: "../midan-keys/root.key" },
  { [`${HERE}/midan-keys`]: "/far", "/far": "near/deep", "/near": `${HERE}/midan-data` },
  // `..` after a link leads out of the folder that the link points to, not out of the link's own.
  { [`${HERE}/midan-keys`]: "away/../k", [`${HERE}/away`]: `${HERE}/midan-data/deep` },
  { "/srv": "/x", "/x/parcels/midan-data": "/y", "/x/parcels/midan-keys": "/y/k" },
];

function linksOf(links: Readonly<Record<string, string>>): LinkReader {
  return (at) => links[at] ?? null;
}

for (const links of LINKED) {
  test(`P6: what links bring together is not apart: ${JSON.stringify(links)}`, () => {
    assert.throws(
      () => parseConfig({}, HERE, linksOf(links)),
      (error) => isFailure(error, "PLACES_OVERLAP"),
    );
  });
}

test("P6: links to places apart are kept as they are written, endless ones end", () => {
  const links = { [`${HERE}/midan-keys`]: "/k", "/k": "/volume/..k", "/loop": "loop" };
  assert.equal(parseConfig({}, HERE, linksOf(links)).keysDir, `${HERE}/midan-keys`);
  const endless = parseConfig({ MIDAN_KEYS_DIR: "/loop/k" }, HERE, linksOf(links));
  assert.equal(endless.keysDir, "/loop/k");
});

test("P6: a link on the disk to what does not exist yet is followed", async () => {
  const home = await mkdtemp(path.join(tmpdir(), "midan-config-"));
  const read = (): Config => parseConfig({ MIDAN_HOME: home }, home, linkOnDisk);
  try {
    assert.equal(read().keysDir, path.join(home, "midan-keys"));
    await symlink(path.join("midan-data", "k"), path.join(home, "midan-keys"));
    assert.throws(read, (error) => isFailure(error, "PLACES_OVERLAP"));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

test("the tenant's name is trimmed, 1 to 100 characters, without control characters", () => {
  const nameOf = (name: string): string => parseConfig({ MIDAN_TENANT: name }, HERE).tenantName;
  assert.deepEqual([" 云梭 东仓 ", "𠮷".repeat(100), "a\u200db"].map(nameOf), [
    "云梭 东仓",
    "𠮷".repeat(100),
    "a\u200db",
  ]);
  for (const name of [
    " ",
    "\u3000",
    "仓".repeat(101),
    "a\nb",
    "a\u0000b",
    "a\u009bb",
    "a\u2028b",
  ]) {
    assert.throws(
      () => nameOf(name),
      (error) => isFailure(error, "SETTING_INVALID") && error.details["setting"] === "MIDAN_TENANT",
    );
  }
});

test("P6: a name that only begins like another place is apart from it", () => {
  const near = parseConfig({ MIDAN_DATA_DIR: "/x/data", MIDAN_KEYS_DIR: "/x/data-keys" }, HERE);
  assert.equal(near.keysDir, "/x/data-keys");
});

test("P9: a bad setting is named, its value is not", () => {
  const values = {
    MIDAN_LANG: "secretive",
    MIDAN_SUITE: "secretive",
    MIDAN_HOME: "s".repeat(5000),
  };
  for (const [setting, value] of Object.entries(values)) {
    assert.throws(
      () => parseConfig({ [setting]: value }, HERE),
      (error) => {
        assert.ok(isFailure(error, "SETTING_INVALID"));
        assert.deepEqual(error.details, { setting });
        assert.equal(error.message.includes(value), false);
        return true;
      },
    );
  }
});

const ROOTS = [
  [{}, { kind: "file" }],
  [
    { MIDAN_ROOT_KEY: "passphrase", MIDAN_ROOT_PASSPHRASE_FILE: "p" },
    { kind: "passphrase", passphraseFile: `${HERE}/p` },
  ],
  [
    { MIDAN_ROOT_KEY: "pkcs11", MIDAN_PKCS11_MODULE: "/l.so", MIDAN_PKCS11_PIN_FILE: "/pin" },
    { kind: "pkcs11", module: "/l.so", token: "midan", key: "midan-root", pinFile: "/pin" },
  ],
  [
    {
      MIDAN_ROOT_KEY: "transit",
      MIDAN_TRANSIT_URL: "https://vault.example:8200/",
      MIDAN_TRANSIT_TOKEN_FILE: "/t",
      MIDAN_TRANSIT_MOUNT: "crypto/transit",
    },
    {
      kind: "transit",
      url: "https://vault.example:8200",
      mount: "crypto/transit",
      key: "midan-root",
      tokenFile: "/t",
      namespace: null,
    },
  ],
] as const;

for (const [environment, rootKey] of ROOTS) {
  test(`P6: the root key can be kept by ${rootKey.kind}`, () => {
    assert.deepEqual(parseConfig(environment, HERE).rootKey, rootKey);
  });
}

const TRANSIT = { MIDAN_ROOT_KEY: "transit", MIDAN_TRANSIT_TOKEN_FILE: "/t" };
const BAD_ROOTS = [
  [{ MIDAN_ROOT_KEY: "toString" }, "MIDAN_ROOT_KEY"],
  [{ MIDAN_ROOT_KEY: "passphrase" }, "MIDAN_ROOT_PASSPHRASE_FILE"],
  [{ MIDAN_ROOT_KEY: "pkcs11" }, "MIDAN_PKCS11_MODULE"],
  [{ MIDAN_ROOT_KEY: "pkcs11", MIDAN_PKCS11_MODULE: "/l" }, "MIDAN_PKCS11_PIN_FILE"],
  [TRANSIT, "MIDAN_TRANSIT_URL"],
  ...[
    "http://vault.example:8200",
    "http://127.0.0.1.example",
    "https://user@vault.example",
    "https://vault.example/v1",
    "https://vault.example/?x=1",
    "ftp://127.0.0.1",
    "vault.example",
  ].map((url) => [{ ...TRANSIT, MIDAN_TRANSIT_URL: url }, "MIDAN_TRANSIT_URL"] as const),
  ...["../sys", "a//b", "a?b", "", ".."].map(
    (mount) =>
      [
        { ...TRANSIT, MIDAN_TRANSIT_URL: "http://[::1]:8200", MIDAN_TRANSIT_MOUNT: mount || "/" },
        "MIDAN_TRANSIT_MOUNT",
      ] as const,
  ),
] as const;

for (const [environment, setting] of BAD_ROOTS) {
  test(`P6: no root key is kept by ${JSON.stringify(environment)}`, () => {
    assert.throws(
      () => parseConfig(environment, HERE),
      (error) => isFailure(error, "SETTING_INVALID") && error.details["setting"] === setting,
    );
  });
}

test("P6: what opens the root key lies outside data and keys as well", () => {
  const environment = { MIDAN_ROOT_KEY: "passphrase" };
  for (const place of ["midan-keys/p", "midan-data/deep/p"]) {
    assert.throws(
      () => parseConfig({ ...environment, MIDAN_ROOT_PASSPHRASE_FILE: place }, HERE),
      (error) => isFailure(error, "PLACES_OVERLAP"),
    );
  }
});

test("the language follows MIDAN_LANG, then LC_ALL, LC_MESSAGES, LANG, then English", () => {
  const languages = [
    { MIDAN_LANG: "zh", LANG: "en_US.UTF-8" },
    { LC_ALL: "zh_CN.UTF-8", LANG: "en_US.UTF-8" },
    { LC_ALL: "C", LANG: "zh_CN.UTF-8" },
    { LANG: "zh_CN.UTF-8" },
    {},
  ].map((environment) => parseConfig(environment, HERE).language);
  assert.deepEqual(languages, ["zh", "zh", "en", "zh", "en"]);
});

test("an empty variable counts as not set", () => {
  const empty = Object.fromEntries(SETTINGS.map(({ name }) => [name, ""]));
  assert.deepEqual(parseConfig(empty, HERE), parseConfig({}, HERE));
});

test("P6: a new root key is named beside the present one, apart from data and keys", () => {
  const present = {
    MIDAN_ROOT_KEY: "pkcs11",
    MIDAN_PKCS11_MODULE: "/lib/token.so",
    MIDAN_PKCS11_PIN_FILE: "/etc/pin",
  };
  const settingOf = (environment: Readonly<Record<string, string>>): unknown => {
    try {
      return parseConfig({ ...present, ...environment }, HERE).newRoot;
    } catch (error) {
      assert.ok(isFailure(error));
      return error.details["setting"] ?? error.code;
    }
  };
  const named = { MIDAN_NEW_ROOT_KEY: "pkcs11", MIDAN_NEW_PKCS11_KEY: "second" };
  const module = { module: "/lib/token.so", token: "midan", pinFile: "/etc/pin" };
  assert.deepEqual(settingOf(named), {
    choice: { kind: "pkcs11", key: "second", ...module },
    file: `${HERE}/midan-root/root.key`,
  });
  const file = { MIDAN_NEW_ROOT_KEY: "file", MIDAN_NEW_ROOT_KEY_FILE: "second.key" };
  assert.deepEqual(settingOf(file), { choice: { kind: "file" }, file: `${HERE}/second.key` });
  assert.equal(settingOf({}), null);
  for (const [environment, setting] of [
    [{ MIDAN_NEW_ROOT_KEY: "pkcs11" }, "MIDAN_NEW_PKCS11_KEY"],
    [{ MIDAN_NEW_ROOT_KEY: "paper" }, "MIDAN_NEW_ROOT_KEY"],
    [{ MIDAN_NEW_ROOT_KEY: "file" }, "MIDAN_NEW_ROOT_KEY_FILE"],
    [{ MIDAN_NEW_ROOT_KEY: "transit" }, "MIDAN_NEW_TRANSIT_URL"],
    [{ ...file, MIDAN_NEW_ROOT_KEY_FILE: "midan-keys/second.key" }, "PLACES_OVERLAP"],
    [{ ...file, MIDAN_NEW_ROOT_KEY_FILE: "midan-data/second.key" }, "PLACES_OVERLAP"],
  ] as const) {
    assert.equal(settingOf(environment), setting);
  }
});

test("P9: everything that is wrong is named at once, without a value", () => {
  const wrong = {
    MIDAN_LOG: "both",
    MIDAN_TLS_CERT_FILE: "cert.pem",
    MIDAN_REQUESTS_MAX: "many",
    MIDAN_STOP_TIMEOUT_SECONDS: "-1",
    MIDAN_OPENID_ISSUER: "ftp://secret",
    MIDAN_SUITE: "own",
    MIDAN_ROOT_KEY: "pkcs11",
  };
  assert.throws(
    () => parseConfig(wrong, HERE),
    (error) => {
      assert.ok(isFailure(error, "SETTING_INVALID"));
      const names = String(error.details["setting"]).split(", ");
      assert.deepEqual(names.toSorted(), [
        "MIDAN_LOG",
        "MIDAN_OPENID_ISSUER",
        "MIDAN_PKCS11_MODULE",
        "MIDAN_REQUESTS_MAX",
        "MIDAN_STOP_TIMEOUT_SECONDS",
        "MIDAN_SUITE",
        "MIDAN_TLS_KEY_FILE",
      ]);
      return true;
    },
  );
});

test("which variables are given is known, and which of them are no settings", () => {
  const given = { MIDAN_TENANT: "a", MIDAN_TENNANT: "b", MIDAN_SUITE: "", PATH: "/bin" };
  const { sources } = parseConfig({ ...given, MIDAN_TEST_DATABASE_URL: "x" }, HERE);
  assert.deepEqual(sources, {
    environment: ["MIDAN_TENANT"],
    file: [],
    unknown: ["MIDAN_TENNANT"],
  });
});
