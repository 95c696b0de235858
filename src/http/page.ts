/** The sign-in page: one-time link, password and authenticator, own sessions and devices. */
import { readFileSync } from "node:fs";
import type { FastifyReply } from "fastify";
import { say } from "../rules/catalogue.ts";
import type { Language, TextKey } from "../rules/catalogue.ts";
import { languageOf } from "./problem.ts";
import type { App, Serving } from "./serving.ts";

const FOLDER = new URL("../../assets/sign-in/", import.meta.url);

/** Text as HTML shows it. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** What the page's script says by itself. */
const SCRIPT_TEXTS = {
  end: "page.end",
  own: "session.own",
  none: "device.none",
  waiting: "device.waiting",
  approved: "device.approved",
  revoked: "device.revoked",
  failed: "page.failed",
} as const satisfies Record<string, TextKey>;

/** Puts the texts of the catalogue where the template names them: `{{key}}`. */
function pageIn(template: string, language: Language): string {
  const texts = Object.entries(SCRIPT_TEXTS).map(([name, key]) => {
    return ` data-${name}="${escaped(say(language, key))}"`;
  });
  return template
    .replace("{{lang}}", language === "zh" ? "zh-CN" : "en")
    .replace("{{texts}}", texts.join(""))
    .replaceAll(/\{\{([a-z]+\.[\w.-]+)\}\}/g, (_whole, key: string) =>
      // The template is ours; a test renders it in both languages.
      escaped(say(language, key as TextKey)),
    );
}

/** `/`, and the script and styles beside it. */
export function pageRoutes(app: App, serving: Serving): void {
  const read = (name: string): string => readFileSync(new URL(name, FOLDER), "utf8");
  const template = read("page.html");
  const pages = { zh: pageIn(template, "zh"), en: pageIn(template, "en") };
  const openid = serving.openid === null ? "hidden" : "";
  const config = { caller: "anybody" } as const;
  app.get("/", { config }, async (request, reply): Promise<FastifyReply> => {
    const page = pages[languageOf(request)].replace("{{openid}}", openid);
    return reply.header("vary", "accept-language").type("text/html; charset=utf-8").send(page);
  });
  for (const [name, type] of [
    ["page.css", "text/css"],
    ["page.js", "text/javascript"],
  ] as const) {
    const text = read(name);
    app.get(`/${name}`, { config }, async (_request, reply): Promise<FastifyReply> => {
      return reply.type(`${type}; charset=utf-8`).send(text);
    });
  }
}
