/** Simulation (策略模拟) over HTTP: what a role could have seen, what a change would have denied. */
import { Type } from "typebox";
import type { Day } from "../rules/calendar.ts";
import { ROLE_NAMES } from "../rules/role.ts";
import { SETTING_NAMES } from "../rules/setting.ts";
import { couldHaveSeen, wouldHaveDenied, yesterday } from "../vault/simulate.ts";
import type { Glimpse } from "../vault/glimpse.ts";
import { answers } from "./api.ts";
import type { ApiServing } from "./api.ts";
import { actorOf, PERSON } from "./caller.ts";
import { closedObject, DAY, dayIn, ENTRY, NULLABLE_TEXT, oneOf, ORGANISATION } from "./schema.ts";
import type { App } from "./serving.ts";

const TAGS = ["settings"];

const GLIMPSE = Type.Object({
  from: Type.String(),
  policySet: Type.String(),
  profile: Type.String(),
  isTrainingRequired: Type.Boolean(),
  looks: Type.Object({ minute: Type.Number(), shift: Type.Number(), day: Type.Number() }),
  /** Every limit that counts there: the person's, the branch's and the tenant's. */
  limits: Type.Array(
    Type.Object({ scope: Type.String(), span: Type.String(), limit: Type.Integer() }),
  ),
  purposes: Type.Array(
    Type.Object({
      purpose: Type.String(),
      fields: Type.Array(Type.String()),
      hours: Type.Array(Type.Integer()),
      isAfterHandOver: Type.Boolean(),
      needs: Type.Array(Type.String()),
    }),
  ),
});

const SEEN = Type.Object({
  organisation: Type.String(),
  role: Type.String(),
  on: Type.String(),
  glimpses: Type.Array(GLIMPSE),
  entry: ENTRY,
});

function toldGlimpse({ from, limits, purposes, ...glimpse }: Glimpse) {
  const told = purposes.map(({ fields, hours, needs, ...purpose }) => ({
    ...purpose,
    fields: [...fields],
    hours: [...hours],
    needs: [...needs],
  }));
  return { ...glimpse, from: from.toISOString(), limits: [...limits], purposes: told };
}

const DENIED = Type.Object({
  entry: Type.String(),
  at: Type.String(),
  actor: Type.String(),
  /** Name of the organisation that whoever looked belonged to; null where nobody knows it. */
  organisation: NULLABLE_TEXT,
  purpose: Type.String(),
  code: Type.String(),
});

/** The day that is asked about: yesterday without one. */
function dayAsked({ vault }: ApiServing, text: string | undefined): Day {
  return text === undefined ? yesterday(vault) : dayIn(text, "on");
}

function seenRoute(app: App, serving: ApiServing): void {
  const { vault } = serving;
  const schema = {
    tags: TAGS,
    summary: "What a role at an organisation could have seen on a day, by the policies of then.",
    body: closedObject({
      role: oneOf(ROLE_NAMES),
      /** The own branch without it, or headquarters. */
      organisation: Type.Optional(ORGANISATION),
      on: Type.Optional(DAY),
    }),
    response: answers({ 200: SEEN }),
  };
  app.post("/v1/simulations/seen", { config: PERSON, schema }, async (request) => {
    const { role, organisation = null } = request.body;
    const asked = { role, organisation, on: dayAsked(serving, request.body.on) };
    const answer = await couldHaveSeen(vault, { ...asked, actor: actorOf(request) });
    return { ...answer, glimpses: answer.glimpses.map(toldGlimpse) };
  });
}

function deniedRoute(app: App, serving: ApiServing): void {
  const { vault } = serving;
  const schema = {
    tags: TAGS,
    summary: "Which reveals of a day a change of a setting would have denied.",
    body: closedObject({
      setting: oneOf(SETTING_NAMES),
      value: Type.String({ minLength: 1, maxLength: 500 }),
      mode: Type.Optional(oneOf(["set", "locked"])),
      organisation: ORGANISATION,
      on: Type.Optional(DAY),
    }),
    response: answers({
      200: Type.Object({
        on: Type.String(),
        looked: Type.Integer(),
        denied: Type.Array(DENIED),
        unknownRoles: Type.Integer(),
        notJudged: Type.Integer(),
        isAboutReveals: Type.Boolean(),
        isWhole: Type.Boolean(),
        policySets: Type.Array(Type.String()),
        entry: ENTRY,
      }),
    }),
  };
  app.post("/v1/simulations/denied", { config: PERSON, schema }, async (request) => {
    const { setting: name, mode = "set", on, ...rest } = request.body;
    const asked = { ...rest, name, mode, on: dayAsked(serving, on), actor: actorOf(request) };
    const { denied, policySets, ...answer } = await wouldHaveDenied(vault, asked);
    return { ...answer, denied: [...denied], policySets: [...policySets] };
  });
}

/** `/v1/simulations`. */
export function simulationRoutes(app: App, serving: ApiServing): void {
  seenRoute(app, serving);
  deniedRoute(app, serving);
}
