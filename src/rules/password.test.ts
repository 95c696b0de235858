import assert from "node:assert/strict";
import { test } from "node:test";
import { passwordFault } from "./password.ts";

test("P10: what guessers try first is no password", () => {
  for (const [given, fault] of [
    ["short-1-Aa!", "short"],
    ["x".repeat(129), "long"],
    ["aaaaaaaaaaaa", "pattern"],
    ["abababababab", "pattern"],
    ["password1234", "common"],
    ["Passw0rd!2024", "common"],
    ["qwerty123456", "common"],
    ["woaini5201314", "common"],
    ["１２３４５６７８９０１２", "common"],
    ["clerk-7-is-great", "name"],
  ] as const) {
    assert.equal(passwordFault(given, "clerk-7"), fault, given);
  }
});

test("P10: a long phrase is a password, in any script", () => {
  for (const given of [
    "correct horse battery staple",
    "山有木兮木有枝心悦君兮君不知",
    "Tr0mb0ne&zebra",
  ])
    assert.equal(passwordFault(given, "clerk-7"), null, given);
});
