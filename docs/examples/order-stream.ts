/** Seals as many orders as there are; a line comes back for each once it is committed. */
import { MidanClient } from "midan/client";

const { MIDAN: address = "http://127.0.0.1:8480", KEY: token = "" } = process.env;
const midan = new MidanClient({ address, token });

function* orders(count: number): Generator<object> {
  for (let at = 1; at <= count; at += 1) {
    const place = "江苏省南京市玄武区栖霞支路8号";
    const receiver = { name: "林桐禾", phone: "15400001234", address: `${place}${at}幢` };
    yield { order_number: `S-${at}`, carrier: "北辰物流", receiver };
  }
}

const results = midan.sealStream(orders(2_500));
let next = await results.next();
while (next.done !== true) {
  const line = next.value;
  if (!line.ok) console.log(line.line, line.code, line.field);
  next = await results.next();
}
console.log(next.value);
