/** What tests of exports share: branches and merchants, and an export from asking to its file. */
import assert from "node:assert/strict";
import { foundBelow, foundHeadquarters } from "../../src/access/organisation.ts";
import { addDays, dayOf } from "../../src/rules/calendar.ts";
import { accountActor } from "../support/actor.ts";
import { orderBody } from "./api-server.ts";
import type { ApiServer } from "./api-server.ts";

export const [FIRST, SECOND] = ["一号网点", "二号网点"] as const;
export const [SHOP, STALL] = ["青禾布艺", "北辰杂货"] as const;

export type Told = Readonly<Record<string, unknown>>;

/** A carrier with two branches, under the first of which two merchants stand. */
export async function foundTree({ vault }: ApiServer): Promise<void> {
  const actor = await accountActor(vault, "boss", "owner");
  await foundHeadquarters(vault, { actor, name: "北辰物流总部", outlets: [FIRST, SECOND] });
  await foundBelow(vault, { actor, kind: "merchant", parent: FIRST, names: [SHOP, STALL] });
}

/** Seals the n-th invented order with what `more` says, and gives its token. */
export async function sealedAs(
  api: ApiServer,
  as: string,
  [index, more = {}]: readonly [index: number, more?: Told],
): Promise<string> {
  const body = { ...orderBody(index), ...more };
  const answer = await api.ask("/v1/waybills", { as, method: "POST", body });
  const told = (await answer.json()) as Told;
  assert.ok(answer.ok, JSON.stringify(told));
  return String(told["token"]);
}

/** From yesterday to tomorrow. */
export function periodOf({ vault }: ApiServer): Told {
  const today = dayOf(vault.now(), vault.timeZone);
  return { from: addDays(today, -1), to: addDays(today, 1) };
}

/** Asks for an export of these days; the status and what was told. */
export async function asked(
  api: ApiServer,
  as: string,
  body: Told,
): Promise<{ readonly status: number; readonly told: Told }> {
  const whole = { ...periodOf(api), ...body };
  const answer = await api.ask("/v1/exports", { as, method: "POST", body: whole });
  return { status: answer.status, told: (await answer.json()) as Told };
}

/** The job once it is over. */
export async function ended(api: ApiServer, as: string, body: Told): Promise<Told> {
  const { status, told } = await asked(api, as, body);
  assert.equal(status, 202, JSON.stringify(told));
  const answer = await api.ask(`/v1/exports/${String(told["id"])}?waitSeconds=60`, { as });
  return (await answer.json()) as Told;
}

/** The file of an export that is ready. */
export async function fileOf(
  api: ApiServer,
  as: string,
  body: Told,
): Promise<{ readonly job: Told; readonly answer: Response; readonly text: string }> {
  const job = await ended(api, as, body);
  assert.equal(job["state"], "ready", JSON.stringify(job));
  const answer = await api.ask(`/v1/exports/${String(job["id"])}/file`, { as });
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(answer.status, 200, bytes.toString("utf8"));
  return { job, answer, text: bytes.toString("utf8") };
}

/** The lines of a file, each as the object that it is. */
export function linesIn(text: string): Told[] {
  const lines = text.split("\n");
  assert.equal(lines.pop(), "", "the last line ends");
  return lines.map((line) => JSON.parse(line) as Told);
}
