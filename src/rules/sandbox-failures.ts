/** Failures around the sandbox: a wrong folder, a wrong tenant, no more room. */
import type { FailureRow } from "./failure-row.ts";

export const SANDBOX_FAILURES = {
  SANDBOX_PLACE: {
    status: 409,
    zh: "该目录已有内容,且不是演练环境;其中没有任何改动",
    en: "The folder holds something that is no sandbox; nothing in it was changed",
    doZh: "用 --dir 指定一个空目录或已有的演练环境目录",
    doEn: "Name an empty folder, or one of a sandbox, with --dir",
  },
  SANDBOX_RUNNING: {
    status: 409,
    zh: "该演练环境正在运行",
    en: "This sandbox is running",
    doZh: "先停止正在运行的进程,再重建",
    doEn: "Stop the process that serves it, then make it anew",
  },
  SANDBOX_TENANT: {
    status: 409,
    zh: "演练租户只能在演练环境中使用,演练环境中也只有演练租户",
    en: "The sandbox tenant lives in a sandbox only, and a sandbox holds no other tenant",
    doZh: "演练用 midan sandbox;真实数据请用另一个目录和另一个租户名",
    doEn: "Use midan sandbox to try things; keep real data in another folder under another name",
  },
  SANDBOX_FULL: {
    status: 409,
    zh: "演练环境最多放 {countMax} 票运单",
    en: "A sandbox holds at most {countMax} waybills",
    doZh: "用 midan sandbox --reset 重建;真实业务请建立正式环境",
    doEn: "Make it anew with midan sandbox --reset; for real business set up an installation",
  },
} as const satisfies Record<string, FailureRow>;
