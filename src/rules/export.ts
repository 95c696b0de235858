/** How far an export (导出) is: its database rows and its answers say it in these words. */
export const EXPORT_STATES = ["making", "ready", "failed"] as const;

export type ExportState = (typeof EXPORT_STATES)[number];
