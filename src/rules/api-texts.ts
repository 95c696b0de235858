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
  "docs.variables": {
    zh:
      "示例里:MIDAN 是服务器地址;KEY 是机器的密钥;SESSION、OWNER、SECOND 依次是隐私负责人、" +
      "所有者、另一位有权批准的人登录后得到的令牌;RUN 是自取的一串数字,使名称和单号不重复;" +
      "UNTIL 是几周后的一天;CODE 是发到当事人手机的验证码;RECEIVER 是接收通知的地址。" +
      "其余变量取自前面示例的答复。",
    en:
      "In the examples MIDAN is the server's address; KEY a machine's key; SESSION, OWNER and " +
      "SECOND the tokens that a privacy officer, an owner and another person who may approve got " +
      "by signing in; RUN digits of your own that keep names and numbers apart; UNTIL a day some " +
      "weeks ahead; CODE what was sent to the person's phone; RECEIVER an address that takes " +
      "webhooks. All other variables are from answers to earlier examples.",
  },
  "docs.gives": { zh: "后面的示例用到", en: "later examples use" },
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
