/**
 * Routes of the group waybills.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  KEY = "",
  SESSION = "",
  RUN = "",
} = process.env;
const key = new MidanClient({ address, token: KEY });
const session = new MidanClient({ address, token: SESSION });

const answer1 = await key.call("POST /v1/waybills", {
  body: {
    merchant: "青禾布艺",
    carrier: "北辰物流",
    goods: "陶瓷杯",
    orderNumber: `A-${RUN}`,
    recipient: {
      name: "林桐禾",
      phone: "15400001234",
      address: "江苏省南京市玄武区栖霞支路8号3幢501室",
    },
    sender: {
      name: "青禾布艺",
      phone: "15400005678",
      address: "浙江省杭州市西湖区梅花路8号",
    },
  },
});
const TOKEN = answer1.token;
console.log(`TOKEN=${TOKEN}`);

const answer2 = await key.call("POST /v1/waybills/batch", {
  body: {
    orders: [
      {
        merchant: "青禾布艺",
        carrier: "北辰物流",
        goods: "陶瓷杯",
        orderNumber: `B-${RUN}`,
        recipient: {
          name: "林桐禾",
          phone: "15400001234",
          address: "江苏省南京市玄武区栖霞支路8号3幢501室",
        },
        sender: {
          name: "青禾布艺",
          phone: "15400005678",
          address: "浙江省杭州市西湖区梅花路8号",
        },
      },
      {
        merchant: "青禾布艺",
        carrier: "北辰物流",
        goods: "陶瓷杯",
        orderNumber: `C-${RUN}`,
        recipient: {
          name: "林桐禾",
          phone: "15400001234",
          address: "江苏省南京市玄武区栖霞支路8号3幢501室",
        },
      },
    ],
  },
});
const BACK = answer2.results.flatMap((one) => (one.ok ? [one.token] : []))[0] ?? "";
console.log(`BACK=${BACK}`);
const GONE = answer2.results.flatMap((one) => (one.ok ? [one.token] : []))[1] ?? "";
console.log(`GONE=${GONE}`);

const answer3 = await key.call("POST /v1/waybills/platform-orders", {
  body: {
    platform: "taobao",
    carrier: "北辰物流",
    orders: [
      {
        tid: `33${RUN}`,
        oaid: "1Qm7+sYd0fXkA2vB==",
        receiver_name: "林**",
        receiver_mobile: "13900000012-123",
        receiver_state: "江苏省",
        receiver_city: "南京市",
        receiver_district: "玄武区",
        receiver_address: "栖霞**路*号",
      },
    ],
  },
});
const WITHHELD = answer3.results.flatMap((one) => (one.ok ? [one.token] : []))[0] ?? "";
console.log(`WITHHELD=${WITHHELD}`);

for await (const line of key.sealStream([
  {
    order_number: `D-${RUN}`,
    carrier: "北辰物流",
    receiver: {
      name: "林桐禾",
      phone: "15400001234",
      address: "江苏省南京市玄武区栖霞支路8号3幢501室",
    },
  },
]))
  console.log(line.line, line.ok);

console.log(await key.call("GET /v1/waybills/{token}", {
  params: { token: TOKEN },
}));

console.log(await key.call("POST /v1/waybills/{token}/label", {
  params: { token: TOKEN },
  body: { format: "zpl", size: "100x150", reason: "damaged" },
}));

console.log(await key.call("PUT /v1/waybills/{token}/state", {
  params: { token: TOKEN },
  body: { state: "undelivered" },
}));

console.log(await key.call("POST /v1/waybills/{token}/platform-token", {
  params: { token: WITHHELD },
}));

console.log(await session.call("PUT /v1/waybills/{token}/address", {
  params: { token: TOKEN },
  body: { address: "江苏省南京市玄武区栖霞支路9号1幢102室" },
}));

console.log(await session.call("POST /v1/waybills/{token}/split", {
  params: { token: TOKEN },
  body: { parcels: 2 },
}));

console.log(await session.call("POST /v1/waybills/{token}/return", {
  params: { token: BACK },
}));

console.log(await key.call("POST /v1/merge-groups", {
  body: { tokens: [TOKEN, GONE] },
}));
