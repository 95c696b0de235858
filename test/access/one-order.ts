/** One invented order, as reading a file yields it; its phone is in a segment that nobody has. */
import assert from "node:assert/strict";
import { readOrders } from "../../src/orders/read.ts";
import type { OrderReading } from "../../src/orders/read.ts";
import { seal } from "../../src/vault/seal.ts";
import type { Vault } from "../../src/vault/vault.ts";
import { signedIn } from "../support/actor.ts";

const CSV = [
  "店铺,订单号,运单号,收货人姓名,手机,省,市,区,详细地址,商品",
  "测试小店,O-1,,测试甲,19900000001,河北省,保定市,易县,测试路1号2栋3单元401室,水杯",
  "",
].join("\n");

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Promise.resolve(Buffer.from(CSV));
}

export function readOneOrder(): OrderReading {
  return readOrders({ kind: "stdin", stream: pieces() });
}

/** Seals that order and gives its token. */
export async function sealOneOrder(vault: Vault): Promise<string> {
  const tokens: string[] = [];
  await seal(vault, readOneOrder(), {
    actor: signedIn("录单员"),
    sink: {
      committed: async (rows) => {
        tokens.push(...rows.map(({ token }) => token));
        return Promise.resolve();
      },
    },
  });
  const [token] = tokens;
  assert.ok(token !== undefined);
  return token;
}
