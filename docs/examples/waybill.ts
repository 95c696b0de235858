/** Seals one order, looks at its masks, prints its label, records its state. */
import { writeFile } from "node:fs/promises";
import { MidanClient, MidanProblem } from "midan/client";

const { MIDAN: address = "http://127.0.0.1:8480", KEY: token = "" } = process.env;
const midan = new MidanClient({ address, token, language: "en" });

const sealed = await midan.call("POST /v1/waybills", {
  body: {
    merchant: "青禾布艺",
    carrier: "北辰物流",
    orderNumber: "E-1",
    goods: "陶瓷杯",
    recipient: {
      name: "林桐禾",
      phone: "15400001234",
      address: "江苏省南京市玄武区栖霞支路8号3幢501室",
    },
  },
});
const params = { token: sealed.token };

const shown = await midan.call("GET /v1/waybills/{token}", { params });
console.log(shown?.view?.recipient);

const label = await midan.call("POST /v1/waybills/{token}/label", {
  params,
  body: { format: "png", size: "100x150" },
});
await writeFile("label.png", label);

await midan.call("PUT /v1/waybills/{token}/state", { params, body: { state: "undelivered" } });

// A second label needs a reason; what failed has a code to switch on.
try {
  await midan.call("POST /v1/waybills/{token}/label", { params, body: { format: "png" } });
} catch (error) {
  if (!(error instanceof MidanProblem)) throw error;
  console.log(error.code, error.problem.requestId !== "");
}
