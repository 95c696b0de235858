/**
 * What an authority may be shown of a carrier (机关可查范围): a closed list. Each row is acted by in
 * `src/oversight/scope-reading.ts`; without a scope that counts an authority is shown none of it.
 * Labels that anybody can read in the street (spot checks) need none, and no scope opens a person.
 */

interface ScopeRow {
  readonly zh: string;
  readonly en: string;
}

export const AUTHORITY_SCOPES = {
  requests: {
    zh: "授权申请及其答复期限、被拒的设置",
    en: "authorisation requests with their clocks, and changes of settings that were refused",
  },
  scores: {
    zh: "考核所据的内部事实(删除、培训、拒绝查看、应急查看)",
    en: "inner facts of the scores: erasure, training, refused reveals, emergencies",
  },
  settings: { zh: "总部的设置及其依据", en: "what headquarters has set, and who said it" },
  "log-counts": {
    zh: "日志计数(按类型,不含条目)",
    en: "counts of the log's entries by type, and no entry",
  },
} as const satisfies Record<string, ScopeRow>;

export type AuthorityScope = keyof typeof AUTHORITY_SCOPES;

// The keys of the table are the names of its rows.
export const AUTHORITY_SCOPE_NAMES = Object.keys(AUTHORITY_SCOPES) as readonly AuthorityScope[];

/** House rule: what goes on longer than two years is looked at anew by who grants it. */
export const AUTHORITY_SCOPE_DAYS_MAX = 731;
/** A grant that waits for a second person lapses after this time, as a setting's change does. */
export const AUTHORITY_SCOPE_APPROVAL_HOURS = 72;
export const AUTHORITY_SCOPE_TEXT_CHARACTERS_MAX = 200;
