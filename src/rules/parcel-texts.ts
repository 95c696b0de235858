/** What the commands say that make parcels of parcels: merge. */

export const PARCEL_TEXTS = {
  "cli.merge": {
    zh: "合单:哪些运单寄给同一收件人(只比对,不查看)",
    en: "which waybills go to the same recipient; compared inside, nobody is opened",
  },
  "merge.done": {
    zh: "比对了 {compared} 件,分为 {groups} 组",
    en: "{compared} compared, in {groups} groups",
  },
} as const;
