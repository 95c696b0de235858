/** Failures of what an authority may be shown of a carrier. */
import type { FailureRow } from "./failure-row.ts";

export const AUTHORITY_FAILURES = {
  AUTHORITY_SCOPE_UNKNOWN: {
    status: 404,
    zh: "没有这项可查范围",
    en: "There is no such scope of an authority",
    doZh: "用 midan authority scopes 查看编号与名称",
    doEn: "See midan authority scopes for ids and names",
  },
  AUTHORITY_SCOPE_BOUNDS: {
    status: 400,
    zh: "可查范围的起止日不对",
    en: "A scope begins before today, or ends before it begins or too late",
    doZh: "自今天起,最长 731 天",
    doEn: "Let it begin today or later and last for at most 731 days",
  },
  AUTHORITY_SCOPE_OVER: {
    status: 403,
    zh: "这项可查范围现在不生效",
    en: "This scope does not count now",
    doZh: "请企业总部按法律依据和文号重新开放",
    doEn: "Have the carrier's headquarters grant it anew, with basis and document",
  },
  AUTHORITY_SCOPE_SELF: {
    status: 403,
    zh: "开放人不能批准自己开放的范围",
    en: "Who granted a scope may not approve it",
    doZh: "请由另一名有权限的人员批准",
    doEn: "Have another person approve it",
  },
  AUTHORITY_SCOPE_SETTLED: {
    status: 409,
    zh: "这项可查范围不在待批状态,或已收回",
    en: "This scope waits for nobody, or was revoked",
    doZh: "用 midan authority scopes 查看现状",
    doEn: "See midan authority scopes for how it stands",
  },
} as const satisfies Record<string, FailureRow>;
