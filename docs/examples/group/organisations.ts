/**
 * Routes of the group organisations.
 * Made of src/http/example-rows.ts by `npm run gen`; do not edit.
 */
import { MidanClient } from "midan/client";

// What it needs is in the environment; what it gives to other programs it prints.
const {
  MIDAN: address = "",
  OWNER = "",
  SESSION = "",
  KEY = "",
  RUN = "",
  TOKEN = "",
  UNTIL = "",
} = process.env;
const owner = new MidanClient({ address, token: OWNER });
const session = new MidanClient({ address, token: SESSION });
const key = new MidanClient({ address, token: KEY });

const answer1 = await owner.call("POST /v1/organisations", {
  body: { kind: "headquarters", names: [`北辰总部${RUN}`, `栖霞网点${RUN}`] },
});
const HEADQUARTERS = answer1.organisations[0]?.id ?? "";
console.log(`HEADQUARTERS=${HEADQUARTERS}`);
const OUTLET = answer1.organisations[1]?.id ?? "";
console.log(`OUTLET=${OUTLET}`);

const answer2 = await owner.call("POST /v1/organisations", {
  body: {
    kind: "branch",
    under: HEADQUARTERS,
    names: [`南京分公司${RUN}`],
  },
});
const BRANCH = answer2.organisations[0]?.id ?? "";
console.log(`BRANCH=${BRANCH}`);

const answer3 = await owner.call("POST /v1/organisations", {
  body: { kind: "outlet", form: "franchise", names: [`江宁网点${RUN}`] },
});
const OTHER = answer3.organisations[0]?.id ?? "";
console.log(`OTHER=${OTHER}`);

console.log(await owner.call("GET /v1/organisations", {}));

console.log(await owner.call("POST /v1/organisations/{id}/move", {
  params: { id: OTHER },
  body: { under: BRANCH, reason: "划归分公司" },
}));

console.log(await owner.call("POST /v1/organisations/{id}/close", {
  params: { id: OTHER },
  body: { reason: "停业" },
}));

console.log(await session.call("POST /v1/waybills/{token}/hand-over", {
  params: { token: TOKEN },
  body: { to: OUTLET },
}));

const answer8 = await owner.call("POST /v1/organisations", {
  body: { kind: "merchant", under: BRANCH, names: [`代工厂${RUN}`] },
});
const SUPPLIER = answer8.organisations[0]?.id ?? "";
console.log(`SUPPLIER=${SUPPLIER}`);

const answer9 = await key.call("POST /v1/waybills", {
  body: {
    merchant: "青禾布艺",
    carrier: "北辰物流",
    goods: "陶瓷杯",
    orderNumber: `E-${RUN}`,
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
const SUPPLIED = answer9.token;
console.log(`SUPPLIED=${SUPPLIED}`);

console.log(await owner.call("POST /v1/drop-ships", {
  body: {
    tokens: [SUPPLIED],
    supplier: SUPPLIER,
    prints: 2,
    until: UNTIL,
  },
}));

console.log(await owner.call("DELETE /v1/waybills/{token}/drop-ship", {
  params: { token: SUPPLIED },
}));
