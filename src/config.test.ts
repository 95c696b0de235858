import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig, SETTINGS } from "./config.ts";
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
