/** What the print agent's commands say. */

export const AGENT_TEXTS = {
  "cli.agent": {
    zh: "打印代理:接收网页的打印任务,送到打印机",
    en: "print agent: from pages to printers",
  },
  "cli.agent.dir": {
    zh: "代理的目录(agent.json、密钥、队列)",
    en: "folder of the agent: agent.json, key, queue",
  },
  "cli.agent.key": {
    zh: "输出代理的公钥,没有则生成",
    en: "print the agent's public key; made if need be",
  },
  "cli.agent.run": { zh: "运行,直到停止", en: "run until stopped" },
  "cli.agent.alone": {
    zh: "本机没有密钥和数据库:只打印密封给本代理的面单",
    en: "no keys and no database here: prints only what was sealed to this agent",
  },
  "cli.label.forAgent": {
    zh: "密封给打印代理(公钥文件),输出可放入打印任务的文字",
    en: "seal to a print agent (file with its key); writes the text for a print task",
  },
  "agent.listening": { zh: "打印代理已启动,端口 {ports}", en: "Print agent listening on {ports}" },
} as const;
