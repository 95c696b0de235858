/** `/docs`: the API for people, made of its own description. No script, nothing from elsewhere. */
import { readFileSync } from "node:fs";
import { say } from "../rules/catalogue.ts";
import type { Language } from "../rules/catalogue.ts";
import { SCOPES } from "../rules/scope.ts";
import type { Scope } from "../rules/scope.ts";
import type { RouteCaller } from "./caller.ts";
import { exampleCommand } from "./example.ts";
import type { ExampleRow } from "./example.ts";
import { EXAMPLES } from "./example-rows.ts";
import { escaped } from "./page.ts";
import { languageOf } from "./problem.ts";
import type { App } from "./serving.ts";

const STYLE = new URL("../../assets/api-page/docs.css", import.meta.url);
const ANYBODY = { caller: "anybody" } as const;
const INDENT = 2;

/** What the page needs of the description; the rest is shown as it is. */
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses?: unknown;
}

export interface Description {
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Whom each route answers, by its name. */
type Callers = ReadonlyMap<string, RouteCaller>;

interface Shown {
  readonly callers: Callers;
  /** Whether what is served is invented, which the page then says first. */
  readonly isSandbox: boolean;
}

interface Route extends Operation {
  readonly name: string;
  readonly caller: RouteCaller;
}

function askerText(language: Language, caller: RouteCaller): string {
  // hasOwn shows that the word is a scope.
  const scope = Object.hasOwn(SCOPES, caller) ? (caller as Scope) : null;
  if (scope !== null) return say(language, "docs.asker.scope", { scope });
  if (caller === "anybody") return say(language, "docs.asker.anybody");
  return say(language, caller === "any" ? "docs.asker.any" : "docs.asker.person");
}

function part(title: string, value: unknown): string {
  if (value === undefined) return "";
  const text = escaped(JSON.stringify(value, null, INDENT));
  return `<details><summary>${escaped(title)}</summary><pre>${text}</pre></details>`;
}

/** One row as a command, and which variables its answer is for. */
function example(language: Language, row: ExampleRow): string {
  const given = Object.entries(row.gives ?? {}).map(([name, member]) => `${name} = ${member}`);
  const told = `${say(language, "docs.gives")}: ${given.join(", ")}`;
  const note = given.length === 0 ? "" : `<p><small>${escaped(told)}</small></p>`;
  return `<pre>${escaped(exampleCommand(row))}</pre>${note}`;
}

function examplesOf(language: Language, name: string): string {
  const rows = Object.values(EXAMPLES).flat();
  const own = rows.filter(({ route }) => route === name);
  return own.map((row) => example(language, row)).join("");
}

function article(language: Language, route: Route): string {
  const asker = `${say(language, "docs.asker")}: ${askerText(language, route.caller)}`;
  return [
    `<article><h3>${escaped(route.name)}</h3>`,
    `<p>${escaped(route.summary ?? "")}</p>`,
    `<p><small>${escaped(asker)}</small></p>`,
    examplesOf(language, route.name),
    part(say(language, "docs.parameters"), route.parameters),
    part(say(language, "docs.body"), route.requestBody),
    part(say(language, "docs.answer"), route.responses),
    "</article>",
  ].join("");
}

function routesOf({ paths = {} }: Description, callers: Callers): readonly Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      return { ...operation, name, caller: callers.get(name) ?? "person" };
    }),
  );
}

/** The whole page in a language: a section for each tag, in the order of the description. */
export function docsPage(
  language: Language,
  description: Description,
  { callers, isSandbox }: Shown,
): string {
  const routes = routesOf(description, callers);
  const sections = (description.tags ?? []).map(({ name, description: about = name }) => {
    const own = routes.filter(({ tags = [] }) => tags.includes(name));
    const articles = own.map((route) => article(language, route)).join("");
    return `<section><h2>${escaped(about)}</h2>${articles}</section>`;
  });
  const title = escaped(say(language, "docs.title"));
  const sandbox = isSandbox
    ? `<p><strong>${escaped(say(language, "docs.sandbox"))}</strong></p>`
    : "";
  return [
    `<!doctype html><html lang="${language === "zh" ? "zh-CN" : "en"}"><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><link rel="stylesheet" href="/docs.css">`,
    `<main><h1>${title}</h1>${sandbox}<p>${escaped(say(language, "docs.about"))}</p>`,
    `<p>${escaped(say(language, "docs.variables"))}</p>`,
    ...sections,
    "</main></html>",
  ].join("\n");
}

/** Whom the routes answer that are added to `app` from here on. */
function callersOf(app: App): Callers {
  const callers = new Map<string, RouteCaller>();
  app.addHook("onRoute", ({ method, url, config }) => {
    const path = url.replaceAll(/:(\w+)/g, "{$1}");
    for (const one of [method].flat()) callers.set(`${one} ${path}`, config?.caller ?? "person");
  });
  return callers;
}

/** `/docs` and its styles, of what `app` describes; the routes are added after it. */
export function docsRoutes(app: App, isSandbox: () => boolean): void {
  const callers = callersOf(app);
  const pages = new Map<Language, string>();
  const pageIn = (language: Language): string => {
    // The plugin gives a document of OpenAPI, of which we read what Description says.
    const described = (): Description => app.swagger() as Description;
    const page =
      pages.get(language) ?? docsPage(language, described(), { callers, isSandbox: isSandbox() });
    pages.set(language, page);
    return page;
  };
  app.get("/docs", { config: ANYBODY }, async (request, reply) => {
    const page = pageIn(languageOf(request));
    return reply.header("vary", "accept-language").type("text/html; charset=utf-8").send(page);
  });
  const style = readFileSync(STYLE, "utf8");
  app.get("/docs.css", { config: ANYBODY }, async (_request, reply) =>
    reply.type("text/css; charset=utf-8").send(style),
  );
}
