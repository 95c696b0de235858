/** Examples of sealing and printing waybills, of their states and ways, and of opening them. */
import type { ExampleRow } from "./example.ts";

export const RECIPIENT = {
  name: "林桐禾",
  phone: "15400001234",
  address: "江苏省南京市玄武区栖霞支路8号3幢501室",
};
export const SENDER = {
  name: "青禾布艺",
  phone: "15400005678",
  address: "浙江省杭州市西湖区梅花路8号",
};
export const ORDER = { merchant: "青禾布艺", carrier: "北辰物流", goods: "陶瓷杯" };
const LINE = { carrier: "北辰物流", receiver: RECIPIENT };

const TAOBAO = {
  oaid: "1Qm7+sYd0fXkA2vB==",
  receiver_name: "林**",
  receiver_mobile: "13900000012-123",
  receiver_state: "江苏省",
  receiver_city: "南京市",
  receiver_district: "玄武区",
  receiver_address: "栖霞**路*号",
};

export const WAYBILLS: readonly ExampleRow[] = [
  {
    route: "POST /v1/waybills",
    as: "KEY",
    body: { ...ORDER, orderNumber: "A-$RUN", recipient: RECIPIENT, sender: SENDER },
    gives: { TOKEN: "token" },
  },
  {
    route: "POST /v1/waybills/batch",
    as: "KEY",
    body: {
      orders: [
        { ...ORDER, orderNumber: "B-$RUN", recipient: RECIPIENT, sender: SENDER },
        { ...ORDER, orderNumber: "C-$RUN", recipient: RECIPIENT },
      ],
    },
    gives: { BACK: "results.0.token", GONE: "results.1.token" },
  },
  {
    route: "POST /v1/waybills/platform-orders",
    as: "KEY",
    body: { platform: "taobao", carrier: "北辰物流", orders: [{ tid: "33$RUN", ...TAOBAO }] },
    gives: { WITHHELD: "results.0.token" },
  },
  {
    route: "POST /v1/waybills/stream",
    as: "KEY",
    body: `${JSON.stringify({ order_number: "D-$RUN", ...LINE })}\n`,
  },
  { route: "GET /v1/waybills/{token}", as: "KEY", params: { token: "$TOKEN" } },
  {
    route: "POST /v1/waybills/{token}/label",
    as: "KEY",
    params: { token: "$TOKEN" },
    body: { format: "zpl", size: "100x150", reason: "damaged" },
  },
  {
    route: "PUT /v1/waybills/{token}/state",
    as: "KEY",
    params: { token: "$TOKEN" },
    body: { state: "undelivered" },
  },
  {
    route: "POST /v1/waybills/{token}/platform-token",
    as: "KEY",
    params: { token: "$WITHHELD" },
  },
  {
    route: "PUT /v1/waybills/{token}/address",
    as: "SESSION",
    params: { token: "$TOKEN" },
    body: { address: "江苏省南京市玄武区栖霞支路9号1幢102室" },
  },
  {
    route: "POST /v1/waybills/{token}/split",
    as: "SESSION",
    params: { token: "$TOKEN" },
    body: { parcels: 2 },
  },
  { route: "POST /v1/waybills/{token}/return", as: "SESSION", params: { token: "$BACK" } },
  {
    route: "POST /v1/merge-groups",
    as: "KEY",
    body: { tokens: ["$TOKEN", "$GONE"] },
  },
];

export const REVEAL: readonly ExampleRow[] = [
  {
    route: "POST /v1/waybills/{token}/reveal",
    as: "SESSION",
    params: { token: "$TOKEN" },
    body: { fields: ["recipient.phone"], purpose: "contact" },
  },
  {
    route: "POST /v1/reveals",
    as: "SESSION",
    body: { tokens: ["$TOKEN", "$GONE"], fields: ["recipient.phone"], purpose: "contact" },
  },
  { route: "POST /v1/search", as: "SESSION", body: { phone: RECIPIENT.phone } },
];
