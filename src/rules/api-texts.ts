/** Texts of the page that describes the API. */
export const API_TEXTS = {
  "docs.title": { zh: "密单接口", en: "The API of Midan" },
  "docs.about": {
    zh:
      "由实际校验请求的结构生成,与 /v1/openapi.json 一致。失败一律为 problem details(RFC 9457)," +
      "不含输入内容。",
    en:
      "Made of the schemas that requests are held against, as is /v1/openapi.json. Failures are " +
      "problem details (RFC 9457) and never hold what was sent.",
  },
  "docs.parameters": { zh: "参数", en: "Parameters" },
  "docs.body": { zh: "请求体", en: "Body" },
  "docs.answer": { zh: "答复", en: "Answer" },
  "docs.asker": { zh: "谁可以请求", en: "Who may ask" },
  "docs.asker.anybody": { zh: "任何人", en: "anybody" },
  "docs.asker.any": { zh: "任一密钥,或登录的人", en: "any key, or a person who signed in" },
  "docs.asker.person": { zh: "登录的人,密钥不行", en: "a person who signed in, and no key" },
  "docs.asker.scope": {
    zh: "有 {scope} 权限的密钥,或登录的人",
    en: "a key with {scope}, or a person",
  },
} as const;
