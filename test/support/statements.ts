/** How often work asks the database. */
import { randomBytes } from "node:crypto";
import { Tracer, whileOpen } from "../../src/trace/span.ts";

/** The statements that `work` sends, commits among them, by what traces call them. */
export async function statementsIn(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const tracer = new Tracer({
    sampler: { name: "always_on", ratio: 1 },
    take: ({ name, attributes }) => {
      if (attributes["db.system.name"] !== undefined) sent.push(name);
    },
    nowMs: () => 0,
    randomBytes: (count) => randomBytes(count),
  });
  await whileOpen(tracer.begin({ name: "counted", kind: "internal", attributes: {} }, null), work);
  return sent;
}
