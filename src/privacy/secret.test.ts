import assert from "node:assert/strict";
import { test } from "node:test";
import { format, inspect } from "node:util";
import { Secret } from "./secret.ts";

test("P9: a secret shows itself nowhere but through expose", () => {
  const plain = "紫电青霜";
  const secret = new Secret({ plain });
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: 5 }),
    format("%s %o %j", secret, secret, secret),
    Object.keys(secret).join(),
    JSON.stringify(structuredClone({ ...secret })),
    new Error(`${secret}`).message,
  ];
  for (const text of shown) assert.ok(!text.includes(plain));
  assert.equal(secret.expose().plain, plain);
});
