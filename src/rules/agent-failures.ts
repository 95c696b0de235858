/** Failures of the print agent (打印代理). */
import type { FailureRow } from "./failure-row.ts";

export const AGENT_FAILURES = {
  AGENT_SETTING: {
    status: 400,
    zh: "打印代理的 agent.json 有误",
    en: "The print agent's agent.json is wrong",
    doZh: "按 docs/print-agent.md 改正所指的字段(field)",
    doEn: "Mend the field that is named (field) as docs/print-agent.md says",
  },
  AGENT_KEY_UNREADABLE: {
    status: 400,
    zh: "打印代理的密钥读不出来",
    en: "The key of a print agent cannot be read",
    doZh: "用 midan print-agent key 输出的公钥;代理自己的 agent.key 损坏时删除后重新生成",
    doEn:
      "Use what midan print-agent key prints; where the agent's own agent.key is damaged, make " +
      "it anew",
  },
} as const satisfies Record<string, FailureRow>;
